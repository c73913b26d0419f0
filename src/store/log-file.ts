import { fstatSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBreather } from '../core/breather.js';
import { KeepsakeError } from '../core/errors.js';
import type { Event } from '../core/events.js';
import { LogConflict, type Position, type Space } from '../core/ports.js';
import { format, type LogHeader, logUnavailable, readHeader } from './log-header.js';
import { createLogPlaces, readStretch } from './log-places.js';
import { scanLog } from './log-scan.js';

/** Between looks without anything new nobody else has a turn: from so many milliseconds on they give it up. */
const breathe = createBreather({ longest: 10, now: () => performance.now(), nextTurn: () => nextTurn() });

const lineFeed = 0x0a;
/** Bytes before a reader's place by which it recognises the file: they hold the id of the event that ends there. */
const longestTail = 4096;

/** How far a reader has read a file and where each accepted event begins: enough to go on from there in another process. */
export interface LogPlace {
  generation: number;
  sequence: number;
  /** Bytes up to the end of the last accepted batch. */
  offset: number;
  lines: number;
  /** What stands before the offset: a file that holds other bytes there is not the one that was read. */
  tail: Uint8Array;
  /** Sequence number of each accepted event, and its first byte in the file. */
  numbers: Float64Array;
  starts: Float64Array;
  /** Damage that was met before the offset. */
  damage: string[];
}

/** What one look at a log file brought. */
export interface Look {
  events: Event[];
  /** The file was replaced: `events` starts from its beginning. */
  reset: boolean;
  /** When the file was read from its beginning: bytes at its end that are torn, or that a writer is just writing. */
  unfinished: number;
  problems: string[];
}

/** One process's place in one log file. */
export interface LogFile {
  readonly path: string;
  /** The first line, once it has been read. */
  header(): LogHeader | undefined;
  /** Bytes up to the end of the last accepted batch; only meaningful within a generation. */
  offset(): number;
  /** Bytes in the file at the last look; what lies beyond `offset` is not yet written, or torn. */
  size(): number;
  position(): Position;
  /** Where it stands, for `openLogFile` to go on from. */
  place(): LogPlace;
  /** Whether the file is still the one that was read up to this place, grown or not. */
  isSame(): Promise<boolean>;
  /** Reads what was appended since the last look. Raises KeepsakeErrors log_unavailable and update_needed. */
  look(): Promise<Look>;
  /** The events with these numbers among those seen so far, in this order. Raises LogConflict when the file is no longer what was read. */
  events(sequences: readonly number[]): Promise<Event[]>;
}

/** What is said of bytes at the end of a file that belong to no whole batch. */
export const unfinishedWrite = (bytes: number) => `the last ${bytes} bytes are an unfinished write`;

const gone = new Error('what was in it is gone: bring it back, or restart the server to begin a new one');

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) lines += 1;
  return lines;
}

/**
 * Opens a reader of the log of a space, standing before its first event or at `from`, a place that an earlier reader
 * reached. Calls must not overlap. A file that is `expected`, because it has been there, is never taken for one that
 * has not begun.
 */
export function openLogFile(path: string, space: Space, { expected = false, from }: { expected?: boolean; from?: LogPlace } = {}): LogFile {
  let header: LogHeader | undefined;
  let generation = from?.generation;
  let offset = from?.offset ?? 0;
  let size = 0;
  let lines = from?.lines ?? 0;
  let sequence = from?.sequence ?? 0;
  let seen = '';
  let places = createLogPlaces(from);
  let tail: Buffer = Buffer.from(from?.tail ?? []);
  let damage = from?.damage ?? [];

  function checked(found: LogHeader): LogHeader {
    if (found.space !== space)
      throw logUnavailable(path, new Error(`it belongs to the space ${JSON.stringify(found.space)}, not ${JSON.stringify(space)}`));
    if (found.min_reader <= format) return found;
    throw new KeepsakeError('update_needed', `${path} was written by a newer Keepsake; update with: npx -y keepsake-mcp@latest`);
  }

  async function holdsTail(handle: FileHandle): Promise<boolean> {
    return (await readStretch(handle, offset - tail.length, offset)).equals(tail);
  }

  async function readOn(handle: FileHandle): Promise<Look> {
    const found = fstatSync(handle.fd, { bigint: true });
    size = Number(found.size);
    const first = await readHeader(handle, path);
    if (!first) {
      if (header || expected) throw gone;
      return { events: [], reset: false, unfinished: 0, problems: [`its first line is not whole, in ${size} bytes`] };
    }
    const next = checked(first.header);
    const isSame = generation === next.generation;
    // An editor that saved the file, or a backup that was put in its place, leaves other bytes here.
    const holds = await holdsTail(handle);
    const hasGrown = size > offset || seen === '';
    const reset = generation !== undefined && !(isSame && holds && hasGrown);
    const anew = reset || generation === undefined;
    const before = sequence;
    if (anew) {
      [offset, lines, sequence] = [first.length, 1, 0];
      places = createLogPlaces();
      damage = [];
    }
    header = next;
    generation = next.generation;
    const bytes = await readStretch(handle, offset, size);
    const scan = scanLog(bytes, sequence, lines + 1);
    for (const [index, event] of scan.events.entries()) places.add(event.seq, offset + (scan.places[index]?.start ?? 0));
    offset += scan.end;
    lines += countLines(bytes.subarray(0, scan.end));
    sequence = scan.sequence;
    damage.push(...scan.problems.slice(0, scan.settled));
    seen = `${found.ino} ${found.size} ${found.mtimeNs}`;
    tail = await readStretch(handle, Math.max(0, offset - longestTail), offset);
    if (isSame && !holds) scan.problems.push(`another program changed it; its last event is number ${sequence} now, and was ${before}`);
    return { events: scan.events, reset, unfinished: anew ? size - offset : 0, problems: scan.problems };
  }

  return {
    path,
    header: () => header,
    offset: () => offset,
    size: () => size,
    position: () => ({ generation: generation ?? 0, sequence }),
    place: () => ({
      generation: generation ?? 0,
      sequence,
      offset,
      lines,
      tail: Uint8Array.from(tail),
      ...places.dump(),
      damage: [...damage],
    }),
    async look() {
      let handle: FileHandle;
      await breathe();
      try {
        // Each answer begins with this look; at most of them it is all.
        const found = statSync(path, { bigint: true });
        if (`${found.ino} ${found.size} ${found.mtimeNs}` === seen) return { events: [], reset: false, unfinished: 0, problems: [] };
        handle = await open(path, 'r');
      } catch (error) {
        const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
        if (isMissing && !header && !expected) return { events: [], reset: false, unfinished: 0, problems: [] };
        throw logUnavailable(path, isMissing ? gone : error);
      }
      try {
        return await readOn(handle);
      } catch (error) {
        throw error instanceof KeepsakeError ? error : logUnavailable(path, error);
      } finally {
        await handle.close();
      }
    },
    async isSame() {
      const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw logUnavailable(path, error);
      });
      if (!handle) return false;
      try {
        return (await readHeader(handle, path))?.header.generation === generation && (await holdsTail(handle));
      } finally {
        await handle.close();
      }
    },
    async events(sequences) {
      if (sequences.length === 0) return [];
      const handle = await open(path, 'r').catch((error: unknown) => {
        throw logUnavailable(path, error);
      });
      try {
        if ((await readHeader(handle, path))?.header.generation !== generation) throw new LogConflict();
        return await places.read(handle, sequences, offset);
      } catch (error) {
        throw error instanceof KeepsakeError || error instanceof LogConflict ? error : logUnavailable(path, error);
      } finally {
        await handle.close();
      }
    },
  };
}
