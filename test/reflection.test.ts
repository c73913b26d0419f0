import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, openApp } from '../src/app.js';
import { readConfig } from '../src/config.js';
import type { RecalledMemory } from '../src/core/answers.js';
import type { Call } from '../src/core/core.js';
import { retiredReason } from '../src/core/reflection/retirement.js';
import { runCommand } from './cli/run.js';
import { silentLogger } from './store/chroma/fixtures.js';
import { type FakeChat, type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { quietEnvironment, startServer, until } from './support/server.js';

const space = 'user:default' as const;
const call: Call = { id: 'call', signal: new AbortController().signal };
const cello = 'Nora plays the cello.';
const choir = 'Nora sings in a choir.';
const jazz = 'Nora collects jazz records.';
const musical = 'Nora is deeply into music.';

let fake: FakeOpenAi;
let home: string;
let apps: App[];

beforeEach(async () => {
  fake = await startFakeOpenAi();
  fake.onChat(answered);
  home = await temporaryHome();
  apps = [];
});
afterEach(async () => {
  for (const app of apps) await app.close();
  await fake.close();
});

/** The number under which a reflection or decision shows a text; 0 where it does not. */
function numberOf(text: string, { user }: FakeChat, name: 'memory' | 'fact' = 'memory'): number {
  const line = user.split('\n').find((each) => each.startsWith(`{"${name}":`) && each.includes(`"text":${JSON.stringify(text)}`));
  return line === undefined ? 0 : Number(/\d+/.exec(line)?.[0]);
}

const insight = (more: object) => ({
  ...{ action: 'ADD', insight: null, subject: 'Nora', standing: false, importance: 6, reason: null, text: musical, memories: [] },
  ...more,
});

/** A model that finds Nora musical wherever two memories say so. */
function answered(chat: FakeChat): object {
  if (chat.purpose === 'decision') return { decisions: [] };
  const memories = [cello, choir, jazz].map((text) => numberOf(text, chat)).filter((number) => number > 0);
  const isKnown = chat.user.includes(`{"insight":1,"text":"${musical}"`);
  return { insights: memories.length >= 2 && !isKnown ? [insight({ memories })] : [] };
}

const models = () => ({ OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake' });

async function open({ env = models(), quiet = 50 }: { env?: Record<string, string>; quiet?: number } = {}): Promise<App> {
  const config = readConfig({ flags: {}, env: { ...quietEnvironment, KEEPSAKE_HOME: home, KEEPSAKE_REFLECT: '2', ...env } });
  const app = await openApp(config, { logger: silentLogger, modelTimeout: 2000, quiet });
  apps.push(app);
  await app.warmUp(undefined);
  return app;
}

async function close(app: App): Promise<void> {
  apps = apps.filter((each) => each !== app);
  await app.close();
}

async function remember(app: App, ...texts: string[]): Promise<string[]> {
  const turns = texts.map((content) => ({ role: 'user' as const, content }));
  const { results } = await app.keepsake.remember({ space, form: 'messages', turns, infer: false, kind: 'observation' }, call);
  return results.map(({ id }) => id);
}

async function recalled(app: App): Promise<RecalledMemory[]> {
  return (await app.keepsake.recall({ spaces: [space], limit: 50 }, call)).memories;
}
const insights = async (app: App) => (await recalled(app)).filter(({ kind }) => kind === 'insight');
const derived = (app: App) =>
  until(async () => {
    const found = await insights(app);
    return found.length > 0 && found;
  });

async function events(app: App) {
  const opened = app.core.spaces.open(space);
  const last = await opened.read(({ projection }) => projection.position.sequence);
  return opened.events(Array.from({ length: last }, (_, index) => index + 1));
}
const reflections = async (app: App) =>
  (await events(app)).filter((event) => event.event === 'RECEIVED' && event.input.form === 'reflection');
const asked = (purpose: string) => fake.chatCalls.filter(({ body }) => JSON.stringify(body).includes(`"name":"${purpose}"`)).length;

describe('a space with new memories', () => {
  it('is reflected on once there are enough of them, in the background, and its insight names its sources', async () => {
    const app = await open();
    const [first] = await remember(app, cello);
    const [second] = await remember(app, choir);
    const [found] = await derived(app);
    expect(found).toMatchObject({ memory: musical, subject: 'Nora', sources: [first, second] });
    const last = (await events(app)).slice(-3);
    expect(last.map(({ event }) => event)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
    expect(new Set(last.map(({ batch }) => batch)).size).toBe(1);
    expect(last[1]).toMatchObject({ by: { model: 'fake', decision: 'ADD' }, reason: `derived from ${first}, ${second}` });
  });

  it('is left alone below that number', async () => {
    const app = await open({ env: { ...models(), KEEPSAKE_REFLECT: '3' } });
    await remember(app, cello, choir);
    await remember(app, choir);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(asked('reflection')).toBe(0);
    await remember(app, jazz);
    expect(await derived(app)).toMatchObject([{ sources: { length: 3 } }]);
  });

  it('is reflected on after a restart, if there was no time before', async () => {
    const app = await open({ quiet: 60_000 });
    await remember(app, cello, choir);
    await close(app);
    expect(asked('reflection')).toBe(0);
    expect(await derived(await open())).toHaveLength(1);
  });

  it('of anybody else is reflected on after a restart, too', async () => {
    const app = await open({ quiet: 60_000 });
    const turns = [cello, choir].map((content) => ({ role: 'user' as const, content }));
    await app.keepsake.remember({ space: 'user:bob', form: 'messages', turns, infer: false, kind: 'observation' }, call);
    await close(app);
    const next = await open();
    await until(async () => (await next.keepsake.recall({ spaces: ['user:bob'], limit: 9 }, call)).memories.length === 3);
  });

  it('is reflected on once by two processes of one home', async () => {
    const [one, other] = [await open(), await open()];
    fake.onChat(async (chat) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return answered(chat);
    });
    await remember(one, cello, choir);
    await recalled(other);
    await derived(one);
    await until(async () => (await recalled(other)).length === 3);
    expect(asked('reflection')).toBe(1);
    expect(await reflections(other)).toHaveLength(1);
  });

  it('is not reflected on twice when nothing came of it', async () => {
    fake.onChat({ insights: [] });
    const app = await open();
    await remember(app, cello, choir);
    await until(async () => (await reflections(app)).length === 1);
    await close(app);
    const next = await open();
    await recalled(next);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(asked('reflection')).toBe(1);
  });
});

describe('while the model is down', () => {
  it('calls go on as ever, and the reflection is caught up on', async () => {
    const app = await open();
    await fake.stop();
    await remember(app, cello, choir);
    expect(await recalled(app)).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await fake.restart();
    expect(await derived(app)).toHaveLength(1);
    expect(await reflections(app)).toHaveLength(1);
  });
});

describe('an insight', () => {
  async function withInsight() {
    const app = await open();
    const ids = await remember(app, cello, choir, jazz);
    const [found] = await derived(app);
    // From here on by command alone, so that what is gone at once is seen to be gone.
    await close(app);
    return { app: await open({ env: { ...models(), KEEPSAKE_REFLECT: '0' } }), ids, found: found as RecalledMemory };
  }
  const reflect = (app: App) => app.keepsake.reflect(space, { ...call, id: 'reflection' });

  it('is gone with a source that is forgotten, and the next reflection derives it from the others', async () => {
    const { app, ids, found } = await withInsight();
    const forgetting = { scope: [space] as const, memory_ids: [ids[0] ?? ''], limit: 10, erase: false };
    await app.keepsake.forget(forgetting, { ...call, id: 'forgetting' });
    expect(await insights(app)).toEqual([]);
    const { events: life } = await app.keepsake.history({ scope: [space], memory_id: found.id, limit: 10 }, call);
    expect(life.map(({ event, reason }) => ({ event, reason })).at(-1)).toEqual({ event: 'DELETE', reason: retiredReason });
    expect(await reflect(app)).toMatchObject({ insights: [{ event: 'ADD', memory: musical }] });
    expect(await insights(app)).toMatchObject([{ memory: musical, sources: [ids[1], ids[2]] }]);
  });

  it('comes back with its source when the forgetting is undone', async () => {
    const { app, ids, found } = await withInsight();
    const forgetting = { scope: [space] as const, memory_ids: [ids[0] ?? ''], limit: 10, erase: false };
    await app.keepsake.forget(forgetting, { ...call, id: 'forgetting' });
    await app.keepsake.undo('forgetting', { ...call, id: 'undo' });
    expect(await insights(app)).toMatchObject([{ id: found.id, revision: 2 }]);
  });

  it('stays away when its source has changed again before the undo, and cannot be brought back by hand', async () => {
    const { app, ids, found } = await withInsight();
    const [first = ''] = ids;
    const correct = (content: string, id: string) => app.keepsake.change({ scope: [space], memory_id: first, content }, { ...call, id });
    await correct('Nora gave up the cello.', 'one');
    expect(await insights(app)).toEqual([]);
    await correct('Nora sold the cello.', 'two');
    const { undone, left } = await app.keepsake.undo('one', { ...call, id: 'undo' });
    expect(undone).toEqual([]);
    expect(left.map(({ id, reason }) => [id, reason])).toEqual([
      [first, 'changed since by call two'],
      [found.id, retiredReason],
    ]);
    await expect(app.keepsake.change({ scope: [space], memory_id: found.id, revision: 1 }, call)).rejects.toThrow('cannot come back');
  });

  it('is gone with a source that is erased, and no other line changes', async () => {
    const { app, ids } = await withInsight();
    const lines = async () => (await events(app)).map((event) => JSON.stringify(event));
    const before = await lines();
    const asking = { scope: [space] as const, memory_ids: [ids[2] ?? ''], limit: 10, erase: true };
    const { answer } = await app.keepsake.forget(asking, call);
    await app.keepsake.forget({ scope: [space], confirm: answer.confirm_token, limit: 10, erase: false }, call);
    expect(await insights(app)).toEqual([]);
    const after = await lines();
    expect(after.slice(before.length).map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['ERASE', 'DELETE']);
    const changed = before.filter((line, index) => after[index] !== line);
    expect(changed.filter((line) => !line.includes(jazz) && !line.includes(ids[2] ?? ''))).toEqual([]);
    expect(before.join()).toContain('source_fingerprint');
    expect(after.join()).not.toContain('source_fingerprint');
  });

  it('that somebody forgot is not derived again', async () => {
    const { app, found } = await withInsight();
    await app.keepsake.forget({ scope: [space], memory_ids: [found.id], limit: 10, erase: false }, call);
    expect(await reflect(app)).toMatchObject({ insights: [], looked: 3 });
    expect(await insights(app)).toEqual([]);
  });

  it('is updated under its id, and retired when it holds no longer', async () => {
    const { app, found } = await withInsight();
    fake.onChat((chat) => {
      if (chat.purpose === 'decision') return { decisions: [] };
      const memories = [cello, choir].map((text) => numberOf(text, chat));
      return { insights: [insight({ action: 'UPDATE', insight: 1, text: 'Nora makes music herself.', memories, reason: 'more exact' })] };
    });
    expect(await reflect(app)).toMatchObject({ insights: [{ id: found.id, event: 'UPDATE', revision: 2, previous: musical }] });
    fake.onChat({ insights: [insight({ action: 'DELETE', insight: 1 })] });
    expect(await reflect(app)).toMatchObject({ insights: [{ id: found.id, event: 'DELETE' }] });
    expect(await insights(app)).toEqual([]);
  });

  it('is not made where a source changed while the model was thinking', async () => {
    const { app, ids, found } = await withInsight();
    await app.keepsake.forget({ scope: [space], memory_ids: [found.id], limit: 10, erase: false }, call);
    fake.onChat(async (chat) => {
      if (chat.purpose === 'decision') return { decisions: [] };
      await app.keepsake.change({ scope: [space], memory_id: ids[0] ?? '', content: 'Nora gave up the cello.' }, call);
      return { insights: [insight({ text: 'Nora lives for music.', memories: [cello, choir].map((text) => numberOf(text, chat)) })] };
    });
    expect(await reflect(app)).toMatchObject({ insights: [] });
    expect(await insights(app)).toEqual([]);
  });
});

describe('the sweep of a reflection', () => {
  it('unites repeats, settles contradictions for what was said later, and leaves the others', async () => {
    const app = await open({ env: { ...models(), KEEPSAKE_REFLECT: '0' } });
    const repeat = 'The cello is what Nora plays.';
    const [graz, bled] = ['Nora lives in the town of Graz.', 'Nora lives in the town of Bled.'];
    for (const text of [cello, graz, choir, repeat, bled]) await remember(app, text);
    let near: { memory: number }[][] = [];
    fake.onChat((chat) => {
      if (chat.purpose !== 'decision') return { insights: [] };
      near = [...chat.user.matchAll(/"near":(\[.*\])/g)].map(([, list = '[]']) => JSON.parse(list));
      const decision = (fact: string, action: string, memory: string) => ({
        ...{ fact: numberOf(fact, chat, 'fact'), action, memory: numberOf(memory, chat), text: null, reason: null },
      });
      return { decisions: [decision(repeat, 'NONE', cello), decision(bled, 'DELETE', graz)] };
    });
    const answer = await app.keepsake.reflect(space, { ...call, id: 'sweep' });
    expect(answer?.merged.map(({ event, memory }) => [event, memory])).toEqual([
      ['DELETE', repeat],
      ['DELETE', graz],
    ]);
    expect(near.length).toBeGreaterThan(0);
    for (const list of near) expect(new Set(list.map(({ memory }) => memory)).size).toBe(list.length);
    expect((await recalled(app)).map(({ memory }) => memory).sort()).toEqual([bled, cello, choir].sort());
    await app.keepsake.undo('sweep', { ...call, id: 'undo' });
    expect(await recalled(app)).toHaveLength(5);
  });
});

describe('the command reflect', () => {
  const run = (command: string[], env: Record<string, string> = {}) =>
    runCommand(command, { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', KEEPSAKE_REFLECT: '0', ...env });

  it('prints what it derived, for people and programs, and undo takes it back', async () => {
    const app = await open({ env: { ...models(), KEEPSAKE_REFLECT: '0' } });
    await remember(app, cello, choir);
    const { code, stdout, stderr } = await run(['reflect'], models());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^user:default\nderived {3}\w{14} {2}"Nora is deeply into music\." {2}derived from \w{14}, \w{14}\n2 memories looked at\. To undo this: keepsake-mcp undo \S+\n$/,
    );
    expect(await insights(app)).toHaveLength(1);
    expect(await run(['undo', /undo (\S+)\n$/.exec(stdout)?.[1] ?? ''])).toMatchObject({ code: 0 });
    expect(await insights(app)).toEqual([]);
    const again = await run(['reflect', '--json'], models());
    expect(JSON.parse(again.stdout)).toMatchObject([{ space, insights: [], merged: [], rejected: [], looked: 2, left: 0 }]);
  });

  it('fails and says so where the answer of the model was unusable and nothing was changed', async () => {
    const app = await open({ env: { ...models(), KEEPSAKE_REFLECT: '0' } });
    await remember(app, cello, choir);
    fake.onChat((chat) => (chat.purpose === 'decision' ? { decisions: [] } : 'Certainly! Here is nothing.'));
    const { code, stdout } = await run(['reflect'], models());
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /2 memories looked at\. The model's answer was unusable: fake did not answer the reflection as agreed, twice: .+ Nothing was changed\.\n$/,
    );
  });

  it('says without a model that it needs one', async () => {
    const { code, stdout, stderr } = await run(['reflect']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^keepsake-mcp: Reflection needs a model: set OPENAI_API_KEY, [^\n]+ \[invalid_argument\]\n$/);
  });
});

describe('without a model', () => {
  it('nothing is derived, however much is remembered', async () => {
    const app = await open({ env: {} as Record<string, string> });
    await remember(app, cello, choir, jazz);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await reflections(app)).toEqual([]);
    expect(fake.requests).toEqual([]);
  });
});

describe('a server', () => {
  it('reflects by itself after its clients fell silent, and its insights are recalled with their sources', async () => {
    const server = await startServer({ home, env: { ...models(), KEEPSAKE_REFLECT: '2' } });
    const messages = [cello, choir].map((content) => ({ role: 'user', content }));
    const { results } = (await server.call('remember', { messages, infer: false })).structured;
    const found = await until(async () => {
      const { memories } = (await server.call('recall', { query: 'is Nora into music?' })).structured;
      return memories.find(({ kind }) => kind === 'insight');
    });
    expect(found).toMatchObject({ memory: musical, sources: results.map(({ id }) => id) });
    await server.call('forget', { memory_ids: [results[0]?.id] });
    const { memories } = (await server.call('recall')).structured;
    expect(memories.map(({ memory }) => memory)).toEqual([choir]);
    await server.stop();
  });
});
