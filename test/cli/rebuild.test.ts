import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/cli/verify.js';
import { readOwner } from '../../src/store/chroma/handshake.js';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { isRunning } from '../support/process-state.js';
import { type StartedServer, startServer, until } from '../support/server.js';
import { type Ended, runCommand, startCommand } from './run.js';

let home: string;
let fake: FakeOpenAi;
let env: Record<string, string>;
let servers: StartedServer[];
let hosts: Set<number>;

beforeEach(async () => {
  home = await temporaryHome();
  fake = await startFakeOpenAi({ synonyms: { feline: 'cat', automobile: 'car', canine: 'dog' } });
  env = {
    KEEPSAKE_STORE: 'chroma',
    KEEPSAKE_EMBEDDING_BASE_URL: fake.url,
    KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding',
    KEEPSAKE_INFER: 'rules',
  };
  servers = [];
  hosts = new Set();
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  for (const pid of hosts) await until(() => !isRunning(pid));
  await fake.close();
});

async function start(): Promise<StartedServer> {
  const server = await startServer({ home, env });
  servers.push(server);
  return server;
}

const command = (...args: string[]): Promise<Ended> => runCommand(args, { KEEPSAKE_HOME: home, ...env });

async function findings(): Promise<Finding[]> {
  const { stdout, stderr } = await command('verify', '--json');
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as { findings: Finding[]; notes: string[] };
  expect(report.notes).toEqual([]);
  return report.findings;
}

