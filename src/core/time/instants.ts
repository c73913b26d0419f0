import { Temporal } from 'temporal-polyfill';
import type { Recurrence } from '../events.js';
import { type Day, dayLength, fieldsOf } from './days.js';

/** A stretch of time in milliseconds since 1970: `start` belongs to it, `end` does not. Open sides are infinite. */
export interface Span {
  start: number;
  end: number;
}

const shortForm = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/;
/** The form that the log writes, with a day that every month has: Date reads it rightly and several times faster. */
const plainForm = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?(?:Z|[+-][01]\d:[0-5]\d)$/;
const writtenOffset = /(z|[+-]\d{2}(?::?\d{2})?)(?:\[[^\]]*\])?$/i;

/** Milliseconds since 1970 at which an hour (0 to 23) and minute of a date come in a zone; where the clock skips them, as far behind. */
export function momentOf(date: Day, zone: string, hour = 0, minute = 0): number {
  const local = date * dayLength + (hour * 60 + minute) * 60_000;
  const { from, until, offset } = offsetAt(local, zone);
  if (local - offset - dayLength >= from && local - offset + dayLength < until) return local - offset;
  const { year, month, day } = fieldsOf(date);
  return Temporal.PlainDateTime.from({ year, month, day, hour, minute }).toZonedDateTime(zone).epochMilliseconds;
}

/** The date that an instant falls on in a zone. */
export function dateAt(ms: number, zone: string): Day {
  return Math.floor((ms + offsetAt(ms, zone).offset) / dayLength);
}

/** The zone a written time carries: its offset as a zone id (Z is UTC), undefined when it has none. */
export function zoneOf(isoText: string): string | undefined {
  const offset = /[t ]\d{2}/i.test(isoText) ? writtenOffset.exec(isoText.trim())?.[1] : undefined;
  if (offset === undefined) return undefined;
  if (/^z$/i.test(offset)) return 'UTC';
  const digits = offset.replace(':', '').padEnd(5, '0');
  return `${digits.slice(0, 3)}:${digits.slice(3)}`;
}

/** Beyond the years 0 to 9999, with a day for the zones, times have no four digits and no place in an order of texts. */
const earliest = Date.UTC(-1, 11, 31);
const latest = Date.UTC(10_000, 0, 2);

function readSpan(text: string, zone: string): Span {
  if (plainForm.test(text)) {
    const start = Date.parse(text);
    return { start, end: start + 1 };
  }
  const [, year, month, day] = shortForm.exec(text) ?? [];
  if (year === undefined) {
    const start = zoneOf(text)
      ? Temporal.Instant.from(text).epochMilliseconds
      : Temporal.PlainDateTime.from(text, { overflow: 'reject' }).toZonedDateTime(zone).epochMilliseconds;
    if (start < earliest || start >= latest) throw new RangeError('year out of range');
    return { start, end: start + 1 };
  }
  const first = Temporal.PlainDate.from(`${year}-${month ?? '01'}-${day ?? '01'}`, { overflow: 'reject' });
  const next = first.add(day ? { days: 1 } : month ? { months: 1 } : { years: 1 });
  return { start: first.toZonedDateTime(zone).epochMilliseconds, end: next.toZonedDateTime(zone).epochMilliseconds };
}

/**
 * The span that a written time stands for: the whole of 2024, 2024-03 or 2024-03-09 in `zone`, one millisecond for an
 * ISO 8601 instant (in `zone` if it has no offset). Raises a RangeError that names the text.
 */
export function spanOf(text: string, zone: string): Span {
  try {
    return readSpan(text.trim(), zone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`"${text.slice(0, 60)}" is not a time; give ISO 8601, for example 2024-03-09 or 2024-03-09T18:30:00+01:00.`, {
      cause: error,
    });
  }
}

/** Milliseconds since 1970 of a written time: the first or the last millisecond of what it stands for. Raises RangeError as spanOf does. */
export function parseInstant(text: string, { zone, edge }: { zone: string; edge: 'start' | 'end' }): number {
  const span = spanOf(text, zone);
  return edge === 'start' ? span.start : span.end - 1;
}

interface Stretch {
  from: number;
  until: number;
  /** Milliseconds that local time is ahead of UTC. */
  offset: number;
  suffix: string;
}
/** Per zone, the stretches between two changes of its offset that were needed last: most times lie in a few. */
const offsets = new Map<string, Stretch[]>();
const mostStretches = 8;

function offsetAt(ms: number, zone: string): Stretch {
  const known = offsets.get(zone) ?? [];
  const found = known.find(({ from, until }) => ms >= from && ms < until);
  if (found) return found;
  const there = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  const until = there.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
  // The transition before the next instant, so that one at this very instant counts.
  const from = there.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ?? Number.NEGATIVE_INFINITY;
  const fresh = { from, until, offset: there.offsetNanoseconds / 1e6, suffix: zone === 'UTC' ? 'Z' : there.offset };
  offsets.set(zone, [fresh, ...known.slice(0, mostStretches - 1)]);
  return fresh;
}

/** ISO 8601 of an instant in a zone with its offset (Z for UTC), milliseconds only when there are any. */
export function formatInstant(ms: number, zone: string): string {
  const { offset, suffix } = offsetAt(ms, zone);
  return new Date(ms + offset).toISOString().replace(/(?:\.000)?Z$/, '') + suffix;
}

/** A written time in full, with the offset it was given or else the zone's. Raises RangeError as spanOf does. */
export function normaliseInstant(text: string, zone: string): string {
  return formatInstant(spanOf(text, zone).start, zoneOf(text) ?? zone);
}

/** Whether a span shares an instant with [since, until], both ends included; a missing end is open. */
export function spansOverlap(span: Span, since?: number | undefined, until?: number | undefined): boolean {
  return (until === undefined || span.start <= until) && (since === undefined || span.end > since);
}

const steps = {
  daily: { unit: 'days', length: dayLength },
  weekly: { unit: 'weeks', length: 7 * dayLength },
  monthly: { unit: 'months', length: 30.436875 * dayLength },
  yearly: { unit: 'years', length: 365.2425 * dayLength },
} as const;

/**
 * Whether a recurring span, or one of its repetitions before or after it, shares an instant with [since, until]. The
 * repetitions keep the local time of `zone`; the 31st of a shorter month is its last day.
 */
export function recurringOverlaps(
  recurring: { span: Span; recurs: Recurrence },
  since: number | undefined,
  until: number | undefined,
  zone: string,
): boolean {
  const { span, recurs } = recurring;
  if (spansOverlap(span, since, until)) return true;
  if (since === undefined || until === undefined || !Number.isFinite(since) || !Number.isFinite(until)) return true;
  const { unit, length } = steps[recurs];
  const first = Temporal.Instant.fromEpochMilliseconds(span.start).toZonedDateTimeISO(zone);
  // The average length puts the first repetition that ends after `since` within one step of this guess.
  const guess = Math.floor((since - span.end) / length);
  for (let step = guess - 1; step <= guess + 2; step++) {
    const start = first.add({ [unit]: step }).epochMilliseconds;
    if (spansOverlap({ start, end: start + span.end - span.start }, since, until)) return true;
  }
  return false;
}
