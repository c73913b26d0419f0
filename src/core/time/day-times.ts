import { chineseNumber } from './chinese/words.js';
import { momentOf, type Span } from './instants.js';
import type { FoundPhrase } from './reading.js';

/** A time of day with how far it widens the phrase of its day. */
export interface DayTime {
  start: number;
  end: number;
  span: Span;
  /** A minute or a part of the day. */
  precision: 'instant' | 'day';
}

const clockAfter = /^\s{0,2},?\s?(?:at\s|around\s|by\s|@\s?)?(?<hour>\d{1,2})(?::(?<minute>\d\d))?\s?(?<half>[ap]\.?m\b\.?)?/i;
const clockBefore = /(?<![\d:])(?<hour>\d{1,2})(?::(?<minute>\d\d))?\s?(?<half>[ap]\.?m\b\.?)?\s?(?:on\s)?$/i;
const clockChinese =
  /^\s?(?<part>凌晨|早上|上午|中午|下午|傍晚|晚上)?\s?(?<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:[点:：](?:(?<minute>\d{1,2})分?|(?<thirty>半))?)/;

interface Clock {
  hour: number;
  minute: number;
  start: number;
  end: number;
}

/** The hour and minute beside a day: "at 5 pm", "17:30 on", "下午三点". */
function clockBeside(text: string, { start, end }: FoundPhrase): Clock | undefined {
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
  // A number alone is no time of day.
  const match = [follows, precedes].find((clock) => clock?.groups?.minute !== undefined || clock?.groups?.half !== undefined);
  if (!match?.groups) return undefined;
  const { hour, minute, half } = match.groups;
  const said = Number(hour);
  if (half && (said < 1 || said > 12)) return undefined;
  const onDial = half ? (said % 12) + (/^p/i.test(half) ? 12 : 0) : said;
  const widened = match === follows ? { start, end: end + match[0].length } : { start: start - match[0].length, end };
  return { hour: onDial, minute: Number(minute ?? 0), ...widened };
}

/** Hours of the day at which its parts begin and end; beyond 24 they are the next morning's. */
const parts: { pattern: RegExp; from: number; until: number }[] = [
  { pattern: /凌晨/, from: 0, until: 6 },
  { pattern: /morning|早|清晨/i, from: 5, until: 12 },
  { pattern: /上午/, from: 6, until: 12 },
  { pattern: /中午/, from: 11, until: 14 },
  { pattern: /afternoon|下午/i, from: 12, until: 18 },
  { pattern: /evening|night|傍晚|晚|夜/i, from: 17, until: 30 },
];
const within = /morning|afternoon|evening|night|[早晚]$|[昨今]夜$/i;
const behind = /^(?:\s(?:morning|afternoon|evening|night)\b|的?(?:凌晨|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|夜里|半夜|晚))/i;

/** The time of day that stands beside the phrase of a day, or the part of the day that the phrase ends in ("last night", "周二早上"). */
export function dayTimeBeside(text: string, found: FoundPhrase, zone: string): DayTime | undefined {
  const { start, end, reading } = found;
  const clock = clockBeside(text, found);
  if (clock && clock.hour < 24 && clock.minute < 60) {
    const moment = momentOf(reading.from, zone, clock.hour, clock.minute);
    return { start: clock.start, end: clock.end, span: { start: moment, end: moment + 60_000 }, precision: 'instant' };
  }
  const follows = behind.exec(text.slice(end, end + 12))?.[0];
  const name = follows ?? within.exec(text.slice(start, end))?.[0];
  const part = name && parts.find(({ pattern }) => pattern.test(name));
  if (!part) return undefined;
  const nextDays = Math.floor(part.until / 24);
  const span = { start: momentOf(reading.from, zone, part.from), end: momentOf(reading.from + nextDays, zone, part.until % 24) };
  return { start, end: end + (follows?.length ?? 0), span, precision: 'day' };
}
