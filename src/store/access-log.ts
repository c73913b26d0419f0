import { appendFileSync, closeSync, fstatSync, openSync, readSync, renameSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../core/errors.js';
import type { AccessLog, Logger } from '../core/ports.js';
import { hasCode } from './error-code.js';

const line = z.object({ at: z.string(), memory_ids: z.array(z.string()) });
const defaultMaximumBytes = 4 * 1024 * 1024;

function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return undefined;
  }
}

/** What a file says from byte `from` to its last complete line, and which file it is. */
function readLines(path: string, from: number): { text: string; bytes: number; stats: Stats } | undefined {
  const file = ifThere(() => openSync(path, 'r'));
  if (file === undefined) return undefined;
  try {
    const stats = fstatSync(file);
    const buffer = Buffer.alloc(Math.max(0, stats.size - from));
    const read = readSync(file, buffer, 0, buffer.length, from);
    const bytes = buffer.subarray(0, read).lastIndexOf('\n') + 1;
    return { text: buffer.toString('utf8', 0, bytes), bytes, stats };
  } finally {
    closeSync(file);
  }
}

function parseLine(text: string): z.infer<typeof line> | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch (error) {
    // The torn end of a process that was killed; nothing depends on it.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The access log: access.jsonl in `folder`, one read a line, shared by all processes of a home. At `maximumBytes`
 * (4 MiB) it becomes access.previous.jsonl, so that it never takes more than about twice that. Writes are neither
 * synced nor waited for in earnest; when one fails it is logged once and the read goes on.
 */
export function openAccessLog(options: { folder: string; enabled: boolean; logger: Logger; maximumBytes?: number | undefined }): AccessLog {
  const { folder, enabled, logger, maximumBytes = defaultMaximumBytes } = options;
  const current = join(folder, 'access.jsonl');
  const previous = join(folder, 'access.previous.jsonl');
  const latest = new Map<string, string>();
  let position: { file: number; bytes: number } | undefined;
  let lookedRecently = false;
  let failed = false;

  function reportOnce(error: unknown): void {
    if (!failed) logger.warn('The access log cannot be used; reads are not noted.', { folder, error: messageOf(error) });
    failed = true;
  }

  function note({ at, memory_ids }: z.infer<typeof line>): void {
    for (const id of memory_ids) if (at > (latest.get(id) ?? '')) latest.set(id, at);
  }

  function take(text: string): void {
    for (const part of text.split('\n')) {
      const read = part && parseLine(part);
      if (read) note(read);
    }
  }

  function catchUp(): void {
    const stats = ifThere(() => statSync(current));
    if (stats && position && stats.ino === position.file && stats.size === position.bytes) return;
    const continued = position !== undefined && stats?.ino === position.file && stats.size > position.bytes;
    if (!continued) take(readLines(previous, 0)?.text ?? '');
    const from = continued && position ? position.bytes : 0;
    const added = readLines(current, from);
    take(added?.text ?? '');
    position = added && { file: added.stats.ino, bytes: from + added.bytes };
  }

  function rotate(): void {
    // Two processes may do this at once and lose the older half: bounded matters here, complete does not.
    if ((ifThere(() => statSync(current))?.size ?? 0) > maximumBytes) ifThere(() => renameSync(current, previous));
  }

  return {
    record(read) {
      if (!enabled) return;
      try {
        rotate();
        appendFileSync(current, `${JSON.stringify(read)}\n`, { mode: 0o600 });
        note(read);
      } catch (error) {
        reportOnce(error);
      }
    },

    lastRecalledAt(memoryId) {
      if (!enabled) return undefined;
      // A filter asks for every memory of a space in one go; one look at the file is enough for all of them.
      if (!lookedRecently) {
        lookedRecently = true;
        setImmediate(() => {
          lookedRecently = false;
        }).unref();
        try {
          catchUp();
        } catch (error) {
          reportOnce(error);
        }
      }
      return latest.get(memoryId);
    },
  };
}
