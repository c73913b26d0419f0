import type { FoundPhrase } from './reading.js';

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

/** The part of a day that its phrase ends in or that stands behind it ("last night", "周二早上"), in hours, with where the phrase then ends. */
export function dayPartBeside(text: string, { start, end }: FoundPhrase): { from: number; until: number; end: number } | undefined {
  const follows = behind.exec(text.slice(end, end + 12))?.[0];
  const name = follows ?? within.exec(text.slice(start, end))?.[0];
  const part = name && parts.find(({ pattern }) => pattern.test(name));
  return part ? { from: part.from, until: part.until, end: end + (follows?.length ?? 0) } : undefined;
}
