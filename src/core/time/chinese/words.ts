import { fieldsOf } from '../days.js';
import type { Groups, Part, PhraseContext, Reading } from '../reading.js';
import { type Unit, yearlyIn } from '../relative.js';

const digits = '零一二三四五六七八九';
const units: Record<string, Unit> = {
  分钟: 'minute',
  小时: 'hour',
  钟头: 'hour',
  天: 'day',
  日: 'day',
  周: 'week',
  星期: 'week',
  礼拜: 'week',
  月: 'month',
  年: 'year',
};
const yearWords: Record<string, number> = { 大前年: -3, 前年: -2, 去年: -1, 上一年: -1, 今年: 0, 明年: 1, 后年: 2 };
const parts: Record<string, Part> = {
  上旬: 'early',
  中旬: 'mid',
  中: 'mid',
  下旬: 'late',
  初: 'start',
  底: 'end',
  末: 'end',
  尾: 'end',
};

const anyMonth = '十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9]';
/** Not 晚上|一年 and 上|一年级. */
const yearBefore = '(?<![晚早路加世网线身以地山马街])上一年(?![级学班多])';
const yearOrWhich = `(?<year>(?<!\\d)\\d{4}|[一二][零〇一二三四五六七八九]{3})年|(?<!\\d)(?<short>0\\d年|\\d\\d年(?=\\d{1,2}月))|(?<which>大前年|前年|去年|${yearBefore}|今年|明年|后年)`;

/** Pieces of patterns; those with a group are read by the functions below. */
export const number = '(?:\\d{1,4}|[一二两三四五六七八九十百几]{1,5})';
export const dayNumber = '(?:\\d{1,2}|[一二三四五六七八九十]{1,3})';
/** A month's number without its 月, not the end of a longer number, and of no lunar date. */
export const monthNumber = `(?<![\\d一二三四五六七八九十]|[农阴旧]历[^，。]{0,6})(?<month>${anyMonth})`;
/** A month that is looked ahead to. */
export const monthAhead = `(?:${anyMonth})月`;
export const week = '(?:周|星期|礼拜)';
export const unit = `(?<unit>${Object.keys(units).join('|')})`;
/** 上上 to 下下, of weeks, months, quarters. */
export const step = '(?<which>上上|上|本|这|下下|下)';
export const bareYear = `(?:${yearOrWhich})`;
/** A year with the 的 that joins it to its month or season. */
export const saidYear = `(?:${bareYear}的?)`;
export const part = '(?<part>上旬|中旬|下旬|初|底|末)';
/** What stands between two ends of a range. */
export const to = '\\s?(?:到|至|-|–|—|~)\\s?';

/** A Chinese numeral up to 999 or digits, NaN for numerals that make no number; 几 (a few) is three. */
export function chineseNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const plain = text.replace(/两/g, '二').replace('几', '三');
  if (plain.includes('百')) {
    const [hundreds = '', rest = ''] = plain.split('百');
    return 100 * (hundreds ? digits.indexOf(hundreds) : 1) + (rest ? chineseNumber(rest) : 0);
  }
  const [tens, ones = ''] = plain.includes('十') ? plain.split('十') : ['', plain];
  const ten = plain.includes('十') ? (tens ? digits.indexOf(tens) : 1) : 0;
  // 三一 is no number.
  return 10 * ten + (ones.length > 1 ? Number.NaN : ones ? digits.indexOf(ones) : 0);
}

/** What two numerals side by side leave open, 三五 three to five, 十二三 twelve or thirteen; undefined for a number. */
export function spreadOf(text = ''): readonly [least: number, most: number] | undefined {
  const [, tens = '', ...ends] = /^(.*十)?([一二两三四五六七八])([二两三四五六七八九])$/.exec(text) ?? [];
  const [least = 0, most = 0] = ends.map((end) => chineseNumber(tens + end));
  return least < most ? [least, most] : undefined;
}

/** 上 is one back, 上上 two, 下 one on. */
export const offsetOf = (text = '') => (text.startsWith('上') ? -text.length : text.startsWith('下') ? text.length : 0);
/** The unit that `unit` matched. */
export const unitOf = (text = ''): Unit => units[text] ?? 'day';
/** The part of a month or year that `part` matched. */
export const partOf = (text = ''): Part | undefined => parts[text];
/** 1 Monday to 7 Sunday. */
export const weekdayNumber = (text = '') => '一二三四五六'.indexOf(text) + 1 || 7;

/** The year that a phrase says: in digits, in numerals, in two digits (of 1950 to 2049), or as 去年. */
export function yearIn({ year, short, which }: Groups, { today }: PhraseContext): number | undefined {
  if (which) return fieldsOf(today).year + (yearWords[which] ?? 0);
  if (short) return Number.parseInt(short, 10) + (Number.parseInt(short, 10) < 50 ? 2000 : 1900);
  return year === undefined
    ? undefined
    : Number([...year].map((digit) => (/\d/.test(digit) ? digit : digits.indexOf(digit.replace('〇', '零')))).join(''));
}

/** What `inYear` gives in the year that the phrase says, or else in the one meant. */
export function inSaidYear(groups: Groups, context: PhraseContext, inYear: (year: number) => Reading | undefined): Reading | undefined {
  return yearlyIn(yearIn(groups, context), inYear, context);
}
