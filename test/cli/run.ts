import type { ChildProcess } from 'node:child_process';
import { program } from '../support/server.js';
import { start } from '../support/started.js';

/** What a command of the program printed, and how it ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts a command of the built program with nothing of this machine's settings in its environment, and `input` on its stdin. */
export function startCommand(args: string[], env: Record<string, string> = {}, input = ''): { child: ChildProcess; ended: Promise<Ended> } {
  const set = { KEEPSAKE_TZ: 'UTC', KEEPSAKE_CHROMA_IDLE: '0', KEEPSAKE_PROJECT: 'none', ...env };
  const { child, stdout, stderr, ended } = start([program, ...args], { env: set });
  child.stdin.end(input);
  return { child, ended: ended.then((code) => ({ code, stdout: stdout(), stderr: stderr() })) };
}

/** Runs a command to its end. */
export function runCommand(args: string[], env?: Record<string, string>, input?: string): Promise<Ended> {
  return startCommand(args, env, input).ended;
}
