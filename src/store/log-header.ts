import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { KeepsakeError, messageOf } from '../core/errors.js';
import { readAt } from './read-at.js';

/** Version of the log format that this program reads and writes. */
export const format = 1;
/** The first line is never longer, in bytes: names have at most 128 characters. */
const longestHeader = 4096;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const lineFeed = 0x0a;

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

/** The first line of the file at `path`; undefined while it is not whole. Raises log_unavailable. */
export async function readHeader(handle: FileHandle, path: string): Promise<{ header: LogHeader; length: number } | undefined> {
  const bytes = Buffer.alloc(longestHeader);
  const bytesRead = await readAt(handle, bytes, 0);
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
