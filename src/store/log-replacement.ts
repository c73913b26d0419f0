import { unlinkSync } from 'node:fs';
import { copyFile, type FileHandle, open, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LogConflict, type Rewriting } from '../core/ports.js';
import { hasCode } from './error-code.js';
import type { Lock } from './lock.js';
import type { LogFile } from './log-file.js';
import { encodeHeader, type LogHeader } from './log-header.js';
import { encodeEvents } from './log-line.js';
import { scanLog } from './log-scan.js';

/** Each holder of the lock has a name of its own, so that none can put another's unfinished replacement in place. */
const replacementOf = (path: string, epoch: number) => `${path}.rewrite-${epoch}`;

/** Removes what the holder of this epoch has not finished, so that it can no longer take the log's place. */
export function removeReplacement(path: string, epoch: number): void {
  try {
    unlinkSync(replacementOf(path, epoch));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

/**
 * Puts the finished replacement in the log's place. Whoever takes the lock over removes it first, so a process that
 * was stopped just before this line fails here instead of undoing what others wrote meanwhile. Raises LogConflict.
 */
export async function takeReplacement(path: string, lock: Lock): Promise<void> {
  const replacement = replacementOf(path, lock.epoch);
  if (!(await lock.held())) {
    await rm(replacement, { force: true });
    throw new LogConflict();
  }
  try {
    await rename(replacement, path);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new LogConflict(undefined, { cause: error }) : error;
  }
  await syncFolderOf(path);
}

/** Keeps what no complete batch owns beside the log: its writer died, or had lost the lock. Says what it did. */
export async function setTornEndAside(file: LogFile, lock: Lock): Promise<string> {
  const torn = await readFileFrom(file.path, file.offset());
  await setAside(file.path, torn);
  const replacement = replacementOf(file.path, lock.epoch);
  await copyFile(file.path, replacement);
  await truncate(replacement, file.offset());
  const handle = await open(replacement, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await takeReplacement(file.path, lock);
  return `an unfinished write of ${torn.length} bytes was set aside`;
}

async function readFileFrom(path: string, offset: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    return (await handle.readFile()).subarray(offset);
  } finally {
    await handle.close();
  }
}

/** Files beside a log whose names begin with its own and this. */
async function beside(path: string, suffix: string): Promise<string[]> {
  const folder = join(path, '..');
  return (await readdir(folder)).filter((name) => name.startsWith(`${basename(path)}${suffix}`)).map((name) => join(folder, name));
}

/** Takes the lines that must go out of what was set aside beside a log, and removes replacements that nobody will finish. */
export async function cleanBeside(path: string, { lock, drops }: { lock: Lock; drops: Rewriting['drops'] }): Promise<void> {
  const own = replacementOf(path, lock.epoch);
  for (const each of await beside(path, '.rewrite-')) if (each !== own) await rm(each, { force: true });
  if (!drops) return;
  for (const torn of await beside(path, '.torn-')) {
    const lines = (await readFile(torn, 'utf8')).split('\n');
    const kept = lines.filter((line) => !drops(line));
    if (kept.length === lines.length) continue;
    if (kept.some((line) => line.trim() !== '')) await writeFile(torn, kept.join('\n'));
    else await rm(torn);
  }
}

/** Writes what `plan` makes of a log beside it; lines that no complete batch owns are set aside, but those that must go. */
export async function writeReplacement(
  file: LogFile,
  { plan, header, lock }: { plan: Rewriting; header: LogHeader; lock: Lock },
): Promise<void> {
  const whole = file.header() ? await readFileFrom(file.path, 0) : Buffer.alloc(0);
  const body = whole.subarray(whole.indexOf(0x0a) + 1);
  const { events, places } = scanLog(body, 0, 2);
  const lineOf = new Map(events.map((event, index) => [event, places[index]]));
  const parts = plan.events(events).map((event) => {
    const place = lineOf.get(event);
    return place ? body.subarray(place.start, place.end) : encodeEvents([event]);
  });
  const ends = [0, ...places.map(({ end }) => end)];
  const unowned = [...places.map(({ start }) => start), body.length].map((start, index) => body.subarray(ends[index], start));
  await setAside(file.path, Buffer.concat(unowned));
  const target: FileHandle = await open(replacementOf(file.path, lock.epoch), 'w', 0o600);
  try {
    await target.writeFile(Buffer.concat([encodeHeader({ ...header, generation: header.generation + 1 }), ...parts]));
    await target.sync();
  } finally {
    await target.close();
  }
}

async function setAside(path: string, bytes: Buffer): Promise<void> {
  if (bytes.length > 0) await writeFile(`${path}.torn-${Date.now()}`, bytes, { mode: 0o600 });
}

/** Makes the names in a file's folder durable. */
export async function syncFolderOf(path: string): Promise<void> {
  // Windows cannot open folders; its file system keeps names in a journal of its own.
  if (process.platform === 'win32') return;
  const handle = await open(join(path, '..'), 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
