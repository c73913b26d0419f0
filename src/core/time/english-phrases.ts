import type { Recurrence } from '../events.js';
import {
  away,
  dateOf,
  dayOf,
  dayOfMonth,
  monthOf,
  type PhraseContext,
  type PhraseRule,
  phraseRule,
  type Reading,
  seasonOf,
  stretch,
  type Unit,
  weekday,
  weekendOf,
  weekOf,
  yearly,
  yearOf,
} from './calendar.js';

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const seasons: Record<string, number> = { spring: 0, summer: 1, autumn: 2, fall: 2, winter: 3 };
// biome-ignore format: a line a dozen reads better
const counts: Record<string, number> = {
  a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12,
  'a couple of': 2, 'a couple': 2, 'couple of': 2, couple: 2, 'a few': 3, few: 3, several: 3,
};
const ordinals: Record<string, number> = {
  first: 1,
  '1st': 1,
  second: 2,
  '2nd': 2,
  third: 3,
  '3rd': 3,
  fourth: 4,
  '4th': 4,
  fifth: 5,
  last: 0,
};
const offsets: Record<string, number> = {
  last: -1,
  past: -1,
  previous: -1,
  this: 0,
  current: 0,
  next: 1,
  coming: 1,
  following: 1,
  upcoming: 1,
};

const longMonth = 'january|february|march|april|may|june|july|august|september|october|november|december';
const month = `(?<month>${longMonth}|(?:jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\\b\\.?)`;
const longWeekday = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday';
const shortWeekday = 'mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun';
const season = '(?<season>spring|summer|autumn|fall|winter)';
const dayNumber = '(?<day>\\d{1,2})(?:st|nd|rd|th)?(?![\\d:.]\\d)';
const year = '(?:(?:,|\\s{1,2}of|\\s{1,2}in)?\\s{1,2}(?:(?<year>(?:19|20)\\d\\d)|(?<which>last|this|next)\\s{1,2}year)\\b)?';
const count =
  '(?<count>\\d{1,4}|an?\\s{1,2}couple(?:\\s{1,2}of)?|a\\s{1,2}few|couple(?:\\s{1,2}of)?|few|several|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)';
const unit = '(?<unit>minute|hour|day|week|month|year)s?';
/** Words before a month that make sure it is one. */
const sure = '(?<sure>\\b(?:on|is|by|since|from|between|until|till|before|after|every|each|last|next)\\s)';
/** The second day of "Aug 11 to 15". */
const throughDay = `(?:\\s?(?:-|–|to|and|through|until)\\s?(?:the\\s)?(?<through>\\d{1,2})(?:st|nd|rd|th)?(?![\\d:.]\\d)\\b(?!\\s?(?:am|pm|${longMonth})\\b))`;
const part = '(?:(?<part>early|mid|late|beginning of|start of|middle of|end of)[\\s-]{1,2}(?:the\\s{1,2})?)';

const indexOf = (names: string[], name = '') => names.indexOf(name.slice(0, 3).toLowerCase());
const countOf = (text = '') => counts[text.toLowerCase().replace(/\s+/g, ' ')] ?? Number(text);
const unitOf = (text = '') => text.toLowerCase() as Unit;
const partOf = (text: string | undefined) => {
  if (text === undefined) return undefined;
  return /^(?:early|beginning|start)/i.test(text) ? 'early' : /^mid/i.test(text) ? 'mid' : 'late';
};
const whichOf = (text: string | undefined) => {
  const offset = text === undefined ? undefined : offsets[text.toLowerCase()];
  return offset === undefined ? undefined : offset < 0 ? 'last' : offset > 0 ? 'next' : 'this';
};

type Groups = Partial<Record<string, string>>;

/** What `inYear` gives in the year that the phrase says, or else in the one meant. */
function inSaidYear(groups: Groups, context: PhraseContext, inYear: (year: number) => Reading | undefined): Reading | undefined {
  const said = groups.year
    ? Number(groups.year)
    : groups.which
      ? context.today.year + (offsets[groups.which.toLowerCase()] ?? 0)
      : undefined;
  if (said === undefined) return yearly(inYear, context, whichOf(groups.direction));
  const reading = inYear(said);
  return reading && { ...reading, cycle: 'yearly' };
}

