import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

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
const place: Promise<string> = readlink('/proc/self/ns/pid').then(
  (namespace) => `${hostname()} ${namespace}`,
  () => hostname(),
);

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isFree(file: string): Promise<boolean> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  // A release overwrites the beginning of what the holder wrote.
  if (content.startsWith(released)) return true;
  const [pid, ownRun, where] = content.split('\n');
  if (where !== (await place)) return false;
  return Number(pid) === process.pid ? ownRun !== run : !exists(Number(pid));
}

/** Whether a live process holds a lock, as far as its folder tells; changes nothing. */
export async function isHeld(folder: string): Promise<boolean> {
  const epoch = await newest(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return 0;
    throw error;
  });
  return epoch > 0 && !(await isFree(join(folder, String(epoch))));
}

async function newest(folder: string): Promise<number> {
  return (await readdir(folder)).reduce((highest, name) => Math.max(highest, Number(name)), 0);
}

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
async function tryTake(folder: string, patience: { epoch: number; since: number; stealAfter: number }): Promise<number | undefined> {
  const current = await newest(folder);
  if (current > 0 && !(await isFree(join(folder, String(current))))) {
    if (patience.epoch !== current) Object.assign(patience, { epoch: current, since: performance.now() });
    if (performance.now() - patience.since < patience.stealAfter) return undefined;
  }
  const epoch = current + 1;
  if (!make(join(folder, String(epoch)), `${process.pid}\n${run}\n${await place}`)) return undefined;
  if ((await newest(folder)) !== epoch) {
    await rm(join(folder, String(epoch)), { force: true });
    return undefined;
  }
  for (const name of await readdir(folder)) if (Number(name) < epoch) await rm(join(folder, name), { force: true });
  return epoch;
}

async function release(folder: string, epoch: number): Promise<void> {
  await writeFile(join(folder, String(epoch)), released, { flag: 'r+' }).catch((error: NodeJS.ErrnoException) => {
    // Taken over and cleaned away: there is nothing left to release.
    if (error.code !== 'ENOENT') throw error;
  });
}

/**
 * Takes the lock of a folder for good, false while a live process holds it. One that is older than `stealAfter`
 * milliseconds is taken over: its holder may have run on a machine that is gone. Removing the folder gives it back.
 */
export async function tryLock(folder: string, options: { stealAfter: number }): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const epoch = await newest(folder);
  const age = epoch === 0 ? 0 : Date.now() - (await stat(join(folder, String(epoch)))).mtimeMs;
  return (await tryTake(folder, { epoch, since: performance.now() - age, ...options })) !== undefined;
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
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const patience = { epoch: 0, since: 0, stealAfter: options.stealAfter ?? defaultStealAfter };
  let epoch = await tryTake(folder, patience);
  for (let wait = 1; epoch === undefined; wait = Math.min(wait * 2, 16)) {
    options.signal?.throwIfAborted();
    await pause(wait * (0.5 + Math.random()));
    epoch = await tryTake(folder, patience);
  }
  const own = epoch;
  try {
    return await work({ epoch: own, held: async () => (await newest(folder)) === own });
  } finally {
    await release(folder, own);
  }
}
