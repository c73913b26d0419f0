import { dayOf, monthOf, yearOf } from '../calendar.js';
import { type Groups, type PhraseContext, type PhraseTable, phraseRule, type Reading, recurring } from '../reading.js';
import {
  away,
  awayBetween,
  type CalendarUnit,
  calendarUnit,
  daysBefore,
  few,
  momentAway,
  monthly,
  nearWeekend,
  recently,
  shift,
  stretch,
  weekday,
  yearly,
} from '../relative.js';
import {
  count,
  countedUnit,
  countOf,
  isFew,
  longWeekday,
  offsetOf,
  part,
  partOf,
  shortWeekday,
  unitOf,
  weekdayNumber,
  whichOf,
} from './words.js';

const nearDays: Record<string, number> = {
  'day before yesterday': -2,
  yesterday: -1,
  today: 0,
  tomorrow: 1,
  'day after tomorrow': 2,
};
const every: Record<string, Reading['recurs']> = {
  day: 'daily',
  morning: 'daily',
  afternoon: 'daily',
  evening: 'daily',
  night: 'daily',
  week: 'weekly',
  weekend: 'weekly',
  month: 'monthly',
  year: 'yearly',
};

/** So many units away, -1 back or 1 on. */
function counted({ count: text, unit: name = '' }: Groups, direction: -1 | 1, context: PhraseContext): Reading | undefined {
  if (/decade/i.test(name)) return isFew(text) ? undefined : away(10 * direction * countOf(text), 'year', context);
  if (/fortnight/i.test(name)) return isFew(text) ? undefined : away(2 * direction * countOf(text), 'week', context);
  return isFew(text)
    ? awayBetween(few, { direction, unit: unitOf(name), context })
    : away(direction * countOf(text), unitOf(name), context);
}

/** The last or coming so many units. */
function run({ count: text, unit: name = '', direction }: Groups, context: PhraseContext): Reading | undefined {
  const size = countOf(text) * (whichOf(direction) === 'next' ? -1 : 1);
  return /decade/i.test(name) ? stretch(10 * size, 'year', context) : stretch(size, unitOf(name), context);
}

const onWeekday = (groups: Groups, context: PhraseContext) => weekday(weekdayNumber(groups.weekday), context, whichOf(groups.direction));

/** A weekday of the week so many weeks from this one. */
function weekdayOf(groups: Groups, context: PhraseContext, weeks: number): Reading | undefined {
  return weekday(weekdayNumber(groups.weekday), { ...context, today: context.today + 7 * weeks }, 'this');
}

/** The day so many units behind tomorrow or a weekday that is to come, as "a week from Tuesday" counts. */
function behindDay({ count: text, unit: name = '', weekday: number, direction }: Groups, context: PhraseContext): Reading | undefined {
  if (isFew(text)) return undefined;
  const first = number ? weekday(weekdayNumber(number), { ...context, prefer: 'future' }, whichOf(direction)) : dayOf(context.today + 1);
  const isFortnight = /fortnight/i.test(name);
  const size = countOf(text) * (isFortnight ? 2 : 1);
  const unit = isFortnight ? 'week' : (name.toLowerCase() as 'day' | 'week' | 'month' | 'year');
  return first && away(size, unit, context) && dayOf(shift(first.from, size, unit));
}

