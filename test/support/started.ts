import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** A program that was started, and what it has written so far. */
export interface Started {
  child: ChildProcessByStdio<Writable, Readable, Readable>;
  stdout(): string;
  stderr(): string;
  /** Resolves with its exit code once it has ended and everything that it wrote was read. */
  ended: Promise<number | null>;
}

/** Starts a program of node with nothing of this machine's settings in its environment. */
export function start(args: string[], { env, cwd }: { env: Record<string, string>; cwd?: string }): Started {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: 'pipe',
  });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      written[name] += chunk;
    });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return { child, stdout: () => written.stdout, stderr: () => written.stderr, ended };
}
