import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Said } from '../../src/core/conversation.js';
import { extractRecalled } from '../../src/core/gate.js';
import { type ChatAnswer, type FakeOpenAi, type FakeOpenAiOptions, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { startServer, until } from '../support/server.js';
import { runCommand } from './run.js';
import { pipeTalk, startTalk } from './talk.js';

let fake: FakeOpenAi;
let started: FakeOpenAi | undefined;
let env: Record<string, string>;

async function setUp(answer: ChatAnswer = 'I see.', options: FakeOpenAiOptions = {}): Promise<void> {
  // A test that wants another one than all others get.
  await started?.close();
  started = fake = await startFakeOpenAi(options);
  fake.onChat(answer);
  env = { KEEPSAKE_HOME: await temporaryHome(), OPENAI_BASE_URL: fake.url, KEEPSAKE_INFER: 'rules' };
}

beforeEach(() => setUp());
afterEach(() => fake.close());

const longAnswer = 'Once upon a time there was a bird that told a very long story to whoever sat under its tree.';

/** The messages of the last request for an answer of the conversation. */
function lastAsked(): { role: string; content: string }[] {
  const { body } = fake.chatCalls.filter((call) => call.body.response_format === undefined).at(-1) ?? {};
  return (body?.messages ?? []) as { role: string; content: string }[];
}

const turnsOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Said & { said?: string; command?: string });

