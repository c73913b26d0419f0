#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { type Config, ConfigError, readConfig } from './config.js';
import { KeepsakeError, messageOf } from './core/errors.js';
import { createLogger } from './logger.js';
import { flagOptions, helpText, options } from './options.js';

declare const __VERSION__: string;

/** What a command is run with. */
interface Run {
  config: Config;
  args: string[];
  /** Of its own flags those that were given, by name without dashes. */
  flags: Flags;
  json: boolean;
  signal: AbortSignal;
}

type Flags = Record<string, string | boolean | string[]>;

/** One command, its code loaded when it is needed. */
interface Command {
  /** Names of what has to follow it; one in brackets may be left out. */
  args: readonly string[];
  /** Its own flags, by name without dashes. */
  flags?: Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>;
  /** What it does, in one line. */
  meaning: string;
  run(run: Run): Promise<number>;
}

const commands: Record<string, Command> = {
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
      const { connect } = await import('./cli/connect.js');
      return connect(config, { address, logger: createLogger(config.logLevel), signal });
    },
  },
  demo: {
    args: [],
    meaning: 'tells a small story with the real server, and leaves nothing behind',
    async run({ config, signal }) {
      const { demo } = await import('./cli/demo.js');
      return demo(config, { version: __VERSION__, script: process.argv[1] ?? '', signal });
    },
  },
  doctor: {
    args: [],
    meaning: 'checks node, home, history, models, store and network side, and says what would fix them',
    async run({ config, json, signal }) {
      const { doctor } = await import('./cli/doctor.js');
      return doctor(config, { version: __VERSION__, json, signal });
    },
  },
  stats: {
    args: [],
    meaning: 'counts what each space holds, and what waits for a model',
    async run({ config, json, signal }) {
      const { stats } = await import('./cli/stats.js');
      return stats(config, { json, signal });
    },
  },
  verify: {
    args: [],
    meaning: 'checks the history line by line, and that memory and index hold what it says; changes nothing',
    async run({ config, json, signal }) {
      const { verify } = await import('./cli/verify.js');
      return verify(config, { json, signal });
    },
  },
  rebuild: {
    args: [],
    meaning: 'makes the vector index and the caches anew from the history, while servers go on',
    async run({ config, json, signal }) {
      const { rebuild } = await import('./cli/rebuild.js');
      return rebuild(config, { json, signal });
    },
  },
  chat: {
    args: [],
    meaning: 'a conversation with the model and your memory; /help inside',
    async run({ config, json }) {
      const { chat } = await import('./cli/chat.js');
      return chat(config, { version: __VERSION__, json });
    },
  },
  reflect: {
    args: [],
    meaning: 'derives insights from the memories, and unites repeats among them, now; needs a model',
    async run({ config, json, signal }) {
      const { reflect } = await import('./cli/reflect.js');
      return reflect(config, { version: __VERSION__, json, signal });
    },
  },
  undo: {
    args: ['CALL_ID'],
    meaning: 'takes back what one call changed; memory_history names the call of each change',
    async run({ config, args: [callId = ''], json, signal }) {
      const { undo } = await import('./cli/undo.js');
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
      const { token } = await import('./cli/token.js');
      return token(config, { action, id, flags, json });
    },
  },
  merge: {
    args: ['FILE|DIR'],
    meaning: 'unites the history of another home, or one log of it, into this home',
    async run({ config, args: [path = ''], json, signal }) {
      const { merge } = await import('./cli/merge.js');
      return merge(config, { path, json, signal });
    },
  },
};

const usageOf = ([name, { args }]: [string, Command]) => [name, ...args].join(' ');

const usage = `keepsake-mcp ${__VERSION__}: the memory that any AI assistant can share

Usage: keepsake-mcp [command] [options]
Without a command it is an MCP server on stdin and stdout.

Commands; with --json they answer programs:
${Object.entries(commands)
  .map((entry) => `  ${usageOf(entry).padEnd(18)} ${entry[1].meaning}`)
  .join('\n')}

Options, as flag or in the environment; config.json in the home takes the same names:
${helpText()}`;

class UsageError extends Error {}

