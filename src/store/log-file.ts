import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { z } from 'zod';
import { KeepsakeError, messageOf } from '../core/errors.js';
import type { Event } from '../core/events.js';
import { LogConflict, type Position, type Space } from '../core/ports.js';
import { parseLine, scanLog } from './log-scan.js';

/** Version of the log format that this program reads and writes. */
export const format = 1;
/** The first line is never longer, in bytes: names have at most 128 characters. */
const longestHeader = 4096;
const lineFeed = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
/** Bytes that are read at once for events that stand close together. */
const longestRead = 4 << 20;
/** Bytes before a reader's place by which it recognises the file: they hold the id of the event that ends there. */
const longestTail = 4096;

const headerSchema = z.object({
  keepsake: z.literal('history'),
  space: z.string(),
  format: z.number().int(),
  /** The oldest program formats that may read and write the file. */
  min_reader: z.number().int(),
  min_writer: z.number().int(),
  /** Raised whenever the file is replaced, so that every reader starts anew. */
  generation: z.number().int(),
});
/** The first line of a log file. */
export type LogHeader = z.infer<typeof headerSchema>;

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
}

/** What one look at a log file brought. */
export interface Look {
  events: Event[];
  /** The file was replaced: `events` starts from its beginning. */
  reset: boolean;
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
  /** The events with these numbers among those seen so far, in this order. Raises LogConflict when the file was replaced. */
  events(sequences: readonly number[]): Promise<Event[]>;
}

/** The error for a log file that cannot be read or written. */
export function logUnavailable(path: string, error: unknown): KeepsakeError {
  return new KeepsakeError(
    'log_unavailable',
    `The history file ${path} cannot be used (${messageOf(error)}); check that it is there, that its folder is writable and that the disk has space, then repeat the call.`,
    { cause: error },
  );
}

/** The first line as the bytes of a log file. */
export function encodeHeader(header: LogHeader): Buffer {
  return Buffer.from(`${JSON.stringify(header)}\n`);
}

/** Events as the bytes of a log file, each line closed by the checksum of what stands before it. */
export function encodeEvents(events: Event[]): Buffer {
  return Buffer.from(events.map((event) => `${sealed(event)}\n`).join(''));
}

function sealed(event: Event): string {
  const body = JSON.stringify(event).slice(0, -1);
  return `${body},"sum":"${checksum(body)}"}`;
}

/** First 8 hex digits of the SHA-256 of a line's text up to `,"sum"`. */
export function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 8);
}

/** The first line of the file at `path`; undefined while it is not whole. Raises log_unavailable. */
export async function readHeader(handle: FileHandle, path: string): Promise<{ header: LogHeader; length: number } | undefined> {
  const bytes = Buffer.alloc(longestHeader);
  const { bytesRead } = await handle.read(bytes, 0, longestHeader, 0);
  const feed = bytes.subarray(0, bytesRead).indexOf(lineFeed);
  if (feed < 0 && bytesRead < longestHeader) return undefined;
  // Some editors put a mark before the first character.
  const begin = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
  try {
    return { header: headerSchema.parse(JSON.parse(bytes.toString('utf8', begin, Math.max(feed, begin)))), length: feed + 1 };
  } catch (error) {
    throw logUnavailable(path, new Error('its first line is not that of a Keepsake history', { cause: error }));
  }
}

const gone = new Error('what was in it is gone: bring it back, or restart the server to begin a new one');

/** Reads a whole file from `from` on, however many reads it takes. */
async function readFrom(handle: FileHandle, from: number, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(size - from, 0));
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) lines += 1;
  return lines;
}

/** Where the events that were seen begin, found by their numbers. */
interface Places {
  numbers: number[];
  starts: number[];
}

