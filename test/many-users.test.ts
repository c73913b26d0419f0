import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, type AppOptions, openApp } from '../src/app.js';
import { readConfig } from '../src/config.js';
import type { Call } from '../src/core/core.js';
import type { Space } from '../src/core/ports.js';
import { silentLogger } from './store/chroma/fixtures.js';
import { batchOf, linesOf } from './store/log-fixtures.js';
import { type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { quietEnvironment, until } from './support/server.js';

const call: Call = { id: 'call', signal: new AbortController().signal };
const users = 300;
const spaceOf = (user: number): Space => `user:u${user}`;
/** What a space of four short memories takes, vectors included, is less; the space of nothing alone is nearly that. */
const bytesOfOne = 40_000;

let home: string;
let apps: App[];
beforeEach(async () => {
  home = await temporaryHome();
  apps = [];
});
afterEach(async () => {
  for (const app of apps) await app.close();
});

async function open({ env = {}, ...options }: Partial<AppOptions> & { env?: Record<string, string> } = {}): Promise<App> {
  const config = readConfig({ flags: {}, env: { ...quietEnvironment, KEEPSAKE_HOME: home, ...env } });
  const app = await openApp(config, { logger: silentLogger, quiet: 1, ...options });
  apps.push(app);
  return app;
}

const textsOf = (user: number) => ['tea', 'chess', 'the sea', 'jazz'].map((what) => `User ${user} likes ${what}.`);

async function writeUsers(count: number): Promise<void> {
  await mkdir(join(home, 'history'), { recursive: true });
  for (let user = 0; user < count; user += 1) {
    const header = { keepsake: 'history', space: spaceOf(user), format: 1, min_reader: 1, min_writer: 1, generation: 1 };
    await writeFile(join(home, 'history', `user-u${user}.jsonl`), linesOf([header, ...batchOf(1, textsOf(user))]));
  }
}

async function found(app: App, user: number, query = 'who likes chess'): Promise<string | undefined> {
  const { memories, degraded } = await app.keepsake.recall({ spaces: [spaceOf(user)], query, limit: 4 }, call);
  expect(degraded).toBeUndefined();
  return memories[0]?.memory;
}

/** Saves an input of this process that nobody has processed yet. */
function receive(app: App, user: number, { id, content }: { id: string; content: string }): Promise<unknown> {
  app.core.own.add(id);
  const input = { form: 'content' as const, turns: [{ role: 'user' as const, content }], infer: true, kind: 'observation' as const };
  return app.core.spaces.open(spaceOf(user)).commit({ call_id: 'call' }, () => ({
    drafts: [{ event: 'RECEIVED', event_id: id, input: { ...input, at: '2024-01-01T00:00:00.000Z' } }],
    answer: undefined,
  }));
}

describe('a process that serves more users than it has room for', () => {
  it('holds no more of them than fit, and answers each as if it were the only one', async () => {
    await writeUsers(users);
    const app = await open({ heldBytes: 20 * bytesOfOne });
    for (let user = 0; user < users; user += 1) expect(await found(app, user)).toBe(`User ${user} likes chess.`);
    expect(app.core.spaces.held().spaces).toBeLessThanOrEqual(40);
    expect(app.core.spaces.held().spaces).toBeGreaterThanOrEqual(20);
    expect(app.core.spaces.held().bytes).toBeLessThanOrEqual(20 * bytesOfOne);
    // The vectors of the others went with them.
    expect(await app.vectors.index()?.count(call.signal)).toBeLessThanOrEqual(4 * 40);
    for (const user of [0, users - 1, 7]) expect(await found(app, user, 'who likes jazz')).toBe(`User ${user} likes jazz.`);
  });

  it('counts what it let go of as no work that is left', async () => {
    await writeUsers(60);
    const app = await open({ heldBytes: 5 * bytesOfOne });
    for (let user = 0; user < 60; user += 1) expect(await found(app, user)).toBeDefined();
    await app.vectors.flush(call.signal);
    for (let user = 0; user < 60; user += 1) expect(await app.vectors.lag(app.core.spaces.open(spaceOf(user)))).toBe(0);
    const turns = [{ role: 'user' as const, content: 'User 0 likes figs.' }];
    await app.keepsake.remember({ space: spaceOf(0), form: 'content', turns, kind: 'observation', infer: false }, call);
    expect(await found(app, 0, 'who likes figs')).toBe('User 0 likes figs.');
    await until(async () => (await app.vectors.lag(app.core.spaces.open(spaceOf(0)))) === 0);
  });

  it('does not load them again for work in the background that has nothing to do', async () => {
    await writeUsers(users);
    const app = await open({ heldBytes: 20 * bytesOfOne });
    await found(app, 0);
    for (let user = 1; user < users; user += 1) await found(app, user);
    await app.warmUp(undefined);
    await app.vectors.flush(call.signal);
    expect(app.core.spaces.isOpen(spaceOf(0))).toBe(false);
    expect(app.core.spaces.held().spaces).toBeLessThanOrEqual(40);
  });

  it('finds what waits in one of many spaces that nobody asked it for, and holds none of the others for that', async () => {
    await writeUsers(users);
    const turns = [{ role: 'user' as const, content: 'I prefer window seats on trains.' }];
    const at = '2024-01-01T00:00:00.000Z';
    const input = { form: 'content' as const, turns, infer: true, kind: 'observation' as const, at };
    const of = { seq: 5, event_id: 'input', call_id: 'call', batch: 'input', end: true, at, device: 'test' };
    await appendFile(join(home, 'history', 'user-u7.jsonl'), linesOf([{ ...of, event: 'RECEIVED', input }]));
    const app = await open();
    await app.warmUp(undefined);
    await until(() => app.core.spaces.open(spaceOf(7)).read(({ projection }) => projection.pending.size === 0));
    expect((await app.keepsake.recall({ spaces: [spaceOf(7)], query: 'window seats', limit: 1 }, call)).memories).toMatchObject([
      { memory: expect.stringContaining('window') },
    ]);
    // The default user's, which a start opens, and the one with the input.
    expect(app.core.spaces.held().spaces).toBe(2);
  });

  it('processes what waits in a space that it has let go of', async () => {
    await writeUsers(6);
    const app = await open({ heldBytes: 1, retryDelay: 500 });
    await receive(app, 0, { id: 'input', content: 'I prefer window seats on trains.' });
    for (let user = 1; user < 6; user += 1) await app.core.spaces.open(spaceOf(user)).read(() => undefined);
    expect(app.core.spaces.isOpen(spaceOf(0))).toBe(false);
    await until(async () => {
      const { memories } = await app.keepsake.recall({ spaces: [spaceOf(0)], query: 'window seats', limit: 1 }, call);
      return memories[0]?.memory.includes('window') === true;
    });
  });

  it('asks no model twice for the vectors of a space that it let go of', async () => {
    const openai: FakeOpenAi = await startFakeOpenAi();
    try {
      await writeUsers(12);
      const app = await open({ heldBytes: 1, env: { OPENAI_BASE_URL: openai.url, KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding' } });
      for (let user = 0; user < 12; user += 1) {
        await app.core.spaces.open(spaceOf(user)).read(() => undefined);
        await app.vectors.catchUp(app.core.spaces.open(spaceOf(user)), call.signal);
      }
      const asked = openai.requests.length;
      expect(app.core.spaces.isOpen(spaceOf(0))).toBe(false);
      const open0 = app.core.spaces.open(spaceOf(0));
      await app.vectors.catchUp(open0, call.signal);
      expect(openai.requests.length).toBe(asked);
      expect(await app.vectors.index()?.records(spaceOf(0), call.signal)).toHaveProperty('size', 4);
    } finally {
      await openai.close();
    }
  });
});

it('one user with a long queue does not keep another one from being processed', async () => {
  const app = await open({ retryDelay: 1 });
  const left = (user: number) => app.core.spaces.open(spaceOf(user)).read(({ projection }) => projection.pending.size);
  await Promise.all(
    Array.from({ length: 200 }, (_, number) =>
      receive(app, 0, { id: `input ${number}`, content: `I own ${number} brass kettles from Porto.` }),
    ),
  );
  await until(async () => (await left(0)) < 200);
  await receive(app, 1, { id: 'the other', content: 'I am allergic to peanuts.' });
  await until(async () => (await left(1)) === 0);
  expect(await left(0)).toBeGreaterThan(0);
});
