/** A date of the Gregorian calendar as the number of days since 1970-01-01. */
export type Day = number;

/** Milliseconds of a day without a change of the clock. */
export const dayLength = 24 * 60 * 60 * 1000;

/** The number of a date; months and days beyond their range carry over. */
export function dayNumber(year: number, month: number, day: number): Day {
  return new Date(0).setUTCFullYear(year, month - 1, day) / dayLength;
}

/** Year, month (1 to 12) and day of the month of a date. */
export function fieldsOf(date: Day): { year: number; month: number; day: number } {
  const at = new Date(date * dayLength);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** 1 Monday to 7 Sunday. */
export function weekdayOf(date: Day): number {
  // 1970 began on a Thursday.
  return ((((date + 3) % 7) + 7) % 7) + 1;
}

/** The first of the month so many months from that of a date. */
export function firstOfMonth(date: Day, months = 0): Day {
  const { year, month } = fieldsOf(date);
  return dayNumber(year, month + months, 1);
}

/** The same day so many months on, or the last day of a month that has none such. */
export function addMonths(date: Day, months: number): Day {
  const first = firstOfMonth(date, months);
  return Math.min(first + fieldsOf(date).day - 1, firstOfMonth(first, 1) - 1);
}

/** A date of the calendar, undefined for a 30th of February and for a day 0. */
export function dateOf(year: number, month: number, day: number): Day | undefined {
  const date = dayNumber(year, month, day);
  const fields = fieldsOf(date);
  return fields.month === month && fields.day === day ? date : undefined;
}

/** ISO 8601 of a date or, shorter, of its month or year; undefined outside of the years 1 to 9999. */
export function isoOf(date: Day, precision: 'day' | 'month' | 'year'): string | undefined {
  const { year } = fieldsOf(date);
  if (!(year >= 1 && year <= 9999)) return undefined;
  return new Date(date * dayLength).toISOString().slice(0, { day: 10, month: 7, year: 4 }[precision]);
}
