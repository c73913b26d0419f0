import type { Temporal } from 'temporal-polyfill';
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

const digits = '零一二三四五六七八九';
const numeral = '[一二两三四五六七八九十几]{1,3}';
const number = `(?:\\d{1,4}|${numeral})`;
const dayNumber = '(?:\\d{1,2}|[一二三四五六七八九十]{1,3})';
const week = '(?:周|星期|礼拜)';
const weekdays = '一二三四五六';
const yearWords: Record<string, number> = { 大前年: -3, 前年: -2, 去年: -1, 今年: 0, 明年: 1, 后年: 2 };
const saidYear = '(?:(?<year>\\d{4})年|(?<which>大前年|前年|去年|今年|明年|后年))的?';
const seasons = '春夏秋冬';
const units: Record<string, Unit> = {
  分钟: 'minute',
  小时: 'hour',
  天: 'day',
  日: 'day',
  周: 'week',
  星期: 'week',
  礼拜: 'week',
  月: 'month',
  年: 'year',
};
const unit = '(?<unit>分钟|小时|天|日|周|星期|礼拜|月|年)';
const days: Record<string, number> = {
  大前天: -3,
  前天: -2,
  昨天: -1,
  昨日: -1,
  昨晚: -1,
  昨夜: -1,
  今天: 0,
  今日: 0,
  今早: 0,
  今晚: 0,
  明天: 1,
  明日: 1,
  明早: 1,
  明晚: 1,
  后天: 2,
  大后天: 3,
};

/** A Chinese numeral up to 99 or digits; 几 (a few) is three. */
export function chineseNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const plain = text.replace('两', '二').replace('几', '三');
  const [tens, ones] = plain.includes('十') ? plain.split('十') : ['', plain];
  const ten = plain.includes('十') ? (tens ? digits.indexOf(tens) : 1) : 0;
  return 10 * ten + (ones ? digits.indexOf(ones) : 0);
}

/** 上 is one back, 上上 two, 下 one on. */
const offsetOf = (text = '') => (text.startsWith('上') ? -text.length : text.startsWith('下') ? text.length : 0);

function inSaidYear(
  groups: Partial<Record<string, string>>,
  context: PhraseContext,
  inYear: (year: number) => Reading | undefined,
): Reading | undefined {
  const said = groups.year ? Number(groups.year) : groups.which ? context.today.year + (yearWords[groups.which] ?? 0) : undefined;
  if (said === undefined) return yearly(inYear, context);
  const reading = inYear(said);
  return reading && { ...reading, cycle: 'yearly' };
}

function inMonth(first: Temporal.PlainDate, day: string | undefined): Reading | undefined {
  if (day === undefined) return monthOf(first);
  const date = dateOf(first.year, first.month, chineseNumber(day));
  return date && dayOf(date);
}

function monthDay(groups: Partial<Record<string, string>>, context: PhraseContext): Reading | undefined {
  return inSaidYear(groups, context, (year) => {
    const first = dateOf(year, chineseNumber(groups.month ?? ''), 1);
    return first && inMonth(first, groups.day);
  });
}

function inWeek(monday: Temporal.PlainDate, day: string | undefined): Reading {
  if (day === undefined) return weekOf(monday);
  if (day === '末') return weekendOf(monday);
  const index = weekdays.indexOf(day);
  return { ...dayOf(monday.add({ days: index < 0 ? 6 : index })), cycle: 'weekly' };
}

const everyUnit: Record<string, Recurrence> = {
  天: 'daily',
  日: 'daily',
  周: 'weekly',
  星期: 'weekly',
  礼拜: 'weekly',
  月: 'monthly',
  年: 'yearly',
};

