import { dayIn, dayOf, monthOf, weekendOf, weekOf } from '../calendar.js';
import { type Day, dateOf, fieldsOf, firstOfMonth } from '../days.js';
import { type Groups, type PhraseContext, type PhraseTable, phraseRule, type Reading, recurring } from '../reading.js';
import {
  away,
  awayBetween,
  calendarUnit,
  dayOfMonth,
  daysBefore,
  few,
  momentAway,
  monthly,
  nearWeekend,
  recently,
  shift,
  stretch,
  weekday,
} from '../relative.js';
import {
  chineseNumber,
  dayNumber,
  number,
  offsetOf,
  part,
  partOf,
  saidYear,
  spreadOf,
  step,
  unit,
  unitOf,
  week,
  weekdayNumber,
  yearIn,
} from './words.js';

const days: Record<string, number> = {
  大前天: -3,
  前天: -2,
  前晚: -2,
  昨天: -1,
  昨日: -1,
  昨晚: -1,
  昨夜: -1,
  今天: 0,
  今日: 0,
  今早: 0,
  今晚: 0,
  今夜: 0,
  明天: 1,
  明日: 1,
  明早: 1,
  明晚: 1,
  后天: 2,
  大后天: 3,
};
const everyUnit: Record<string, NonNullable<Reading['recurs']>> = {
  天: 'daily',
  日: 'daily',
  晚: 'daily',
  周: 'weekly',
  星期: 'weekly',
  礼拜: 'weekly',
  月: 'monthly',
  年: 'yearly',
};
const whole = { daily: 'day', weekly: 'week', monthly: 'month', yearly: 'year' } as const;

function inWeek(monday: Day, day: string | undefined): Reading {
  if (day === undefined) return weekOf(monday);
  if (day === '末') return weekendOf(monday);
  return { ...dayOf(monday + weekdayNumber(day) - 1), cycle: 'weekly' };
}

function inMonth(first: Day, { day, part: text }: Groups): Reading | undefined {
  if (day === undefined) return monthOf(first, partOf(text));
  const { year, month } = fieldsOf(first);
  return dayIn(dateOf(year, month, chineseNumber(day)));
}

