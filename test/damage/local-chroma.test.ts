import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type CallToolResult, CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecallAnswer } from '../../src/core/answers.js';
import { identityOf, readOwner } from '../../src/store/chroma/handshake.js';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { isRunning, suspend } from '../support/process-state.js';
import { type StartedServer, startServer, until } from '../support/server.js';
import { examined } from './doctor.js';

let fake: FakeOpenAi;
let home: string;
let hosts: Set<number>;
let strangers: Server[];
let servers: StartedServer[];

beforeEach(async () => {
  fake = await startFakeOpenAi({ synonyms: { feline: 'cat', automobile: 'car', canine: 'dog' } });
  home = await temporaryHome();
  [hosts, strangers, servers] = [new Set(), [], []];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  for (const stranger of strangers) stranger.close();
  for (const pid of hosts) await until(() => !isRunning(pid));
  await fake.close();
});

const environment = () => ({
  KEEPSAKE_STORE: 'auto',
  KEEPSAKE_EMBEDDING_BASE_URL: fake.url,
  KEEPSAKE_EMBEDDING_MODEL: 'fake-m3',
  KEEPSAKE_INFER: 'rules',
});

async function start(): Promise<StartedServer> {
  const server = await startServer({ home, env: environment() });
  servers.push(server);
  return server;
}

const remember = (server: StartedServer, content: string) => server.call('remember', { content, infer: false });

/** Milliseconds that a client waits for an answer here: several times what one takes, less than a request to Chroma may. */
const patience = 10_000;

/** Recalls, which must work whatever Chroma does. */
async function recall(server: StartedServer, query: string): Promise<{ found: string[]; degraded: string[] | undefined }> {
  const answer = await server.client.callTool({ name: 'recall', arguments: { query } }, CallToolResultSchema, { timeout: patience });
  const { isError, structuredContent, content } = answer as CallToolResult;
  expect(isError ?? false, JSON.stringify(content)).toBe(false);
  const { memories, degraded } = structuredContent as unknown as RecallAnswer;
  return { found: memories.map(({ memory }) => memory), degraded };
}

/** The process that runs Chroma for the home now. */
function host(): Promise<number> {
  return until(async () => {
    const owner = await readOwner(join(home, 'chroma'));
    if (!owner || !isRunning(owner.pid)) return false;
    hosts.add(owner.pid);
    return owner.pid;
  });
}

/** Waits until Chroma holds as many vectors as there are memories, and nothing is degraded. */
async function whole(server: StartedServer, count: number): Promise<void> {
  await until(async () => (await recall(server, 'cat')).degraded === undefined, 40);
  const { store } = await examined(home, environment());
  expect(store).toMatchObject({ standing: 'ok', data: { vectors: count, behind: 0, index: expect.stringMatching(/^Chroma /) } });
  await host();
}

/** A home with two memories whose Chroma has ended. */
async function filledHome(): Promise<void> {
  const first = await start();
  for (const content of ['feline', 'automobile']) await remember(first, content);
  await whole(first, 2);
  const pid = await host();
  await first.stop();
  await until(() => !isRunning(pid));
}

async function occupy(port: number): Promise<void> {
  const stranger = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end('220 mail.example ESMTP\r\n');
  });
  strangers.push(stranger);
  await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
}

describe('the Chroma of a home', () => {
  it('that is stopped keeps no server from finding everything, and serves again when it goes on', async () => {
    await filledHome();
    const running = await start();
    await whole(running, 2);
    const pid = await host();
    await suspend(pid);
    try {
      const started = await start();
      await remember(started, 'canine');
      for (const server of [running, started])
        for (const [query, memory] of [
          ['cat', 'feline'],
          ['dog', 'canine'],
        ] as const)
          expect((await recall(server, query)).found).toEqual([memory]);
      await until(async () => (await recall(running, 'dog')).degraded !== undefined);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    for (const server of servers.slice(1)) await until(async () => (await recall(server, 'dog')).degraded === undefined, 40);
    await whole(running, 3);
  });

  it('that is killed while it is stopped is followed by another one', async () => {
    await filledHome();
    const server = await start();
    await whole(server, 2);
    const pid = await host();
    await suspend(pid);
    expect((await recall(server, 'cat')).found).toEqual(['feline']);
    process.kill(pid, 'SIGKILL');
    await remember(server, 'canine');
    await whole(server, 3);
    expect(await host()).not.toBe(pid);
  });

  it.each<[string, () => void]>([
    ['holds the database of another version', () => writeFileSync(database(), ofAnotherVersion(readFileSync(database())))],
    ['holds a file where the folder of its data was', () => [rmSync(data(), { recursive: true }), writeFileSync(data(), 'a file')]],
    ['has another owner file', () => writeFileSync(join(home, 'chroma', 'owner.json'), '\0\0\0')],
  ])('that %s is made anew from the log, and nothing is missing meanwhile', async (_, damage) => {
    await filledHome();
    damage();
    const server = await start();
    expect((await recall(server, 'cat')).found).toEqual(['feline']);
    await remember(server, 'canine');
    for (const [query, memory] of [
      ['car', 'automobile'],
      ['dog', 'canine'],
    ] as const)
      expect((await recall(server, query)).found).toEqual([memory]);
    await whole(server, 3);
  });

  it('whose folder is deleted under it is made anew from the log', async () => {
    const server = await start();
    for (const content of ['feline', 'automobile']) await remember(server, content);
    await whole(server, 2);
    const pid = await host();
    rmSync(join(home, 'chroma'), { recursive: true, maxRetries: 10 });
    expect((await recall(server, 'cat')).found).toEqual(['feline']);
    await until(() => !isRunning(pid));
    await remember(server, 'canine');
    await whole(server, 3);
    expect(existsSync(database())).toBe(true);
  });

  it('is done without while strangers hold its control ports, and started when they are gone', async () => {
    mkdirSync(join(home, 'chroma'));
    for (const port of identityOf(join(home, 'chroma')).ports) await occupy(port);
    const server = await start();
    await remember(server, 'feline');
    await until(async () => {
      const { found, degraded } = await recall(server, 'cat');
      expect(found).toEqual(['feline']);
      return degraded?.[0]?.includes('other programs hold the ports');
    });
    for (const stranger of strangers.splice(0)) await new Promise((resolve) => stranger.close(resolve));
    await whole(server, 1);
  });
});

const data = () => join(home, 'chroma', 'data');
const database = () => join(data(), 'chroma.sqlite3');

/** A database in which the changes that made its tables have other names than those that this version knows. */
function ofAnotherVersion(bytes: Buffer): Buffer {
  const changed = bytes.toString('latin1').replaceAll(/0000(\d)-(\w)/g, '0009$1-$2');
  expect(changed).not.toBe(bytes.toString('latin1'));
  return Buffer.from(changed, 'latin1');
}
