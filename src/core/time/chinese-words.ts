import { fieldsOf } from './days.js';
import type { Groups, Part, PhraseContext, Reading } from './reading.js';
import { type Unit, yearly } from './relative.js';

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
const yearWords: Record<string, number> = { 大前年: -3, 前年: -2, 去年: -1, 今年: 0, 明年: 1, 后年: 2 };
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

/** Pieces of patterns; those with a group are read by the functions below. */
export const number = '(?:\\d{1,4}|[一二两三四五六七八九十百几]{1,5})';
export const dayNumber = '(?:\\d{1,2}|[一二三四五六七八九十]{1,3})';
export const monthNumber = '(?<month>十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])';
export const week = '(?:周|星期|礼拜)';
export const unit = '(?<unit>分钟|小时|钟头|天|日|周|星期|礼拜|月|年)';
export const saidYear =
  '(?:(?:(?<year>(?<!\\d)\\d{4}|[一二][零〇一二三四五六七八九]{3})年|(?<!\\d)(?<short>0\\d年|\\d\\d年(?=\\d{1,2}月))|(?<which>大前年|前年|去年|今年|明年|后年))的?)';
export const part = '(?<part>上旬|中旬|下旬|初|底|末)';

/** A Chinese numeral up to 999 or digits; 几 (a few) is three. */
export function chineseNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const plain = text.replace(/两/g, '二').replace('几', '三');
  if (plain.includes('百')) {
    const [hundreds = '', rest = ''] = plain.split('百');
    return 100 * (hundreds ? digits.indexOf(hundreds) : 1) + (rest ? chineseNumber(rest) : 0);
  }
  const [tens, ones] = plain.includes('十') ? plain.split('十') : ['', plain];
  const ten = plain.includes('十') ? (tens ? digits.indexOf(tens) : 1) : 0;
  return 10 * ten + (ones ? digits.indexOf(ones) : 0);
}

/** 上 is one back, 上上 two, 下 one on. */
export const offsetOf = (text = '') => (text.startsWith('上') ? -text.length : text.startsWith('下') ? text.length : 0);
export const unitOf = (text = ''): Unit => units[text] ?? 'day';
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
  const said = yearIn(groups, context);
  if (said === undefined) return yearly(inYear, context);
  const reading = inYear(said);
  return reading && { ...reading, cycle: 'yearly' };
}
