import { isUtf8 } from 'node:buffer';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KeepsakeError, messageOf } from '../core/errors.js';
import { type Event, eventNames, event as eventSchema } from '../core/events.js';
import type { AttachmentStore, Space } from '../core/ports.js';
import { type Audit, auditLog, type Flaw, type LogLine } from '../core/verify.js';
import { hasCode } from './error-code.js';
import { isHeld } from './lock.js';
import { format, type LogHeader, readHeader } from './log-header.js';
import { checksum } from './log-line.js';
import { probeName } from './log-probe.js';
import { spaceFileName } from './space-file-name.js';

/** What is wrong with a file in the history folder; without a line where it is the file itself. */
export interface FileFlaw {
  file: string;
  space?: Space;
  line?: number;
  text: string;
}

/** One log that could be read. */
export interface AuditedLog extends Audit {
  space: Space;
  file: string;
}

/** What a history folder holds. */
export interface HistoryAudit {
  logs: AuditedLog[];
  flaws: FileFlaw[];
}

const extension = '.jsonl';
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const known = new Set<string>(eventNames);
/** The last field of a line, which is its checksum; see docs/history-format.md. */
const seal = /,"([^"]*)":"([^"]*)"\}$/;
/** Milliseconds and tries for which an end that is not whole may still be a write that is under way. */
const glance = 50;
const mostGlances = 20;

/** Reads every file of a history folder without changing or locking anything. Raises file system errors. */
export async function auditHistory(options: {
  folder: string;
  lockFolder: string;
  attachments: Pick<AttachmentStore, 'get'>;
}): Promise<HistoryAudit> {
  const logs: AuditedLog[] = [];
  const flaws: FileFlaw[] = [];
  for (const file of await filesIn(options.folder)) {
    if (!file.endsWith(extension)) {
      const text = await leftover(file, options);
      if (text !== undefined) flaws.push({ file, text });
      continue;
    }
    const content = await settled(join(options.folder, file), join(options.lockFolder, file.slice(0, -extension.length)));
    if (content === undefined) continue;
    const { log, flaws: found } = auditFile(file, content);
    flaws.push(...found);
    if (!log) continue;
    logs.push(log);
    flaws.push(...(await missingAttachments(log, options.attachments)));
  }
  return { logs, flaws };
}

/** What an input waits with that nobody can read any more. */
async function missingAttachments({ space, file, awaited }: AuditedLog, attachments: Pick<AttachmentStore, 'get'>): Promise<FileFlaw[]> {
  const flaws: FileFlaw[] = [];
  for (const { line, hash } of awaited) {
    if ((await attachments.get(space, hash)) === undefined)
      flaws.push({ file, space, line, text: `its input waits, and what was attached to it is not there: ${hash}` });
  }
  return flaws;
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    // What begins with a dot was left by the file manager of a system.
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw new KeepsakeError('log_unavailable', `${folder} cannot be read (${messageOf(error)}); check that KEEPSAKE_HOME names a home.`, {
      cause: error,
    });
  }
}

/** What a file that is no log has been left behind by; undefined while that is at work or when it has gone meanwhile. */
async function leftover(file: string, { folder, lockFolder }: { folder: string; lockFolder: string }): Promise<string | undefined> {
  const [, log = '', kind] = /^(.+)\.jsonl\.(torn|rewrite)-\d+$/.exec(file) ?? [];
  if (kind === 'torn')
    return 'the end of a write that was never completed, or of a log that something else damaged; delete it if nothing in it is missed';
  if (file === probeName) return undefined;
  if (kind !== 'rewrite') return 'it is no part of a history';
  if (await isHeld(join(lockFolder, log))) return undefined;
  if (await isGone(join(folder, file))) return undefined;
  return 'a replacement of the log that was never completed; the next writer removes it';
}

async function isGone(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true;
    throw error;
  }
}

/** A log file as it is at one moment; without a header where the first line is not one. */
interface Content {
  bytes: Buffer;
  header: LogHeader | undefined;
}

/**
 * The content of a file, its end whole unless it stays torn; undefined if the file has gone meanwhile. What a writer
 * that holds the lock is still at work on, however long that takes, is left out.
 */
