import { dayOf, monthOf } from './calendar.js';
import { dateOf } from './days.js';
import { dateAt, spanOf } from './instants.js';
import { type PhraseTable, phraseRule, type Reading } from './reading.js';

/** Dates in digits whose order of year, month and day is certain. */
export const numericDates: PhraseTable = {
  hint: /\d{4}/,
  rules: [
    phraseRule(
      '(?<![-\\d/.])(?<year>(?:19|20)\\d\\d)(?<sign>[-/.])(?<month>\\d{1,2})\\k<sign>(?<day>\\d{1,2})(?![\\d])(?![-/.]\\d)',
      (groups) => readNumbers(groups.year, groups.month, groups.day),
    ),
    phraseRule('(?<![-\\d/.])(?<year>(?:19|20)\\d\\d)-(?<month>0[1-9]|1[0-2])(?![\\d-])', (groups) => {
      const first = dateOf(Number(groups.year), Number(groups.month), 1);
      return first === undefined ? undefined : monthOf(first);
    }),
    // 3/15/2024 and 15/3/2024 can only be read one way; 3/4/2024 could be either and is left alone.
    phraseRule('(?<![\\d/])(?<first>\\d{1,2})/(?<second>\\d{1,2})/(?<year>(?:19|20)\\d\\d)(?![\\d/])', (groups) => {
      const [first, second] = [Number(groups.first), Number(groups.second)];
      if (first <= 12 && second <= 12 && first !== second) return undefined;
      return first > 12 ? readNumbers(groups.year, groups.second, groups.first) : readNumbers(groups.year, groups.first, groups.second);
    }),
    // With dots the day comes first: 14.02.2024.
    phraseRule('(?<![\\d.]|v|version )(?<day>\\d{1,2})\\.(?<month>\\d{1,2})\\.(?<year>(?:19|20)\\d\\d)(?![\\d])(?!\\.\\d)', (groups) =>
      readNumbers(groups.year, groups.month, groups.day),
    ),
    // A date with a time of day, as ISO 8601 writes them.
    phraseRule(
      '(?<![\\d-])(?<instant>\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)',
      (groups, { zone }) => readInstant(groups.instant ?? '', zone),
    ),
  ],
};
function readNumbers(year: string | undefined, month: string | undefined, day: string | undefined): Reading | undefined {
  const date = dateOf(Number(year), Number(month), Number(day));
  return date === undefined ? undefined : { ...dayOf(date), cycle: 'yearly' };
}

/** A full ISO 8601 time as a reading, undefined where it is none (a 31st of April). */
function readInstant(text: string, zone: string): Reading | undefined {
  try {
    const span = spanOf(text, zone);
    return { ...dayOf(dateAt(span.start, zone)), precision: 'instant', instant: span };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
