import { dayIn, daysFromTo, monthOf, nthDay, nthWeek, nthWeekday, weekendOf } from '../calendar.js';
import { type Day, dateOf, dayNumber, fieldsOf, firstOfMonth } from '../days.js';
import { type Groups, type PhraseContext, type PhraseTable, phraseRule, type Reading, recurring } from '../reading.js';
import { dayOfMonth, monthly } from '../relative.js';
import {
  inSaidYear,
  longMonth,
  longWeekday,
  month,
  monthNumber,
  offsetOf,
  ordinal,
  ordinalEnding,
  ordinalOf,
  part,
  partOf,
  saidYear,
  weekdayNumber,
  year,
} from './words.js';

/** Not the hour, price or version that "11:30" and "11.5" begin with. */
const notDecimal = '(?![\\d:.]\\d)';
const day = `(?<day>\\d{1,2})${ordinalEnding}?${notDecimal}`;
/** Words before a month that make sure it is one. */
const sure = '(?<sure>\\b(?:on|is|by|since|from|between|until|till|before|after|every|each|last|next)\\s)';
/** The second day of "Aug 11 to 15", but not of "Aug 11 to 3 pm" and "Aug 11 to 15 May". */
const throughDay = `(?:\\s?(?:-|–|to|and|through|until)\\s?(?:the\\s)?(?<through>\\d{1,2})${ordinalEnding}?${notDecimal}\\b(?!\\s?(?:am|pm|${longMonth})\\b))`;
/** "The first week of", "on the last Friday in". */
const pieceOf = `\\b(?:on\\s)?(?:the\\s)?${ordinal}\\s(?<piece>week|weekend|day|${longWeekday})\\s(?:of|in)\\s`;

function monthDay(groups: Groups, context: PhraseContext): Reading | undefined {
  const number = monthNumber(groups.month);
  // "you may 2 ..." and "we march 3 ...": in lower case the verbs need an ordinal, a year or a preposition to be months.
  const plain = /^(?:may|march)$/.test(groups.month ?? '') && !groups.year && !groups.which && !groups.sure && !groups.of;
  if (plain && !/(?:st|nd|rd|th)$/.test(groups.ordinal ?? '')) return undefined;
  return inSaidYear(groups, context, (inYear) => {
    const first = dateOf(inYear, number, Number(groups.day));
    const last = groups.through ? dateOf(inYear, number, Number(groups.through)) : first;
    return daysFromTo(first, last);
  });
}

function monthInYear(groups: Groups, context: PhraseContext): Reading | undefined {
  if (/^(?:may|march|mar)$/.test(groups.month ?? '') && /^this$/i.test(groups.direction ?? '')) return undefined;
  return inSaidYear(groups, context, (inYear) => {
    return monthOf(dayNumber(inYear, monthNumber(groups.month), 1), partOf(groups.part));
  });
}

/** "First week", "last Friday", "second weekend" ... of a month. */
function pieceOfMonth({ nth: word, piece = '' }: Groups, first: Day): Reading | undefined {
  const nth = ordinalOf(word);
  if (/^week$/i.test(piece)) return nthWeek(first, nth);
  if (/^day$/i.test(piece)) return nthDay(first, nth);
  const date = nthWeekday(first, nth, /^weekend$/i.test(piece) ? 6 : weekdayNumber(piece));
  return date !== undefined && /^weekend$/i.test(piece) ? weekendOf(date) : dayIn(date);
}

