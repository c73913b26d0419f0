import { Temporal } from 'temporal-polyfill';
import type { Recurrence } from '../events.js';

/** Which of several dates a phrase without a year or direction means. */
export type Preference = 'past' | 'future' | 'nearest';
/** How exactly a phrase says when. */
export type Precision = 'instant' | 'day' | 'week' | 'month' | 'season' | 'year';
/** What phrases are read against. */
export interface PhraseContext {
  today: Temporal.PlainDate;
  /** Milliseconds since 1970. */
  now: number;
  prefer: Preference;
}

/** Whole days that a phrase stands for, `until` not included. */
export interface Reading {
  from: Temporal.PlainDate;
  until: Temporal.PlainDate;
  precision: Precision;
  /** The one day, month or year it stands for, shortest ISO form. */
  value?: string | undefined;
  /** Says no year, so that a neighbouring phrase may supply it. */
  yearless?: boolean | undefined;
  /** How it comes round when "every" precedes it. */
  cycle?: Recurrence | undefined;
  /** How it comes round by its own words. */
  recurs?: Recurrence | undefined;
  /** The moment itself, where the phrase counts hours or minutes. */
  instant?: { start: number; end: number } | undefined;
}

/** A reading with its place in the text, as character offsets. */
export interface FoundPhrase {
  start: number;
  end: number;
  reading: Reading;
}

/** One line of a phrase table: what it looks like and what it means; undefined where the words mean something else. */
export interface PhraseRule {
  pattern: RegExp;
  read(groups: Partial<Record<string, string>>, context: PhraseContext): Reading | undefined;
}

/** A rule from the source of its pattern, which ignores case. */
export function phraseRule(source: string, read: PhraseRule['read']): PhraseRule {
  return { pattern: new RegExp(source, 'giu'), read };
}

const compare = Temporal.PlainDate.compare;

/** One day. */
export function dayOf(date: Temporal.PlainDate): Reading {
  return { from: date, until: date.add({ days: 1 }), precision: 'day', value: date.toString() };
}

/** The week, Monday to Sunday (ISO 8601), that holds a date. */
export function weekOf(date: Temporal.PlainDate): Reading {
  const from = date.subtract({ days: date.dayOfWeek - 1 });
  return { from, until: from.add({ days: 7 }), precision: 'week' };
}

/** Saturday and Sunday of the week that holds a date. */
export function weekendOf(date: Temporal.PlainDate): Reading {
  const { until } = weekOf(date);
  return { from: until.subtract({ days: 2 }), until, precision: 'week' };
}

/** The month that holds a date, or its first, middle or last third. */
export function monthOf(date: Temporal.PlainDate, part?: 'early' | 'mid' | 'late' | undefined): Reading {
  const first = date.with({ day: 1 });
  const next = first.add({ months: 1 });
  return {
    from: part === 'mid' ? first.add({ days: 10 }) : part === 'late' ? first.add({ days: 20 }) : first,
    until: part === 'early' ? first.add({ days: 10 }) : part === 'mid' ? first.add({ days: 20 }) : next,
    precision: 'month',
    value: first.toString().slice(0, 7),
  };
}

/** A year, or its first, middle or last four months. */
export function yearOf(year: number, part?: 'early' | 'mid' | 'late' | undefined): Reading {
  const first = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  return {
    from: part === 'mid' ? first.add({ months: 4 }) : part === 'late' ? first.add({ months: 8 }) : first,
    until: part === 'early' ? first.add({ months: 4 }) : part === 'mid' ? first.add({ months: 8 }) : first.add({ years: 1 }),
    precision: 'year',
    value: first.toString().slice(0, 4),
  };
}

/** A meteorological season of the northern half: 0 spring (March to May) to 3 winter (December to February, named after its December). */
export function seasonOf(year: number, season: number): Reading {
  const from = Temporal.PlainDate.from({ year, month: 3 * (season + 1), day: 1 });
  return { from, until: from.add({ months: 3 }), precision: 'season' };
}

/** A date of the calendar, undefined for a 30th of February and for a day 0. */
export function dateOf(year: number, month: number, day: number): Temporal.PlainDate | undefined {
  if (month < 1 || day < 1) return undefined;
  const date = Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' });
  return date.month === month && date.day === day ? date : undefined;
}

