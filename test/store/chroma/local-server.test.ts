import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nowhere } from '../../../src/core/ports.js';
import { openChromaIndex } from '../../../src/store/chroma/chroma-index.js';
import { greet, identityOf, line, type Owner, onLines, readOwner, seekHost } from '../../../src/store/chroma/handshake.js';
import { type LocalChromaOptions, openLocalChroma } from '../../../src/store/chroma/local-server.js';
import type { ChromaServer } from '../../../src/store/chroma/server.js';
import { isRunning, suspend } from '../../support/process-state.js';
import { until } from '../../support/server.js';
import { type BuiltHost, buildHost } from './build-host.js';
import { silentLogger, unitVector } from './fixtures.js';

const signal = new AbortController().signal;
let host: BuiltHost;
let home: string;
let folder: string;
let servers: ChromaServer[];
let foreigners: Server[];
let programs: ChildProcess[];
let hosts: Set<number>;

beforeAll(async () => {
  host = await buildHost();
});
afterAll(() => host.remove());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'keepsake-chroma-'));
  folder = join(home, 'chroma');
  servers = [];
  foreigners = [];
  programs = [];
  hosts = new Set();
});
afterEach(async () => {
  for (const server of servers) await server.close();
  for (const program of programs) program.kill('SIGKILL');
  for (const foreigner of foreigners) foreigner.close();
  await until(() => [...hosts].every((pid) => !isRunning(pid)));
  await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

function open({ idleSeconds = 0, ...more }: Partial<LocalChromaOptions> = {}): ChromaServer {
  const server = openLocalChroma({ folder, idleSeconds, compat: 'auto', hostScript: host.hostScript, logger: silentLogger, ...more });
  servers.push(server);
  return server;
}

function indexOn(server: ChromaServer) {
  return openChromaIndex({
    historyId: 'shared',
    model: 'test',
    dimension: 8,
    server,
    lockFolder: join(home, 'locks'),
    logger: silentLogger,
  });
}

/** The process that owns the folder now. */
async function hostPid(): Promise<number> {
  const { pid } = (await readOwner(folder)) as Owner;
  hosts.add(pid);
  return pid;
}

/** Starts a program that writes to the shared space; resolves with what it printed once it has ended. */
function startProgram(name: string, writes: number): { child: ChildProcess; output: () => string[]; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [host.program, folder, join(home, 'locks'), host.hostScript, name, String(writes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  programs.push(child);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return { child, output: () => text.split('\n').slice(0, -1), ended: new Promise((resolve) => child.once('close', resolve)) };
}

/** A service that is not ours on one of the folder's candidate ports. */
async function occupy(port: number, greeting: string): Promise<{ heard: () => string }> {
  let heard = '';
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      heard += data.toString();
    });
    socket.write(greeting);
  });
  foreigners.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { heard: () => heard };
}