function monthDay(groups: Groups, context: PhraseContext): Reading | undefined {
  const number = indexOf(monthNames, groups.month) + 1;
  // "you may 2 ..." and "we march 3 ...": in lower case the verbs need an ordinal, a year or a preposition to be months.
  const plain = /^(?:may|march)$/.test(groups.month ?? '') && !groups.year && !groups.which && !groups.sure && !groups.of;
  if (plain && !/(?:st|nd|rd|th)$/.test(groups.ordinal ?? '')) return undefined;
  return inSaidYear(groups, context, (inYear) => {
    const first = dateOf(inYear, number, Number(groups.day));
    const last = groups.through ? dateOf(inYear, number, Number(groups.through)) : first;
    if (!first || !last || last.day < first.day) return undefined;
    return first === last ? dayOf(first) : { from: first, until: last.add({ days: 1 }), precision: 'week' };
  });
}

function monthInYear(groups: Groups, context: PhraseContext): Reading | undefined {
  const number = indexOf(monthNames, groups.month) + 1;
  if (/^(?:may|march|mar)$/.test(groups.month ?? '') && /^this$/i.test(groups.direction ?? '')) return undefined;
  return inSaidYear(groups, context, (inYear) => {
    const first = dateOf(inYear, number, 1);
    return first && monthOf(first, partOf(groups.part));
  });
}

function seasonInYear(groups: Groups, context: PhraseContext): Reading | undefined {
  return inSaidYear(groups, context, (inYear) => seasonOf(inYear, seasons[groups.season?.toLowerCase() ?? ''] ?? 0));
}

function calendarUnit(name: string, offset: number, { today }: PhraseContext): Reading | undefined {
  if (name === 'week') return weekOf(today.add({ weeks: offset }));
  if (name === 'weekend') return weekendOf(today.add({ weeks: offset }));
  if (name === 'month') return monthOf(today.add({ months: offset }));
  return yearOf(today.year + offset);
}

function weekOfMonth(groups: Groups, context: PhraseContext): Reading | undefined {
  const number = indexOf(monthNames, groups.month) + 1;
  const nth = ordinals[groups.nth?.toLowerCase() ?? ''] ?? 0;
  return inSaidYear(groups, context, (inYear) => {
    const first = dateOf(inYear, number, 1);
    if (!first) return undefined;
    const until = first.add({ months: 1 });
    if (/weekend/i.test(groups.week ?? '')) {
      const saturday = first.add({ days: (13 - first.dayOfWeek) % 7 });
      return nth > 0
        ? weekendOf(saturday.add({ weeks: nth - 1 }))
        : weekendOf(until.subtract({ days: until.dayOfWeek === 7 ? 1 : until.dayOfWeek + 1 }));
    }
    const from = nth > 0 ? first.add({ days: 7 * (nth - 1) }) : until.subtract({ days: 7 });
    return { from, until: nth === 5 ? until : from.add({ days: 7 }), precision: 'week' };
  });
}

function recurring(reading: Reading | undefined, recurs?: Recurrence): Reading | undefined {
  return reading && { ...reading, recurs: recurs ?? reading.cycle };
}

const every: Record<string, Recurrence> = { day: 'daily', week: 'weekly', month: 'monthly', year: 'yearly' };
const nearDays: Record<string, number> = {
  'the day before yesterday': -2,
  yesterday: -1,
  today: 0,
  tomorrow: 1,
  'the day after tomorrow': 2,
};

