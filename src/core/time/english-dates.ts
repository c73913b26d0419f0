import {
  centuryOf,
  dayIn,
  daysFromTo,
  decadeOf,
  halfOf,
  monthOf,
  nthDay,
  nthWeek,
  nthWeekday,
  quarterOf,
  seasonOf,
  weekendOf,
  yearOf,
} from './calendar.js';
import { type Day, dateOf, dayNumber, fieldsOf, firstOfMonth } from './days.js';
import {
  countOf,
  inSaidYear,
  longMonth,
  longWeekday,
  month,
  monthNumber,
  offsetOf,
  ordinal,
  ordinalOf,
  part,
  partOf,
  saidYear,
  weekdayNumber,
  year,
} from './english-words.js';
import { type Groups, type PhraseContext, type PhraseTable, phraseRule, type Reading, recurring } from './reading.js';
import { dayOfMonth, monthly } from './relative.js';

const seasons: Record<string, number> = { spring: 0, summer: 1, autumn: 2, fall: 2, winter: 3 };
const decades: Record<string, number> = {
  twenties: 20,
  thirties: 30,
  forties: 40,
  fifties: 50,
  sixties: 60,
  seventies: 70,
  eighties: 80,
  nineties: 90,
};
const dayText = '(?<day>\\d{1,2})(?:st|nd|rd|th)?(?![\\d:.]\\d)';
/** Words before a month that make sure it is one. */
const sure = '(?<sure>\\b(?:on|is|by|since|from|between|until|till|before|after|every|each|last|next)\\s)';
/** The second day of "Aug 11 to 15". */
const throughDay = `(?:\\s?(?:-|–|to|and|through|until)\\s?(?:the\\s)?(?<through>\\d{1,2})(?:st|nd|rd|th)?(?![\\d:.]\\d)\\b(?!\\s?(?:am|pm|${longMonth})\\b))`;
const season = '(?<season>spring|summer|autumn|fall|winter)';
const fullYear = '(?<year>(?:19|20)\\d\\d)';

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

function seasonInYear(groups: Groups, context: PhraseContext): Reading | undefined {
  return inSaidYear(groups, context, (inYear) => seasonOf(inYear, seasons[groups.season?.toLowerCase() ?? ''] ?? 0));
}

/** "First week", "last Friday", "second weekend" ... of a month. */
function pieceOfMonth({ nth: word, piece = '' }: Groups, first: Day): Reading | undefined {
  const nth = ordinalOf(word);
  if (/^week$/i.test(piece)) return nthWeek(first, nth);
  if (/^day$/i.test(piece)) return nthDay(first, nth);
  const date = nthWeekday(first, nth, /^weekend$/i.test(piece) ? 6 : weekdayNumber(piece));
  return date !== undefined && /^weekend$/i.test(piece) ? weekendOf(date) : dayIn(date);
}

function pieceOfYear(groups: Groups, context: PhraseContext): Reading | undefined {
  const said = groups.nth === undefined ? Number(groups.number) : ordinalOf(groups.nth);
  const isHalf = /^h/i.test(groups.piece ?? '');
  const size = isHalf ? 2 : 4;
  const number = said === 0 ? size : said;
  return number > size ? undefined : inSaidYear(groups, context, (inYear) => (isHalf ? halfOf(inYear, number) : quarterOf(inYear, number)));
}

function decade({ century, tens, word, part: text }: Groups): Reading {
  const inCentury = word ? (decades[word.toLowerCase()] ?? 0) : Number(tens);
  return decadeOf(Number(century ?? (inCentury === 20 ? 20 : 19)) * 100 + inCentury, partOf(text));
}

/** English phrases that name months. */
export const englishMonths: PhraseTable = {
  hint: /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|fourth of)/i,
  rules: [
    phraseRule(`${sure}?\\b${month}\\s{0,2}(?:the\\s)?(?<ordinal>${dayText})${throughDay}?\\b${year}`, monthDay),
    phraseRule(`\\b(?:the\\s)?(?<ordinal>${dayText})(?<of>\\s{1,2}of)?\\s{0,2}${month}\\b${year}`, monthDay),
    phraseRule(
      `\\b(?:the\\s)?(?<ordinal>${dayText})\\s?(?:to|through|until|and|-|–)\\s?(?:the\\s)?(?<through>\\d{1,2})(?:st|nd|rd|th)?(?<of>\\sof)?\\s${month}\\b${year}`,
      monthDay,
    ),
    phraseRule(`\\b(?:on\\s)?(?:the\\s)?fourth\\sof\\sjuly\\b${year}`, (groups, context) =>
      monthDay({ ...groups, month: 'July', day: '4' }, context),
    ),
    phraseRule(
      `\\b(?:on\\s)?(?:the\\s)?${ordinal}\\s(?<piece>week|weekend|day|${longWeekday})\\s(?:of|in)\\s${month}\\b${year}`,
      (groups, context) => inSaidYear(groups, context, (inYear) => pieceOfMonth(groups, dayNumber(inYear, monthNumber(groups.month), 1))),
    ),
    phraseRule(
      `\\b(?:(?:in|during|until|till|since|before|after|by|between|every|each)\\s{1,2}(?:the\\s)?|(?<direction>last|this|next)\\s{1,2})${part}?${month}\\b(?!\\s{1,2}\\d{1,2}\\b)${year}`,
      monthInYear,
    ),
    phraseRule(`\\b(?<which>last|this|next)\\syear,?\\sin\\s${part}?${month}\\b`, monthInYear),
    phraseRule(`\\b${part}${month}\\b(?!\\s{1,2}\\d{1,2}\\b)${year}`, monthInYear),
    phraseRule(`\\b${month}${saidYear}`, monthInYear),
    phraseRule(`\\b${month}\\s?'(?<short>\\d\\d)\\b`, (groups, context) =>
      monthInYear({ ...groups, year: `${Number(groups.short) < 50 ? 20 : 19}${groups.short}` }, context),
    ),
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
    phraseRule(
      `\\b(?:on\\s)?(?:the\\s)?${ordinal}\\s(?<piece>week|weekend|day|${longWeekday})\\s(?:of|in)\\s(?:the\\s)?(?<direction>last|this|next|each|every)\\smonth\\b`,
      (groups, context) =>
        /^e/i.test(groups.direction ?? '')
          ? recurring(monthly((first) => pieceOfMonth(groups, first), context))
          : pieceOfMonth(groups, firstOfMonth(context.today, offsetOf(groups.direction))),
    ),
    phraseRule('\\bon\\sthe\\s(?<day>\\d{1,2})(?:st|nd|rd|th)\\b(?=\\s*(?:[.,;!?)]|$))', (groups, context) =>
      dayOfMonth(Number(groups.day), context),
    ),
    phraseRule(
      '\\b(?:on\\s)?(?:the\\s)?(?<day>\\d{1,2})(?:st|nd|rd|th)\\sof\\s(?:(?<each>each|every)|the|(?<direction>last|this|next))\\smonth\\b',
      (groups, context) => {
        if (groups.direction === undefined) return recurring(dayOfMonth(Number(groups.day), context), groups.each ? 'monthly' : undefined);
        const { year: inYear, month: inMonth } = fieldsOf(firstOfMonth(context.today, offsetOf(groups.direction)));
        return dayIn(dateOf(inYear, inMonth, Number(groups.day)));
      },
    ),
  ],
};

