import type { FileHandle } from 'node:fs/promises';
import type { Event } from '../core/events.js';
import { LogConflict } from '../core/ports.js';
import { parseLine } from './log-line.js';
import { readAt } from './read-at.js';

/** Where the accepted events of a log begin, by their sequence numbers. */
export interface LogPlaces {
  /** Notes the next event: its number is greater than all before it. */
  add(sequence: number, start: number): void;
  /**
   * Those of these events that are there, in this order; `end` is where the last of all ends. Raises LogConflict where
   * another line stands than the one that was noted.
   */
  read(handle: FileHandle, sequences: readonly number[], end: number): Promise<Event[]>;
  /** Numbers and first bytes, to be made again from. */
  dump(): { numbers: Float64Array; starts: Float64Array };
}

const lineFeed = 0x0a;
/** Bytes that are read at once for events that stand close together, and how many others may stand between two of them. */
const longestRead = 4 << 20;
const widestGap = 8;

/** Reads a stretch of a file, however many reads it takes; less where the file ends before `until`. */
export async function readStretch(handle: FileHandle, from: number, until: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(until - from, 0));
  return bytes.subarray(0, await readAt(handle, bytes, from));
}

function eventIn(line: string, sequence: number | undefined): Event {
  let found: Event;
  try {
    found = parseLine(line) as Event;
  } catch (error) {
    throw new LogConflict(undefined, { cause: error });
  }
  if (found.seq !== sequence) throw new LogConflict();
  return found;
}

/** The places of no events, or of those of a dump. */
export function createLogPlaces(dump?: { numbers: Float64Array; starts: Float64Array }): LogPlaces {
  const numbers = Array.from(dump?.numbers ?? []);
  const starts = Array.from(dump?.starts ?? []);

  /** Numbers rise but may have gaps. */
  function indexOf(sequence: number): number | undefined {
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

  /** Places whose lines stand so close together that one read brings them all, in rising order. */
  function together(places: number[], end: number): number[][] {
    const groups: number[][] = [];
    for (const place of [...places].sort((a, b) => a - b)) {
      const group = groups.at(-1) ?? [];
      const isNear = place - (group.at(-1) ?? Number.NEGATIVE_INFINITY) <= widestGap;
      if (isNear && (starts[place + 1] ?? end) - (starts[group[0] ?? 0] ?? 0) <= longestRead) group.push(place);
      else groups.push([place]);
    }
    return groups;
  }

  return {
    add(sequence, start) {
      numbers.push(sequence);
      starts.push(start);
    },
    async read(handle, sequences, end) {
      const places = sequences.flatMap((sequence) => indexOf(sequence) ?? []);
      const found = new Map<number, Event>();
      for (const group of together(places, end)) {
        const first = starts[group[0] ?? 0] ?? 0;
        const bytes = await readStretch(handle, first, starts[(group.at(-1) ?? 0) + 1] ?? end);
        for (const place of group) {
          const start = (starts[place] ?? 0) - first;
          found.set(place, eventIn(bytes.toString('utf8', start, bytes.indexOf(lineFeed, start)), numbers[place]));
        }
      }
      return places.flatMap((place) => found.get(place) ?? []);
    },
    dump: () => ({ numbers: Float64Array.from(numbers), starts: Float64Array.from(starts) }),
  };
}