/** English phrases that name months. */
export const englishMonths: PhraseTable = {
  hint: /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|fourth of)/i,
  rules: [
    // "May 3rd", "on Aug 11 to 15, 2022".
    phraseRule(`${sure}?\\b${month}\\s{0,2}(?:the\\s)?(?<ordinal>${day})${throughDay}?\\b${year}`, monthDay),
    // "3 May", "the 3rd of May last year".
    phraseRule(`\\b(?:the\\s)?(?<ordinal>${day})(?<of>\\s{1,2}of)?\\s{0,2}${month}\\b${year}`, monthDay),
    // "3 to 7 May".
    phraseRule(
      `\\b(?:the\\s)?(?<ordinal>${day})\\s?(?:to|through|until|and|-|–)\\s?(?:the\\s)?(?<through>\\d{1,2})${ordinalEnding}?(?<of>\\sof)?\\s${month}\\b${year}`,
      monthDay,
    ),
    phraseRule(`\\b(?:on\\s)?(?:the\\s)?fourth\\sof\\sjuly\\b${year}`, (groups, context) =>
      monthDay({ ...groups, month: 'July', day: '4' }, context),
    ),
    phraseRule(`${pieceOf}${month}\\b${year}`, (groups, context) =>
      inSaidYear(groups, context, (inYear) => pieceOfMonth(groups, dayNumber(inYear, monthNumber(groups.month), 1))),
    ),
    // "in early May", "last March".
    phraseRule(
      `\\b(?:(?:in|during|until|till|since|before|after|by|between|every|each)\\s{1,2}(?:the\\s)?|(?<direction>last|this|next)\\s{1,2})${part}?${month}\\b(?!\\s{1,2}\\d{1,2}\\b)${year}`,
      monthInYear,
    ),
    phraseRule(`\\b(?<which>last|this|next)\\syear,?\\sin\\s${part}?${month}\\b`, monthInYear),
    phraseRule(`\\b${part}${month}\\b(?!\\s{1,2}\\d{1,2}\\b)${year}`, monthInYear),
    phraseRule(`\\b${month}${saidYear}`, monthInYear),
    // "Nov '22".
    phraseRule(`\\b${month}\\s?'(?<short>\\d\\d)\\b`, (groups, context) =>
      monthInYear({ ...groups, year: `${Number(groups.short) < 50 ? 20 : 19}${groups.short}` }, context),
    ),
    // The first of "March to May".
    phraseRule(`\\b${month}(?=\\s?(?:to|through|until|-|–)\\s?(?:${longMonth})\\b)`, monthInYear),
    // A name such as June after "and" is a month only where a range was begun.
    phraseRule(
      `(?<=\\b(?:to|through|until)\\s|\\bbetween\\s(?:(?:early|mid|late)[\\s-])?[a-z]{3,9}\\.?(?:\\s\\d{4})?\\sand\\s)(?<month>${longMonth})\\b${year}`,
      (groups, context) => (/^[a-z]/.test(groups.month ?? '') ? undefined : monthInYear(groups, context)),
    ),
  ],
};

/** English phrases that name a piece of a month without naming the month. */
export const englishPieces: PhraseTable = {
  hint: /month|\bon the \d/i,
  rules: [
    phraseRule(`${pieceOf}(?:the\\s)?(?<direction>last|this|next|each|every)\\smonth\\b`, (groups, context) =>
      /^e/i.test(groups.direction ?? '')
        ? recurring(monthly((first) => pieceOfMonth(groups, first), context))
        : pieceOfMonth(groups, firstOfMonth(context.today, offsetOf(groups.direction))),
    ),
    phraseRule(`\\bon\\sthe\\s(?<day>\\d{1,2})${ordinalEnding}\\b(?=\\s*(?:[.,;!?)]|$))`, (groups, context) =>
      dayOfMonth(Number(groups.day), context),
    ),
    phraseRule(
      `\\b(?:on\\s)?(?:the\\s)?(?<day>\\d{1,2})${ordinalEnding}\\sof\\s(?:(?<each>each|every)|the|(?<direction>last|this|next))\\smonth\\b`,
      (groups, context) => {
        if (groups.direction === undefined) return recurring(dayOfMonth(Number(groups.day), context), groups.each ? 'monthly' : undefined);
        const { year: inYear, month: inMonth } = fieldsOf(firstOfMonth(context.today, offsetOf(groups.direction)));
        return dayIn(dateOf(inYear, inMonth, Number(groups.day)));
      },
    ),
  ],
};
