import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { afterAll } from 'vitest';
import { temporaryHome } from './home.js';
import { program, quietEnvironment, until } from './server.js';

/** A running server over HTTP. */
export interface StartedHttpServer {
  /** Such as http://127.0.0.1:41234. */
  url: string;
  home: string;
  child: ChildProcess;
  pid: number;
  /** What it has written to stderr so far. */
  log(): string;
  /** What it has written to stdout so far. */
  stdout(): string;
  /** Sends SIGTERM and waits for its end; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** How a server is started; all of it may be left out. */
export interface HttpStartOptions {
  /** The program to run; else dist/main.js. */
  program?: string;
  env?: Record<string, string>;
  args?: string[];
  /** A folder to use again; else a new one. */
  home?: string;
}

/** How a client connects; all of it may be left out. */
export interface HttpClientOptions {
  transport?: 'streamable' | 'sse';
  token?: string | undefined;
  headers?: Record<string, string>;
  name?: string;
  capabilities?: ClientCapabilities;
  /** Called before the handshake, to add handlers. */
  prepare?: (client: Client) => void;
}

const running = new Set<StartedHttpServer>();
const clients = new Set<Client>();

afterAll(async () => {
  await Promise.all([...clients].map((client) => client.close()));
  await Promise.all([...running].map((server) => server.stop()));
});

/** Starts `serve --http` of dist/main.js, or another build, on a free port. Raises its stderr if it ends before it listens. */
export async function startHttpServer(options: HttpStartOptions = {}): Promise<StartedHttpServer> {
  const home = options.home ?? (await temporaryHome());
  const child = spawn(process.execPath, [options.program ?? program, 'serve', '--http', '--port', '0', ...(options.args ?? [])], {
    env: { PATH: process.env.PATH ?? '', ...quietEnvironment, KEEPSAKE_HOME: home, ...options.env },
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  let stdout = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
  });
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const url = await until(() => {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${log}`);
    return /Keepsake serves MCP at (\S+)\/mcp/.exec(log)?.[1] ?? false;
  });
  const server: StartedHttpServer = {
    url,
    home,
    child,
    pid: child.pid ?? 0,
    log: () => log,
    stdout: () => stdout,
    async stop() {
      running.delete(server);
      child.kill('SIGTERM');
      const [code] = await ended;
      return code;
    },
  };
  running.add(server);
  return server;
}

/** Connects an unmodified client of the SDK's first line to a server; it is closed after the file's tests. */
export async function connectHttp(server: Pick<StartedHttpServer, 'url'>, options: HttpClientOptions = {}): Promise<Client> {
  const client = new Client({ name: options.name ?? 'test', version: '1' }, { capabilities: options.capabilities ?? {} });
  options.prepare?.(client);
  const headers = { ...(options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` }), ...options.headers };
  const transport =
    options.transport === 'sse'
      ? new SSEClientTransport(new URL(`${server.url}/sse`), { requestInit: { headers } })
      : new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit: { headers } });
  await client.connect(transport as Parameters<Client['connect']>[0]);
  clients.add(client);
  return client;
}
