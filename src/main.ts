#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { type Command, commands, type Flags, serveOverStdio } from './cli/commands.js';
import { ConfigError, readConfig } from './config.js';
import { KeepsakeError, messageOf } from './core/errors.js';
import { flagOptions, helpText, options } from './options.js';

declare const __VERSION__: string;

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
