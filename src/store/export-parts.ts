import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { attachmentsIn } from '../core/attachments.js';
import { KeepsakeError } from '../core/errors.js';
import { type Event, eventNames, event as eventSchema } from '../core/events.js';
import type { AttachmentStore, Space } from '../core/ports.js';
import { spaceNamed } from '../core/space.js';
import type { OpenSpace } from '../core/spaces.js';
import { unreadableTime } from './event-times.js';
import { format } from './log-header.js';
import { encodeEvents } from './log-line.js';
import { spaceFileName } from './space-file-name.js';
import { fileUnavailable } from './unavailable.js';

/** The version of the export's own lines that this program writes and the newest that it reads. */
const exportFormat = 1;
/** Events that are read from a log at once. */
const atOnce = 1000;

/** The first line of an export. */
export const firstLine = JSON.stringify({ keepsake: 'export', format: exportFormat });
/** The last line of an export: without it the file was cut off. */
export const lastLine = (events: number) => JSON.stringify({ keepsake: 'end', events });

/**
 * A space as lines of an export: the first line of its log, the attachments that its inputs still name, and every event
 * byte for byte as its log has it. Resolves with the number of events. Raises log_unavailable where the log is replaced
 * meanwhile.
 */
export async function* linesOfSpace(open: OpenSpace, attachments: AttachmentStore): AsyncGenerator<string, number> {
  const { generation, sequence } = await open.read(({ projection }) => projection.position);
  yield JSON.stringify({ keepsake: 'history', space: open.space, format, min_reader: format, min_writer: format, generation: 1 });
  let events = 0;
  const given = new Set<string>();
  for (let first = 1; first <= sequence; first += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, sequence + 1 - first) }, (_, index) => first + index);
    const some = await open.events(numbers);
    if ((await open.read(({ projection }) => projection.position.generation)) !== generation)
      throw new KeepsakeError('log_unavailable', `The history of ${open.space} was replaced while it was exported; export it anew.`);
    for (const hash of attachmentsIn(some)) {
      const data = given.has(hash) ? undefined : await attachments.get(open.space, hash);
      given.add(hash);
      if (data) yield JSON.stringify({ keepsake: 'attachment', hash, data: Buffer.from(data).toString('base64') });
    }
    for (const line of encodeEvents(some).toString('utf8').trimEnd().split('\n').filter(Boolean)) yield line;
    events += some.length;
  }
  return events;
}

const header = z.object({
  keepsake: z.literal('history'),
  space: z.string(),
  format: z.number().int(),
  min_reader: z.number().int(),
  min_writer: z.number().int(),
});
const attachment = z.object({ keepsake: z.literal('attachment'), hash: z.string().regex(/^[0-9a-f]{64}$/), data: z.string() });
const known = new Set<string>(eventNames);

/** A value of an export, and where it stands, for whoever has to mend it. */
export interface ExportValue {
  value: unknown;
  where: string;
}

/**
 * Lays an export out in a folder as a home of its own, so that it can be merged like one. Resolves with the number of
 * events. Raises invalid_argument, naming the place, for whatever is no part of an export, was changed since it was
 * written, or is missing; update_needed; and log_unavailable where the folder cannot be written.
 */
