import { readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { type Lock, tryLock, withLock } from '../../src/store/lock.js';
import { bundle } from '../support/bundle.js';
import { start } from '../support/children.js';
import { temporaryHome } from '../support/home.js';

const never = Number.POSITIVE_INFINITY;
let program: string;
let folder: string;

beforeAll(async () => {
  program = await bundle('test/store/lock-program.ts');
});
beforeEach(async () => {
  folder = join(await temporaryHome(), 'lock');
});

/** Holds the lock in this process until `release` is called. */
async function hold(options: { stealAfter?: number } = {}): Promise<{ lock: Lock; release: () => Promise<void> }> {
  let free: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    free = resolve;
  });
  return new Promise((resolve, reject) => {
    const work: Promise<void> = withLock(
      folder,
      (lock) => {
        resolve({
          lock,
          release: () => {
            free();
            return work;
          },
        });
        return until;
      },
      options,
    );
    work.catch(reject);
  });
}

async function isHeld(): Promise<boolean> {
  try {
    await withLock(folder, () => Promise.resolve(), { stealAfter: never, signal: AbortSignal.abort(new Error('held')) });
    return false;
  } catch (error) {
    if ((error as Error).message === 'held') return true;
    throw error;
  }
}

it('is held while the work runs and free afterwards, also when the work fails', async () => {
  const { lock, release } = await hold();
  expect(await lock.held()).toBe(true);
  expect(await isHeld()).toBe(true);
  await release();
  expect(await isHeld()).toBe(false);
  await expect(withLock(folder, () => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
  expect(await isHeld()).toBe(false);
});

it('is free at once when its owner has died', async () => {
  const owner = start(process.execPath, [program, 'hold', folder]);
  await owner.says('held');
  expect(await isHeld()).toBe(true);
  owner.kill('SIGKILL');
  await owner.ended;
  expect(await isHeld()).toBe(false);
});

it.skipIf(process.platform === 'win32')('is not left behind by a process that could not write its name into it', async () => {
  const file = join(await temporaryHome(), 'count');
  writeFileSync(file, '0');
  const { ended } = start('sh', ['-c', 'ulimit -f 0; exec "$@"', 'sh', process.execPath, program, 'count', folder, file, '1']);
  expect((await ended).stderr).toContain('EFBIG');
  expect(await isHeld()).toBe(false);
});

it('is waited for while a live owner keeps it, and taken over once that has lasted too long', async () => {
  const owner = start(process.execPath, [program, 'hold', folder]);
  await owner.says('held');
  expect(await isHeld()).toBe(true);
  expect(await withLock(folder, () => Promise.resolve('taken over'), { stealAfter: 50 })).toBe('taken over');
});

it('lets an owner that lost it know, and its release leaves the new owner alone', async () => {
  const first = await hold();
  const second = await hold({ stealAfter: 50 });
  expect(await first.lock.held()).toBe(false);
  expect(await second.lock.held()).toBe(true);
  await first.release();
  expect(await isHeld()).toBe(true);
  expect(await second.lock.held()).toBe(true);
  await second.release();
  expect(await isHeld()).toBe(false);
});

it('is free after a release whatever the length of the process id', async () => {
  for (const pid of [1, 42, 4_194_304]) {
    const own = Object.getOwnPropertyDescriptor(process, 'pid');
    Object.defineProperty(process, 'pid', { ...own, value: pid });
    try {
      await withLock(folder, () => Promise.resolve());
    } finally {
      Object.defineProperty(process, 'pid', own ?? {});
    }
    expect(await isHeld()).toBe(false);
  }
});

it('never has two owners, with several processes at it', async () => {
  const file = join(await temporaryHome(), 'count');
  writeFileSync(file, '0');
  const children = [1, 2, 3, 4].map(() => start(process.execPath, [program, 'count', folder, file, '100']));
  for (const child of children) expect(await child.ended).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(file, 'utf8')).toBe('400');
  expect(await readdir(folder)).toHaveLength(1);
});

it('never has two owners in one process', async () => {
  let owners = 0;
  await Promise.all(
    Array.from({ length: 30 }, () =>
      withLock(folder, async () => {
        owners += 1;
        await new Promise((resolve) => setImmediate(resolve));
        expect(owners).toBe(1);
        owners -= 1;
      }),
    ),
  );
});

it('stops waiting when the call is ended', async () => {
  const { release } = await hold();
  const ending = new AbortController();
  const waiting = withLock(folder, () => Promise.resolve(), { signal: ending.signal });
  ending.abort(new Error('the call ended'));
  await expect(waiting).rejects.toThrow('the call ended');
  await release();
});

it('can be tried without waiting, and a try never disturbs the owner', async () => {
  expect(await tryLock(folder, { stealAfter: never })).toBe(true);
  expect(await tryLock(folder, { stealAfter: never })).toBe(false);
  expect(await isHeld()).toBe(true);
});

it('that was tried for is taken over when it is old, also if its owner died before it had written who it is', async () => {
  expect(await tryLock(folder, { stealAfter: 60_000 })).toBe(true);
  const file = join(folder, (await readdir(folder))[0] ?? '');
  for (const owner of ['', (await readFile(file, 'utf8')).replace(/[^\n]*$/, 'another machine')]) {
    const [name = ''] = await readdir(folder);
    writeFileSync(join(folder, name), owner);
    expect(await tryLock(folder, { stealAfter: 60_000 })).toBe(false);
    const old = new Date(Date.now() - 120_000);
    await utimes(join(folder, name), old, old);
    expect(await tryLock(folder, { stealAfter: 60_000 })).toBe(true);
  }
});
