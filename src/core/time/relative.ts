import { dayIn, dayOf, decadeOf, monthOf, quarterOf, weekendOf, weekOf, yearOf } from './calendar.js';
import { addMonths, type Day, dateOf, fieldsOf, firstOfMonth, weekdayOf } from './days.js';
import type { Part, PhraseContext, Reading, Which } from './reading.js';

function choose(candidates: Reading[], { today, prefer }: PhraseContext): Reading | undefined {
  const distance = (reading: Reading) => Math.abs(reading.from - today);
  if (prefer === 'past') return candidates.findLast(({ from }) => from <= today);
  if (prefer === 'future') return candidates.find(({ until }) => until > today);
  return candidates.reduce<Reading | undefined>((best, next) => (!best || distance(next) < distance(best) ? next : best), undefined);
}

function inYears(inYear: (year: number) => Reading | undefined, year: number, reach: number): Reading[] {
  const years = Array.from({ length: 2 * reach + 1 }, (_, index) => year + index - reach);
  return years.map(inYear).filter((reading) => reading !== undefined);
}

function oneOf(candidates: Reading[], context: PhraseContext, which: 'last' | 'next' | undefined): Reading | undefined {
  if (which === 'last') return candidates.findLast(({ until }) => until <= context.today);
  if (which === 'next') return candidates.find(({ from }) => from > context.today);
  return choose(candidates, context);
}

/**
 * Something that comes every year, in the year meant: "last" is wholly past, "next" wholly to come, "this" of the current
 * year, and without such a word the preferred one.
 */
export function yearly(
  inYear: (year: number) => Reading | undefined,
  context: PhraseContext,
  which?: Which | undefined,
): Reading | undefined {
  const { year } = fieldsOf(context.today);
  // Eight years reach the next or previous 29th of February; all else is found in two.
  const reading =
    which === 'this' ? inYear(year) : (oneOf(inYears(inYear, year, 2), context, which) ?? oneOf(inYears(inYear, year, 8), context, which));
  return reading && { ...reading, yearless: which === undefined, cycle: 'yearly' };
}

/** The same in the year that was said, where one was. */
export function yearlyIn(
  said: number | undefined,
  inYear: (year: number) => Reading | undefined,
  context: PhraseContext,
  which?: Which | undefined,
): Reading | undefined {
  if (said === undefined) return yearly(inYear, context, which);
  const reading = inYear(said);
  return reading && { ...reading, cycle: 'yearly' };
}

/** Something that comes every month, in the preferred one; `inMonth` is given the first of a month. */
export function monthly(inMonth: (first: Day) => Reading | undefined, context: PhraseContext): Reading | undefined {
  const months = [-3, -2, -1, 0, 1, 2, 3].map((months) => inMonth(firstOfMonth(context.today, months)));
  const reading = choose(
    months.filter((each) => each !== undefined),
    context,
  );
  return reading && { ...reading, cycle: 'monthly' };
}

/** A day of the month without its month, the preferred one. */
export function dayOfMonth(day: number, context: PhraseContext): Reading | undefined {
  return monthly((first) => {
    const { year, month } = fieldsOf(first);
    return dayIn(dateOf(year, month, day));
  }, context);
}

/** A weekday, 1 Monday to 7 Sunday: "last" before today, "this" and "next" of that week, without such a word the preferred one. */
export function weekday(number: number, context: PhraseContext, which?: Which | undefined): Reading | undefined {
  const { today } = context;
  const thisWeek = weekOf(today).from + number - 1;
  const around = [-7, 0, 7].map((days) => dayOf(thisWeek + days));
  const reading =
    which === 'this'
      ? around[1]
      : which === 'next'
        ? around[2]
        : which === 'last'
          ? around.findLast(({ from }) => from < today)
          : choose(around, context);
  return reading && { ...reading, cycle: 'weekly', weekless: which === undefined };
}

/** A weekend that says no week: before Saturday, looking back, the one before. */
export function nearWeekend({ today, prefer }: PhraseContext): Reading {
  return weekendOf(prefer === 'past' && weekdayOf(today) < 6 ? today - 7 : today);
}

/** The unit of a count of time. */
export type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
/** A unit whose bounds the calendar sets. */
export type CalendarUnit = 'week' | 'weekend' | 'month' | 'quarter' | 'year' | 'decade';
const milliseconds = { minute: 60_000, hour: 3_600_000 };

