import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type CallToolResult, CallToolResultSchema, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll } from 'vitest';
import type { ForgetAnswer, HistoryAnswer, RecallAnswer, RememberAnswer } from '../../src/core/answers.js';
import { temporaryHome } from './home.js';

/** The built program. */
export const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** What a started program sees: nothing of this machine's models or repositories unless a test says so. */
export const quietEnvironment = {
  KEEPSAKE_STORE: 'embedded',
  KEEPSAKE_PROJECT: 'none',
  KEEPSAKE_TZ: 'UTC',
  KEEPSAKE_CHROMA_IDLE: '0',
  KEEPSAKE_LOG_LEVEL: 'warn',
};

type AnyAnswer = RememberAnswer & RecallAnswer & ForgetAnswer & HistoryAnswer;

/** The data of an answer: every field of every tool, of which a tool gives its own. */
export type AnswerData = { [Field in keyof AnyAnswer]-?: NonNullable<AnyAnswer[Field]> };

/** One answer of a tool. Of an error only the text is given. */
export interface Answer {
  structured: AnswerData;
  text: string;
  isError: boolean;
}

/** A running server with the client that started it. */
export interface StartedServer {
  client: Client;
  call(name: string, args?: Record<string, unknown>): Promise<Answer>;
  home: string;
  pid: number;
  /** What it has logged so far. */
  log(): string;
  /** What came on stdout that was no message of the protocol. */
  faults: Error[];
  /** Closes its stdin and waits for its end. */
  stop(): Promise<void>;
}

/** How a server is started; all of it may be left out. */
export interface StartOptions {
  /** The program to run; else dist/main.js. */
  program?: string;
  env?: Record<string, string>;
  /** A folder to use again; else a new one. */
  home?: string;
  clientName?: string;
  /** Working directory; else the home's parent, in which no repository is. */
  cwd?: string;
  /** File URIs that the client names as its roots; without it the client has none to name. */
  roots?: string[];
}

const running = new Set<StartedServer>();

afterAll(async () => {
  await Promise.all([...running].map((server) => server.stop()));
});

/** Starts dist/main.js, or another build, behind an unmodified SDK client over stdio. What still runs after the file's tests is stopped. */
export async function startServer(options: StartOptions = {}): Promise<StartedServer> {
  const home = options.home ?? (await temporaryHome());
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [options.program ?? program],
    env: { ...quietEnvironment, KEEPSAKE_HOME: home, ...options.env },
    cwd: options.cwd ?? '/',
    stderr: 'pipe',
  });
  let log = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const { roots } = options;
  const client = new Client(
    { name: options.clientName ?? 'test', version: '1' },
    { capabilities: roots ? { roots: { listChanged: true } } : {} },
  );
  if (roots) client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: roots.map((uri) => ({ uri })) }));
  const faults: Error[] = [];
  client.onerror = (error) => faults.push(error);
  await client.connect(transport);
  const server: StartedServer = {
    client,
    home,
    faults,
    pid: transport.pid ?? 0,
    log: () => log,
    async call(name, args = {}) {
      return answerOf(await client.callTool({ name, arguments: args }, CallToolResultSchema));
    },
    async stop() {
      running.delete(server);
      await client.close();
    },
  };
  running.add(server);
  return server;
}

/** What a tool answered, whichever SDK brought it. */
export function answerOf(result: object): Answer {
  const { content, structuredContent, isError } = result as CallToolResult;
  const text = content.map((part) => (part.type === 'text' ? part.text : `<${part.type}>`)).join('\n');
  return { structured: structuredContent as AnswerData, text, isError: isError === true };
}

/** Waits until `check` gives something other than undefined or false; fails after `seconds`. */
export async function until<T>(check: () => T | Promise<T>, seconds = 30): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    if (Date.now() > deadline) throw new Error(`what was waited for did not happen within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
