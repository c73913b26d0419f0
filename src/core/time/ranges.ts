import { addMonths, fieldsOf, weekdayOf } from './days.js';
import type { FoundPhrase, Reading } from './reading.js';

/** Gives a reading without a year the latest one that leaves it before (or the first that puts it after) its partner. */
function moveYear(reading: Reading, partner: Reading, side: 'before' | 'after'): Reading {
  if (!reading.yearless) return reading;
  const by = (years: number): Reading => ({
    ...reading,
    from: addMonths(reading.from, 12 * years),
    until: addMonths(reading.until, 12 * years),
  });
  const years = fieldsOf(partner.from).year - fieldsOf(reading.from).year;
  const order = by(years).from - partner.from;
  if (side === 'before') return by(order > 0 ? years - 1 : years);
  return by(order < 0 ? years + 1 : years);
}

/** Puts the first of two in the year or week that leaves it before the second. */
function moveBack(first: Reading, second: Reading): Reading {
  const late = first.from > second.from;
  if (!late || first.cycle !== 'weekly' || second.cycle !== 'weekly') return moveYear(first, second, 'before');
  return { ...first, from: first.from - 7, until: first.until - 7 };
}

function isWeekday({ reading }: FoundPhrase): boolean {
  return reading.cycle === 'weekly' && reading.recurs === undefined;
}

function isDate({ reading }: FoundPhrase): boolean {
  return reading.cycle !== 'weekly' && (reading.instant !== undefined || reading.precision === 'day');
}

/** The first so-named weekday on or after the first of a range whose own week is said: "上周一到周三". */
function moveOn(second: Reading, first: Reading): Reading {
  if (!second.weekless || first.weekless || first.precision !== 'day') return second;
  const days = (weekdayOf(second.from) - weekdayOf(first.from) + 7) % 7;
  return { ...second, from: first.from + days, until: first.from + days + 1 };
}

/** Takes a weekday and the date beside it for one phrase: in "Thursday, 4 July" and "7月4日（周四）" the date says it all. */
export function joinWeekdays(found: FoundPhrase[], text: string): FoundPhrase[] {
  const joined: FoundPhrase[] = [];
  for (const phrase of found) {
    const last = joined.at(-1);
    const isPair = last && ((isWeekday(last) && isDate(phrase)) || (isDate(last) && isWeekday(phrase)));
    if (!isPair || !/^[\s,，(（]{0,3}(?:the\s)?$/i.test(text.slice(last.end, phrase.start))) {
      joined.push(phrase);
      continue;
    }
    const { reading } = isDate(last) ? last : phrase;
    joined[joined.length - 1] = { start: last.start, end: phrase.end, reading };
  }
  return joined;
}

/** Joins "between March and May", "from 2019 to 2021" and "周一到周五" to one phrase. */
export function joinRanges(found: FoundPhrase[], text: string): FoundPhrase[] {
  const joined: FoundPhrase[] = [];
  for (const phrase of found) {
    const last = joined.at(-1);
    const between = last ? text.slice(last.end, phrase.start) : '';
    const before = last ? text.slice(Math.max(0, last.start - 12), last.end) : '';
    const range =
      /^\s?(?:to|through|till|until|-|–|—|~|到|至)\s?(?:the\s)?$/i.test(between) ||
      (/^\s?(?:and|和|与)\s?(?:the\s)?$/i.test(between) && /\bbetween\s|在/i.test(before));
    if (!last || !range || last.reading.instant || phrase.reading.instant || last.reading.recurs) {
      joined.push(phrase);
      continue;
    }
    const second = moveOn(phrase.reading, last.reading);
    const from = moveBack(last.reading, second);
    const until = last.reading.yearless ? second : moveYear(second, last.reading, 'after');
    if (from.from >= until.until) joined.push(phrase);
    else
      joined[joined.length - 1] = {
        start: last.start,
        end: phrase.end,
        reading: {
          from: from.from,
          until: until.until,
          precision: from.precision === 'day' ? 'week' : from.precision,
          topical: from.topical ?? until.topical,
        },
      };
  }
  return joined;
}