/** English phrases that name seasons. */
export const englishSeasons: PhraseTable = {
  hint: /spring|summer|autumn|fall|winter/i,
  rules: [
    phraseRule(
      `\\b(?:(?:in|during|since|until|over|before|after|every|each)\\s{1,2}(?:the\\s)?(?:(?:early|mid|late)[\\s-])?|(?<direction>last|this|next)\\s{1,2})${season}\\b(?!\\s(?:love|asleep|behind|apart|ill|rolls?|onions?)\\b)${year}`,
      seasonInYear,
    ),
    phraseRule(`\\b${season}${saidYear}`, seasonInYear),
  ],
};

/** English phrases that name years, their quarters and halves, decades and centuries. */
export const englishYears: PhraseTable = {
  hint: /\d|ties\b|\b(?:quarter|half)\s(?:of|in)\b|last century/i,
  rules: [
    phraseRule(
      `(?<=\\b(?:in|since|during|of|by|before|after|until|till|from|between|year|around|back in)\\s|\\b(?:19|20)\\d\\d\\s?(?:and|to|-|–|until)\\s?)(?:${part})?${fullYear}\\b(?![-/.:]\\d)(?!\\s?[%年])`,
      (groups) => yearOf(Number(groups.year), partOf(groups.part)),
    ),
    phraseRule(`\\b(?<part>early|mid|late|beginning of|end of)[\\s-]${fullYear}\\b(?![-/.:]\\d)`, (groups) =>
      yearOf(Number(groups.year), partOf(groups.part)),
    ),
    phraseRule(`(?<![-\\d/.])${fullYear}(?=\\s?[-–]\\s?(?:19|20)\\d\\d\\b(?![-/.\\d]))`, (groups) => yearOf(Number(groups.year))),
    // "My 2019 trip", but not "the 2000 guests".
    phraseRule('(?<=\\b(?:my|our|his|her|their|the)\\s)(?<year>19[5-9]\\d|20(?!00)[0-4]\\d)(?=\\s[a-z])', (groups) =>
      yearOf(Number(groups.year)),
    ),
    phraseRule(
      `\\b(?:the\\s)?${ordinal}\\s(?<piece>quarter|half)(?:\\s(?:of|in)(?:\\sthe)?)${saidYear.replace('(?:,|\\s{1,2}of|\\s{1,2}in)?', '')}`,
      pieceOfYear,
    ),
    phraseRule(`(?:\\b(?:in|during|since|before|after|until|by)\\s)?\\b(?<piece>[QH])(?<number>[1-4])${saidYear}`, pieceOfYear),
    phraseRule(`\\b${fullYear}\\s?(?<piece>[QH])(?<number>[1-4])\\b`, pieceOfYear),
    phraseRule('\\b(?:in|during|since|before|after|until|by)\\s(?<piece>[QH])(?<number>[1-4])\\b', pieceOfYear),
    phraseRule("(?:\\bthe\\s)?\\b(?:(?<part>early|mid|late)[\\s-])?(?<century>19|20)(?<tens>\\d0)'?s\\b", decade),
    phraseRule("\\bthe\\s(?:(?<part>early|mid|late)[\\s-])?'?(?<tens>[2-9]0)'?s\\b", decade),
    phraseRule(`\\bthe\\s(?:(?<part>early|mid|late)[\\s-])?(?<word>${Object.keys(decades).join('|')})\\b`, decade),
    phraseRule('\\b(?:the\\s)?(?<count>\\d{1,2})(?:st|nd|rd|th)\\scentury\\b', (groups) => centuryReading(countOf(groups.count))),
    phraseRule('\\blast\\scentury\\b', (_, { today }) => centuryOf(Math.floor(fieldsOf(today).year / 100))),
  ],
};

const centuryReading = (number: number) => (number >= 1 && number <= 30 ? centuryOf(number) : undefined);