/** Index of a sequence number among the places, undefined where there is none; numbers rise but may have gaps. */
function placeOf({ numbers }: Places, sequence: number): number | undefined {
  let low = 0;
  let high = numbers.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = numbers[middle] ?? 0;
    if (found === sequence) return middle;
    if (found < sequence) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** Groups of places whose lines stand so close together that one read brings them all; each in rising order. */
function readsOf(places: number[], startOf: (place: number) => number): number[][] {
  const reads: number[][] = [];
  for (const place of [...places].sort((a, b) => a - b)) {
    const current = reads.at(-1);
    const first = current?.[0];
    const previous = current?.at(-1);
    const joins =
      first !== undefined && previous !== undefined && place - previous <= 8 && startOf(place + 1) - startOf(first) <= longestRead;
    if (joins) current?.push(place);
    else reads.push([place]);
  }
  return reads;
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
  let places: Places = { numbers: Array.from(from?.numbers ?? []), starts: Array.from(from?.starts ?? []) };
  let tail: Buffer = Buffer.from(from?.tail ?? []);

  function checked(found: LogHeader): LogHeader {
    if (found.space !== space)
      throw logUnavailable(path, new Error(`it belongs to the space ${JSON.stringify(found.space)}, not ${JSON.stringify(space)}`));
    if (found.min_reader <= format) return found;
    throw new KeepsakeError('update_needed', `${path} was written by a newer Keepsake; update with: npx -y keepsake-mcp@latest`);
  }

  async function holdsTail(handle: FileHandle): Promise<boolean> {
    return (await readFrom(handle, offset - tail.length, offset)).equals(tail);
  }

  async function readOn(handle: FileHandle): Promise<Look> {
    const found = await handle.stat({ bigint: true });
    size = Number(found.size);
    const first = await readHeader(handle, path);
    if (!first) {
      if (header || expected) throw gone;
      return { events: [], reset: false, problems: [`its first line is not whole, in ${size} bytes`] };
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
      places = { numbers: [], starts: [] };
    }
    header = next;
    generation = next.generation;
    const bytes = await readFrom(handle, offset, size);
    const scan = scanLog(bytes, sequence, lines + 1);
    for (const [index, event] of scan.events.entries()) {
      places.numbers.push(event.seq);
      places.starts.push(offset + (scan.places[index]?.start ?? 0));
    }
    offset += scan.end;
    lines += countLines(bytes.subarray(0, scan.end));
    sequence = scan.sequence;
    seen = `${found.ino} ${found.size} ${found.mtimeNs}`;
    tail = await readFrom(handle, Math.max(0, offset - longestTail), offset);
    if (anew && size > offset) scan.problems.push(`the last ${size - offset} bytes are an unfinished write`);
    if (isSame && !holds) scan.problems.push(`another program changed it; its last event is number ${sequence} now, and was ${before}`);
    return { events: scan.events, reset, problems: scan.problems };
  }

  async function readLines(handle: FileHandle, wanted: number[]): Promise<Map<number, Event>> {
    const startOf = (place: number) => places.starts[place] ?? offset;
    const found = new Map<number, Event>();
    for (const group of readsOf(wanted, startOf)) {
      const first = startOf(group[0] ?? 0);
      const bytes = await readFrom(handle, first, startOf((group.at(-1) ?? 0) + 1));
      for (const place of group) {
        const start = startOf(place) - first;
        found.set(place, parseLine(bytes.toString('utf8', start, bytes.indexOf(lineFeed, start))) as Event);
      }
    }
    return found;
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
      numbers: Float64Array.from(places.numbers),
      starts: Float64Array.from(places.starts),
    }),
    async look() {
      let handle: FileHandle;
      try {
        const found = await stat(path, { bigint: true });
        if (`${found.ino} ${found.size} ${found.mtimeNs}` === seen) return { events: [], reset: false, problems: [] };
        handle = await open(path, 'r');
      } catch (error) {
        const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
        if (isMissing && !header && !expected) return { events: [], reset: false, problems: [] };
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
      const wanted = sequences.flatMap((number) => placeOf(places, number) ?? []);
      if (wanted.length === 0) return [];
      const handle = await open(path, 'r').catch((error: unknown) => {
        throw logUnavailable(path, error);
      });
      try {
        if ((await readHeader(handle, path))?.header.generation !== generation) throw new LogConflict();
        const found = await readLines(handle, wanted);
        return wanted.flatMap((place) => found.get(place) ?? []);
      } catch (error) {
        throw error instanceof KeepsakeError || error instanceof LogConflict ? error : logUnavailable(path, error);
      } finally {
        await handle.close();
      }
    },
  };
}