describe('the shared local Chroma', () => {
  it('starts nothing before the first use', async () => {
    const server = open();
    await server.close();
    expect(existsSync(folder)).toBe(false);
    await expect(server.endpoint(signal)).rejects.toThrow('Chroma is not available');
  });

  it('serves on the loopback address, from private files', async () => {
    const { url, about } = await open().endpoint(signal);
    await hostPid();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(about).toMatch(/^binding \d+\.\d+\.\d+(, adapted)?$/);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['owner.json', 'host.log', 'chroma.sqlite3']));
    for (const file of files) {
      expect({ name: file.name, mode: statSync(join(file.parentPath, file.name)).mode & 0o077 }).toEqual({ name: file.name, mode: 0 });
    }
  });

  it('is one for many users at once, in one process', async () => {
    const endpoints = await Promise.all([open(), open(), open()].map((server) => server.endpoint(signal)));
    await hostPid();
    expect(new Set(endpoints.map(({ url }) => url)).size).toBe(1);
  });

  it('is one for four programs that start together, and loses none of their writes', async () => {
    const running = ['a', 'b', 'c', 'd'].map((name) => startProgram(name, 12));
    expect(await Promise.all(running.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
    expect(new Set(running.map(({ output }) => output()[0])).size).toBe(1);
    await hostPid();
    const index = indexOn(open());
    expect(await index.count(signal)).toBe(48);
    expect(await index.advance('user:shared', () => Promise.resolve(undefined), signal)).toEqual({ sequence: 48, event: 'event' });
    await index.close();
  });

  it('comes back when it was killed between two calls', async () => {
    const index = indexOn(open());
    const vector = unitVector(8, 1);
    const change = {
      upserts: [{ id: 'a', revision: 1, kind: 'observation' as const, vector }],
      deletes: [],
      position: { sequence: 1, event: 'event' },
    };
    await index.advance('user:shared', () => Promise.resolve(change), signal);
    const before = await hostPid();
    process.kill(before, 'SIGKILL');
    expect(await index.query('user:shared', vector, { limit: 1, spaceSize: 1, signal })).toMatchObject([{ id: 'a' }]);
    expect(await hostPid()).not.toBe(before);
  });

  it('loses nothing that was acknowledged when it is killed in the middle of writes', async () => {
    const running = ['a', 'b'].map((name) => startProgram(name, 60));
    for (const written of [20, 60]) {
      await until(() => running.reduce((sum, { output }) => sum + output().length, 0) > written);
      process.kill(await hostPid(), 'SIGKILL');
    }
    expect(await Promise.all(running.map(({ ended }) => ended))).toEqual([0, 0]);
    await hostPid();
    const index = indexOn(open());
    expect(await index.count(signal)).toBe(120);
    await index.close();
  });

  it('ends with its last user when it shall not idle', async () => {
    const [first, second] = [open(), open()];
    await Promise.all([first.endpoint(signal), second.endpoint(signal)]);
    const pid = await hostPid();
    await first.close();
    expect(await indexOn(second).count(signal)).toBe(0);
    expect(isRunning(pid)).toBe(true);
    await second.close();
    await until(() => !isRunning(pid));
  });

  it('waits for its next user as long as it shall idle', async () => {
    const first = open({ idleSeconds: 5 });
    const { url } = await first.endpoint(signal);
    const pid = await hostPid();
    await first.close();
    const second = open({ idleSeconds: 5 });
    expect((await second.endpoint(signal)).url).toBe(url);
    await second.close();
    await until(() => !isRunning(pid));
  });

  it('ends when a user that holds it is killed', async () => {
    const { child, output, ended } = startProgram('a', 100_000);
    await until(() => output().length > 2);
    const pid = await hostPid();
    child.kill('SIGKILL');
    await ended;
    await until(() => !isRunning(pid));
  });

  it('is ended and replaced when it hangs, by whoever uses it', async () => {
    const server = open({ pulse: { every: 50, limit: 200, most: 2 } });
    const { url } = await server.endpoint(signal);
    const pid = await hostPid();
    process.kill(pid, 'SIGSTOP');
    await until(() => !isRunning(pid));
    expect(await indexOn(server).count(signal)).toBe(0);
    expect(await hostPid()).not.toBe(pid);
    expect((await server.endpoint(signal)).url).not.toBe(url);
  });

  it('ends when its folder is gone, and does not bring it back', async () => {
    await open({ idleSeconds: 600 }).endpoint(signal);
    const pid = await hostPid();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    await until(() => !isRunning(pid));
    expect(existsSync(folder)).toBe(false);
  });

  it('passes by foreign services on its ports and tells them nothing', async () => {
    await mkdir(folder);
    const { ports } = identityOf(folder);
    const [first, second] = ports as [number, number, number];
    const mail = await occupy(first, '220 mail.example ESMTP\r\n');
    const mute = await occupy(second, '');
    await open().endpoint(signal);
    await hostPid();
    expect(mail.heard()).toBe('');
    expect(mute.heard()).toBe('');
  });

  it('does not believe a port that knows the greeting but not the secret', async () => {
    await mkdir(folder);
    const { id, ports } = identityOf(folder);
    const port = ports[0] as number;
    const server = createServer((socket) => {
      socket.write(greet(id, 'nonce'));
      onLines(socket, () => socket.write(line({ proof: '0'.repeat(64), port: 1, pid: 1, binding: 'x' })));
    });
    foreigners.push(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await seekHost({ port, id, token: 'secret', signal })).toEqual({ kind: 'none' });
  });

  it('gives a stranger without the secret neither a lease nor an address', async () => {
    await open().endpoint(signal);
    await hostPid();
    const { id } = identityOf(folder);
    const { port } = (await readOwner(folder)) as Owner;
    expect(await seekHost({ port, id, token: 'guessed', signal })).toEqual({ kind: 'busy' });
  });

  it('steps aside for a host of a newer version', async () => {
    await mkdir(folder);
    const { id, ports } = identityOf(folder);
    await occupy(ports[1] as number, line({ app: 'keepsake-chroma', protocol: 2, id, nonce: 'n', more: true }));
    await expect(open().endpoint(signal)).rejects.toThrow(/a newer version of Keepsake runs it; close the programs/);
  });

  it('never starts beside an owner that its ports do not show: one that is stopped, or on another machine', async () => {
    await open({ idleSeconds: 600 }).endpoint(signal);
    const pid = await hostPid();
    await suspend(pid);
    try {
      await expect(open().endpoint(signal)).rejects.toThrow(`the folder is in use by process ${pid} on `);
      expect((await readOwner(folder))?.pid).toBe(pid);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
    await until(() => !isRunning(pid));
    const owner = join(folder, 'owner.json');
    const elsewhere = { ...((await readOwner(folder)) as Owner), machine: 'elsewhere' };
    writeFileSync(owner, JSON.stringify(elsewhere));
    await expect(open().endpoint(signal)).rejects.toThrow(`the folder is in use by process ${pid} on elsewhere`);
    utimesSync(owner, 0, 0);
    await open().endpoint(signal);
    expect((await readOwner(folder))?.machine).not.toBe('elsewhere');
    await hostPid();
  });

  it('starts over with empty data when Chroma cannot start with what is there', async () => {
    const index = indexOn(open());
    const change = { upserts: [], deletes: [], position: { sequence: 1, event: 'event' } };
    await index.advance('user:shared', () => Promise.resolve(change), signal);
    const pid = await hostPid();
    process.kill(pid, 'SIGKILL');
    await until(() => !isRunning(pid));
    writeFileSync(join(folder, 'data', 'chroma.sqlite3'), 'this is not a database, far from it. '.repeat(1000));
    expect(await index.advance('user:shared', () => Promise.resolve(undefined), signal)).toEqual(nowhere);
    await hostPid();
  });

  it('drops a collection that was torn by a crash before it serves, and keeps the others', async () => {
    const index = indexOn(open());
    const upserts = Array.from({ length: 1100 }, (_, number) => ({
      id: `m${number}`,
      revision: 1,
      kind: 'observation' as const,
      vector: unitVector(8, number),
    }));
    await index.advance('user:shared', () => Promise.resolve({ upserts, deletes: [], position: { sequence: 1, event: 'event' } }), signal);
    await index.advance(
      'user:ann',
      () => Promise.resolve({ upserts: upserts.slice(0, 3), deletes: [], position: { sequence: 3, event: 'event' } }),
      signal,
    );
    const pid = await hostPid();
    process.kill(pid, 'SIGKILL');
    await until(() => !isRunning(pid));
    const pickle = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('.pickle')) as string;
    writeFileSync(join(folder, pickle), readFileSync(join(folder, pickle)).subarray(0, 50));
    const { url } = await open().endpoint(signal);
    const collections = await fetch(`${url}/api/v2/tenants/default_tenant/databases/default_database/collections`);
    expect(await collections.json()).toHaveLength(1);
    expect(await index.advance('user:shared', () => Promise.resolve(undefined), signal)).toEqual(nowhere);
    expect(await index.advance('user:ann', () => Promise.resolve(undefined), signal)).toEqual({ sequence: 3, event: 'event' });
    await hostPid();
  });

  it('says so when the disk is too full to be safe, and starts nothing', async () => {
    await mkdir(join(folder, 'data'), { recursive: true });
    const file = join(folder, 'data', 'large');
    writeFileSync(file, '');
    // Takes no space itself, but counts as what Chroma might have to write again.
    truncateSync(file, 15e12);
    await expect(open().endpoint(signal)).rejects.toThrow(
      /the disk has \d+ MB free where Chroma needs 15000200 MB; use the built-in index/,
    );
    expect(readdirSync(join(folder, 'data'))).toEqual(['large']);
    await hostPid();
  });

  it('keeps its log small', async () => {
    await open().endpoint(signal);
    await hostPid();
    const log = join(folder, 'host.log');
    appendFileSync(log, 'x'.repeat(3_000_000));
    await until(() => statSync(log).size < 2_000_000);
  });

  it('removes the files of vectors when the last index in it is cleared', async () => {
    const index = indexOn(open());
    const upserts = [{ id: 'a', revision: 1, kind: 'observation' as const, vector: unitVector(8, 1) }];
    await index.advance('user:shared', () => Promise.resolve({ upserts, deletes: [], position: { sequence: 1, event: 'event' } }), signal);
    const segments = () => readdirSync(join(folder, 'data')).filter((name) => name !== 'chroma.sqlite3');
    expect(segments()).toHaveLength(1);
    await hostPid();
    await index.clear(signal);
    expect(await index.count(signal)).toBe(0);
    await hostPid();
    expect(segments()).toEqual([]);
  });
});
