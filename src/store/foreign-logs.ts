import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KeepsakeError, messageOf } from '../core/errors.js';
import type { Event } from '../core/events.js';
import type { Space } from '../core/ports.js';
import { spaceNamed } from '../core/space.js';
import { unreadableTime } from './event-times.js';
import { isFolder } from './is-folder.js';
import { type Look, openLogFile, unfinishedWrite } from './log-file.js';
import { format, type LogHeader, logUnavailable, readHeader } from './log-header.js';

/** A log of another home, which is only read. */
export interface ForeignLog {
  path: string;
  space: Space;
  /** All events of its complete batches, and what is damaged in it. Raises log_unavailable and update_needed. */
  read(): Promise<{ events: Event[]; problems: string[] }>;
}

const extension = '.jsonl';
/** How often a log whose end is unfinished is looked at, and milliseconds between two looks. */
const mostLooks = 10;
const betweenLooks = 50;

/**
 * The logs that lie at a path: one log file, a home, or its history folder. Nothing but first lines is read yet.
 * Raises invalid_argument where there are none or one is no log, update_needed where one is newer.
 */
export async function findForeignLogs(path: string): Promise<ForeignLog[]> {
  const logs: ForeignLog[] = [];
  for (const file of await filesAt(path)) {
    const header = await headerOf(file);
    if (!header) continue;
    const space = checkedSpace(file, header.space);
    const read = async () => {
      const { events, problems, unfinished } = await settledLook(file, space);
      for (const event of events) {
        const time = unreadableTime(event);
        if (time !== undefined)
          throw logUnavailable(file, new Error(`event ${event.event_id} has a time that is none: ${JSON.stringify(time)}`));
      }
      return { events, problems: [...problems, ...(unfinished > 0 ? [unfinishedWrite(unfinished)] : [])] };
    };
    logs.push({ path: file, space, read });
  }
  if (logs.length === 0) throw new KeepsakeError('invalid_argument', `${path} holds no history; name a log, a home or its history folder.`);
  return logs;
}

/** Looks at a log, and again while its end is unfinished: its home may be in use, and a write is over in a moment. */
async function settledLook(file: string, space: Space): Promise<Look> {
  for (let looks = 1; ; looks += 1) {
    const look = await openLogFile(file, space).look();
    if (look.unfinished === 0 || looks === mostLooks) return look;
    await pause(betweenLooks);
  }
}

function checkedSpace(path: string, name: string): Space {
  const space = spaceNamed(name);
  if (space === undefined) throw logUnavailable(path, new Error(`${JSON.stringify(name)} is no name of a space`));
  return space;
}

async function filesAt(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const inside = join(path, 'history');
    const folder = (await isFolder(inside)) ? inside : path;
    const names = (await readdir(folder)).filter((name) => name.endsWith(extension)).sort();
    return names.map((name) => join(folder, name));
  } catch (error) {
    throw new KeepsakeError('invalid_argument', `${path} cannot be read (${messageOf(error)}); name a log, a home or its history folder.`, {
      cause: error,
    });
  }
}

function refuse(path: string, error: unknown): never {
  if (!(error instanceof KeepsakeError)) throw error;
  throw new KeepsakeError(
    'invalid_argument',
    `${path} is no log of Keepsake: its first line is not that of a history; name a log, a home or its history folder. Nothing was merged.`,
    { cause: error },
  );
}

/** The first line of a log whose events may be written by this program; undefined while it is not whole. */
async function headerOf(path: string): Promise<LogHeader | undefined> {
  const handle = await open(path, 'r');
  try {
    const header = (await readHeader(handle, path).catch((error: unknown) => refuse(path, error)))?.header;
    // What it holds would be written here.
    if (header && Math.max(header.min_reader, header.min_writer) > format)
      throw new KeepsakeError('update_needed', `${path} was written by a newer Keepsake; update with: npx -y keepsake-mcp@latest`);
    return header;
  } finally {
    await handle.close();
  }
}