/** Chinese phrases that count or step from the present, in simplified characters, which traditional ones are folded to. */
export const chineseRelative: PhraseTable = {
  hint: /[天日周月年晚夜早时分近季期阵号]|礼拜|钟头/,
  rules: [
    phraseRule(
      `(?<near>大前天|大后天|(?<![之以目空])前天|前晚|昨天|昨日|昨晚|昨夜|今天|今日(?!头条)|今早|今晚|今夜|明天|明日|明早|明晚|(?<![之以])后天)`,
      (groups, { today }) => dayOf(today + (days[groups.near ?? ''] ?? 0)),
    ),
    phraseRule(`${saidYear}今[天日]`, (groups, context) => {
      const { year, month, day } = fieldsOf(context.today);
      return dayIn(dateOf(yearIn(groups, context) ?? year, month, day));
    }),
    phraseRule(`${step}个?${week}(?<day>[一二三四五六日天末])?(?!次)`, (groups, { today }) =>
      inWeek(weekOf(today).from + 7 * offsetOf(groups.which), groups.day),
    ),
    phraseRule(`(?<![一二两三四五六七八九十几\\d个每])${week}(?<day>[一二三四五六日天])(?![次个])`, (groups, context) =>
      weekday(weekdayNumber(groups.day), context),
    ),
    phraseRule('(?<![上下这本每个])周末', (_, context) => nearWeekend(context)),
    phraseRule(`${step}个?月(?:份?的?${part}|的?(?<day>${dayNumber})[日号])?(?![饼亮])`, (groups, { today }) =>
      inMonth(firstOfMonth(today, offsetOf(groups.which)), groups),
    ),
    phraseRule(`(?<![\\d一二三四五六七八九十个这上下本每]|岁)月(?<part>初|底|末)`, ({ part: text }, context) =>
      monthly((first) => monthOf(first, partOf(text)), context),
    ),
    phraseRule(`${step}(?:一个|个|一)?季度`, (groups, context) => calendarUnit('quarter', offsetOf(groups.which), context)),
    phraseRule(
      `(?<count>${number}|半)(?<measure>个)?(?<half>半)?${unit}(?<plus>半)?(?<way>之前|以前|前|之后|以后|后)(?![天面台])(?<exact>的?今[天日])?`,
      (groups, context) => {
        const { count = '', measure, half, plus, unit: name = '' } = groups;
        // 三月之前 is before March, 三个月之前 three months ago; 2019年之前 is before that year.
        if (name === '月' && !measure) return undefined;
        if (/^\d{4}$/.test(count) && name === '年') return undefined;
        const direction = groups.way?.endsWith('前') ? -1 : 1;
        if (groups.exact && unitOf(name) === 'year' && !half && !plus && count !== '半')
          return dayOf(shift(context.today, direction * chineseNumber(count), 'year'));
        const spread = count === '几' ? few : spreadOf(count);
        if (spread) return awayBetween(spread, { direction, unit: unitOf(name), context });
        // 十几 leaves too much open.
        if (count.includes('几')) return undefined;
        if (count === '半') return halfUnit(0, name, direction, context);
        return half || plus
          ? halfUnit(chineseNumber(count), name, direction, context)
          : away(direction * chineseNumber(count), unitOf(name), context);
      },
    ),
    phraseRule(`(?<way>最近|过去|近|未来|接下来|今后)的?这?(?<count>${number}|半)个?${unit}`, (groups, context) => {
      const direction = /未来|接下来|今后/.test(groups.way ?? '') ? -1 : 1;
      if (groups.count === '半') return groups.unit === '年' ? stretch(6 * direction, 'month', context) : undefined;
      const size = spreadOf(groups.count)?.[1] ?? chineseNumber(groups.count ?? '');
      return stretch(size * direction, unitOf(groups.unit), context);
    }),
    phraseRule('最近(?![的一]*(?:一次|的[店路医地]))|近来|近期|这段时间|这阵子|这几天|这些天|这些日子|这两天', (_, context) =>
      recently(context),
    ),
    phraseRule('前几天|前些天|前些日子|前两天', (_, context) => daysBefore(7, context)),
    phraseRule('前(?:一?阵子|一?段时间|一?段日子)', (_, context) => daysBefore(60, context)),
    phraseRule(`每(?:逢|个)?${week}(?<day>[一二三四五六日天末])`, (groups, context) =>
      groups.day === '末'
        ? recurring(weekendOf(context.today), 'weekly')
        : recurring(weekday(weekdayNumber(groups.day), context), 'weekly'),
    ),
    phraseRule(
      `每个?(?<unit>${Object.keys(everyUnit).join('|')})(?:的?(?<day>${dayNumber})[日号])?(?![一二三四五六七八九十\\d]{1,2}月)`,
      (groups, context) => {
        const recurs = everyUnit[groups.unit ?? ''] ?? 'daily';
        if (groups.day !== undefined)
          return recurs === 'monthly' ? recurring(dayOfMonth(chineseNumber(groups.day), context), recurs) : undefined;
        const name = whole[recurs];
        return recurring(name === 'day' ? dayOf(context.today) : calendarUnit(name, 0, context), recurs);
      },
    ),
    phraseRule('(?<![\\d月年])(?<day>[12]?\\d|3[01])号(?!线|楼|门|店|机|院|选手|房|桌|位)', (groups, context) =>
      dayOfMonth(Number(groups.day), context),
    ),
  ],
};

/** So many and a half units: 半年 six months, 一年半 eighteen, 半个月 fifteen days, 半小时 thirty minutes. */
function halfUnit(count: number, name: string, direction: -1 | 1, context: PhraseContext): Reading | undefined {
  switch (unitOf(name)) {
    case 'year':
      return away(direction * (12 * count + 6), 'month', context);
    case 'month':
      return middleOf(away(direction * (30 * count + 15), 'day', context));
    case 'hour':
      return momentAway(direction * (60 * count + 30), 'minute', context);
    default:
      return undefined;
  }
}

/** Three days either side: a count of half months is no exact day. */
function middleOf(reading: Reading | undefined): Reading | undefined {
  return reading && { from: reading.from - 3, until: reading.until + 3, precision: 'week' };
}
