import type { ChildProcess } from 'node:child_process';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { afterAll } from 'vitest';
import { firstLineTransport } from './clients.js';
import { temporaryHome } from './home.js';
import { program, quietEnvironment, until } from './server.js';
import { start } from './started.js';

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
  const { child, stdout, stderr, ended } = start([options.program ?? program, 'serve', '--http', '--port', '0', ...(options.args ?? [])], {
    env: { ...quietEnvironment, KEEPSAKE_HOME: home, ...options.env },
    cwd: '/',
  });
  child.stdin.end();
  const url = await until(() => {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${stderr()}`);
    return /Keepsake serves MCP at (\S+)\/mcp/.exec(stderr())?.[1] ?? false;
  });
  const server: StartedHttpServer = {
    url,
    home,
    child,
    pid: child.pid ?? 0,
    log: stderr,
    stdout,
    async stop() {
      running.delete(server);
      child.kill('SIGTERM');
      return ended;
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
  const reach =
    options.transport === 'sse' ? { over: 'sse' as const, url: `${server.url}/sse` } : { over: 'http' as const, url: `${server.url}/mcp` };
  await client.connect(firstLineTransport({ ...reach, headers }));
  clients.add(client);
  return client;
}
