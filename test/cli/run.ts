import { type ChildProcess, spawn } from 'node:child_process';
import { program } from '../support/server.js';

/** What a command of the program printed, and how it ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts a command of the built program with nothing of this machine's settings in its environment. */
export function startCommand(args: string[], env: Record<string, string> = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, KEEPSAKE_TZ: 'UTC', KEEPSAKE_CHROMA_IDLE: '0', KEEPSAKE_PROJECT: 'none', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, ...text }))) };
}

/** Runs a command to its end. */
export function runCommand(args: string[], env?: Record<string, string>): Promise<Ended> {
  return startCommand(args, env).ended;
}
