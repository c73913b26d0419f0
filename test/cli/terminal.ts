import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { program, until } from '../support/server.js';

/** Whether this machine has what gives a program a terminal (util-linux). */
export const hasTerminal = process.platform === 'linux' && existsSync('/usr/bin/script');

/** A command that runs on a terminal. */
export interface OnTerminal {
  /** What the terminal has been sent so far, stdout and stderr alike. */
  shown(): string;
  /** Waits until that matches. */
  shows(pattern: RegExp): Promise<void>;
  /** Types something. */
  type(keys: string): void;
  /** The exit code. */
  ended: Promise<number | null>;
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Starts a command of the built program on a terminal with so many columns. */
export function onTerminal(
  args: string[],
  { env = {}, columns = 80 }: { env?: Record<string, string>; columns?: number } = {},
): OnTerminal {
  const command = [process.execPath, program, ...args].map(quoted).join(' ');
  const child = spawn('/usr/bin/script', ['-qefc', `stty cols ${columns} rows 24; exec ${command}`, '/dev/null'], {
    env: {
      PATH: process.env.PATH,
      TERM: 'xterm-256color',
      KEEPSAKE_TZ: 'UTC',
      KEEPSAKE_PROJECT: 'none',
      KEEPSAKE_STORE: 'embedded',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    shown += chunk;
  });
  return {
    shown: () => shown,
    shows: async (pattern) => void (await until(() => pattern.test(shown))),
    type: (keys) => void child.stdin.write(keys),
    ended: once(child, 'close').then(([code]: (number | null)[]) => code ?? null),
  };
}
