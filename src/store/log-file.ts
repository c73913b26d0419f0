import { type FileHandle, open, stat } from 'node:fs/promises';
import { z } from 'zod';
import { KeepsakeError, messageOf } from '../core/errors.js';
import type { Event } from '../core/events.js';
import type { Position, Space } from '../core/ports.js';
import { scanLog } from './log-scan.js';

/** Version of the log format that this program reads and writes. */
export const format = 1;
/** The first line is never longer, in bytes: names have at most 128 characters. */
const longestHeader = 4096;
const lineFeed = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
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
  /** Reads what was appended since the last look. Raises KeepsakeErrors log_unavailable and update_needed. */
  look(): Promise<Look>;
}

/** The error for a log file that cannot be read or written. */
export function logUnavailable(path: string, error: unknown): KeepsakeError {
  return new KeepsakeError(
    'log_unavailable',
    `The history file ${path} cannot be used (${messageOf(error)}); check that it is there, that its folder is writable and that the disk has space, then repeat the call.`,
    { cause: error },
  );
}

/** Events or a first line as the bytes of a log file. */
export function encodeLines(lines: unknown[]): Buffer {
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
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

/**
 * Opens a reader of the log of a space, standing before its first event. Calls must not overlap. One that is `expected`,
 * because it has been there, is never taken for one that has not begun.
 */
export function openLogFile(path: string, space: Space, expected = false): LogFile {
  let header: LogHeader | undefined;
  let offset = 0;
  let size = 0;
  let lines = 0;
  let sequence = 0;
  let seen = '';
  let tail: Buffer = Buffer.alloc(0);

  function checked(found: LogHeader): LogHeader {
    if (found.space !== space)
      throw logUnavailable(path, new Error(`it belongs to the space ${JSON.stringify(found.space)}, not ${JSON.stringify(space)}`));
    if (found.min_reader <= format) return found;
    throw new KeepsakeError('update_needed', `${path} was written by a newer Keepsake; update with: npx -y keepsake-mcp@latest`);
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
    const isSame = header?.generation === next.generation;
    // An editor that saved the file, or a backup that was put in its place, leaves other bytes here.
    const holds = (await readFrom(handle, offset - tail.length, offset)).equals(tail);
    const reset = header !== undefined && !(isSame && holds && size > offset);
    const anew = reset || !header;
    const before = sequence;
    if (anew) [offset, lines, sequence] = [first.length, 1, 0];
    header = next;
    const bytes = await readFrom(handle, offset, size);
    const scan = scanLog(bytes, sequence, lines + 1);
    offset += scan.end;
    lines += countLines(bytes.subarray(0, scan.end));
    sequence = scan.sequence;
    seen = `${found.ino} ${found.size} ${found.mtimeNs}`;
    tail = await readFrom(handle, Math.max(0, offset - longestTail), offset);
    if (anew && size > offset) scan.problems.push(`the last ${size - offset} bytes are an unfinished write`);
    if (isSame && !holds) scan.problems.push(`another program changed it; its last event is number ${sequence} now, and was ${before}`);
    return { events: scan.events, reset, problems: scan.problems };
  }

  return {
    path,
    header: () => header,
    offset: () => offset,
    size: () => size,
    position: () => ({ generation: header?.generation ?? 0, sequence }),
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
  };
}
