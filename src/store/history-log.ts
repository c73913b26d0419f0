import { ftruncateSync } from 'node:fs';
import { copyFile, type FileHandle, open, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { KeepsakeError } from '../core/errors.js';
import type { Event } from '../core/events.js';
import { type HistoryLog, LogConflict, type Logger, type Position, type Reading, type Rewriting, type Space } from '../core/ports.js';
import { faultPoint, stopsHalfway } from './fault-point.js';
import { type Lock, withLock } from './lock.js';
import { encodeLines, format, type LogFile, type LogHeader, type Look, logUnavailable, openLogFile, readHeader } from './log-file.js';
import { scanLog } from './log-scan.js';
import { spaceFileName } from './space-file-name.js';

const extension = '.jsonl';

/**
 * Opens the history of a home: one JSON-lines file a space in `folder`, one lock folder a space in `lockFolder`.
 * Nothing is read or made before the first use of a space. Calls for one space must not overlap.
 */
export function openHistoryLog(options: { folder: string; lockFolder: string; logger: Logger }): HistoryLog {
  const { folder, lockFolder, logger } = options;
  const files = new Map<Space, LogFile>();
  const problems = new Set<string>();
  /** Spaces whose log has been there. */
  const begun = new Set<Space>();

  function fileOf(space: Space): LogFile {
    const file = files.get(space) ?? openLogFile(join(folder, fileName(space)), space, begun.has(space));
    files.set(space, file);
    return file;
  }

  async function look(space: Space): Promise<Look> {
    const found = await fileOf(space).look();
    if (fileOf(space).header()) begun.add(space);
    report(fileOf(space).path, found.problems);
    return found;
  }

  function report(path: string, found: string[]): void {
    for (const problem of found.map((each) => `${basename(path)}: ${each}`)) {
      if (!problems.has(problem)) logger.warn('history log damaged', { problem });
      problems.add(problem);
    }
  }

  /** Everything after `from`: what was appended since the last look if that stood at `from`, else read from the beginning. */
  async function readAfter(space: Space, from: Position): Promise<Reading> {
    const before = fileOf(space).position();
    const next = await look(space);
    const isNext = before.sequence === from.sequence && before.generation === from.generation;
    if (isNext && !next.reset) return { events: next.events, reset: false, position: fileOf(space).position() };
    files.delete(space);
    const all = await look(space);
    const position = fileOf(space).position();
    const reset = next.reset || position.generation !== from.generation || position.sequence < from.sequence;
    return { events: reset ? all.events : all.events.filter((event) => event.seq > from.sequence), reset, position };
  }

  /** Runs `work` as the only writer of a space, its log read up to the end, whole and of a format that may be written. */
  async function asWriter<T>(space: Space, from: Position, work: (missed: Reading, file: LogFile, lock: Lock) => Promise<T>): Promise<T> {
    const { path } = fileOf(space);
    try {
      faultPoint('lock');
      const result = await withLock(join(lockFolder, spaceFileName(space)), async (lock) => {
        faultPoint('locked');
        // A replacement that the holder before has not finished must fail from here on.
        await rm(replacementOf(path, lock.epoch - 1), { force: true });
        const missed = await readAfter(space, from);
        const file = fileOf(space);
        if ((file.header()?.min_writer ?? 0) > format) {
          throw new KeepsakeError(
            'update_needed',
            'This memory was written by a newer Keepsake and is read-only here; update with: npx -y keepsake-mcp@latest',
          );
        }
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
        const first: LogHeader = { keepsake: 'history', space, format, min_reader: format, min_writer: format, generation: 1 };
        await appendLines(file, file.header() ? written : [first, ...written], lock);
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
        const header = file.header();
        const plan = decide(missed);
        if (!plan || !header) return file.position();
        await writeReplacement(file, { ...header, generation: header.generation + 1 }, { plan, lock });
        // They may hold what is to go, and must not outlive it if this process ends in the middle.
        for (const torn of await tornEnds(file.path)) await rm(torn, { force: true });
        faultPoint('replace');
        await takeReplacement(file.path, lock);
        faultPoint('replaced');
        await file.look();
        return file.position();
      });
    },

    async spaces() {
      const found: Space[] = [];
      for (const name of (await readdir(folder)).filter((each) => each.endsWith(extension))) {
        const handle = await open(join(folder, name), 'r');
        try {
          const first = await readHeader(handle, name);
          const space = first?.header.space as Space | undefined;
          if (space !== undefined && fileName(space) === name) found.push(space);
          else report(name, [space === undefined ? 'its first line is not whole' : `it belongs to the space ${JSON.stringify(space)}`]);
        } catch (error) {
          // One damaged file must not hide the other spaces.
          if (!(error instanceof KeepsakeError)) throw error;
          report(name, [error.message]);
        } finally {
          await handle.close();
        }
      }
      return found;
    },

    problems: () => [...problems],
  };
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

async function appendLines(file: LogFile, lines: unknown[], lock: Lock): Promise<void> {
  const size = file.header() ? file.offset() : 0;
  const handle = await open(file.path, 'a', 0o600);
  try {
    faultPoint('append');
    await appendBytes(handle, encodeLines(lines));
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

/** Each holder of the lock has a name of its own, so that none can put another's unfinished replacement in place. */
const replacementOf = (path: string, epoch: number) => `${path}.rewrite-${epoch}`;

/**
 * Puts the finished replacement in the log's place. Whoever takes the lock over removes it first, so a process that
 * was stopped just before this line fails here instead of undoing what others wrote meanwhile.
 */
async function takeReplacement(path: string, lock: Lock): Promise<void> {
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
async function setTornEndAside(file: LogFile, lock: Lock): Promise<string> {
  const torn = await readFileFrom(file.path, file.offset());
  await writeFile(`${file.path}.torn-${Date.now()}`, torn, { mode: 0o600 });
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

async function tornEnds(path: string): Promise<string[]> {
  const folder = join(path, '..');
  return (await readdir(folder)).filter((name) => name.startsWith(`${basename(path)}.torn-`)).map((name) => join(folder, name));
}

async function writeReplacement(file: LogFile, header: LogHeader, { plan, lock }: { plan: Rewriting; lock: Lock }): Promise<void> {
  const whole = await readFileFrom(file.path, 0);
  const body = whole.subarray(whole.indexOf(0x0a) + 1);
  const { events, places } = scanLog(body, 0, 2);
  const parts = events.map((event, index) => {
    const place = places[index];
    const replaced = plan.replace(event);
    return replaced === event && place ? body.subarray(place.start, place.end) : encodeLines([replaced]);
  });
  const target: FileHandle = await open(replacementOf(file.path, lock.epoch), 'w', 0o600);
  try {
    await target.writeFile(Buffer.concat([encodeLines([header]), ...parts, encodeLines(plan.append)]));
    await target.sync();
  } finally {
    await target.close();
  }
}

async function syncFolderOf(path: string): Promise<void> {
  // Windows cannot open folders; its file system keeps names in a journal of its own.
  if (process.platform === 'win32') return;
  const handle = await open(join(path, '..'), 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
