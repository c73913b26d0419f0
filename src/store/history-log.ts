import { ftruncateSync, type Stats } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { KeepsakeError } from '../core/errors.js';
import type { Event } from '../core/events.js';
import { type HistoryLog, LogConflict, type Logger, type Position, type Reading, type Space } from '../core/ports.js';
import { encodeCheckpoint, readCheckpoint, removeCheckpoint, writeCheckpoint } from './checkpoint-file.js';
import { hasCode } from './error-code.js';
import { faultPoint, stopsHalfway } from './fault-point.js';
import { isHeld, type Lock, withLock } from './lock.js';
import { type LogFile, type Look, openLogFile, unfinishedWrite } from './log-file.js';
import { encodeHeader, format, type LogHeader, logUnavailable, readHeader } from './log-header.js';
import { encodeEvents } from './log-line.js';
import { cleanBeside, removeReplacement, setTornEndAside, syncFolderOf, takeReplacement, writeReplacement } from './log-replacement.js';
import { spaceFileName } from './space-file-name.js';

const extension = '.jsonl';
const nowhere: Position = { generation: 0, sequence: 0 };

/** Where a history lies. */
export interface HistoryLogOptions {
  /** Holds one JSON-lines file a space. */
  folder: string;
  /** Holds one lock folder a space. */
  lockFolder: string;
  /** Holds one checkpoint a space. */
  checkpointFolder: string;
  /** Names the program and the structure of what its readers keep in checkpoints. */
  shape: string;
  logger: Logger;
}

/** The history of a home, which also knows what it would refuse. */
export interface OpenHistoryLog extends HistoryLog {
  /** The update_needed that every write to a space is refused with, as far as it has been read; undefined where it may be written. */
  refusal(space: Space): KeepsakeError | undefined;
}

/**
 * Opens the history of a home. Nothing is read or made before the first use of a space. Calls for one space must not
 * overlap.
 */
