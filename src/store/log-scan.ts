import { type Event, eventNames, event as eventSchema } from '../core/events.js';
import { parseLine } from './log-line.js';

/** What a stretch of a log file says. */
export interface Scan {
  /** Events of complete batches that fit, in order. */
  events: Event[];
  /** Where each of them stands in the stretch: its first byte and the byte after its line feed. */
  places: { start: number; end: number }[];
  /** Sequence number of the last of them, or the one given. */
  sequence: number;
  /** Bytes up to the end of the last accepted batch; what follows is not yet written, or torn. */
  end: number;
  problems: string[];
  /** How many of the problems lie before `end`: those after it are found again, or become part of a whole batch. */
  settled: number;
}

const known = new Set<string>(eventNames);
const lineFeed = 0x0a;

function readEvent(line: string): Event | undefined {
  let value: unknown;
  try {
    value = parseLine(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { event, seq, batch } = value as Record<string, unknown>;
  if (typeof event !== 'string' || !Number.isSafeInteger(seq) || typeof batch !== 'string') return undefined;
  // Kinds of events that a later version added keep their place in the log and mean nothing here.
  if (!known.has(event) || eventSchema.safeParse(value).success) return value as Event;
  return undefined;
}

/**
 * Reads the lines of `bytes` (whole batches, from `firstLine` of the file on) that follow the event number `sequence`.
 * A batch counts when its last line is there, its numbers have no gap, and it starts where the log stood: a batch
 * that starts earlier came from a writer that had lost its lock. One that starts later follows lost lines; it counts
 * and is reported, since refusing it would lose more.
 */
export function scanLog(bytes: Buffer, sequence: number, firstLine: number): Scan {
  const scan: Scan = { events: [], places: [], sequence, end: 0, problems: [], settled: 0 };
  let batch: { event: Event; start: number; end: number }[] = [];
  let number = firstLine;
  for (let start = 0; start < bytes.length; number += 1) {
    const feed = bytes.indexOf(lineFeed, start);
    if (feed < 0) break;
    const end = feed + 1;
    const event = readEvent(bytes.toString('utf8', start, feed));
    if (!event) {
      scan.problems.push(`line ${number} is not an event and is left out`);
      batch = [];
    } else {
      if (batch[0] && batch[0].event.batch !== event.batch) batch = [];
      const again = batch.some((each) => each.event.event_id === event.event_id);
      if (again) scan.problems.push(`line ${number} repeats one before it and is left out`);
      else batch.push({ event, start, end });
      if (event.end && !again) {
        accept(scan, batch, number);
        batch = [];
      }
    }
    start = end;
  }
  return scan;
}

function accept(scan: Scan, batch: { event: Event; start: number; end: number }[], line: number): void {
  const [head] = batch;
  const first = head?.event.seq ?? 0;
  // A batch is named after its first event, so a lost first line shows too.
  if (head?.event.event_id !== head?.event.batch || batch.some(({ event }, index) => event.seq !== first + index)) {
    scan.problems.push(`the batch that ends in line ${line} is incomplete and is left out`);
    return;
  }
  if (first <= scan.sequence) return;
  if (first > scan.sequence + 1) scan.problems.push(`events ${scan.sequence + 1} to ${first - 1} are missing before line ${line}`);
  for (const { event, start, end } of batch) {
    scan.events.push(event);
    scan.places.push({ start, end });
    scan.end = end;
  }
  scan.sequence = scan.events.at(-1)?.seq ?? scan.sequence;
  scan.settled = scan.problems.length;
}
