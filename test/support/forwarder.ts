import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach } from 'vitest';
import { program, quietEnvironment, until } from './server.js';
import { start } from './started.js';

/** A message of JSON-RPC as a test looks at it. */
export interface Line {
  id?: string | number;
  method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: any message
  params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: any message
  result?: any;
  error?: { code: number; message: string };
}

/** A running `connect`, spoken to line by line. */
export interface Forwarder {
  child: ChildProcess;
  /** What it has sent so far. */
  lines: Line[];
  log(): string;
  send(message: Line): void;
  /** Sends a request and waits for its answer. */
  ask(method: string, params?: object, id?: string | number): Promise<Line>;
  /** Calls a tool and waits for its text. */
  call(name: string): Promise<string>;
  /** Begins a call that waits at the remote, and resolves with the coming answer once it has told of its progress. */
  begin(name: string): Promise<{ text: Promise<string> }>;
  /** Waits for a message. */
  sees(what: (line: Line) => boolean): Promise<Line>;
  /** Says hello as a client of the revision 2025-11-25. */
  greet(capabilities?: object): Promise<Line>;
  /** Resolves with its exit code. */
  ended: Promise<number | null>;
}

const running = new Set<ChildProcess>();

afterEach(async () => {
  await Promise.all(
    [...running].map(async (child) => {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    }),
  );
});

function textOf({ result, error }: Line): string {
  return result ? result.content[0].text : `error ${error?.message}`;
}

/** Starts `connect URL` of the built program; what still runs after the test is killed. */
export function startForwarder(url: string, { env = {}, cwd = '/' }: { env?: Record<string, string>; cwd?: string } = {}): Forwarder {
  const set = { ...quietEnvironment, KEEPSAKE_HOME: '/nonexistent', ...env };
  const { child, stderr, ended: closed } = start([program, 'connect', url], { env: set, cwd });
  running.add(child);
  const lines: Line[] = [];
  let last = 0;
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Line));
  const ended = closed.then((code) => {
    running.delete(child);
    return code;
  });

  function send(message: Line): void {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  const forwarder: Forwarder = {
    child,
    lines,
    log: stderr,
    send,
    ended,
    async ask(method, params, id = `a${++last}`) {
      send({ id, method, ...(params && { params }) });
      return forwarder.sees((line) => line.id === id && line.method === undefined);
    },
    call: async (name) => textOf(await forwarder.ask('tools/call', { name })),
    async begin(name) {
      const progressToken = `of ${name}`;
      const answer = forwarder.ask('tools/call', { name, arguments: { wait: true }, _meta: { progressToken } });
      await forwarder.sees(({ params }) => params?.progressToken === progressToken);
      return { text: answer.then(textOf) };
    },
    sees: (what) => until(() => lines.find(what) ?? false),
    async greet(capabilities = {}) {
      const clientInfo = { name: 'test', version: '1' };
      const answer = await forwarder.ask('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo });
      if (answer.result) send({ method: 'notifications/initialized' });
      return answer;
    },
  };
  return forwarder;
}
