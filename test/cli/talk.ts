import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach } from 'vitest';
import { program, quietEnvironment, until } from '../support/server.js';
import type { Ended } from './run.js';

/** A running `chat` of the built program, spoken to line by line. */
export interface Talk {
  child: ChildProcess;
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Gives it a line, and waits until stdout, from here on, matches; resolves with what it has printed since. */
  say(line: string, answer?: RegExp): Promise<string>;
  /** Waits until stdout, from the last line given on, matches. */
  hears(answer: RegExp): Promise<string>;
  /** Closes its input and waits for its end. */
  end(): Promise<Ended>;
  ended: Promise<Ended>;
}

const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts `chat`; what still runs after the test is killed. */
export function startTalk(env: Record<string, string>, ...args: string[]): Talk {
  const child = spawn(process.execPath, [program, 'chat', ...args], {
    env: { PATH: process.env.PATH, ...quietEnvironment, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code, ...text });
    }),
  );
  let told = 0;
  const talk: Talk = {
    child,
    ended,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    async say(line, answer) {
      told = text.stdout.length;
      child.stdin.write(`${line}\n`);
      return answer ? talk.hears(answer) : '';
    },
    async hears(answer) {
      await until(() => answer.test(text.stdout.slice(told)));
      return text.stdout.slice(told);
    },
    end() {
      child.stdin.end();
      return ended;
    },
  };
  return talk;
}

/** Gives it all lines at once and closes its input, as a pipe does. */
export function pipeTalk(lines: string[], env: Record<string, string>, ...args: string[]): Promise<Ended> {
  const talk = startTalk(env, ...args);
  talk.child.stdin?.write(lines.map((line) => `${line}\n`).join(''));
  return talk.end();
}
