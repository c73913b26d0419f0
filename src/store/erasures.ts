import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KeepsakeError, messageOf } from '../core/errors.js';
import type { Space } from '../core/ports.js';
import { hasCode } from './error-code.js';
import { tryLock } from './lock.js';

/** Notes of what is being erased, so that whatever a crash leaves of it is removed afterwards. */
export interface Erasures {
  /** Notes durably that texts of a space are about to be erased; resolves with how to take the note back. Raises log_unavailable. */
  begin(space: Space): Promise<() => Promise<void>>;
  /** Runs `clean` for each note whose process has ended, and takes the note back where that succeeds. Raises what `clean` raises. */
  finish(clean: (space: Space) => Promise<void>): Promise<void>;
}

/** Milliseconds after which a note counts as left behind, in case its process ran on a machine that is gone. */
const stealAfter = 3_600_000;

const nameOfSpace = /^(user|project):\P{Cc}+$/u;

/** Notes in `folder`, which is made when it is needed: a folder each, with the space's name and the lock of its process. */
export function openErasures(folder: string): Erasures {
  const lockOf = (note: string) => join(note, 'lock');
  const spaceOf = (note: string) => join(note, 'space');
  const remove = (note: string) => rm(note, { recursive: true, force: true });

  async function write(note: string, space: Space): Promise<void> {
    // The name comes last: a note without it counts for nothing, so nobody takes one that is only half made.
    if (!(await tryLock(lockOf(note), { stealAfter }))) throw new Error('another process took the note');
    await writeSynced(spaceOf(note), space);
    for (const each of [lockOf(note), note, folder, join(folder, '..')]) await syncFolder(each);
  }

  async function spaceIn(note: string): Promise<Space | undefined> {
    try {
      const space = await readFile(spaceOf(note), 'utf8');
      // What a power cut left of a name was never relied on.
      return nameOfSpace.test(space) ? (space as Space) : undefined;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  return {
    async begin(space) {
      const note = join(folder, randomUUID());
      try {
        await mkdir(note, { recursive: true, mode: 0o700 });
        await write(note, space);
      } catch (error) {
        throw new KeepsakeError(
          'log_unavailable',
          `Nothing was erased, since ${note} cannot be written (${messageOf(error)}); check that the disk has space, then repeat the call.`,
          { cause: error },
        );
      }
      return () => remove(note);
    },

    async finish(clean) {
      for (const name of await names(folder)) {
        const note = join(folder, name);
        const space = await spaceIn(note);
        if (space === undefined || !(await tryLock(lockOf(note), { stealAfter }))) continue;
        await clean(space);
        await remove(note);
      }
    },
  };
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open folders; its file system keeps names in a journal of its own.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