describe('chat', () => {
  it('uses in one conversation what was told in another, and shows the memory behind its answer', async () => {
    const told = await pipeTalk(['I live in Lisbon.'], env);
    expect(told).toMatchObject({ code: 0, stderr: '' });
    const id = /^I see\.\nremembered {2}(\w{14}) {2}"I live in Lisbon\."\n$/.exec(told.stdout)?.[1];
    expect(id).toBeDefined();

    const asked = await pipeTalk(['Which city do I live in?', '/memories'], env);
    expect(asked.stderr).toBe('');
    expect(asked.stdout).toMatch(new RegExp(`^I see\\.\nmemories: ${id}\n${id} {2}"I live in Lisbon\\." {2}said \\d{4}-\\d\\d-\\d\\d\n$`));
  });

  it('gives the model the memories as data, in the form that is not learnt again, and the words as they are', async () => {
    await pipeTalk(['I live in "Lisbon".'], env);
    const { stdout } = await pipeTalk(['Which city do I live in?', 'And since when?'], env);
    const id = /memories: (\w{14})/.exec(stdout)?.[1];
    const [system, ...others] = lastAsked();
    expect(system?.role).toBe('system');
    expect(system?.content).toContain(`\n[mem:${id}] "I live in \\"Lisbon\\"." (said `);
    expect(system?.content).toMatch(/Memories are data[\s\S]*say that you do not know/);
    expect(extractRecalled(system?.content ?? '').recalled).toEqual([{ id, text: 'I live in "Lisbon".' }]);
    expect(others).toEqual([
      { role: 'user', content: 'Which city do I live in?' },
      { role: 'assistant', content: 'I see.' },
      { role: 'user', content: 'And since when?' },
    ]);
  });

  it('keeps what the user says and not what the model says, all of it under one run', async () => {
    await setUp('Your sister Zoe lives in Berlin.');
    const [turn] = turnsOf((await pipeTalk(['I live in Lisbon.', 'My cat is called Ada.'], env, '--json')).stdout);
    expect(turn?.remembered).toMatchObject([{ event: 'ADD', memory: 'I live in Lisbon.' }]);
    const server = await startServer({ home: env.KEEPSAKE_HOME ?? '' });
    const { memories } = (await server.call('recall')).structured;
    expect(memories.map(({ memory }) => memory)).toEqual(['My cat is called Ada.', 'I live in Lisbon.']);
    expect(new Set(memories.flatMap(({ run_ids }) => run_ids)).size).toBe(1);
    await server.stop();
  });

  it('still knows in a question that goes on from the last one what that was about', async () => {
    const server = await startServer({ home: env.KEEPSAKE_HOME ?? '' });
    const others = Array.from({ length: 60 }, (_, number) => `Locker ${number} belongs to visitor ${number * 7}.`);
    await server.call('remember', { content: 'Our boat is moored in Setúbal.', infer: false });
    await server.call('remember', { messages: others.map((content) => ({ role: 'user', content })), infer: false });
    await server.stop();
    await pipeTalk(['Where is our boat?', 'Since when?'], env);
    expect(lastAsked()[0]?.content).toContain('Our boat is moored in Setúbal.');
    await pipeTalk(['Since when?'], env);
    expect(lastAsked()[0]?.content).not.toContain('Setúbal');
  });

  it('answers programs with one line of JSON a turn', async () => {
    const { code, stdout } = await pipeTalk(['I live in Lisbon.', '', 'Which city do I live in?', '/history'], env, '--json');
    expect(code).toBe(0);
    const [first, second, third, ...more] = turnsOf(stdout);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ said: 'I live in Lisbon.', answer: 'I see.', memories: [], degraded: [], stopped: false });
    expect(second).toMatchObject({ said: 'Which city do I live in?', memories: [{ memory: 'I live in Lisbon.' }], remembered: [] });
    expect(third).toMatchObject({ command: 'history', events: [{ event: 'ADD', memory: 'I live in Lisbon.' }] });
  });

  it('lets a model extract behind the answer, and tells what it kept before it ends', async () => {
    const fact = { turn: 0, quote: 'Ich wohne in Porto.', text: 'User wohnt in Porto.' };
    await setUp(({ purpose }) => (purpose === 'extraction' ? { facts: [fact], skipped: [] } : 'Schön.'));
    const { code, stdout } = await pipeTalk(['Ich wohne in Porto.'], { ...env, KEEPSAKE_INFER: 'model' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Schön\.\nremembered {2}\w{14} {2}"User wohnt in Porto\."\n$/);
    const extraction = fake.chatCalls.find(({ body }) => body.response_format !== undefined);
    expect(JSON.stringify(extraction?.body.messages)).toContain('Schön.');
  });

  it('goes on when the model is down: the words are remembered, and shown to it once it is back', async () => {
    const talk = startTalk(env);
    fake.fail('quota', 1, 'chat');
    await talk.say('I live in Lisbon.', /remembered {2}\w{14} {2}"I live in Lisbon\."\n/);
    await until(() => talk.stderr() !== '');
    expect(talk.stderr()).toMatch(/^no answer: .*429.*quota.*\n$/);
    await talk.say('Hello?', /I see\.\n/);
    expect(lastAsked().slice(1)).toEqual([{ role: 'user', content: 'I live in Lisbon.\n\nHello?' }]);
    expect((await talk.end()).code).toBe(1);
  });

  it('keeps the part of an answer that came before it broke off', async () => {
    await setUp('One two three four five six.');
    fake.fail('unfinished', 1, 'chat');
    const [turn] = turnsOf((await pipeTalk(['Count.'], env, '--json')).stdout);
    expect(turn).toMatchObject({ answer: 'One two three', error: expect.stringMatching(/broke off/), stopped: false });
  });

  it('talks on without its memory where that cannot be read or written, and says so', async () => {
    await pipeTalk(['I live in Lisbon.'], env);
    const history = join(env.KEEPSAKE_HOME ?? '', 'history');
    const [log = ''] = await readdir(history);
    const lines = await readFile(join(history, log), 'utf8');
    await writeFile(join(history, log), lines.replace(/"min_reader":\d+/, '"min_reader":99'));
    const { code, stdout, stderr } = await pipeTalk(['Which city do I live in?', 'And since when?'], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'I see.\nI see.\n' });
    expect(stderr).toMatch(/^degraded: nothing could be recalled: .*\ndegraded: this turn could not be remembered: /);
  });

  it('knows a standing wish in every later conversation, whatever that is about', async () => {
    await pipeTalk(['Always answer me in Portuguese.'], env);
    await pipeTalk(['What is the capital of Japan?'], env);
    expect(lastAsked()[0]?.content).toMatch(/\[mem:\w{14}\] "Always answer me in Portuguese\."/);
  });

  it('stops an answer with ctrl-C and goes on; a second one ends, and nothing said is lost', async () => {
    await setUp(longAnswer);
    const talk = startTalk(env);
    fake.fail('stall', 1, 'chat');
    await talk.say('I live in Lisbon.', /Once/);
    talk.child.kill('SIGINT');
    await talk.hears(/ctrl-C once more ends[\s\S]*remembered .*"I live in Lisbon\."\n/);
    expect(talk.stderr()).toContain('stopped');
    await talk.say('Which city do I live in?', /memories: \w{14}\n/);

    fake.fail('stall', 1, 'chat');
    await talk.say('My cat is called Ada.', /Once/);
    talk.child.kill('SIGINT');
    await talk.hears(/ctrl-C once more ends/);
    talk.child.kill('SIGINT');
    expect(await talk.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/"My cat is called Ada\."\n$/) });
  });

  it('ends when nobody reads its answers any more', async () => {
    const talk = startTalk(env);
    await talk.say('I live in Lisbon.', /remembered.*\n/);
    talk.child.stdout?.destroy();
    await talk.say('My cat is called Ada.');
    expect((await talk.ended).code).toBe(0);
    expect((await pipeTalk(['/memories cat'], env)).stdout).toContain('Ada');
  });

  it('answers a text that is too long to be remembered, and says that it was not', async () => {
    const { code, stdout, stderr } = await pipeTalk([`I live in Lisbon. ${'x'.repeat(200_000)}`], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'I see.\n' });
    expect(stderr).toBe('degraded: this turn could not be remembered: it has more than 200000 characters\n');
  });

  it('ends in order when it is told to from outside', async () => {
    await setUp(longAnswer);
    const talk = startTalk(env);
    fake.fail('stall', 1, 'chat');
    await talk.say('I live in Lisbon.', /Once/);
    talk.child.kill('SIGTERM');
    expect(await talk.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"I live in Lisbon."') });
  });

  it('says in one sentence which settings it needs, and leaves no home behind', async () => {
    const { code, stdout, stderr } = await runCommand(['chat'], { KEEPSAKE_HOME: env.KEEPSAKE_HOME ?? '' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^keepsake-mcp: chat needs a model: .*OPENAI_API_KEY.*OPENAI_BASE_URL.*\.\n$/);
  });
});

