import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryHome } from './support/home.js';
import { program, quietEnvironment, startServer, until } from './support/server.js';

const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

/** A server without a client: what it writes on each stream, and how it ends. */
interface BareServer {
  child: ChildProcess;
  /** Lines on stdout so far. */
  lines: string[];
  stderr(): string;
  send(message: Record<string, unknown>): void;
  /** The message that answers a request, as soon as it is there. */
  answer(id: number): Promise<{ result?: Record<string, unknown>; error?: unknown }>;
  /** Exit code and signal once it has ended. */
  ended: Promise<[number | null, string | null]>;
}

function bareServer(home: string, options: { env?: Record<string, string>; args?: string[] } = {}): BareServer {
  const env = { PATH: process.env.PATH ?? '', ...quietEnvironment, KEEPSAKE_HOME: home, ...options.env };
  const child = spawn(process.execPath, [program, ...(options.args ?? [])], { env, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
  children.add(child);
  const lines: string[] = [];
  let stderr = '';
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return {
    child,
    lines,
    stderr: () => stderr,
    send: (message) => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
    answer: (id) => until(() => lines.map((line) => JSON.parse(line)).find((message) => message.id === id)),
    ended: once(child, 'close') as Promise<[number | null, string | null]>,
  };
}

/** The same, after the handshake. */
async function greeted(home: string, options: { env?: Record<string, string> } = {}): Promise<BareServer> {
  const server = bareServer(home, options);
  server.send({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bare', version: '1' } },
  });
  await server.answer(0);
  server.send({ method: 'notifications/initialized' });
  return server;
}

function remember(server: BareServer, id: number, content: string): void {
  server.send({ id, method: 'tools/call', params: { name: 'remember', arguments: { content, infer: false } } });
}

async function logOf(home: string): Promise<string> {
  const folder = join(home, 'history');
  return (await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))).join('');
}

describe('the handshake', () => {
  it('is answered, and the tools are listed, before anything is opened; the call says what is wrong', async () => {
    const home = join(await temporaryHome(), 'a file where the home should be');
    await writeFile(home, 'in the way');
    const server = await startServer({ home });
    expect((await server.client.listTools()).tools).toHaveLength(4);
    for (const tool of ['recall', 'memory_history']) {
      const answer = await server.call(tool);
      expect(answer.isError).toBe(true);
      expect(answer.text).toMatch(/cannot be used .* KEEPSAKE_HOME .*\[log_unavailable\]$/);
    }
    expect((await server.call('remember', { content: 'I like tea.' })).text).toMatch(/\[log_unavailable\]$/);
    expect(await readFile(home, 'utf8')).toBe('in the way');
    await rm(home);
    expect((await server.call('remember', { content: 'I like tea.' })).structured.results).toMatchObject([{ event: 'ADD' }]);
    await server.stop();
  });

  it('comes through although the client does not name the roots that it says it has', async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [program],
      env: { ...quietEnvironment, KEEPSAKE_PROJECT: 'auto', KEEPSAKE_HOME: await temporaryHome() },
      cwd: '/',
      stderr: 'ignore',
    });
    const client = new Client({ name: 'odd', version: '1' }, { capabilities: { roots: {} } });
    client.setRequestHandler(ListRootsRequestSchema, () => {
      throw new Error('no roots today');
    });
    await client.connect(transport);
    const { content } = await client.callTool({ name: 'recall', arguments: {} });
    expect(content).toEqual([{ type: 'text', text: 'Nothing is remembered about this.' }]);
    await client.close();
  });

  it('offers tools, resources, prompts and completions, and says so', async () => {
    const server = await startServer();
    expect(server.client.getServerCapabilities()).toEqual({
      tools: {},
      resources: { subscribe: true },
      prompts: {},
      completions: {},
      extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } },
    });
    await server.stop();
  });
});