/** Speaks to the home's Chroma as no program of ours would. */
async function chroma(): Promise<{ collections(): Promise<string[]>; post(path: string, body: object): Promise<unknown> }> {
  const { stdout } = await command('doctor', '--json');
  const { findings: parts } = JSON.parse(stdout) as { findings: { part: string; data: { index: string } }[] };
  const url = parts.find(({ part }) => part === 'store')?.data.index.split(' at ')[1];
  const base = `${url}/api/v2/tenants/default_tenant/databases/default_database/collections`;
  const owner = await readOwner(join(home, 'chroma'));
  if (owner) hosts.add(owner.pid);
  return {
    collections: async () => ((await (await fetch(base)).json()) as { id: string }[]).map(({ id }) => id),
    async post(path, body) {
      const response = await fetch(`${base}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.ok).toBe(true);
      return response.json();
    },
  };
}

async function recalled(server: StartedServer, query: string): Promise<{ memory: string | undefined; degraded: unknown }> {
  const { structured } = await server.call('recall', { query });
  return { memory: structured.memories[0]?.memory, degraded: structured.degraded };
}

const words = { cat: 'feline', car: 'automobile', dog: 'canine' };

describe('verify and rebuild with the real Chroma', { timeout: 90_000 }, () => {
  it('find and mend an index that differs, while a server goes on, without asking the model again', async () => {
    const server = await start();
    const ids: Record<string, string> = {};
    for (const content of Object.values(words)) {
      const { structured } = await server.call('remember', { content, infer: false });
      ids[content] = structured.results[0]?.id ?? '';
    }
    expect(await findings()).toEqual([]);

    // One vector is lost, one stands for an older revision, one belongs to nobody.
    const { collections, post } = await chroma();
    for (const collection of await collections()) {
      const { ids: keys, metadatas } = (await post(`${collection}/get`, { include: ['metadatas'] })) as {
        ids: string[];
        metadatas: object[];
      };
      const keyOf = (content: string) => keys.find((key) => key.endsWith(`.${ids[content]}`));
      const [lost, old, own] = [keyOf('feline'), keyOf('automobile'), keyOf('canine')];
      if (!lost || !old || !own) continue;
      const metadata = metadatas[keys.indexOf(own)];
      const { embeddings } = (await post(`${collection}/get`, { ids: [own], include: ['embeddings'] })) as { embeddings: number[][] };
      await post(`${collection}/delete`, { ids: [lost] });
      await post(`${collection}/update`, { ids: [old], metadatas: [{ ...metadata, revision: 7 }], embeddings: null });
      await post(`${collection}/upsert`, { ids: [own.replace(/\..*/, '.stranger')], metadatas: [metadata], embeddings });
    }
    const space = 'user:default';
    expect(await findings()).toEqual([
      { space, file: 'index', text: `memory ${ids.feline} is not in it` },
      { space, file: 'index', text: `memory ${ids.automobile} is in it with revision 7, not 1` },
      { space, file: 'index', text: 'stranger is in it and no live memory' },
    ]);

    const asked = fake.requests.length;
    const { ended } = startCommand(['rebuild', '--json'], { KEEPSAKE_HOME: home, ...env });
    let isDone = false;
    void ended.then(() => {
      isDone = true;
    });
    const during: string[] = [];
    while (!isDone) during.push((await server.call('recall', { query: 'feline' })).structured.memories[0]?.memory ?? 'nothing');
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ index: expect.stringMatching(/^Chroma \d/), spaces: [{ space, memories: 3 }] });
    expect(during.length).toBeGreaterThan(0);
    expect(new Set(during)).toEqual(new Set(['feline']));
    // One text tells the new process how long the vectors are; the searches asked for their own words.
    const texts = fake.requests.slice(asked).flatMap(({ body }) => body.input as string[]);
    expect(texts.filter((text) => Object.values(words).includes(text)).length).toBe(during.length + 1);

    expect(await findings()).toEqual([]);
    const owner = await readOwner(join(home, 'chroma'));
    if (owner) hosts.add(owner.pid);
    for (const [query, memory] of Object.entries(words)) {
      await until(async () => (await recalled(server, query)).degraded === undefined);
      expect(await recalled(server, query)).toEqual({ memory, degraded: undefined });
    }
  });

  it('that was killed in the middle is completed by the next server', async () => {
    const first = await start();
    for (const content of Object.values(words)) await first.call('remember', { content, infer: false });
    await until(async () => (await findings()).length === 0);
    await chroma();
    const [host = 0] = hosts;
    const { child, ended } = startCommand(['rebuild'], { KEEPSAKE_HOME: home, ...env });
    // Chroma ends when its data are thrown away, and comes back empty.
    await until(() => !isRunning(host));
    child.kill('SIGKILL');
    process.kill(first.pid, 'SIGKILL');
    expect((await ended).code).toBeNull();
    const second = await start();
    for (const [query, memory] of Object.entries(words)) {
      await until(async () => (await recalled(second, query)).memory === memory);
    }
    await until(async () => (await findings()).length === 0);
    const owner = await readOwner(join(home, 'chroma'));
    if (owner) hosts.add(owner.pid);
  });
});

describe('rebuild', () => {
  it('works without Chroma and where nothing is remembered, and keeps the vectors of a log that it cannot read', async () => {
    env.KEEPSAKE_STORE = 'embedded';
    expect(await command('rebuild')).toEqual({ code: 0, stdout: 'no index, since nothing is remembered\n', stderr: '' });
    const server = await start();
    await server.call('remember', { content: 'feline', infer: false });
    await server.call('remember', { content: 'canine', infer: false, project: 'kennel' });
    await server.stop();
    const cacheOf = async () => (await readdir(join(home, 'cache', 'fake-embedding-64'))).filter((name) => name.endsWith('.vec'));
    const path = join(home, 'history', 'project-kennel.jsonl');
    const log = await readFile(path, 'utf8');
    await writeFile(path, `rubbish\n${log}`);
    const { code, stdout } = await command('rebuild');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'user:default: 1 in the index\nbuilt-in exact index, in memory\n' });
    expect(await cacheOf()).toEqual(['project-kennel.vec', 'user-default.vec']);
    await writeFile(path, log);
    expect(JSON.parse((await command('rebuild', '--json')).stdout)).toMatchObject({
      spaces: expect.arrayContaining([{ space: 'project:kennel', memories: 1 }]),
    });
  });

  it('leaves the index alone when the model that it needs does not answer', async () => {
    const server = await start();
    await server.call('remember', { content: 'feline', infer: false });
    await until(async () => (await findings()).length === 0);
    await chroma();
    await fake.close();
    const { code, stderr } = await command('rebuild');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^keepsake-mcp: Not rebuilt: .*could not be reached.* Nothing is lost: .*\n$/);
    await fake.restart();
    expect(await findings()).toEqual([]);
  });
});