/** English phrases that count or step from the present. */
export const englishRelative: PhraseTable = {
  hint: /day|week|month|year|hour|minute|decade|fortnight|quarter|night|morning|afternoon|evening|morrow|recently|lately/i,
  rules: [
    phraseRule(
      '\\b(?:the\\s)?(?<near>day before yesterday|day after tomorrow)\\b|\\b(?<day>yesterday|today|tomorrow)\\b',
      (groups, { today }) => dayOf(today + (nearDays[(groups.near ?? groups.day ?? '').toLowerCase()] ?? 0)),
    ),
    phraseRule('\\b(?:tonight|this\\s(?:morning|afternoon|evening))\\b', (_, { today }) => dayOf(today)),
    phraseRule('\\blast\\s(?:night|evening)\\b', (_, { today }) => dayOf(today - 1)),
    phraseRule(`\\b${count}\\s{1,2}${countedUnit}\\s{1,2}(?:ago|back)\\b(?<exact>\\stoday\\b)?`, (groups, context) => {
      const name = unitOf(groups.unit);
      const isExact = groups.exact !== undefined && !isFew(groups.count);
      if (!isExact || (name !== 'week' && name !== 'month' && name !== 'year')) return counted(groups, -1, context);
      const size = countOf(groups.count);
      return away(size, name, context) && dayOf(shift(context.today, -size, name));
    }),
    phraseRule(`\\b${count}\\s{1,2}${countedUnit}\\s{1,2}from\\s(?:now|today)\\b`, (groups, context) => counted(groups, 1, context)),
    // "Two weeks from Monday to Friday" says how long.
    phraseRule(
      `\\b${count}\\s{1,2}(?<unit>day|week|fortnight|month|year)s?\\s{1,2}from\\s(?:(?:(?<direction>this|next)\\s)?(?<weekday>${longWeekday})|tomorrow)\\b(?!\\s?(?:to|until|till|through|-|–)(?:\\s|\\b))`,
      behindDay,
    ),
    phraseRule('\\bhalf\\san?\\s(?<unit>hour|year)\\s(?<way>ago|back|from now)\\b', (groups, context) => {
      const direction = /^from/i.test(groups.way ?? '') ? 1 : -1;
      return /hour/i.test(groups.unit ?? '') ? momentAway(30 * direction, 'minute', context) : away(6 * direction, 'month', context);
    }),
    phraseRule('\\b(?:a|one)\\s(?:year\\sand\\sa\\shalf|and\\sa\\shalf\\syears)\\s(?<way>ago|from now)\\b', (groups, context) =>
      away(/^from/i.test(groups.way ?? '') ? 18 : -18, 'month', context),
    ),
    // "Once in a week", "how many did I read in a month", "we haven't met in 3 days" do not look ahead.
    phraseRule(
      `\\b(?=in\\s)(?<!\\b(?:once|twice|times?)\\s|\\b(?:did|ha(?:ve|s|d)n't|how\\soften|how\\smany)\\b[^.?!]{0,60})in\\s{1,2}(?:about\\s|around\\s)?${count}\\s{1,2}${countedUnit}(?:'|\\b)(?!\\s(?:of|or|straight|old|ago)\\b)`,
      (groups, context) => counted(groups, 1, context),
    ),
    phraseRule('\\bin\\shalf\\san?\\s(?<unit>hour|year)\\b', (groups, context) =>
      /hour/i.test(groups.unit ?? '') ? momentAway(30, 'minute', context) : away(6, 'month', context),
    ),
    phraseRule(
      `\\b(?:the|these|those)\\s{1,2}(?<direction>last|past|previous|next|coming|following)\\s{1,2}${count}\\s{1,2}${countedUnit}\\b`,
      run,
    ),
    phraseRule(`\\b(?<direction>last|past|next)\\s{1,2}${count}\\s{1,2}${countedUnit}\\b`, run),
    phraseRule('\\b(?:the\\s)?coming\\s(?<unit>day|week|month|year)s\\b', (groups, context) => stretch(-3, unitOf(groups.unit), context)),
    phraseRule('\\bthe\\s(?<unit>week|weekend|month|quarter|year|decade)\\s(?<way>before last|after next)\\b', (groups, context) =>
      calendarUnit((groups.unit ?? '').toLowerCase() as CalendarUnit, /^before/i.test(groups.way ?? '') ? -2 : 2, context),
    ),
    phraseRule(
      `\\b(?:${part})?(?<direction>last|past|this|current|previous|next|coming|upcoming)\\s{1,2}(?<unit>weekend|week|month|quarter|year|decade)\\b(?!\\sof\\s)`,
      (groups, context) => {
        const name = (groups.unit ?? '').toLowerCase() as CalendarUnit;
        if (/past/i.test(groups.direction ?? '') && !groups.part && name !== 'weekend' && name !== 'quarter')
          return name === 'decade' ? stretch(10, 'year', context) : stretch(1, name, context);
        return calendarUnit(name, offsetOf(groups.direction), context, partOf(groups.part));
      },
    ),
    phraseRule('\\b(?:the\\s)?(?<part>beginning|start|middle|end)\\sof\\sthe\\s(?<unit>month|year)\\b', (groups, context) => {
      const piece = partOf(groups.part);
      return /month/i.test(groups.unit ?? '')
        ? monthly((first) => monthOf(first, piece), context)
        : yearly((number) => yearOf(number, piece), context);
    }),
    phraseRule('\\b(?:at|on|over|during)\\sthe\\sweekend\\b', (_, context) => nearWeekend(context)),
    phraseRule('\\b(?:on\\s)?weekends\\b', (_, context) => recurring(nearWeekend(context), 'weekly')),
    phraseRule(
      '\\b(?:every|each)\\s(?:single\\s)?(?<unit>day|morning|afternoon|evening|night|weekend|week|month|year)\\b',
      (groups, context) => {
        const name = (groups.unit ?? '').toLowerCase();
        const recurs = every[name];
        return recurring(recurs === 'daily' ? dayOf(context.today) : calendarUnit(name as CalendarUnit, 0, context), recurs);
      },
    ),
    phraseRule('(?<!\\bmost\\s)\\b(?:recently|lately)\\b|\\bthese\\sdays\\b(?!\\sof\\b)', (_, context) => recently(context)),
    phraseRule('\\bthe\\sother\\s(?:day|night|evening|morning)\\b', (_, context) => daysBefore(7, context)),
  ],
};

/** English weekdays. */
export const englishWeekdays: PhraseTable = {
  hint: /\b(?:mon|tue|wed|thu|fri|sat|sun)/i,
  rules: [
    phraseRule(
      `\\b(?:on\\s)?(?<direction>last|this|next|coming|this past|this coming)\\s{1,2}(?<weekday>${longWeekday}|(?:${shortWeekday})\\b)`,
      onWeekday,
    ),
    phraseRule(`\\bthe\\s(?<weekday>${longWeekday})\\s(?<way>before last|after next)\\b`, (groups, context) => {
      const before = /^before/i.test(groups.way ?? '');
      const near = weekday(weekdayNumber(groups.weekday), context, before ? 'last' : 'next');
      return near && { ...dayOf(near.from + (before ? -7 : 7)), cycle: 'weekly' };
    }),
    phraseRule(`\\b(?<weekday>${longWeekday})\\s(?:of\\s)?(?<direction>last|this|next)\\sweek\\b`, (groups, context) =>
      weekdayOf(groups, context, offsetOf(groups.direction)),
    ),
    phraseRule(`\\b(?<weekday>${longWeekday})\\b`, onWeekday),
    phraseRule(`\\b(?:on|every|each|since|until|by)\\s(?<weekday>${shortWeekday})\\b(?=\\W|$)(?!\\s[a-z])`, onWeekday),
    phraseRule(`\\b(?:on\\s)?(?<weekday>${longWeekday})s\\b`, (groups, context) => recurring(onWeekday(groups, context))),
  ],
};
