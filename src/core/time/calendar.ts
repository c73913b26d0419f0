import { type Day, dayNumber, firstOfMonth, isoOf, weekdayOf } from './days.js';
import type { Part, Reading } from './reading.js';

/** One day. */
export function dayOf(date: Day): Reading {
  return { from: date, until: date + 1, precision: 'day', value: isoOf(date, 'day') };
}

/** One day, or undefined for a 30th of February and the like. */
export function dayIn(date: Day | undefined): Reading | undefined {
  return date === undefined ? undefined : dayOf(date);
}

/** The days from a first to a last one, if there are such. */
export function daysFromTo(first: Day | undefined, last: Day | undefined): Reading | undefined {
  if (first === undefined || last === undefined || last < first) return undefined;
  return first === last ? dayOf(first) : { from: first, until: last + 1, precision: 'week' };
}

/** The week, Monday to Sunday (ISO 8601), that holds a date. */
export function weekOf(date: Day): Reading {
  const from = date - weekdayOf(date) + 1;
  return { from, until: from + 7, precision: 'week', day: from };
}

/** Saturday and Sunday of the week that holds a date. */
export function weekendOf(date: Day): Reading {
  const { until } = weekOf(date);
  return { from: until - 2, until, precision: 'week', day: until - 2 };
}

/** Where a part of a month begins and ends, in days from its first; its end is the month's where none is given. */
const daysOfPart: Record<Part, { from: number; until?: number }> = {
  start: { from: 0, until: 10 },
  early: { from: 0, until: 10 },
  mid: { from: 10, until: 20 },
  late: { from: 20 },
  end: { from: 20 },
};

/** The month that holds a date, or a third of it: days 1 to 10, 11 to 20, 21 to the last. */
export function monthOf(date: Day, part?: Part | undefined): Reading {
  const first = firstOfMonth(date);
  const { from, until } = part ? daysOfPart[part] : { from: 0 };
  return {
    from: first + from,
    until: until === undefined ? firstOfMonth(first, 1) : first + until,
    precision: 'month',
    value: isoOf(first, 'month'),
  };
}

/** The same for a year, in months. */
const monthsOfPart: Record<Part, { from: number; until: number }> = {
  start: { from: 0, until: 2 },
  early: { from: 0, until: 4 },
  mid: { from: 4, until: 8 },
  late: { from: 8, until: 12 },
  end: { from: 10, until: 12 },
};

/** A year, or its first, middle or last four months; its start and end are two. */
export function yearOf(year: number, part?: Part | undefined): Reading {
  const { from, until } = part ? monthsOfPart[part] : { from: 0, until: 12 };
  return { ...monthsOf(year, from, until), precision: 'year', value: isoOf(dayNumber(year, 1, 1), 'year') };
}

/** So many months of a year, counted from 0. */
function monthsOf(year: number, from: number, until: number): Reading {
  return { from: dayNumber(year, from + 1, 1), until: dayNumber(year, until + 1, 1), precision: 'season' };
}

/** A quarter of a year, 1 to 4. */
export function quarterOf(year: number, quarter: number): Reading {
  return monthsOf(year, 3 * (quarter - 1), 3 * quarter);
}

/** A half of a year, 1 or 2. */
export function halfOf(year: number, half: number): Reading {
  return monthsOf(year, 6 * (half - 1), 6 * half);
}

/** A meteorological season of the northern half: 0 spring (March to May) to 3 winter (December to February, named after its December). */
export function seasonOf(year: number, season: number): Reading {
  return monthsOf(year, 3 * season + 2, 3 * season + 5);
}

/** July and August, the summer holidays of China. */
export function summerHolidays(year: number): Reading {
  return monthsOf(year, 6, 8);
}

/** So many years from one on. */
function yearsFrom(year: number, count: number): Reading {
  return { from: dayNumber(year, 1, 1), until: dayNumber(year + count, 1, 1), precision: 'year' };
}

/** The ten years from one that ends in 0; early are its first four, mid the next three, late the last three. */
export function decadeOf(year: number, part?: Part | undefined): Reading {
  if (part === undefined) return yearsFrom(year, 10);
  if (part === 'mid') return yearsFrom(year + 4, 3);
  return part === 'late' || part === 'end' ? yearsFrom(year + 7, 3) : yearsFrom(year, 4);
}

/** The century of that number: the 19th is 1800 to 1899; undefined for one that is none, or far ahead. */
export function centuryOf(number: number): Reading | undefined {
  if (number < 1 || number > 30) return undefined;
  return yearsFrom(100 * (number - 1), 100);
}

/** The so-manieth weekday (1 Monday to 7 Sunday) of the month that begins with `first`; 0 is the last one. */
export function nthWeekday(first: Day, nth: number, weekday: number): Day | undefined {
  const last = firstOfMonth(first, 1) - 1;
  const date = nth > 0 ? first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (nth - 1) : last - ((weekdayOf(last) - weekday + 7) % 7);
  return date <= last ? date : undefined;
}

/** The so-manieth week (days 1 to 7, 8 to 14 ...) of the month that begins with `first`; 0 is its last seven days. */
export function nthWeek(first: Day, nth: number): Reading {
  const until = firstOfMonth(first, 1);
  const from = nth > 0 ? first + 7 * (nth - 1) : until - 7;
  return { from, until: nth === 5 ? until : from + 7, precision: 'week' };
}

/** The so-manieth day of the month that begins with `first`; 0 is the last one. */
export function nthDay(first: Day, nth: number): Reading {
  return dayOf(nth > 0 ? first + nth - 1 : firstOfMonth(first, 1) - 1);
}
