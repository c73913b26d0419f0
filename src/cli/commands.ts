import type { Config } from '../config.js';
import { createLogger } from '../logger.js';

declare const __VERSION__: string;

/** What a command is run with. */
export interface Run {
  config: Config;
  args: string[];
  /** Of its own flags those that were given, by name without dashes. */
  flags: Flags;
  json: boolean;
  signal: AbortSignal;
}

/** Flags that were given, by name without dashes. */
export type Flags = Record<string, string | boolean | string[]>;

/** One command, its code loaded when it is needed. */
export interface Command {
  /** Names of what has to follow it; one in brackets may be left out. */
  args: readonly string[];
  /** Its own flags, by name without dashes. */
  flags?: Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>;
  /** What it does, in one line. */
  meaning: string;
  run(run: Run): Promise<number>;
}

/** Every command, in the order of the help. */
export const commands: Record<string, Command> = {
  serve: {
    args: [],
    flags: { http: { type: 'boolean' } },
    meaning: 'the server; with --http over the network, for many users',
    async run({ config, flags, signal }) {
      return flags.http ? serveOverHttp(config, signal) : serveOverStdio(config, signal);
    },
  },
  connect: {
    args: ['URL'],
    meaning: 'a server on stdin and stdout that forwards everything to a remote one; its token from KEEPSAKE_TOKEN',
    async run({ config, args: [address = ''], signal }) {
      const { connect } = await import('./connect.js');
      return connect(config, { address, logger: createLogger(config.logLevel), signal });
    },
  },
  demo: {
    args: [],
    meaning: 'tells a small story with the real server, and leaves nothing behind',
    async run({ config, signal }) {
      const { demo } = await import('./demo.js');
      return demo(config, { version: __VERSION__, script: process.argv[1] ?? '', signal });
    },
  },
  doctor: {
    args: [],
    meaning: 'checks node, home, history, models, store and network side, and says what would fix them',
    async run({ config, json, signal }) {
      const { doctor } = await import('./doctor.js');
      return doctor(config, { version: __VERSION__, json, signal });
    },
  },
  stats: {
    args: [],
    meaning: 'counts what each space holds, and what waits for a model',
    async run({ config, json, signal }) {
      const { stats } = await import('./stats.js');
      return stats(config, { json, signal });
    },
  },
  verify: {
    args: [],
    meaning: 'checks the history line by line, and that memory and index hold what it says; changes nothing',
    async run({ config, json, signal }) {
      const { verify } = await import('./verify.js');
      return verify(config, { json, signal });
    },
  },
  rebuild: {
    args: [],
    meaning: 'makes the vector index and the caches anew from the history, while servers go on',
    async run({ config, json, signal }) {
      const { rebuild } = await import('./rebuild.js');
      return rebuild(config, { json, signal });
    },
  },
  chat: {
    args: [],
    meaning: 'a conversation with the model and your memory; /help inside',
    async run({ config, json }) {
      const { chat } = await import('./chat.js');
      return chat(config, { version: __VERSION__, json });
    },
  },
  reflect: {
    args: [],
    meaning: 'derives insights from the memories, and unites repeats among them, now; needs a model',
    async run({ config, json, signal }) {
      const { reflect } = await import('./reflect.js');
      return reflect(config, { version: __VERSION__, json, signal });
    },
  },
  undo: {
    args: ['CALL_ID'],
    meaning: 'takes back what one call changed; memory_history names the call of each change',
    async run({ config, args: [callId = ''], json, signal }) {
      const { undo } = await import('./undo.js');
      return undo(config, { callId, version: __VERSION__, json, signal });
    },
  },
  token: {
    args: ['ACTION', '[ID]'],
    flags: {
      // Also a setting; here it has to be given.
      user: { type: 'string' },
      subject: { type: 'string' },
      scopes: { type: 'string' },
      grant: { type: 'string', multiple: true },
      expires: { type: 'string' },
      note: { type: 'string' },
    },
    meaning:
      'who may use serve --http: list, revoke ID, or add --user NAME [--scopes a,b] [--grant project:NAME:write] [--expires 90d] [--note TEXT]',
    async run({ config, args: [action = '', id], flags, json }) {
      const { token } = await import('./token.js');
      return token(config, { action, id, flags, json });
    },
  },
  merge: {
    args: ['FILE|DIR'],
    meaning: 'unites the history of another home, or one log of it, into this home',
    async run({ config, args: [path = ''], json, signal }) {
      const { merge } = await import('./merge.js');
      return merge(config, { path, json, signal });
    },
  },
};

/** The MCP server on stdin and stdout. */
export async function serveOverStdio(config: Config, signal: AbortSignal): Promise<number> {
  const { serve } = await import('./serve.js');
  await serve(config, { version: __VERSION__, logger: createLogger(config.logLevel), signal });
  return 0;
}

async function serveOverHttp(config: Config, signal: AbortSignal): Promise<number> {
  const { serveHttp } = await import('./serve-http.js');
  return serveHttp(config, { version: __VERSION__, logger: createLogger(config.logLevel), signal });
}