describe('stdout', () => {
  it('carries messages of the protocol and nothing else, whatever a dependency prints', async () => {
    const home = await temporaryHome();
    const noise = join(home, 'noise.mjs');
    await writeFile(
      noise,
      "process.on('SIGUSR2', () => { console.log('noise'); console.info('more noise'); process.stdout.write('loud noise\\n'); });",
    );
    const server = await greeted(home, {
      env: { KEEPSAKE_LOG_LEVEL: 'debug', NODE_OPTIONS: `--import ${pathToFileURL(noise).href}` },
    });
    server.child.kill('SIGUSR2');
    await until(() => server.stderr().includes('loud noise'));
    remember(server, 1, 'I like tea.');
    server.send({ id: 2, method: 'tools/call', params: { name: 'recall', arguments: { limit: -1 } } });
    server.send({ id: 3, method: 'no/such/method' });
    for (const id of [1, 2, 3]) await server.answer(id);
    server.child.stdin?.end();
    expect(await server.ended).toEqual([0, null]);
    for (const line of server.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
    expect(server.lines).toHaveLength(4);
    expect(server.stderr()).toMatch(/^noise$/m);
  });

  it('stays silent on stderr as well where nothing is wrong, and never logs what is remembered', async () => {
    const server = await startServer({ env: { KEEPSAKE_LOG_LEVEL: 'info' } });
    await server.call('remember', { content: 'My favourite bird is the kingfisher.' });
    await server.call('recall', { query: 'kingfisher' });
    await server.call('forget', { all: true, erase: true });
    await server.stop();
    expect(server.log()).not.toContain('kingfisher');
    for (const line of server.log().split('\n').filter(Boolean)) expect(() => JSON.parse(line), line).not.toThrow();
    expect(server.faults).toEqual([]);
  });
});

describe('the end', () => {
  it('of stdin lets what is under way finish: every call is answered and in the log, the exit code is 0', async () => {
    const home = await temporaryHome();
    const server = await greeted(home);
    for (let id = 1; id <= 20; id += 1) remember(server, id, `Pebble ${id} is round.`);
    server.child.stdin?.end();
    expect(await server.ended).toEqual([0, null]);
    const log = await logOf(home);
    const answered = server.lines.map((line) => JSON.parse(line).id as number);
    expect(answered.sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, id) => id));
    for (let id = 1; id <= 20; id += 1) expect(log).toContain(`"Pebble ${id} is round."`);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s is orderly: exit code 0, and what was acknowledged is there', async (signal) => {
    const home = await temporaryHome();
    const server = await greeted(home);
    for (let id = 1; id <= 30; id += 1) remember(server, id, `Shell ${id} is white.`);
    await server.answer(1);
    server.child.kill(signal);
    expect(await server.ended).toEqual([0, null]);
    const log = await logOf(home);
    const answered = server.lines.map((line) => JSON.parse(line).id as number).filter((id) => id > 0);
    for (const id of answered) expect(log).toContain(`"Shell ${id} is white."`);
    // Nothing is torn: every line is whole, and the last one ends its batch.
    const lines = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ event: 'PROCESSED', end: true });
    const again = await startServer({ home });
    expect((await again.call('recall', { limit: 100 })).structured.total).toBe(new Set(log.match(/"Shell \d+ is white\."/g)).size);
    await again.stop();
  });

  it('comes also before the first message, and twice the same signal does not hurt', async () => {
    const silent = bareServer(await temporaryHome());
    silent.child.stdin?.end();
    expect(await silent.ended).toEqual([0, null]);
    const server = await greeted(await temporaryHome());
    server.child.kill('SIGTERM');
    server.child.kill('SIGTERM');
    expect(await server.ended).toEqual([0, null]);
  });

  it('leaves a home that only its owner can read', async () => {
    const home = join(await temporaryHome(), 'home');
    const server = await startServer({ home });
    await server.call('remember', { content: 'I like tea.' });
    await server.call('recall', { query: 'tea' });
    await server.call('forget', { all: true });
    await server.stop();
    const entries = await readdir(home, { recursive: true, withFileTypes: true });
    expect(entries.length).toBeGreaterThan(5);
    for (const path of [home, ...entries.map((entry) => join(entry.parentPath, entry.name))]) {
      const { mode } = await stat(path);
      expect(mode & 0o077, path).toBe(0);
    }
  });
});

describe('the command line', () => {
  it.each([
    [{ KEEPSAKE_TZ: 'Mars/Olympus' }, [], /KEEPSAKE_TZ/],
    [{}, ['--store', 'granite'], /--store/],
    [{}, ['dance'], /unknown command dance/],
    [{}, ['--dance'], /--dance/],
  ])('refuses %j %j with one line on stderr and exit code 2', async (env, args, says) => {
    const server = bareServer(await temporaryHome(), { env, args });
    expect(await server.ended).toEqual([2, null]);
    expect(server.stderr()).toMatch(says);
    expect(server.stderr().trimEnd().split('\n')).toHaveLength(1);
    expect(server.lines).toEqual([]);
  });

  it('prints its version and its help on stdout', async () => {
    const version = bareServer(await temporaryHome(), { args: ['--version'] });
    const help = bareServer(await temporaryHome(), { args: ['--help'] });
    expect([await version.ended, await help.ended]).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(version.lines).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+/)]);
    expect(help.lines.join('\n')).toMatch(/Usage: keepsake-mcp.*KEEPSAKE_HOME/s);
  });
});

describe('two servers on one home', () => {
  it('see at once what the other has written', async () => {
    const one = await startServer();
    const two = await startServer({ home: one.home });
    for (let round = 1; round <= 5; round += 1) {
      const [writer, reader] = round % 2 ? [one, two] : [two, one];
      await writer.call('remember', { content: `Round ${round} is played.`, infer: false });
      expect((await reader.call('recall', { query: `round ${round}`, limit: 1 })).structured.memories[0]?.memory).toBe(
        `Round ${round} is played.`,
      );
      expect((await reader.call('remember', { content: `round ${round} is played`, infer: false })).structured.results[0]?.event).toBe(
        'NONE',
      );
    }
    await Promise.all([one.stop(), two.stop()]);
  });
});