export function openHistoryLog(options: HistoryLogOptions): OpenHistoryLog {
  const { folder, lockFolder, checkpointFolder, logger } = options;
  const shape = `${options.shape}, V8 ${process.versions.v8}`;
  const files = new Map<Space, LogFile>();
  const problems = new Map<string, Set<string>>();
  /** Spaces whose log has been there. */
  const begun = new Set<Space>();
  /** Up to where the logs had been read that were let go of. */
  const released = new Map<Space, Position>();
  /** Spaces by the names of their files: the first line of a log never tells another one. */
  const named = new Map<string, Space>();

  const pathOf = (space: Space) => join(folder, fileName(space));
  const lockOf = (space: Space) => join(lockFolder, spaceFileName(space));
  const checkpointOf = (space: Space) => join(checkpointFolder, spaceFileName(space));

  function fileOf(space: Space): LogFile {
    const file = files.get(space) ?? openLogFile(pathOf(space), space, { expected: begun.has(space) });
    files.set(space, file);
    return file;
  }

  async function look(space: Space): Promise<Look> {
    const found = await fileOf(space).look();
    if (fileOf(space).header()) begun.add(space);
    report(fileOf(space).path, found.problems);
    // What a living writer has not finished is no damage.
    if (found.unfinished > 0 && !(await isHeld(lockOf(space)))) return lookAgain(space, found);
    return found;
  }

  /** After a file that ended in the middle of a batch: whoever was writing then is done by now, or was torn off. */
  async function lookAgain(space: Space, found: Look): Promise<Look> {
    const file = fileOf(space);
    const more = await file.look();
    const left = file.size() - file.offset();
    // An end that has changed is somebody's who has begun meanwhile.
    report(file.path, [...more.problems, ...(left > 0 && left === found.unfinished ? [unfinishedWrite(left)] : [])]);
    return more.reset ? more : { ...found, events: [...found.events, ...more.events] };
  }

  function report(path: string, found: string[]): void {
    const known = problems.get(basename(path)) ?? new Set();
    problems.set(basename(path), known);
    for (const problem of found) {
      if (!known.has(problem)) logger.warn('history log damaged', { problem: `${basename(path)}: ${problem}` });
      known.add(problem);
    }
  }

  /** Everything after `from`: what was appended since the last look if that stood at `from`, else read from the beginning. */
  async function readAfter(space: Space, from: Position): Promise<Reading> {
    const before = fileOf(space).position();
    const next = await look(space);
    reportLoss(space, released.get(space) ?? nowhere, fileOf(space).position());
    released.delete(space);
    const isNext = before.sequence === from.sequence && before.generation === from.generation;
    if (isNext && !next.reset) return { events: next.events, reset: false, position: fileOf(space).position() };
    const isWhole = next.reset || before.generation === 0;
    if (!isWhole) files.delete(space);
    const all = isWhole ? next : await look(space);
    const position = fileOf(space).position();
    const reset = next.reset || position.generation !== from.generation || position.sequence < from.sequence;
    reportLoss(space, from, position);
    return { events: reset ? all.events : all.events.filter((event) => event.seq > from.sequence), reset, position };
  }

  /** Says it when a log ends before a place up to which it was known. */
  function reportLoss(space: Space, known: Position, found: Position): void {
    if (found.generation > known.generation || found.sequence >= known.sequence) return;
    report(pathOf(space), [`it ends at event ${found.sequence}, but held ${known.sequence} before: part of the file is gone`]);
  }

  function refusal(space: Space): KeepsakeError | undefined {
    if ((fileOf(space).header()?.min_writer ?? 0) <= format) return undefined;
    const message = 'This memory was written by a newer Keepsake and is read-only here; update with: npx -y keepsake-mcp@latest';
    return new KeepsakeError('update_needed', message);
  }

  /** Runs `work` as the only writer of a space, its log read up to the end, whole and of a format that may be written. */
  async function asWriter<T>(space: Space, from: Position, work: (missed: Reading, file: LogFile, lock: Lock) => Promise<T>): Promise<T> {
    const { path } = fileOf(space);
    try {
      faultPoint('lock');
      const result = await withLock(lockOf(space), async (lock) => {
        faultPoint('locked');
        // A replacement that a holder before has not finished must fail from here on; some may have died before this line.
        for (const back of [1, 2, 3]) removeReplacement(path, lock.epoch - back);
        const missed = await readAfter(space, from);
        const file = fileOf(space);
        const refused = refusal(space);
        if (refused) throw refused;
        if (file.size() > file.offset()) report(path, [await setTornEndAside(file, lock)]);
        return await work(missed, file, lock);
      });
      faultPoint('released');
      return result;
    } catch (error) {
      // Whatever was half done, the next look starts from what the file says.
      files.delete(space);
      if (error instanceof KeepsakeError || error instanceof LogConflict) throw error;
      throw (error as NodeJS.ErrnoException).code ? logUnavailable(path, error) : error;
    }
  }

  return {
    read: readAfter,

    async append(space, from, decide) {
      let written: Event[] = [];
      let seen = from;
      const acknowledged = await asWriter(space, from, async (missed, file, lock) => {
        seen = missed.position;
        written = decide(missed);
        if (written.length === 0) return true;
        await appendLines(file, Buffer.concat([...(file.header() ? [] : [encodeHeader(newHeader(space))]), encodeEvents(written)]), lock);
        const accepted = accepts(await readAfter(space, missed.position), written) && (await lock.held());
        faultPoint('accepted');
        return accepted;
      });
      if (acknowledged) return fileOf(space).position();
      // The lock was lost on the way: only what the file says under the lock now counts.
      if (!(await asWriter(space, from, async (missed) => accepts(missed, written)))) throw new LogConflict();
      // What others have appended since is still to be read by the caller.
      return { ...seen, sequence: written.at(-1)?.seq ?? seen.sequence };
    },

    async rewrite(space, from, decide) {
      return asWriter(space, from, async (missed, file, lock) => {
        const plan = decide(missed);
        if (!plan) return file.position();
        await writeReplacement(file, { plan, lock, header: file.header() ?? newHeader(space) });
        // Nothing that holds what is to go may outlive the log that held it, even if this process ends before the next line.
        await removeCheckpoint(checkpointOf(space));
        await cleanBeside(file.path, { lock, drops: plan.drops });
        faultPoint('replace');
        await takeReplacement(file.path, lock);
        faultPoint('replaced');
        await file.look();
        return file.position();
      });
    },

    async events(space, generation, sequences) {
      if (fileOf(space).position().generation !== generation) throw new LogConflict();
      try {
        return await fileOf(space).events(sequences);
      } catch (error) {
        // The next look reads the file from its beginning, and says what is wrong with it.
        if (error instanceof LogConflict) files.delete(space);
        throw error;
      }
    },

    async resume(space) {
      const checkpoint = await readCheckpoint(checkpointOf(space), shape);
      if (!checkpoint) return undefined;
      const { place, state } = checkpoint;
      const file = openLogFile(pathOf(space), space, { from: place, expected: true });
      if (await file.isSame()) {
        files.set(space, file);
        report(file.path, place.damage);
        return { state, position: { generation: place.generation, sequence: place.sequence } };
      }
      const { position } = await readAfter(space, nowhere);
      reportLoss(space, place, position);
      // It stands at its end, but the caller begins with nothing.
      files.delete(space);
      return undefined;
    },

    async checkpoint(space, state, position) {
      const file = fileOf(space);
      const place = file.place();
      if (place.generation !== position.generation || place.sequence !== position.sequence) return;
      const parts = encodeCheckpoint({ shape, place, state });
      await mkdir(checkpointFolder, { recursive: true, mode: 0o700 });
      await withLock(lockOf(space), async (lock) => {
        // Only under the lock no erase can come between this look at the log and the file.
        const header = await headerOf(file.path);
        if (header?.generation === place.generation && (await lock.held())) await writeCheckpoint(checkpointOf(space), parts);
      });
    },

    release(space) {
      const position = files.get(space)?.position();
      if (position) released.set(space, position);
      files.delete(space);
    },

    bytes: async (space) => (await statOf(pathOf(space)))?.size ?? 0,

    changedAt: async (space) => (await statOf(pathOf(space)))?.mtimeMs ?? 0,

    async spaces() {
      const found: Space[] = [];
      for (const name of (await readdir(folder)).filter((each) => each.endsWith(extension))) {
        try {
          const space = named.get(name) ?? ((await headerOf(join(folder, name)))?.space as Space | undefined);
          if (space !== undefined && fileName(space) === name) {
            named.set(name, space);
            found.push(space);
          } else report(name, [space === undefined ? 'its first line is not whole' : `it belongs to the space ${JSON.stringify(space)}`]);
        } catch (error) {
          // One damaged file must not hide the other spaces.
          if (!(error instanceof KeepsakeError)) throw error;
          report(name, [error.message]);
        }
      }
      return found;
    },

    refusal,
    problems: () => [...problems].flatMap(([name, found]) => [...found].map((problem) => `${name}: ${problem}`)),
  };
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw logUnavailable(path, error);
  }
}

