import { chineseNumber } from './chinese-words.js';
import type { FoundPhrase } from './reading.js';

const clockAfter = /^\s{0,2},?\s?(?:at\s|around\s|by\s|@\s?)?(?<hour>\d{1,2})(?::(?<minute>\d\d))?\s?(?<half>[ap]\.?m\b\.?)?/i;
const clockBefore = /(?<![\d:])(?<hour>\d{1,2})(?::(?<minute>\d\d))?\s?(?<half>[ap]\.?m\b\.?)?\s?(?:on\s)?$/i;
const clockChinese =
  /^\s?(?<part>凌晨|早上|上午|中午|下午|傍晚|晚上)?\s?(?<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:[点:：](?:(?<minute>\d{1,2})分?|(?<thirty>半))?)/;

/** The hour and minute beside a day ("at 5 pm", "下午三点"), with how far they widen the phrase. */
export function clockBeside(
  text: string,
  { start, end }: FoundPhrase,
): { hour: number; minute: number; start: number; end: number } | undefined {
  const after = text.slice(end, end + 24);
  const chinese = clockChinese.exec(after);
  if (chinese?.groups) {
    const { part, hour = '', minute, thirty } = chinese.groups;
    const said = chineseNumber(hour);
    const late = /下午|傍晚|晚|夜/.test(`${text.slice(start, end)}${part ?? ''}`) && said < 12;
    return { hour: late ? said + 12 : said, minute: thirty ? 30 : Number(minute ?? 0), start, end: end + chinese[0].length };
  }
  const follows = clockAfter.exec(after);
  const precedes = clockBefore.exec(text.slice(Math.max(0, start - 16), start));
  const match = [follows, precedes].find((clock) => clock?.groups?.minute !== undefined || clock?.groups?.half !== undefined);
  if (!match?.groups) return undefined;
  const { hour, minute, half } = match.groups;
  const said = Number(hour);
  if (half && (said < 1 || said > 12)) return undefined;
  const onDial = half ? (said % 12) + (/^p/i.test(half) ? 12 : 0) : said;
  const widened = match === follows ? { start, end: end + match[0].length } : { start: start - match[0].length, end };
  return { hour: onDial, minute: Number(minute ?? 0), ...widened };
}