export async function unpackExport(values: AsyncIterable<ExportValue>, folder: string): Promise<number> {
  const history = join(folder, 'history');
  await mkdir(history, { recursive: true, mode: 0o700 });
  const spaces = new Set<Space>();
  let space: Space | undefined;
  let log: FileHandle | undefined;
  let events = 0;
  /** Number of the space's event before. */
  let before = 0;
  let isExport = false;
  let isWhole = false;
  let last = 'line 1';
  try {
    for await (const { value, where } of values) {
      last = where;
      const fault = (reason: string) => new KeepsakeError('invalid_argument', `${where}: ${reason}. Nothing was imported.`);
      if (typeof value !== 'object' || value === null) throw fault('it is no line of an export');
      if (isWhole) throw fault('it stands behind the end of the export');
      const { keepsake } = value as { keepsake?: unknown };
      if (keepsake === 'export') {
        isExport = true;
        const { format: found } = z.object({ format: z.number().int() }).catch({ format: exportFormat }).parse(value);
        if (found > exportFormat) throw newer(where);
      } else if (keepsake === 'end') {
        const { events: counted } = z.object({ events: z.number().int() }).catch({ events: -1 }).parse(value);
        if (counted !== events) throw fault(`${events} events stand before it, and it counts ${counted}: some are missing`);
        isWhole = true;
      } else if (keepsake === 'history') {
        const { data } = header.safeParse(value);
        if (!data) throw fault('it is not the first line of a history');
        if (Math.max(data.min_reader, data.min_writer) > format) throw newer(where);
        space = spaceNamed(data.space);
        if (space === undefined) throw fault(`${JSON.stringify(data.space)} is no name of a space`);
        if (spaces.has(space)) throw fault(`the history of ${space} begins a second time`);
        spaces.add(space);
        before = 0;
        await log?.close();
        log = await open(join(history, `${spaceFileName(space)}.jsonl`), 'w', 0o600);
        await log.writeFile(`${JSON.stringify({ ...value, generation: 1 })}\n`);
      } else if (!log || !space) throw fault('it stands before the first line of a history');
      else if (keepsake === 'attachment') await putAttachment(value, { folder, space, fault });
      else {
        const { line, seq } = encodedEvent(value, fault);
        // Of a log that is damaged an export may lack some; none stands twice or before its time.
        if (isExport && !(seq > before)) throw fault(`its number ${seq} does not follow the ${before} of the event before it`);
        before = seq;
        await log.writeFile(line);
        events += 1;
      }
    }
  } catch (error) {
    // A full disk, say.
    throw error instanceof Error && 'syscall' in error ? fileUnavailable(folder, error) : error;
  } finally {
    await log?.close();
  }
  if (isExport && !isWhole)
    throw new KeepsakeError(
      'invalid_argument',
      `The export is cut off after ${last}: its last line is missing. Nothing was imported; export it anew.`,
    );
  return events;
}

type Fault = (reason: string) => KeepsakeError;

function newer(where: string): KeepsakeError {
  return new KeepsakeError('update_needed', `${where}: it was written by a newer Keepsake; update with: npx -y keepsake-mcp@latest`);
}

/** An event as the bytes that it had in its log, and its number. */
function encodedEvent(value: object, fault: Fault): { line: Buffer; seq: number } {
  const { sum, ...event } = value as { sum?: unknown; event?: unknown };
  if (typeof event.event !== 'string') throw fault('it is no event');
  const parsed = known.has(event.event) ? eventSchema.safeParse(event) : undefined;
  if (parsed && !parsed.success) throw fault(`it is no whole event (${z.prettifyError(parsed.error).replace(/\s+/g, ' ').slice(0, 200)})`);
  const time = parsed && unreadableTime(parsed.data);
  if (time !== undefined) throw fault(`${JSON.stringify(time).slice(0, 100)} is no time`);
  const line = encodeEvents([event as Event]);
  if (sum !== undefined && !line.toString('utf8').endsWith(`"sum":${JSON.stringify(sum)}}\n`))
    throw fault('it was changed since it was written: its checksum does not fit');
  return { line, seq: Number((event as { seq?: unknown }).seq) };
}

async function putAttachment(value: object, { folder, space, fault }: { folder: string; space: Space; fault: Fault }): Promise<void> {
  const parsed = attachment.safeParse(value).data;
  if (!parsed) throw fault('it is no attachment');
  const data = Buffer.from(parsed.data, 'base64');
  if (createHash('sha256').update(data).digest('hex') !== parsed.hash) throw fault('the attachment is not what its hash says');
  const own = join(folder, 'attachments', spaceFileName(space));
  await mkdir(own, { recursive: true, mode: 0o700 });
  await writeFile(join(own, parsed.hash), data, { mode: 0o600 });
}