/** English phrases of time. Where two overlap, the one that begins first and then the longer one counts. */
export const englishPhrases: PhraseRule[] = [
  phraseRule(
    '\\b(?<near>the day before yesterday|the day after tomorrow|yesterday|today|tomorrow)(?:\\s(?:morning|afternoon|evening|night))?\\b',
    (groups, { today }) => dayOf(today.add({ days: nearDays[groups.near?.toLowerCase() ?? ''] ?? 0 })),
  ),
  phraseRule('\\b(?:tonight|this\\s(?:morning|afternoon|evening))\\b', (_, { today }) => dayOf(today)),
  phraseRule('\\blast\\s(?:night|evening)\\b', (_, { today }) => dayOf(today.subtract({ days: 1 }))),
  phraseRule(`\\b${count}\\s{1,2}${unit}\\s{1,2}(?<way>ago|back|earlier|from now|from today|later)\\b`, (groups, context) => {
    const direction = /^(?:from|later)/i.test(groups.way ?? '') ? 1 : -1;
    return away(direction * countOf(groups.count), unitOf(groups.unit), context);
  }),
  phraseRule(`\\bin\\s{1,2}(?:about\\s|around\\s)?${count}\\s{1,2}${unit}(?:'|\\b)`, (groups, context) =>
    away(countOf(groups.count), unitOf(groups.unit), context),
  ),
  phraseRule(
    `\\b(?:the|these|those)\\s{1,2}(?<direction>last|past|previous|next|coming|following)\\s{1,2}${count}\\s{1,2}${unit}\\b`,
    (groups, context) => stretch(countOf(groups.count) * (whichOf(groups.direction) === 'next' ? -1 : 1), unitOf(groups.unit), context),
  ),
  phraseRule(`\\b(?<direction>last|past|next)\\s{1,2}${count.replace('|an?|one', '')}\\s{1,2}${unit}\\b`, (groups, context) =>
    stretch(countOf(groups.count) * (whichOf(groups.direction) === 'next' ? -1 : 1), unitOf(groups.unit), context),
  ),
  phraseRule('\\bthe\\s(?<unit>week|weekend|month|year)\\s(?<way>before last|after next)\\b', (groups, context) =>
    calendarUnit(groups.unit?.toLowerCase() ?? '', /^before/i.test(groups.way ?? '') ? -2 : 2, context),
  ),
  phraseRule(
    `\\b(?:${part})?(?<direction>last|past|this|current|previous|next|coming|upcoming)\\s{1,2}(?<unit>weekend|week|month|year)\\b`,
    (groups, context) => {
      const offset = offsets[groups.direction?.toLowerCase() ?? ''] ?? 0;
      const half = partOf(groups.part);
      if (half && /year/i.test(groups.unit ?? '')) return yearOf(context.today.year + offset, half);
      if (half && /month/i.test(groups.unit ?? '')) return monthOf(context.today.add({ months: offset }), half);
      if (/past/i.test(groups.direction ?? '') && !/weekend/i.test(groups.unit ?? '')) return stretch(1, unitOf(groups.unit), context);
      return calendarUnit(groups.unit?.toLowerCase() ?? '', offset, context);
    },
  ),
  phraseRule('\\b(?:at|on|over|during)\\sthe\\sweekend\\b', (_, { today, prefer }) => {
    const back = prefer === 'past' && today.dayOfWeek < 6 ? 1 : 0;
    return weekendOf(today.subtract({ weeks: back }));
  }),
  phraseRule(
    `\\b(?:on\\s)?(?<direction>last|this|next|coming|this past|this coming)\\s{1,2}(?<weekday>${longWeekday}|(?:${shortWeekday})\\b)`,
    (groups, context) => {
      const which = /past/i.test(groups.direction ?? '') ? 'last' : whichOf(groups.direction?.replace(/^this /i, ''));
      return weekday(indexOf(weekdayNames, groups.weekday) + 1, context, which);
    },
  ),
  phraseRule(`\\b(?<weekday>${longWeekday})\\b(?:\\s(?<direction>last|next)\\sweek\\b)?`, (groups, context) =>
    groups.direction
      ? weekday(
          indexOf(weekdayNames, groups.weekday) + 1,
          { ...context, today: context.today.add({ weeks: offsets[groups.direction.toLowerCase()] ?? 0 }) },
          'this',
        )
      : weekday(indexOf(weekdayNames, groups.weekday) + 1, context),
  ),
  phraseRule(`\\b(?:on|every|each|since|until|by)\\s(?<weekday>${shortWeekday})\\b(?=\\W|$)(?!\\s[a-z])`, (groups, context) =>
    weekday(indexOf(weekdayNames, groups.weekday) + 1, context),
  ),
  phraseRule(`\\b(?:on\\s)?(?<weekday>${longWeekday})s\\b`, (groups, context) =>
    recurring(weekday(indexOf(weekdayNames, groups.weekday) + 1, context)),
  ),
  phraseRule('\\b(?:every|each)\\s(?:single\\s)?(?<unit>day|week|month|year)\\b', (groups, context) => {
    const name = groups.unit?.toLowerCase() ?? '';
    return recurring(name === 'day' ? dayOf(context.today) : calendarUnit(name, 0, context), every[name]);
  }),
  phraseRule(`${sure}?\\b${month}\\s{0,2}(?:the\\s)?(?<ordinal>${dayNumber})${throughDay}?\\b${year}`, monthDay),
  phraseRule(`\\b(?:the\\s)?(?<ordinal>${dayNumber})(?<of>\\s{1,2}of)?\\s{0,2}${month}\\b${year}`, monthDay),
  phraseRule(
    `\\b(?:the\\s)?(?<nth>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th)\\s(?<week>week|weekend)\\s(?:of|in)\\s${month}\\b${year}`,
    weekOfMonth,
  ),
  phraseRule(
    `\\b(?:(?:in|during|until|till|since|before|after|by|between|every|each)\\s{1,2}(?:the\\s)?|(?<direction>last|this|next)\\s{1,2})${part}?${month}\\b(?!\\s{1,2}\\d{1,2}\\b)${year}`,
    monthInYear,
  ),
  phraseRule(`\\b${part}${month}\\b(?!\\s{1,2}\\d{1,2}\\b)${year}`, monthInYear),
  phraseRule(`\\b${month}${year.replace(/\?$/, '')}`, monthInYear),
  phraseRule(`\\b${month}(?=\\s?(?:to|through|until|and|-|–)\\s?(?:${longMonth})\\b)`, monthInYear),
  phraseRule(`(?<=\\b(?:and|to|through|until)\\s)(?<month>${longMonth})\\b${year}`, (groups, context) =>
    /^[a-z]/.test(groups.month ?? '') ? undefined : monthInYear(groups, context),
  ),
  phraseRule(
    `\\b(?:(?:in|during|since|until|over|before|after|every|each)\\s{1,2}(?:the\\s)?(?:(?:early|mid|late)[\\s-])?|(?<direction>last|this|next)\\s{1,2})${season}\\b${year}`,
    seasonInYear,
  ),
  phraseRule(`\\b${season}${year.replace(/\?$/, '')}`, seasonInYear),
  phraseRule('\\bon\\sthe\\s(?<day>\\d{1,2})(?:st|nd|rd|th)\\b(?=\\s*(?:[.,;!?)]|$))', (groups, context) =>
    dayOfMonth(Number(groups.day), context),
  ),
  phraseRule(
    `(?<=\\b(?:in|since|during|of|by|before|after|until|till|from|between|year|around|back in)\\s|\\b(?:19|20)\\d\\d\\s?(?:and|to|-|–|until)\\s?)(?:${part})?(?<year>(?:19|20)\\d\\d)\\b(?![-/.:]\\d)(?!\\s?[%年])`,
    (groups) => yearOf(Number(groups.year), partOf(groups.part)),
  ),
  phraseRule(`\\b(?<part>early|mid|late|beginning of|end of)[\\s-](?<year>(?:19|20)\\d\\d)\\b(?![-/.:]\\d)`, (groups) =>
    yearOf(Number(groups.year), partOf(groups.part)),
  ),
];
