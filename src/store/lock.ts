import { randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from './error-code.js';

// What a lock does with files takes microseconds each, but a turn of a busy event loop if it is waited for, and others
// wait for the lock meanwhile: so nothing of it is.

/** A lock that is being held. */
export interface Lock {
  /** Counts the holders of this lock, from 1. */
  readonly epoch: number;
  /** False once another process took it over; what is not yet visible to others must then not be acknowledged. */
  held(): Promise<boolean>;
}

/** How long a live process may hold a lock before others take it over, in milliseconds. */
const defaultStealAfter = 5000;
const released = 'free';
const run = randomUUID();

/** Where a process id means something: this machine, and on Linux this pid namespace. */
const place = placeOfIds();

function placeOfIds(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) throw error;
    return hostname();
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What `look` finds; undefined where there is nothing. */
function unlessMissing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isFree(file: string): boolean {
  const content = unlessMissing(() => readFileSync(file, 'utf8')) ?? '';
  // A release overwrites the beginning of what the holder wrote.
  if (content.startsWith(released)) return true;
  const [pid, ownRun, where] = content.split('\n');
  if (where !== place) return false;
  return Number(pid) === process.pid ? ownRun !== run : !exists(Number(pid));
}

/** Whether a live process holds a lock, as far as its folder tells; changes nothing. */
export async function isHeld(folder: string): Promise<boolean> {
  const epoch = unlessMissing(() => newest(folder)) ?? 0;
  return epoch > 0 && !isFree(join(folder, String(epoch)));
}

const newestOf = (names: string[]) => names.reduce((highest, name) => Math.max(highest, Number(name)), 0);
const newest = (folder: string) => newestOf(readdirSync(folder));

/**
 * Makes a file that must be new; false if it is there. In one go: a process that ends between making and naming leaves
 * a lock of nobody, which is free only after a wait.
 */
function make(file: string, content: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(descriptor, content);
  } catch (error) {
    // On a full disk, say: whoever comes next must not wait for this one.
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/**
 * Takes the next epoch of a lock folder if nobody holds the newest one. Each holder makes the file of its own epoch,
 * exclusively, and only then removes older ones, so the newest file always stands and no release or take-over can be
 * mistaken for another. `patience` is what has been seen of the present holder.
 */
function tryTake(folder: string, patience: { epoch: number; since: number; stealAfter: number }): number | undefined {
  const current = newest(folder);
  if (current > 0 && !isFree(join(folder, String(current)))) {
    if (patience.epoch !== current) Object.assign(patience, { epoch: current, since: performance.now() });
    if (performance.now() - patience.since < patience.stealAfter) return undefined;
  }
  const epoch = current + 1;
  if (!make(join(folder, String(epoch)), `${process.pid}\n${run}\n${place}`)) return undefined;
  const names = readdirSync(folder);
  if (newestOf(names) !== epoch) {
    rmSync(join(folder, String(epoch)), { force: true });
    return undefined;
  }
  for (const name of names) if (Number(name) < epoch) rmSync(join(folder, name), { force: true });
  return epoch;
}

function release(folder: string, epoch: number): void {
  // Where it was taken over and cleaned away there is nothing left to release.
  unlessMissing(() => writeFileSync(join(folder, String(epoch)), released, { flag: 'r+' }));
}

/**
 * Takes the lock of a folder for good, false while a live process holds it. One that is older than `stealAfter`
 * milliseconds is taken over: its holder may have run on a machine that is gone. Removing the folder gives it back.
 */
export async function tryLock(folder: string, options: { stealAfter: number }): Promise<boolean> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const epoch = newest(folder);
  const age = epoch === 0 ? 0 : Date.now() - statSync(join(folder, String(epoch))).mtimeMs;
  return tryTake(folder, { epoch, since: performance.now() - age, ...options }) !== undefined;
}

/**
 * Runs `work` while no other process runs work under the same folder. The lock of a dead process is free at once; one
 * that a live process keeps longer than `stealAfter` milliseconds is taken over. Raises the signal's reason, or file
 * system errors as they are.
 */
export async function withLock<T>(
  folder: string,
  work: (lock: Lock) => Promise<T>,
  options: { stealAfter?: number; signal?: AbortSignal } = {},
): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const patience = { epoch: 0, since: 0, stealAfter: options.stealAfter ?? defaultStealAfter };
  let epoch = tryTake(folder, patience);
  for (let wait = 1; epoch === undefined; wait = Math.min(wait * 2, 16)) {
    options.signal?.throwIfAborted();
    await pause(wait * (0.5 + Math.random()));
    epoch = tryTake(folder, patience);
  }
  const own = epoch;
  try {
    return await work({ epoch: own, held: async () => newest(folder) === own });
  } finally {
    release(folder, own);
  }
}
