#!/usr/bin/env node
import { serveOverStdio } from './cli/serve-stdio.js';
import { ConfigError, readConfig } from './config.js';
import { KeepsakeError, messageOf } from './core/errors.js';

declare const __VERSION__: string;

/** Raised by SIGINT and SIGTERM, so that what is under way ends in order. */
function endSignal(): AbortSignal {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => ending.abort(new Error(name)));
  return ending.signal;
}

/** Resolves with the exit code: 0 done, 1 failed, 2 wrong usage. */
async function main(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    const { runCommandLine } = await import('./cli/command-line.js');
    return runCommandLine(args, { version: __VERSION__, endSignal });
  }
  // A client that waits for its server waits for no parser.
  return serveOverStdio(readConfig({ env: process.env }), endSignal());
}

/** Milliseconds after which a program that has nothing left to do ends even if something keeps it alive. */
const lastMoment = 3000;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof ConfigError || (error instanceof Error && error.name === 'UsageError');
  process.stderr.write(`keepsake-mcp: ${messageOf(error)}${error instanceof KeepsakeError ? ` [${error.code}]` : ''}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
setTimeout(() => process.exit(), lastMoment).unref();