async function serveOverStdio(config: Config, signal: AbortSignal): Promise<number> {
  const { serve } = await import('./cli/serve.js');
  await serve(config, { version: __VERSION__, logger: createLogger(config.logLevel), signal });
  return 0;
}

async function serveOverHttp(config: Config, signal: AbortSignal): Promise<number> {
  const { serveHttp } = await import('./cli/serve-http.js');
  return serveHttp(config, { version: __VERSION__, logger: createLogger(config.logLevel), signal });
}

/** The flags of a command that were given. Raises UsageError for those of another one. */
function ownFlags(name: string | undefined, command: Command | undefined, values: Record<string, unknown>): Flags {
  const all = new Set(Object.values(commands).flatMap(({ flags }) => Object.keys(flags ?? {})));
  const given = Object.entries(values).filter(([flag, value]) => all.has(flag) && value !== undefined);
  const foreign = given.find(([flag]) => !command?.flags?.[flag] && !(flag in flagOptions()))?.[0];
  if (foreign !== undefined) throw new UsageError(`--${foreign} does not go with ${name ?? 'the server on stdin and stdout'}`);
  return Object.fromEntries(given) as Flags;
}

/** Raises UsageError for flags that mean nothing on stdin and stdout: whoever gives them wants the other server. */
function refuseNetworkFlags(values: Record<string, unknown>): void {
  const { host, port, publicUrls, tokens } = options;
  const flag = [host, port, publicUrls, tokens].map((option) => option.flag).find((name) => values[name] !== undefined);
  if (flag === undefined) return;
  throw new UsageError(`--${flag} does not go with the server on stdin and stdout; over the network it is: keepsake-mcp serve --http`);
}

function isUsable({ args }: Command, given: readonly string[]): boolean {
  const needed = args.filter((arg) => !arg.startsWith('[')).length;
  return given.length >= needed && given.length <= args.length && !given.includes('');
}

function ownFlagOptions(): Record<string, { type: 'string' | 'boolean'; multiple?: boolean }> {
  return Object.fromEntries(Object.values(commands).flatMap(({ flags }) => Object.entries(flags ?? {})));
}

function parsedArguments() {
  try {
    return parseArgs({
      options: {
        ...ownFlagOptions(),
        ...flagOptions(),
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    // node's hint takes lines of its own.
    throw new UsageError(messageOf(error).replaceAll(/\s+/g, ' '), { cause: error });
  }
}

/** Raised by SIGINT and SIGTERM, so that what is under way ends in order. */
function endSignal(): AbortSignal {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => ending.abort(new Error(name)));
  return ending.signal;
}

/** A reader that has seen enough, such as head, does not keep a command from ending in order. */
function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Runs one command and resolves with the exit code: 0 done, 1 failed, 2 wrong usage. */
async function main(): Promise<number> {
  const { values, positionals } = parsedArguments();
  const [name, ...args] = positionals;
  if (values.version) {
    process.stdout.write(`${__VERSION__}\n`);
    return 0;
  }
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const command = name === undefined ? undefined : commands[name];
  if (name !== undefined && !command) {
    throw new UsageError(`unknown command ${name}; known are ${Object.keys(commands).join(', ')}, or none for the server`);
  }
  if (name !== undefined && command && !isUsable(command, args)) throw new UsageError(`usage: keepsake-mcp ${usageOf([name, command])}`);
  const { json, help, version, ...given } = values;
  const flags = ownFlags(name, command, given);
  if (!command || (command === commands.serve && !flags.http)) refuseNetworkFlags(given);
  const config = readConfig({ flags: given as Record<string, string | undefined>, env: process.env });
  const signal = endSignal();
  if (!command) return serveOverStdio(config, signal);
  process.stdout.on('error', ignoreClosed);
  return command.run({ config, args, flags, json: json === true, signal });
}

/** Milliseconds after which a program that has nothing left to do ends even if something keeps it alive. */
const lastMoment = 3000;

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof ConfigError || error instanceof UsageError;
  process.stderr.write(`keepsake-mcp: ${messageOf(error)}${error instanceof KeepsakeError ? ` [${error.code}]` : ''}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
setTimeout(() => process.exit(), lastMoment).unref();
