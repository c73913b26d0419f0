import { thresholds } from './weights.js';

/** What a document is, as bits of one number; the first four are read in its text. */
export const trait = {
  /** Says when: a date, a weekday, "last week". */
  time: 1,
  /** Says how many: digits or a number word. */
  number: 2,
  /** Says how long or how often. */
  duration: 4,
  /** Asks something. */
  asks: 8,
  /** Is short and does nothing but ask. */
  onlyAsks: 64,
  /** Its time is when it happened, not when it was said. */
  dated: 16,
  /** Its time comes round again. */
  recurs: 32,
  /** Was derived by reflection. */
  insight: 128,
  /** Names oneself, or the user. */
  ofOneself: 256,
} as const;

/** The kind of answer that a question wants, when it shows. */
export type WantedAnswer = 'time' | 'number' | 'duration';

const anyOf = (...sources: string[]) => new RegExp(sources.join('|'), 'iu');
const time = anyOf(
  String.raw`\b(?:yesterday|today|tonight|tomorrow|ago|since|(?:19|20)\d\d|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b`,
  String.raw`\b(?:last|next|this|past) (?:night|week|weekend|month|year|spring|summer|autumn|fall|winter)\b`,
  String.raw`\b(?:january|february|march|april|may \d|in may|june|july|august|september|october|november|december)\b`,
  String.raw`[昨今明前后]天|[去今明前]年|\d\s*[年月日号]|[一二三四五六七八九十]月|[周週][一二三四五六日末天]|星期|礼拜|[上下]个?月`,
);
const number = anyOf(
  String.raw`\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand)\b`,
  String.raw`\b(?:once|twice|couple|dozen|several|both)\b|[两二三四五六七八九十百千万几][个岁次只位本条]`,
);
const duration = anyOf(
  String.raw`\b(?:minutes?|hours?|days?|weeks?|months?|years?|decades?)\b`,
  String.raw`\b(?:always|daily|weekly|monthly|yearly|since|every|twice|once|times)\b|小时|分钟|天|周|个月|年|每|次`,
);
const wantsTime = /\b(?:when|what (?:date|day|month|year|time)|which (?:date|day|month|year))\b|什么时候|何时|哪[天年]|几[月号日]|几点/iu;
const wantsNumber = /\bhow (?:many|much|old)\b|多少|几[个岁次只位本条]|多大/iu;
const wantsDuration = /\bhow (?:long|often|frequently)\b|多久|多长时间|多常/iu;

const oneself = /\b(?:i|my|me|mine|we|our|us|user)\b|[我咱俺]|用户/i;

function onlyAsks(text: string): boolean {
  const sentences = text.trim().split(/(?<=[.!?。！？])/u);
  return (
    sentences.every((sentence) => /[?？]$/u.test(sentence)) && text.split(/\s+/u, thresholds.onlyAsks + 1).length <= thresholds.onlyAsks
  );
}

/** The traits of a text. */
export function readTraits(text: string): number {
  return (
    (time.test(text) ? trait.time : 0) |
    (number.test(text) ? trait.number : 0) |
    (duration.test(text) ? trait.duration : 0) |
    (/[?？]$/u.test(text.trimEnd()) ? trait.asks : 0) |
    (onlyAsks(text) ? trait.onlyAsks : 0) |
    (oneself.test(text) ? trait.ofOneself : 0)
  );
}

/** The kind of answer that a query wants, undefined when it does not say. */
export function wantedAnswer(query: string): WantedAnswer | undefined {
  if (wantsDuration.test(query)) return 'duration';
  if (wantsNumber.test(query)) return 'number';
  return wantsTime.test(query) ? 'time' : undefined;
}