function choose(candidates: Reading[], { today, prefer }: PhraseContext): Reading | undefined {
  const distance = (reading: Reading) => Math.abs(today.until(reading.from, { largestUnit: 'days' }).days);
  if (prefer === 'past') return candidates.findLast(({ from }) => compare(from, today) <= 0);
  if (prefer === 'future') return candidates.find(({ until }) => compare(until, today) > 0);
  return candidates.reduce<Reading | undefined>((best, next) => (!best || distance(next) < distance(best) ? next : best), undefined);
}

/**
 * Something that comes every year, in the year meant: "last" is wholly past, "next" wholly to come, "this" of the current
 * year, and without such a word the preferred one.
 */
export function yearly(
  inYear: (year: number) => Reading | undefined,
  context: PhraseContext,
  which?: 'last' | 'this' | 'next' | undefined,
): Reading | undefined {
  const { today } = context;
  // Eight years reach the next or previous 29th of February.
  const candidates = Array.from({ length: 17 }, (_, index) => inYear(today.year + index - 8)).filter((reading) => reading !== undefined);
  const reading =
    which === 'last'
      ? candidates.findLast(({ until }) => compare(until, today) <= 0)
      : which === 'next'
        ? candidates.find(({ from }) => compare(from, today) > 0)
        : which === 'this'
          ? inYear(today.year)
          : choose(candidates, context);
  return reading && { ...reading, yearless: which === undefined, cycle: 'yearly' };
}

/** A weekday, 1 Monday to 7 Sunday: "last" before today, "this" and "next" of that week, without such a word the preferred one. */
export function weekday(number: number, context: PhraseContext, which?: 'last' | 'this' | 'next' | undefined): Reading | undefined {
  const { today } = context;
  const thisWeek = weekOf(today).from.add({ days: number - 1 });
  const around = [-7, 0, 7].map((days) => dayOf(thisWeek.add({ days })));
  const reading =
    which === 'this'
      ? around[1]
      : which === 'next'
        ? around[2]
        : which === 'last'
          ? around.findLast(({ from }) => compare(from, today) < 0)
          : choose(around, context);
  return reading && { ...reading, cycle: 'weekly' };
}

/** A day of the month without its month, the preferred one. */
export function dayOfMonth(day: number, context: PhraseContext): Reading | undefined {
  const candidates = Array.from({ length: 7 }, (_, index) => {
    const month = context.today.with({ day: 1 }).add({ months: index - 3 });
    const date = dateOf(month.year, month.month, day);
    return date && dayOf(date);
  }).filter((reading) => reading !== undefined);
  const reading = choose(candidates, context);
  return reading && { ...reading, cycle: 'monthly' };
}

/** The unit of a count of time. */
export type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
const milliseconds = { minute: 60_000, hour: 3_600_000 };

/** The day, week around it, month or year that lies so many units from today; hours and minutes count from now. */
export function away(count: number, unit: Unit, { today, now }: PhraseContext): Reading | undefined {
  // Further away nothing is meant, and dates end.
  if (Math.abs(count) > 5000) return undefined;
  if (unit === 'day') return dayOf(today.add({ days: count }));
  if (unit === 'month') return monthOf(today.add({ months: count }));
  if (unit === 'year') return yearOf(today.year + count);
  if (unit === 'week') {
    const middle = today.add({ weeks: count });
    return { from: middle.subtract({ days: 3 }), until: middle.add({ days: 4 }), precision: 'week' };
  }
  const start = now + count * milliseconds[unit];
  return { ...dayOf(today), precision: 'instant', value: undefined, instant: { start, end: start + milliseconds[unit] } };
}

/** The last or (negative) coming so many units, up to and with today. */
export function stretch(count: number, unit: Unit, { today, now }: PhraseContext): Reading | undefined {
  const size = Math.abs(count);
  if (size > 5000) return undefined;
  if (unit === 'hour' || unit === 'minute') {
    const length = size * milliseconds[unit];
    const instant = count > 0 ? { start: now - length, end: now + 1 } : { start: now, end: now + length };
    return { ...dayOf(today), precision: 'instant', value: undefined, instant };
  }
  const length = { [`${unit}s`]: size };
  const precision = unit === 'day' ? 'week' : unit;
  return count > 0
    ? { from: today.subtract(length), until: today.add({ days: 1 }), precision }
    : { from: today, until: today.add(length).add({ days: 1 }), precision };
}