/** Chinese phrases of time, in simplified characters; the caller folds traditional ones. */
export const chinesePhrases: PhraseRule[] = [
  phraseRule('(?<near>大前天|大后天|前天|昨天|昨日|昨晚|昨夜|今天|今日|今早|今晚|明天|明日|明早|明晚|后天)', (groups, { today }) =>
    dayOf(today.add({ days: days[groups.near ?? ''] ?? 0 })),
  ),
  phraseRule(`(?<which>上上|上|本|这|下下|下)个?${week}(?<day>[一二三四五六日天末])?(?!次)`, (groups, { today }) =>
    inWeek(weekOf(today).from.add({ weeks: offsetOf(groups.which) }), groups.day),
  ),
  phraseRule(`(?<![一二两三四五六七八九十几\\d个每])${week}(?<day>[一二三四五六日天])(?![次个])`, (groups, context) => {
    const index = weekdays.indexOf(groups.day ?? '');
    return weekday(index < 0 ? 7 : index + 1, context);
  }),
  phraseRule(`(?<![上下这本每个])周末`, (_, { today, prefer }) =>
    weekendOf(today.subtract({ weeks: prefer === 'past' && today.dayOfWeek < 6 ? 1 : 0 })),
  ),
  phraseRule(`(?<which>上上|上|本|这|下下|下)个?月(?:的?(?<day>${dayNumber})[日号])?`, (groups, { today }) =>
    inMonth(today.with({ day: 1 }).add({ months: offsetOf(groups.which) }), groups.day),
  ),
  phraseRule(
    `(?:${saidYear})?(?<![\\d一二三四五六七八九十])(?<month>十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])月份?(?:(?<day>${dayNumber})[日号]?)?`,
    monthDay,
  ),
  phraseRule(`${saidYear}(?<month>十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])月份?(?:(?<day>${dayNumber})[日号]?)?`, monthDay),
  phraseRule(saidYear.replace(/的\?$/, ''), (groups, { today }) =>
    yearOf(groups.year ? Number(groups.year) : today.year + (yearWords[groups.which ?? ''] ?? 0)),
  ),
  phraseRule(`(?:${saidYear})?(?<season>[${seasons}])[天季]`, (groups, context) =>
    inSaidYear(groups, context, (year) => seasonOf(year, seasons.indexOf(groups.season ?? ''))),
  ),
  phraseRule(`(?<count>${number}|半)(?<measure>个)?${unit}(?<way>之前|以前|前|之后|以后|后)`, (groups, context) => {
    // 三月之前 is before March, 三个月之前 three months ago.
    if (groups.unit === '月' && !groups.measure) return undefined;
    const direction = groups.way?.endsWith('前') ? -1 : 1;
    if (groups.count === '半') return groups.unit === '年' ? away(6 * direction, 'month', context) : undefined;
    return away(direction * chineseNumber(groups.count ?? ''), units[groups.unit ?? ''] ?? 'day', context);
  }),
  phraseRule(`(?<way>最近|过去|近|未来|接下来)的?这?(?<count>${number})个?${unit}`, (groups, context) =>
    stretch(
      chineseNumber(groups.count ?? '') * (/未来|接下来/.test(groups.way ?? '') ? -1 : 1),
      units[groups.unit ?? ''] ?? 'day',
      context,
    ),
  ),
  phraseRule(`每(?:逢|个)?${week}(?<day>[一二三四五六日天末])`, (groups, context) => {
    const index = weekdays.indexOf(groups.day ?? '');
    const reading = groups.day === '末' ? weekendOf(context.today) : weekday(index < 0 ? 7 : index + 1, context);
    return reading && { ...reading, recurs: 'weekly' };
  }),
  phraseRule(
    `每个?(?<unit>天|日|周|星期|礼拜|月|年)(?:的?(?<day>${dayNumber})[日号])?(?![一二三四五六七八九十\\d]{1,2}月)`,
    (groups, context) => {
      const recurs = everyUnit[groups.unit ?? ''];
      const { today } = context;
      if (groups.day !== undefined)
        return recurs === 'monthly' ? withCycle(dayOfMonth(chineseNumber(groups.day), context), recurs) : undefined;
      const whole =
        recurs === 'daily'
          ? dayOf(today)
          : recurs === 'weekly'
            ? weekOf(today)
            : recurs === 'monthly'
              ? monthOf(today)
              : yearOf(today.year);
      return withCycle(whole, recurs);
    },
  ),
  phraseRule(`(?<![\\d月年])(?<day>[12]?\\d|3[01])号(?!线|楼|门|店|机|院)`, (groups, context) => dayOfMonth(Number(groups.day), context)),
];

function withCycle(reading: Reading | undefined, recurs: Recurrence | undefined): Reading | undefined {
  return reading && { ...reading, recurs };
}
