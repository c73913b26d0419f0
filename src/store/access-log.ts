import { appendFileSync, closeSync, fstatSync, openSync, readSync, renameSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../core/errors.js';
import type { AccessLog, Logger, NotedRead } from '../core/ports.js';
import { hasCode } from './error-code.js';

const line = z.object({
  at: z.iso.datetime(),
  client: z.string().optional(),
  call_id: z.string().default(''),
  looking: z.boolean().optional(),
  space: z.string().optional(),
  memory_ids: z.array(z.string()),
});
const defaultMaximumBytes = 4 * 1024 * 1024;
/** Bytes that are read at once from the end of a file: some hundred lines. */
const piece = 64 * 1024;

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

/** The lines of an open file, the last first. */
function* linesFromEnd(file: number): Generator<string> {
  let end = fstatSync(file).size;
  let tail: Buffer = Buffer.alloc(0);
  while (end > 0) {
    const start = Math.max(0, end - piece);
    const buffer = Buffer.alloc(end - start);
    readSync(file, buffer, 0, buffer.length, start);
    const bytes = Buffer.concat([buffer, tail]);
    // Of the first line there the beginning is still to be read.
    const first = start === 0 ? 0 : bytes.indexOf('\n') + 1;
    tail = start > 0 && first === 0 ? bytes : bytes.subarray(0, first);
    if (start === 0 || first > 0) yield* bytes.toString('utf8', first).split('\n').reverse();
    end = start;
  }
}

function parseLine(text: string): NotedRead | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch (error) {
    // The torn end of a process that was killed; nothing depends on it.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The access log: access.jsonl in `folder`, one read of one space a line, shared by all processes of a home. At `maximumBytes`
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

  function note({ at, memory_ids, looking }: NotedRead): void {
    if (looking) return;
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

  function* readsFromEnd(): Generator<NotedRead> {
    // The older first: what is rotated in between is missed rather than given twice.
    const files = [previous, current].flatMap((path) => ifThere(() => openSync(path, 'r')) ?? []).reverse();
    try {
      for (const file of files) {
        for (const text of linesFromEnd(file)) {
          const read = text === '' ? undefined : parseLine(text);
          if (read) yield read;
        }
      }
    } finally {
      for (const file of files) closeSync(file);
    }
  }

  return {
    record({ memories, ...call }) {
      if (!enabled || memories.length === 0) return;
      const spaces = [...new Set(memories.map(({ space }) => space))];
      const reads = spaces.map((space) => ({
        ...call,
        space,
        memory_ids: memories.filter((memory) => memory.space === space).map(({ id }) => id),
      }));
      try {
        rotate();
        appendFileSync(current, reads.map((read) => `${JSON.stringify(read)}\n`).join(''), { mode: 0o600 });
        for (const read of reads) note(read);
      } catch (error) {
        reportOnce(error);
      }
    },

    *reads() {
      if (!enabled) return;
      try {
        yield* readsFromEnd();
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