async function headerOf(path: string): Promise<LogHeader | undefined> {
  const handle = await open(path, 'r');
  try {
    return (await readHeader(handle, path))?.header;
  } finally {
    await handle.close();
  }
}

function newHeader(space: Space): LogHeader {
  return { keepsake: 'history', space, format, min_reader: format, min_writer: format, generation: 1 };
}

function fileName(space: Space): string {
  return `${spaceFileName(space)}${extension}`;
}

function accepts(reading: Reading, events: Event[]): boolean {
  const numbers = new Map(reading.events.map((event) => [event.event_id, event.seq]));
  return events.every((event) => numbers.get(event.event_id) === event.seq);
}

/** In two parts where a test wants to end the process between them. */
async function appendBytes(handle: FileHandle, bytes: Buffer): Promise<void> {
  const middle = stopsHalfway() ? bytes.length >> 1 : 0;
  if (middle > 0) await handle.appendFile(bytes.subarray(0, middle));
  faultPoint('half');
  await handle.appendFile(bytes.subarray(middle));
}

async function appendLines(file: LogFile, lines: Buffer, lock: Lock): Promise<void> {
  const size = file.header() ? file.offset() : 0;
  const handle = await open(file.path, 'a', 0o600);
  try {
    faultPoint('append');
    await appendBytes(handle, lines);
    faultPoint('appended');
    await handle.sync();
    faultPoint('synced');
    if (size === 0) await syncFolderOf(file.path);
  } catch (error) {
    // Nobody was told of these lines, so they must not stand; a full disk still lets a file get shorter.
    if (await lock.held()) ftruncateSync(handle.fd, size);
    throw error;
  } finally {
    await handle.close();
  }
}
