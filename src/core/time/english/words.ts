import { fieldsOf } from '../days.js';
import type { Groups, Part, PhraseContext, Reading, Which } from '../reading.js';
import { type Unit, yearlyIn } from '../relative.js';

const monthNames = 'january february march april may june july august september october november december'.split(' ');
const weekdayNames = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
// biome-ignore format: a line a dozen reads better
const counts: Record<string, number> = {
  a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12,
  'a couple of': 2, 'a couple': 2, 'couple of': 2, couple: 2, 'a few': 3, few: 3, several: 3,
};
// biome-ignore format: a line reads better
const ordinals: Record<string, number> = {
  first: 1, '1st': 1, second: 2, '2nd': 2, third: 3, '3rd': 3, fourth: 4, '4th': 4, fifth: 5, '5th': 5, last: 0,
};
// biome-ignore format: a line reads better
const offsets: Record<string, number> = {
  last: -1, past: -1, previous: -1, this: 0, current: 0, next: 1, coming: 1, following: 1, upcoming: 1,
};

/** One of some words, the longer ones first, so that none hides another; a space may be two. */
function anyOf(words: readonly string[]): string {
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  return longestFirst.map((word) => word.replaceAll(' ', '\\s{1,2}')).join('|');
}

const units = 'minute|hour|day|week|month|year';
const yearOrWhich = '(?:(?<year>(?:19|20)\\d\\d)|(?<which>last|this|next)\\s{1,2}year)\\b';

/** Pieces of patterns; those with a group are read by the functions below. */
export const longMonth = monthNames.join('|');
export const month = `(?<month>${longMonth}|(?:jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\\b\\.?)`;
export const longWeekday = weekdayNames.join('|');
export const shortWeekday = 'mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun';
export const count = `(?<count>\\d{1,4}|${anyOf(Object.keys(counts))})`;
export const unit = `(?<unit>${units})s?`;
/** Units that only counts have: "two decades ago". */
export const countedUnit = `(?<unit>${units}|fortnight|decade)s?`;
export const ordinal = `(?<nth>${anyOf(Object.keys(ordinals))})`;
/** The ending of a day in digits: 3rd. */
export const ordinalEnding = '(?:st|nd|rd|th)';
/** A year that must be said, and one that may be. */
export const saidYear = `(?:(?:,|\\s{1,2}of|\\s{1,2}in)?\\s{1,2}${yearOrWhich})`;
export const year = `${saidYear}?`;
/** A year right behind its quarter or half: "the first quarter of 2024". */
export const nextWordYear = `(?:\\s{1,2}${yearOrWhich})`;
export const part = '(?:(?<part>early|mid|late|beginning of|start of|middle of|end of)[\\s-]{1,2}(?:the\\s{1,2})?)';

const placeIn = (names: readonly string[], name: string) =>
  names.findIndex((each) => each.slice(0, 3) === name.slice(0, 3).toLowerCase()) + 1;
/** 1 January to 12 December, 0 for none; three letters tell. */
export const monthNumber = (name = '') => placeIn(monthNames, name);
/** 1 Monday to 7 Sunday, 0 for none. */
export const weekdayNumber = (name = '') => placeIn(weekdayNames, name);
/** A number from its digits or word. */
export const countOf = (text = '') => counts[text.toLowerCase().replace(/\s+/g, ' ')] ?? Number(text);
/** Whether a count says no number. */
export const isFew = (text = '') => /few|several/i.test(text);
/** The unit that `unit` matched. */
export const unitOf = (text = '') => text.toLowerCase() as Unit;
/** 1 first to 5 fifth, 0 last. */
export const ordinalOf = (text = '') => ordinals[text.toLowerCase()] ?? 0;
/** -1 last, 0 this, 1 next. */
export const offsetOf = (text = '') => offsets[text.toLowerCase()] ?? 0;

/** The part of a month or year that words such as "early" and "end of" name. */
export function partOf(text: string | undefined): Part | undefined {
  if (text === undefined) return undefined;
  if (/^(?:beginning|start)/i.test(text)) return 'start';
  if (/^end/i.test(text)) return 'end';
  return /^early/i.test(text) ? 'early' : /^mid/i.test(text) ? 'mid' : 'late';
}

/** Which one "last", "past", "this coming" ... mean. */
export function whichOf(text: string | undefined): Which | undefined {
  const offset = text === undefined ? undefined : offsets[text.toLowerCase().replace(/^this\s+(?=\S)/, '')];
  return offset === undefined ? undefined : offset < 0 ? 'last' : offset > 0 ? 'next' : 'this';
}

/** What `inYear` gives in the year that the phrase says, or else in the one meant. */
export function inSaidYear(groups: Groups, context: PhraseContext, inYear: (year: number) => Reading | undefined): Reading | undefined {
  const said = groups.year ? Number(groups.year) : groups.which ? fieldsOf(context.today).year + offsetOf(groups.which) : undefined;
  return yearlyIn(said, inYear, context, whichOf(groups.direction));
}
