import { CommanderError } from 'commander';
import { type ConfigSources, readConfig } from '../config.js';
import { options } from '../options.js';
import { type Run, UnknownWordError, UsageError } from './command.js';
import { commands } from './commands.js';
import { becomeOwnerOf } from './home-owner.js';
import { type Asked, createProgram, usageErrorOf } from './program.js';
import { programName } from './program-name.js';
import { serveOverStdio } from './serve-stdio.js';

/** Raises UsageError for flags that mean nothing on stdin and stdout: whoever gives them wants the other server. */
function refuseNetworkFlags(settings: Record<string, string>): void {
  const { host, port, publicUrls, tokens } = options;
  const flag = [host, port, publicUrls, tokens].map((option) => option.flag).find((name) => settings[name] !== undefined);
  if (flag === undefined) return;
  throw new UsageError(`--${flag} does not go with the server on stdin and stdout; over the network it is: ${programName()} serve --http`);
}

/** A reader that has seen enough, such as head, does not keep a command from ending in order; tells what it was closed with. */
function ignoreClosed(): () => unknown {
  let closedWith: unknown;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closedWith = error;
  });
  return () => closedWith;
}

/** What a command line asks for; undefined where help or version was all, which is printed by then. Raises UsageError. */
async function read(args: readonly string[], version: string): Promise<Asked | undefined> {
  let asked: Asked | undefined;
  const program = createProgram(commands, {
    version,
    choose: (found) => {
      asked = found;
    },
  });
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    const isParsers = error instanceof CommanderError;
    if (isParsers && error.exitCode === 0) return undefined;
    const wrong = isParsers ? usageErrorOf(error, commands, args) : error;
    throw wrong instanceof UnknownWordError ? await withNearMiss(wrong) : wrong;
  }
  return asked;
}

async function withNearMiss({ message, word, known, prefix, otherwise }: UnknownWordError): Promise<UsageError> {
  const { nearMiss } = await import('./near-miss.js');
  const near = nearMiss(word, known);
  const hint = near === undefined ? otherwise : `did you mean ${prefix}${near}?`;
  return new UsageError([message, hint].filter(Boolean).join('; '));
}

/**
 * Runs what a command line asks for. Resolves with the exit code: 0 done, 1 failed. Raises UsageError and ConfigError,
 * and whatever the command raises.
 */
export async function runCommandLine(
  args: readonly string[],
  { version, endSignal }: { version: string; endSignal: () => AbortSignal },
): Promise<number> {
  const closedWith = ignoreClosed();
  const asked = await read(args, version);
  if (!asked) return 0;
  const { command, settings, flags } = asked;
  const sources: ConfigSources = { flags: settings, env: process.env };
  if (!command || (command === commands.serve && !flags.http)) refuseNetworkFlags(settings);
  if (!command) return serveOverStdio(readConfig(sources), endSignal());
  let config: Run['config'] | undefined;
  const run: Run = {
    get config() {
      if (config) return config;
      config = readConfig(sources);
      if (!command.asCaller) becomeOwnerOf(config.home);
      return config;
    },
    sources,
    args: asked.args,
    flags,
    json: asked.json,
    signal: endSignal(),
  };
  try {
    return await command.run(run);
  } catch (error) {
    // A command that waits for its reader may hear of it, too.
    if (error === closedWith()) return 0;
    throw error;
  }
}