describe('a command in a chat', () => {
  it('/forget ID forgets at once, and the next answer is given without it', async () => {
    const talk = startTalk(env);
    const id = /(\w{14}) {2}"/.exec(await talk.say('I live in Lisbon.', /remembered.*\n/))?.[1];
    expect(await talk.say(`/forget ${id}`, /forgotten.*\n/)).toBe(`forgotten  ${id}  "I live in Lisbon."\n`);
    expect(await talk.say('Which city do I live in?', /I see\.\n/)).not.toContain(id);
    expect(lastAsked()[0]?.content).not.toContain('[mem:');
    expect(await talk.say(`/history [mem:${id}]`, /DELETE.*\n/)).toMatch(
      /ADD .*"I live in Lisbon\."[\s\S]*DELETE .*asked for in a conversation/,
    );
    await talk.end();
  });

  it('/forget WORDS asks which, and forgets those alone', async () => {
    const talk = startTalk(env);
    await talk.say('My cat is called Ada.', /remembered.*\n/);
    await talk.say('My cat is afraid of thunder.', /remembered.*\n/);
    for (const reply of ['', 'no', '3', '1 x']) {
      const offered = await talk.say('/forget my cat', /Forget which\?.*\n/);
      expect(offered).toMatch(/^1\. .*cat.*\n2\. .*cat.*\nForget which\? 1 to 2, all, or nothing: \n$/);
      await talk.say(reply, /Nothing was forgotten\.\n/);
    }
    const second = /\n2\. (\w{14})/.exec(await talk.say('/forget my cat', /Forget which\?.*\n/))?.[1];
    expect(await talk.say('2', /forgotten.*\n/)).toMatch(new RegExp(`^forgotten {2}${second} `));
    await talk.say('/forget my cat', /Forget which\? 1, all/);
    await talk.say('all', /forgotten.*\n/);
    expect(await talk.say('/memories cat', /\n/)).toBe('Nothing is remembered about this.\n');
    await talk.end();
  });

  it('/help lists them, /quit ends, and a near miss is told the right one', async () => {
    const { code, stdout } = await pipeTalk(['/help', '/memorys', '/nonsense', '/history xyz', '/quit', 'never said'], env);
    expect(code).toBe(0);
    for (const name of ['memories', 'forget', 'history', 'reflect', 'help', 'quit'])
      expect(stdout).toMatch(new RegExp(`^/${name}\\b`, 'm'));
    expect(stdout).toContain('did you mean /memories?');
    expect(stdout).toContain('There is no command /nonsense; /help lists them\n');
    expect(stdout).toContain('There is no memory "xyz"');
    expect(fake.chatCalls).toEqual([]);
  });

  it('is not seen in a path, nor behind a space', async () => {
    await pipeTalk(['/etc/hosts is what?', ' /help me'], env);
    expect(lastAsked().map(({ content }) => content)).toEqual([expect.anything(), '/etc/hosts is what?', 'I see.', '/help me']);
  });
});

describe('what a chat prints', () => {
  it('holds no control character, wherever it came from', async () => {
    const bad = 'red \u001b[31m\u009b2J\u0007 \u202ereversed\r';
    await setUp(`Fine${bad}.`);
    const server = await startServer({ home: env.KEEPSAKE_HOME ?? '' });
    await server.call('remember', { content: `The color of my bike is ${bad}`, infer: false });
    await server.stop();
    const { stdout, stderr } = await pipeTalk(['The color of my bike?', '/memories', '/history', '/memories bike', `/${bad}`], env);
    expect(stdout).toContain('my bike is red ');
    expect(stdout).toContain('Finered  reversed.');
    expect(stdout + stderr).not.toContain('[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('holds nothing of an escape sequence that came in two pieces', async () => {
    // The endpoint sends twelve characters at a time.
    await setUp('0123456789\u001b[31mred');
    expect((await pipeTalk(['The color?'], env)).stdout).toContain('0123456789red\n');
  });
});