/** The week, month, year ... that lies so many of its kind from the present one, or a part of that month or year. */
export function calendarUnit(unit: CalendarUnit, offset: number, { today }: PhraseContext, part?: Part | undefined): Reading {
  switch (unit) {
    case 'week':
      return weekOf(today + 7 * offset);
    case 'weekend':
      return weekendOf(today + 7 * offset);
    case 'month':
      return monthOf(firstOfMonth(today, offset), part);
    case 'quarter': {
      const { year, month } = fieldsOf(firstOfMonth(today, 3 * offset));
      return quarterOf(year, Math.ceil(month / 3));
    }
    case 'year':
      return yearOf(fieldsOf(today).year + offset, part);
    case 'decade':
      return decadeOf(10 * (Math.floor(fieldsOf(today).year / 10) + offset), part);
  }
}

/** Counts beyond this mean no time, and dates end; nor does what is no number mean one. */
const furthest = 5000;
const isInReach = (count: number) => Math.abs(count) <= furthest;

/** A moment so many minutes from now, as long as the unit in which it was counted. */
export function momentAway(minutes: number, unit: 'minute' | 'hour', { today, now }: PhraseContext): Reading | undefined {
  if (!isInReach(minutes / 60)) return undefined;
  const start = now + minutes * milliseconds.minute;
  return { ...dayOf(today), precision: 'instant', value: undefined, instant: { start, end: start + milliseconds[unit] } };
}

/** The day, week around it, month or year that lies so many units from today; hours and minutes count from now. */
export function away(count: number, unit: Unit, context: PhraseContext): Reading | undefined {
  const { today } = context;
  if (!isInReach(count)) return undefined;
  switch (unit) {
    case 'minute':
      return momentAway(count, unit, context);
    case 'hour':
      return momentAway(60 * count, unit, context);
    case 'day':
      return dayOf(today + count);
    case 'week': {
      const middle = today + 7 * count;
      return { from: middle - 3, until: middle + 4, precision: 'week', day: middle };
    }
    case 'month':
      return monthOf(firstOfMonth(today, count));
    case 'year':
      return yearOf(fieldsOf(today).year + count);
  }
}

/** How many "a few" may be. */
export const few = [2, 6] as const;

/** Anywhere between two counts of units away, -1 back or 1 on. */
export function awayBetween(
  [least, most]: readonly [number, number],
  { direction, unit, context }: { direction: -1 | 1; unit: Unit; context: PhraseContext },
): Reading | undefined {
  const near = away(least * direction, unit, context);
  const far = away(most * direction, unit, context);
  if (!near || !far) return undefined;
  const [first, last] = direction < 0 ? [far, near] : [near, far];
  const instant = first.instant && last.instant && { start: first.instant.start, end: last.instant.end };
  return { from: first.from, until: last.until, precision: unit === 'day' ? 'week' : first.precision, instant };
}

/** The date so many units from another; the 31st of a shorter month is its last day. */
export function shift(date: Day, count: number, unit: 'day' | 'week' | 'month' | 'year'): Day {
  if (unit === 'day') return date + count;
  return unit === 'week' ? date + 7 * count : addMonths(date, unit === 'month' ? count : 12 * count);
}

/** The last or (negative) coming so many units, up to and with today. */
export function stretch(count: number, unit: Unit, { today, now }: PhraseContext): Reading | undefined {
  const size = Math.abs(count);
  if (!isInReach(size)) return undefined;
  if (unit === 'hour' || unit === 'minute') {
    const length = size * milliseconds[unit];
    const instant = count > 0 ? { start: now - length, end: now + 1 } : { start: now, end: now + length };
    return { ...dayOf(today), precision: 'instant', value: undefined, instant };
  }
  const precision = unit === 'day' ? 'week' : unit;
  return count > 0
    ? { from: shift(today, -size, unit), until: today + 1, precision }
    : { from: today, until: shift(today, size, unit) + 1, precision };
}

/** What "recently" and 最近 mean: the last 30 days, today included. */
export function recently(context: PhraseContext): Reading | undefined {
  const reading = stretch(30, 'day', context);
  return reading && { ...reading, topical: 'vague' };
}

/** What "the other day" and 前几天 mean: the so many days before today. */
export function daysBefore(count: number, { today }: PhraseContext): Reading {
  return { from: today - count, until: today, precision: 'week', topical: 'vague' };
}
