import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const mounted: string[] = [];

afterEach(() => {
  // Also where a test that failed has left a server in it.
  for (const path of mounted.splice(0).reverse()) run('umount', '--lazy', path);
});

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Whether this process may mount file systems: root can, unless a container forbids it. */
export const mayMount = probe();

function probe(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'keepsake-mount-'));
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path);
    run('umount', path);
    return true;
  } catch (error) {
    // Not allowed here, or another system: the error is the answer.
    if (error instanceof Error) return false;
    throw error;
  } finally {
    rmSync(path, { recursive: true });
  }
}

/** Puts a disk of this size over an existing folder, until the test ends. */
export function mountDisk(path: string, kilobytes: number): void {
  run('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=700`, 'tmpfs', path);
  mounted.push(path);
}

/** Makes a mounted disk read-only or writable, as a system does with one that fails. */
export function remountDisk(path: string, mode: 'ro' | 'rw'): void {
  run('mount', '-o', `remount,${mode}`, path);
}

/** Bounds the size in bytes that any file of a running process may grow to; writes beyond it stop halfway. */
export function limitFileSize(pid: number, bytes: number | 'unlimited'): void {
  run('prlimit', '--pid', String(pid), `--fsize=${bytes}:`);
}
