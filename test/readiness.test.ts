import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type App, auditHome, openApp } from '../src/app.js';
import { readConfig } from '../src/config.js';
import type { Space } from '../src/core/ports.js';
import { createLogger } from '../src/logger.js';
import { createOperation, type Operation } from '../src/operation/operation.js';
import { createReadiness, type Readiness } from '../src/operation/readiness.js';
import { createUnsettled } from '../src/operation/unsettled.js';
import { silentLogger } from './store/chroma/fixtures.js';
import { type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { quietEnvironment, until } from './support/server.js';

let fake: FakeOpenAi;
let app: App;
let lines: string[];
let isDraining: boolean;
let ready: () => Promise<Readiness>;
let operation: Operation;

beforeEach(async () => {
  fake = await startFakeOpenAi();
  [lines, isDraining] = [[], false];
  const env = {
    ...quietEnvironment,
    KEEPSAKE_HOME: await temporaryHome(),
    KEEPSAKE_EMBEDDING_BASE_URL: fake.url,
    KEEPSAKE_EMBEDDING_MODEL: 'fake',
  };
  const lag = (space: Space) => app.vectors.lag(app.core.spaces.open(space));
  const remaining = createUnsettled({ isHeld: () => true, lag }, silentLogger);
  app = await openApp(readConfig({ env }), { logger: silentLogger, onChange: remaining.changed });
  ready = createReadiness({
    requireLog: () => app.requireLog(),
    remaining: remaining.count,
    isDegraded: () => app.vectors.fault() !== undefined,
    isDraining: () => isDraining,
    logger: createLogger('info', (line) => lines.push(line)),
    believed: 0,
  });
  operation = createOperation({
    version: '1.2.3',
    logger: silentLogger,
    app: () => app,
    sessions: () => ({ streamable: 0, sse: 0 }),
    isDraining: () => isDraining,
    demand: () => undefined,
  });
});
afterEach(async () => {
  await app.close();
  await fake.close();
});

const remember = (text: string) =>
  app.keepsake.remember(
    { space: 'user:ann', form: 'content', turns: [{ role: 'user', content: text }], infer: false, kind: 'observation' },
    { id: 'call', signal: new AbortController().signal },
  );

const page = (path: string) => operation.pages[path]!.answer(undefined);

it('a server whose history can be written is ready, and asking leaves history and folder as they were', async () => {
  await remember('Tea is green.');
  const { history } = app.home.folders;
  const log = await readFile(join(history, 'user-ann.jsonl'));
  expect(await until(async () => ((await ready()).index === 'reached' ? ready() : false))).toEqual({
    status: 'ready',
    log: 'writable',
    index: 'reached',
  });
  expect(await readFile(join(history, 'user-ann.jsonl'))).toEqual(log);
  expect(await readdir(history)).toEqual(['user-ann.jsonl']);
  expect((await auditHome(app.config)).flaws).toEqual([]);
});

it('a server whose history cannot be written is not ready until it can, and says why in the log, once', async () => {
  const { history } = app.home.folders;
  await rename(history, `${history}-away`);
  await until(async () => (await ready()).status === 'unready');
  await ready();
  expect(await ready()).toMatchObject({ status: 'unready', log: 'unavailable' });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 'error', reason: expect.stringContaining(history) }),
  ]);
  await rename(`${history}-away`, history);
  await until(async () => (await ready()).status === 'ready');
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(['error', 'info']);
});

it('while the embedding model fails the index is degraded and the server stays ready', async () => {
  await fake.stop();
  await remember('Tea is green.');
  await until(async () => (await ready()).index === 'degraded');
  expect(await ready()).toMatchObject({ status: 'ready' });
  await fake.restart();
  await until(async () => (await ready()).index === 'reached');
});

it('a server that drains is alive but no longer ready', async () => {
  isDraining = true;
  expect(await ready()).toMatchObject({ status: 'draining', log: 'writable' });
  expect(await page('/readyz')).toMatchObject({ status: 503, type: 'application/json' });
  expect(await page('/healthz')).toEqual({ status: 200, type: 'application/json', body: '{"status":"alive"}\n' });
});

it('whoever asks again and again costs one look at the disk', async () => {
  let looks = 0;
  const ask = createReadiness({
    requireLog: async () => {
      looks += 1;
    },
    remaining: async () => ({ inputs: 0, memories: 0 }),
    isDegraded: () => false,
    isDraining: () => false,
    logger: silentLogger,
  });
  await Promise.all(Array.from({ length: 50 }, ask));
  await ask();
  expect(looks).toBe(1);
});

it('a disk that hangs is written to once, however often somebody asks, and again once that write has ended', async () => {
  let looks = 0;
  let end: () => void = () => undefined;
  const ask = createReadiness({
    requireLog() {
      looks += 1;
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    },
    remaining: async () => ({ inputs: 0, memories: 0 }),
    isDegraded: () => false,
    isDraining: () => false,
    logger: silentLogger,
    believed: 0,
    patience: 1,
  });
  let asked = 0;
  // Each time what was found before is believed no more.
  await until(async () => {
    expect(await ask()).toMatchObject({ status: 'unready', log: 'unavailable' });
    asked += 1;
    return asked > 3;
  });
  expect(looks).toBe(1);
  end();
  await until(async () => {
    await ask();
    return looks > 1;
  });
});

it('inputs that wait are told without a look, and the index is asked about spaces that are held', async () => {
  const held = new Set<Space>(['user:ann']);
  const looks: Space[] = [];
  const lags: Record<Space, number> = { 'user:ann': 2, 'user:bob': 5 };
  const lag = async (space: Space) => {
    looks.push(space);
    return lags[space] ?? 0;
  };
  const unsettled = createUnsettled({ isHeld: (space) => held.has(space), lag }, silentLogger);
  unsettled.changed('user:ann', 0);
  unsettled.changed('user:bob', 3);
  expect(await unsettled.count()).toEqual({ inputs: 3, memories: 2 });
  expect(looks).toEqual(['user:ann']);
  held.add('user:bob');
  lags['user:ann'] = 0;
  expect(await unsettled.count()).toEqual({ inputs: 3, memories: 5 });
  unsettled.changed('user:bob', 0);
  lags['user:bob'] = 0;
  expect(await unsettled.count()).toEqual({ inputs: 0, memories: 0 });
  looks.length = 0;
  await unsettled.count();
  expect(looks).toEqual([]);
});

it('what is told to anybody names no folder and no reason', async () => {
  await rename(app.home.folders.history, `${app.home.folders.history}-away`);
  const { status, body } = await page('/readyz');
  expect({ status, ...JSON.parse(body) }).toEqual({ status: 'unready', log: 'unavailable', index: 'behind' });
  expect(status).toBe(503);
});