async function settled(path: string, lock: string): Promise<Content | undefined> {
  for (let glances = 1; ; glances += 1) {
    // Looked at first: a writer that is done in between has left a whole end.
    const isAtWork = await isHeld(lock);
    const content = await contentOf(path);
    if (content === undefined || isWhole(content.bytes)) return content;
    if (glances === mostGlances) return isAtWork ? { ...content, bytes: wholePart(content.bytes) } : content;
    await pause(glance);
  }
}

/** The bytes up to the end of the last batch that has one. */
function wholePart(bytes: Buffer): Buffer {
  for (let end = bytes.lastIndexOf(lineFeed) + 1; end > 0; end = bytes.lastIndexOf(lineFeed, end - 2) + 1)
    if (isWhole(bytes.subarray(0, end))) return bytes.subarray(0, end);
  return bytes;
}

async function contentOf(path: string): Promise<Content | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const header = await readHeader(file, path).catch((error: unknown) => {
        if (error instanceof KeepsakeError) return undefined;
        throw error;
      });
      return { bytes: await file.readFile(), header: header?.header };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Whether the last line is ended and is the last of its batch. */
function isWhole(bytes: Buffer): boolean {
  if (bytes.at(-1) !== lineFeed) return false;
  const start = bytes.lastIndexOf(lineFeed, bytes.length - 2) + 1;
  return start === 0 || bytes.includes('"end":true', start);
}

function auditFile(file: string, { bytes, header }: Content): { log: AuditedLog | undefined; flaws: FileFlaw[] } {
  if (!header) return { log: undefined, flaws: [{ file, line: 1, text: 'it is not the first line of a history' }] };
  const flaws: FileFlaw[] = [];
  const space = header.space as Space;
  const add = ({ line, text }: Flaw) => flaws.push({ file, space, line, text });
  if (`${spaceFileName(space)}${extension}` !== file) add({ line: 1, text: `its space belongs in ${spaceFileName(space)}${extension}` });
  if (header.min_reader > format) {
    add({ line: 1, text: 'it was written by a newer Keepsake, with which it must be verified' });
    return { log: undefined, flaws };
  }
  const audit = auditLog(linesOf(bytes, add), { replaced: header.generation > 1 });
  for (const flaw of audit.flaws) add(flaw);
  flaws.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { log: { ...audit, space, file }, flaws };
}

/** The lines from the second on; what is wrong with the bytes of one goes to `add`. */
function* linesOf(bytes: Buffer, add: (flaw: Flaw) => void): Generator<LogLine> {
  for (let line = 2, from = bytes.indexOf(lineFeed) + 1; from < bytes.length; line += 1) {
    const feed = bytes.indexOf(lineFeed, from);
    if (feed < 0) {
      add({ line, text: `its ${bytes.length - from} bytes are the end of a write that was never completed` });
      return;
    }
    const end = bytes[feed - 1] === carriageReturn ? feed - 1 : feed;
    const event = eventIn(bytes.subarray(from, end), (text) => add({ line, text }));
    yield { line, event };
    from = feed + 1;
  }
}

function eventIn(bytes: Buffer, add: (text: string) => void): Event | undefined {
  if (!isUtf8(bytes)) add('it is not UTF-8');
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    add('it is no JSON');
    return undefined;
  }
  const last = seal.exec(text);
  // A checksum that fits under another name: then the damage is in its name.
  if (last && (last[1] === 'sum') !== (checksum(text.slice(0, last.index)) === last[2]))
    add('its checksum does not fit: it was changed by something else');
  return asEvent(value, add);
}

function asEvent(value: unknown, add: (text: string) => void): Event | undefined {
  const { event, seq, batch } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (typeof event !== 'string' || !Number.isSafeInteger(seq) || typeof batch !== 'string') {
    add('it is no event');
    return undefined;
  }
  // What a later version added keeps its place and means nothing here.
  if (!known.has(event)) return value as Event;
  const parsed = eventSchema.safeParse(value);
  if (parsed.success) return value as Event;
  const [issue] = parsed.error.issues;
  add(`it is no proper ${event}: ${issue?.path.join('.')} ${issue?.message}`);
  return undefined;
}
