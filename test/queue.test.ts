import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, openApp } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { allEvents } from '../src/core/all-events.js';
import type { Call } from '../src/core/core.js';
import type { Event } from '../src/core/events.js';
import { keepView } from '../src/core/kept-view.js';
import type { Clock, Space } from '../src/core/ports.js';
import { mostWaitingBytes, patience } from '../src/core/queue.js';
import type { RememberRequest } from '../src/core/remember-request.js';
import { silentLogger } from './store/chroma/fixtures.js';
import { type FakeChat, type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { quietEnvironment, until } from './support/server.js';

const cello = 'Nora plays the cello.';
const never = new AbortController().signal;

let fake: FakeOpenAi;
let home: string;
let apps: App[];
/** Texts that the model refuses to work on. */
let unwanted: string[];

beforeEach(async () => {
  unwanted = [];
  fake = await startFakeOpenAi();
  fake.onChat(model);
  home = await temporaryHome();
  apps = [];
});
afterEach(async () => {
  for (const app of apps) await app.close();
  await fake.close();
});

/** A model that takes every turn for a fact, and answers nothing of use about texts that it does not want. */
function model({ purpose, messages, user }: FakeChat): string | object {
  if (purpose === 'decision') return { decisions: [] };
  if (unwanted.some((text) => messages.some(({ content }) => content.includes(text)))) return 'I cannot help with that.';
  const turns = user.split('\n').flatMap((line) => (line.startsWith('{"turn":') ? [JSON.parse(line) as { content: string }] : []));
  const facts = turns.map(({ content: text }, turn) => ({ turn, quote: text, text }));
  const empty = { subject: null, entities: [], occurred_at: null, recurs: null, importance: 5 };
  return { facts: facts.map((fact) => ({ ...empty, ...fact })), skipped: [] };
}

async function open(more: Record<string, string> = {}, clock?: Clock): Promise<App> {
  const models = { OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake' };
  const config = readConfig({ flags: {}, env: { ...quietEnvironment, KEEPSAKE_HOME: home, ...models, ...more } });
  const app = await openApp(config, { logger: silentLogger, modelTimeout: 5000, retryDelay: 20, ...(clock && { clock }) });
  apps.push(app);
  await app.warmUp(undefined);
  return app;
}

const request = (text: string, more: Partial<RememberRequest> = {}): RememberRequest => ({
  ...{ space: 'user:default', form: 'content', turns: [{ role: 'user', content: text }], infer: true, kind: 'observation' },
  ...more,
});
const call = (id = 'call'): Call => ({ id, signal: never });
const remember = (app: App, text: string, more?: Partial<RememberRequest>) => app.keepsake.remember(request(text, more), call());
const leave = (app: App, text: string) => remember(app, text, { wait: false });

const events = (app: App): Promise<Event[]> => allEvents(app.core.spaces.open('user:default'));
const waiting = (app: App) => app.core.spaces.open('user:default').read(({ projection }) => [...projection.pending.keys()]);
async function settled(app: App): Promise<Event[]> {
  await until(async () => (await waiting(app)).length === 0);
  return events(app);
}
const textsOf = (found: Event[]) => found.flatMap((event) => (event.event === 'ADD' ? [event.state.text] : []));
const processed = (found: Event[]) => found.flatMap((event) => (event.event === 'PROCESSED' ? [event] : []));
const inputsOf = (found: Event[]) => found.flatMap((event) => (event.event === 'RECEIVED' ? [event.input] : []));
async function eraseForGood(app: App, id = ''): Promise<void> {
  const request = { scope: ['user:default'] as [Space], limit: 10, erase: true };
  const { confirm_token: confirm } = (await app.keepsake.forget({ ...request, memory_ids: [id] }, call('preview'))).answer;
  await app.keepsake.forget({ ...request, confirm }, call('erase'));
}
/** The inputs that the model was asked to extract from, in order; each request counts. */
const asked = () =>
  fake.chatCalls.flatMap(({ body }) => {
    const [, question] = body.messages as { content: string }[];
    return /"content":"(.+)"}$/m.exec(question?.content ?? '')?.[1] ?? [];
  });

describe('a remember that is not waited for', () => {
  it('is answered as soon as the input is in the log, and nothing was degraded', async () => {
    const app = await open();
    fake.fail('hang', Number.POSITIVE_INFINITY, 'chat');
    const answer = await leave(app, cello);
    expect(answer).toEqual({ results: [], skipped: [], pending: true, input_id: expect.any(String) });
    expect(await waiting(app)).toEqual([answer.input_id]);
    await fake.restart();
    expect((await settled(app)).map(({ event }) => event)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
  });

  it('says what secrets it has left out', async () => {
    const { skipped } = await leave(await open(), `${cello} My key is sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD.`);
    expect(skipped).toEqual([{ text: expect.stringContaining('[redacted:'), reason: 'a secret is not kept' }]);
  });

  it('is answered as usual where no model is needed', async () => {
    const app = await open();
    expect(await remember(app, cello, { wait: false, infer: false })).toMatchObject({ results: [{ event: 'ADD' }], pending: false });
    expect(await leave(app, 'NORA plays the cello')).toMatchObject({ results: [{ event: 'NONE' }], pending: false });
    await remember(app, 'Olaf sails.');
    expect(await leave(app, 'Olaf sails.')).toMatchObject({ results: [{ event: 'NONE' }], pending: false });
    const rules = await open({ KEEPSAKE_INFER: 'rules' });
    expect(await leave(rules, 'My dog is called Rex.')).toMatchObject({ results: [{ event: 'ADD' }], pending: false });
  });

  it('stays when the server ends in the middle, and the next one goes on', async () => {
    const app = await open();
    fake.fail('hang', Number.POSITIVE_INFINITY, 'chat');
    await leave(app, cello);
    await until(() => fake.chatCalls.length > 0);
    await app.close();
    await fake.restart();
    expect((await settled(await open())).map(({ event }) => event)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
  });

  it('is processed in order of arrival, each once, with two processes at it', async () => {
    const [one, two] = [await open(), await open()];
    const texts = ['Ann', 'Bob', 'Cyd', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal'].map((name) => `${name} collects stamps of ${name}land.`);
    for (const [index, text] of texts.entries()) await leave(index % 2 ? one : two, text);
    await waiting(one);
    await waiting(two);
    expect(textsOf(await settled(one))).toEqual(texts);
    expect(asked().sort()).toEqual(texts);
  });
});

describe('an input that the model refuses', () => {
  it('steps behind the others, and is read by the rules after three tries, which the log says', async () => {
    unwanted = ['My dog is called Rex.'];
    const app = await open();
    for (const text of ['My dog is called Rex.', cello, 'Olaf sails.']) await leave(app, text);
    const found = await settled(app);
    expect(textsOf(found)).toEqual([cello, 'Olaf sails.', 'My dog is called Rex.']);
    expect(processed(found).map(({ by }) => by?.model)).toEqual(['fake', 'fake', 'rules']);
    const reason = expect.stringMatching(/^read by the built-in rules, since fake did not answer the extraction as agreed, twice/);
    expect(processed(found).at(-1)?.skipped).toEqual([{ text: '', reason }]);
    // Each try is an answer and its correction.
    expect(asked().filter((text) => text === 'My dog is called Rex.')).toHaveLength(6);
  });

  it('keeps what was read of its picture, which is not read again', async () => {
    const words = 'Look at this.';
    unwanted = [words];
    let read = 0;
    fake.onChat((chat) => {
      if (chat.images.length === 0) return model(chat);
      read += 1;
      return 'A red bicycle.';
    });
    const app = await open({ KEEPSAKE_VISION_MODEL: 'eyes' });
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
    const attachments = [{ mime_type: 'image/png', data: png }];
    await remember(app, words, { form: 'messages', turns: [{ role: 'user', content: words, attachments }], wait: false });
    const found = await settled(app);
    expect(textsOf(found)).toEqual(['[attached image shows] A red bicycle.']);
    const skipped = processed(found)[0]?.skipped?.map(({ text, reason }) => text || reason);
    expect(skipped).toEqual([expect.stringMatching(/^read by the built-in rules/), words]);
    expect(read).toBe(1);
  });

  it('is answered as pending where the caller waits, and blocks nothing that comes after', async () => {
    unwanted = ['My dog is called Rex.'];
    const app = await open();
    expect(await remember(app, 'My dog is called Rex.')).toMatchObject({ pending: true, degraded: [expect.stringContaining('twice')] });
    await leave(app, cello);
    const found = await settled(app);
    expect(textsOf(found)).toEqual([cello, 'My dog is called Rex.']);
  });

  it('keeps its place while it is the endpoint that fails', async () => {
    const app = await open();
    // Not worth a retry within a try.
    fake.fail('quota', Number.POSITIVE_INFINITY, 'chat');
    for (const text of [cello, 'Olaf sails.']) await leave(app, text);
    await until(() => fake.chatCalls.length > 4);
    await fake.restart();
    const found = await settled(app);
    expect(textsOf(found)).toEqual([cello, 'Olaf sails.']);
    expect(processed(found).map(({ by }) => by?.model)).toEqual(['fake', 'fake']);
  });
});

describe('an input that waits for a model which only another process has', () => {
  it('is left to that process for a day, then read by what there is', async () => {
    fake.onChat((chat) => {
      if (chat.images.length > 0) return 'A red bicycle.';
      throw new Error('down');
    });
    const withModel = await open({ KEEPSAKE_TRANSCRIBE_MODEL: 'ears' });
    const { input_id: text } = await leave(withModel, cello);
    const attached = (mime_type: string, data: Buffer) => ({
      ...{ form: 'messages' as const, wait: false },
      turns: [{ role: 'user' as const, content: '', attachments: [{ mime_type, data }] }],
    });
    fake.fail('quota', Number.POSITIVE_INFINITY, 'transcriptions');
    const { input_id: audio } = await remember(withModel, '', attached('audio/mpeg', Buffer.from('a voice')));
    const rules = await open({ KEEPSAKE_INFER: 'rules', KEEPSAKE_VISION_MODEL: 'eyes', KEEPSAKE_TRANSCRIBE_MODEL: '' });
    // What came to it is done although it came later: it has looked at the whole queue.
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
    const { input_id: own } = await remember(rules, '', attached('image/png', png));
    expect(await waiting(rules)).toEqual([text, audio, own]);
    await until(async () => !(await waiting(rules)).includes(own ?? ''));
    expect(await waiting(rules)).toEqual([text, audio]);
    await withModel.close();
    await rules.close();
    apps = [];
    const dayLater = { now: () => Date.now() + patience };
    const keyless = await open({ OPENAI_BASE_URL: '', KEEPSAKE_MODEL: '', KEEPSAKE_EMBEDDING_MODEL: '' }, dayLater);
    const found = await settled(keyless);
    expect(textsOf(found)).toEqual(['[attached image shows] A red bicycle.', cello]);
    expect(processed(found).at(-1)?.skipped).toEqual([
      expect.objectContaining({ reason: expect.stringContaining('no model transcribes audio') }),
    ]);
  });
});

describe('an input that waited', () => {
  it('does not bring back what was said again and forgotten meanwhile', async () => {
    const app = await open();
    await fake.stop();
    await leave(app, cello);
    const { results } = await remember(app, cello, { infer: false });
    const memory_ids = results.map(({ id }) => id);
    await app.keepsake.forget({ scope: ['user:default'], memory_ids, limit: 10, erase: false }, call('forget'));
    await fake.restart();
    const found = await settled(app);
    expect(textsOf(found)).toEqual([cello]);
    expect(processed(found).at(-1)?.skipped).toEqual([{ text: cello, reason: 'forgotten since' }]);
  });

  it('brings nothing of what was erased back while the model was reading it, and loses nothing else', async () => {
    const app = await open();
    let goOn: () => void = () => undefined;
    const reading = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    fake.onChat((chat) => reading.then(() => model(chat)));
    await leave(app, `${cello} Olaf sails.`);
    await until(() => fake.chatCalls.length > 0);
    const { results } = await remember(app, cello, { infer: false });
    await eraseForGood(app, results[0]?.id);
    goOn();
    const found = await settled(app);
    expect(JSON.stringify(found)).not.toContain('cello');
    expect(textsOf(found)).toEqual(['', 'Olaf sails.']);
    expect(processed(found).at(-1)?.skipped).toEqual([{ text: '', reason: 'a part of it was erased' }]);
  });

  it('is gone when all of it was erased while the model was reading it', async () => {
    const app = await open();
    let goOn: () => void = () => undefined;
    const reading = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    fake.onChat((chat) => reading.then(() => model(chat)));
    await leave(app, `Yes: ${cello}`);
    await until(() => fake.chatCalls.length > 0);
    const { results } = await remember(app, cello, { infer: false });
    await eraseForGood(app, results[0]?.id);
    goOn();
    const found = await settled(app);
    expect(JSON.stringify(found)).not.toContain('cello');
    expect(processed(found).at(-1)?.skipped).toEqual([{ text: '', reason: 'erased' }]);
  });

  it('loses the sentences alone that hold what was erased, also where the words reach over two of them', async () => {
    const app = await open();
    await fake.stop();
    const tea = 'I like tea';
    const both = 'The code is 4711. Tell nobody';
    const [first, second] = [await remember(app, tea, { infer: false }), await remember(app, both, { infer: false })];
    const turns = ['I moved to Denver.', `${tea} a lot.`, 'My passport expires in May 2027.'];
    const metadata = { club: 'Rook', hint: `well, ${tea}` };
    await remember(app, '', {
      ...{ form: 'messages', wait: false, metadata },
      turns: turns.map((content) => ({ role: 'user' as const, content, name: 'Ann' })),
    });
    await leave(app, `My wife Eva said ${tea} too much. Our son Max was born on 2 May 2024.`);
    await leave(app, `Max has a bike. ${both.toUpperCase()}, ever!\nEva has a car.`);
    const before = await events(app);
    for (const { results } of [first, second]) await eraseForGood(app, results[0]?.id);
    const after = await events(app);
    expect(JSON.stringify(after)).not.toMatch(/like tea|4711|tell nobody/i);
    expect(inputsOf(after)[2]).toEqual({
      ...inputsOf(before)[2],
      metadata: { club: 'Rook' },
      turns: [
        { role: 'user', content: 'I moved to Denver.', name: 'Ann' },
        { role: 'user', content: '', name: 'Ann', erased: true },
        { role: 'user', content: 'My passport expires in May 2027.', name: 'Ann' },
      ],
    });
    await fake.restart();
    const found = await settled(app);
    expect(textsOf(found)).toEqual([
      ...['', '', 'I moved to Denver.', 'My passport expires in May 2027.'],
      ...['Our son Max was born on 2 May 2024.', 'Max has a bike. Eva has a car.'],
    ]);
    expect(processed(found).map(({ skipped }) => skipped)).toEqual([
      ...[undefined, undefined, [{ text: '', reason: 'erased' }]],
      ...[[{ text: '', reason: 'a part of it was erased' }], [{ text: '', reason: 'a part of it was erased' }]],
    ]);
  });

  it('keeps its words in the log alone, and is read there when it is its turn', async () => {
    const app = await open();
    await fake.stop();
    await leave(app, cello);
    const kept = await app.core.spaces.open('user:default').read((view) => JSON.stringify([...keepView(view).projection.pending]));
    expect(kept).toContain(`"characters":${cello.length}`);
    expect(kept).not.toContain('cello');
    await fake.restart();
    expect(textsOf(await settled(app))).toEqual([cello]);
  });
});

describe('a space in which as much waits as may', () => {
  it('refuses one more, saves nothing of it, and names what to do', async () => {
    const app = await open();
    await fake.stop();
    const space = app.core.spaces.open('user:default');
    const input = {
      form: 'content' as const,
      turns: [{ role: 'user' as const, content: cello }],
      infer: true,
      kind: 'observation' as const,
    };
    const received = { event: 'RECEIVED' as const, input: { ...input, at: '2024-01-01T00:00:00Z' } };
    await space.commit({ call_id: 'many' }, () => ({ drafts: Array.from({ length: 9_999 }, () => received), answer: undefined }));
    expect(await leave(app, 'Olaf sails.')).toMatchObject({ pending: true });
    const refusal = { code: 'too_large', message: expect.stringMatching(/^10000 inputs .+ doctor .+ infer false/) };
    await expect(leave(app, 'Pia bakes.')).rejects.toMatchObject(refusal);
    await expect(remember(app, 'Pia bakes.')).rejects.toMatchObject(refusal);
    expect(await remember(app, 'Pia bakes.', { infer: false })).toMatchObject({ results: [{ event: 'ADD' }] });
    expect(await waiting(app)).toHaveLength(10_000);
  });

  it('writes nothing of what is attached to one that it refuses', async () => {
    const app = await open({ KEEPSAKE_VISION_MODEL: 'eyes' });
    await fake.stop();
    const hash = createHash('sha256').update('elsewhere').digest('hex');
    const turn = { role: 'user' as const, content: '', attachments: [{ hash, mime_type: 'image/png', bytes: mostWaitingBytes }] };
    const input = { form: 'messages' as const, turns: [turn], infer: true, kind: 'observation' as const, at: '2024-01-01T00:00:00Z' };
    const space = app.core.spaces.open('user:default');
    await space.commit({ call_id: 'many' }, () => ({ drafts: [{ event: 'RECEIVED', input }], answer: undefined }));
    const picture = { mime_type: 'image/png', data: Buffer.from('a picture') };
    const given = remember(app, 'Look!', { form: 'messages', turns: [{ role: 'user', content: 'Look!', attachments: [picture] }] });
    await expect(given).rejects.toMatchObject({ code: 'too_large', message: expect.stringContaining('1000000000 bytes attached') });
    expect(existsSync(app.home.folders.attachments)).toBe(false);
  });
});
