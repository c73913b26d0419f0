import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareBinding } from '../src/store/chroma/binding.js';
import { readOwner } from '../src/store/chroma/handshake.js';
import { type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { isRunning, suspend } from './support/process-state.js';
import { program, quietEnvironment, type StartedServer, startServer, until } from './support/server.js';

const run = promisify(execFile);

/** Whether Chroma's own binary needs an adaptation to the C library of this machine. */
const needsAdaptation = await prepareBinding({ copies: join(await temporaryHome(), 'copies'), compat: 'off' }).then(
  () => false,
  () => true,
);

let home: string;
let hosts: Set<number>;

beforeEach(async () => {
  home = await temporaryHome();
  hosts = new Set();
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  for (const pid of hosts) await until(() => !isRunning(pid));
});

const servers: StartedServer[] = [];

async function start(env: Record<string, string> = {}): Promise<StartedServer> {
  const server = await startServer({ home, env: { KEEPSAKE_STORE: 'chroma', ...env } });
  servers.push(server);
  return server;
}

/** The process that runs Chroma for the home now. */
async function host(): Promise<number> {
  const pid = await until(async () => {
    const owner = await readOwner(join(home, 'chroma'));
    return owner && isRunning(owner.pid) && owner.pid;
  });
  hosts.add(pid);
  return pid;
}

interface StoreReport {
  index: string;
  vectors: number;
  behind: number;
}

/** What another process of the home finds in the index. */
async function store(env: Record<string, string> = {}): Promise<StoreReport> {
  const { stdout } = await run(process.execPath, [program, 'doctor', '--json'], {
    env: { PATH: process.env.PATH, ...quietEnvironment, KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'chroma', ...env },
    cwd: '/',
  });
  const { findings } = JSON.parse(stdout) as { findings: { part: string; data: StoreReport }[] };
  const found = findings.find(({ part }) => part === 'store');
  if (!found) throw new Error(stdout);
  return found.data;
}

async function indexed(count: number, env: Record<string, string> = {}): Promise<StoreReport> {
  return until(async () => {
    const report = await store(env);
    return report.vectors === count && report.behind === 0 && report;
  });
}

async function recalled(server: StartedServer, query: string): Promise<string[]> {
  const { structured, isError, text } = await server.call('recall', { query });
  if (isError) throw new Error(text);
  return structured.memories.map(({ memory }) => memory);
}

const remember = (server: StartedServer, content: string) => server.call('remember', { content, infer: false });

describe('the real Chroma', () => {
  it('holds one vector a memory however often it changes, serves all processes of a home, and ends with the last', async () => {
    const [one, two] = [await start(), await start()];
    const { id } = (await remember(one, 'Nora plays the cello.')).structured.results[0]!;
    await remember(two, 'Olaf sails on the lake.');
    for (let number = 0; number < 10; number += 1)
      await (number % 2 ? one : two).call('remember', { memory_id: id, content: `Nora plays the cello, grade ${number}.` });
    const { index } = await indexed(2);
    expect(index).toMatch(/^Chroma \d/);
    const pid = await host();
    expect(await recalled(two, 'who plays the cello')).toEqual(['Nora plays the cello, grade 9.']);
    await one.stop();
    expect(await recalled(two, 'sailing lake')).toEqual(['Olaf sails on the lake.']);
    expect(isRunning(pid)).toBe(true);
    await two.stop();
    await until(() => !isRunning(pid));
  });

  it('loses nothing when it is killed between calls, and the next calls work', async () => {
    const server = await start();
    await remember(server, 'Nora plays the cello.');
    await indexed(1);
    const killed = await host();
    process.kill(killed, 'SIGKILL');
    expect((await remember(server, 'Olaf sails on the lake.')).isError).toBe(false);
    expect(await recalled(server, 'cello')).toEqual(['Nora plays the cello.']);
    expect(await recalled(server, 'sails')).toEqual(['Olaf sails on the lake.']);
    await indexed(2);
    expect(await host()).not.toBe(killed);
    await until(async () => (await server.call('recall', { query: 'cello' })).structured.degraded === undefined);
  });

  it('loses nothing when it is killed again and again during calls', async () => {
    const server = await start();
    await remember(server, 'The first of them.');
    for (let round = 0; round < 3; round += 1) {
      const pid = await host();
      const calls = Array.from({ length: 10 }, (_, index) => [
        remember(server, `Shelf ${round}${index} holds box ${index * 7}.`),
        server.call('recall', { query: `shelf ${round}${index}` }),
      ]).flat();
      process.kill(pid, 'SIGKILL');
      for (const { isError, text } of await Promise.all(calls)) expect(isError, text).toBe(false);
    }
    expect((await server.call('recall', { limit: 100 })).structured.total).toBe(31);
    await indexed(31);
    await host();
  });

  it('is rebuilt from the log when its folder is gone', async () => {
    const first = await start();
    for (const content of ['Nora plays the cello.', 'Olaf sails on the lake.']) await remember(first, content);
    await indexed(2);
    const pid = await host();
    await first.stop();
    await until(() => !isRunning(pid));
    await rm(join(home, 'chroma'), { recursive: true, maxRetries: 10 });
    const second = await start();
    expect(await recalled(second, 'cello')).toEqual(['Nora plays the cello.']);
    await indexed(2);
    await host();
  });
});

describe('recall by meaning', () => {
  let fake: FakeOpenAi;
  let env: Record<string, string>;

  beforeEach(async () => {
    fake = await startFakeOpenAi({ synonyms: { feline: 'cat', automobile: 'car', canine: 'dog' } });
    env = { KEEPSAKE_EMBEDDING_BASE_URL: fake.url, KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding', KEEPSAKE_INFER: 'rules' };
  });
  afterEach(() => fake.close());

  it('finds what is not in the index yet, also while Chroma does not answer, and says so then', async () => {
    const server = await start(env);
    await remember(server, 'feline');
    expect(await recalled(server, 'cat')).toEqual(['feline']);
    await indexed(1, env);
    expect((await server.call('recall', { query: 'cat' })).structured).toMatchObject({ memories: [{ memory: 'feline' }] });
    const pid = await host();
    await suspend(pid);
    try {
      await remember(server, 'automobile');
      const { structured, text } = await server.call('recall', { query: 'car' });
      expect(structured.memories).toMatchObject([{ memory: 'automobile' }]);
      expect(structured.degraded).toEqual([expect.stringMatching(/^vector index: /)]);
      expect(text).toMatch(/degraded/i);
      expect(await recalled(server, 'cat')).toEqual(['feline']);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await indexed(2, env);
    await until(async () => (await server.call('recall', { query: 'car' })).structured.degraded === undefined);
  });

  it('finds everything when the index was emptied under a running server, and fills it again', async () => {
    const server = await start(env);
    for (const content of ['feline', 'automobile', 'canine']) await remember(server, content);
    await indexed(3, env);
    const base = `${(await store(env)).index.split(' at ')[1]}/api/v2/tenants/default_tenant/databases/default_database/collections`;
    const collections = (await (await fetch(base)).json()) as { name: string }[];
    expect(collections.length).toBeGreaterThan(0);
    for (const { name } of collections) expect((await fetch(`${base}/${name}`, { method: 'DELETE' })).ok).toBe(true);
    for (const [query, memory] of [
      ['cat', 'feline'],
      ['car', 'automobile'],
      ['dog', 'canine'],
    ] as const)
      expect(await recalled(server, query)).toEqual([memory]);
    await indexed(3, env);
    await host();
  });
});

describe('where Chroma cannot run', () => {
  // A newer C library runs Chroma's binary as it is: there is nothing to refuse.
  it.skipIf(!needsAdaptation)('the server refuses to start when it was told to use it', async () => {
    const env = {
      PATH: process.env.PATH,
      ...quietEnvironment,
      KEEPSAKE_HOME: home,
      KEEPSAKE_STORE: 'chroma',
      KEEPSAKE_CHROMA_COMPAT: 'off',
    };
    const child = promisify(execFile)(process.execPath, [program], { env, cwd: '/' });
    await expect(child).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: /^keepsake-mcp: Chroma is not available: .+KEEPSAKE_CHROMA_COMPAT=auto.+\n$/,
    });
  });

  it.skipIf(!needsAdaptation)('the built-in index takes its place otherwise, said once in the log', async () => {
    const server = await start({ KEEPSAKE_STORE: 'auto', KEEPSAKE_CHROMA_COMPAT: 'off' });
    for (const content of ['Nora plays the cello.', 'Olaf sails on the lake.']) await remember(server, content);
    expect(await recalled(server, 'cello')).toEqual(['Nora plays the cello.']);
    const lines = await until(() => {
      const found = server
        .log()
        .split('\n')
        .filter((line) => line.includes('built-in exact index'));
      return found.length > 0 && found;
    });
    await remember(server, 'Pia bakes bread.');
    expect(await recalled(server, 'bread')).toEqual(['Pia bakes bread.']);
    expect(lines).toHaveLength(1);
    expect(server.log().split('built-in exact index')).toHaveLength(2);
    expect(await readOwner(join(home, 'chroma'))).toBeUndefined();
  });
});
