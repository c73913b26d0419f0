import type { Recurrence } from '../events.js';
import { dayTimeBeside } from './day-times.js';
import { isoOf } from './days.js';
import { formatInstant, momentOf, type Span } from './instants.js';
import type { FoundPhrase, Precision } from './reading.js';
import { openSpan, sideBeside } from './sides.js';

/** A phrase of time in a text; `start` and `end` are character offsets. */
export interface TimePhrase {
  start: number;
  end: number;
  /** What it stands for; "since" and "before" leave one side infinite. */
  span: Span;
  precision: Precision;
  /** ISO 8601 or shorter, where it is one instant, day, month or year. */
  value?: string | undefined;
  /** Of a week, which has no such form, the day it is known by, YYYY-MM-DD. */
  day?: string | undefined;
  recurs?: Recurrence | undefined;
  /** Its words may also stand in what is looked for ("Christmas", "recently"). */
  topical?: true;
}

/** Characters on each side of a phrase that are looked at. */
const reach = 48;
const everyBefore = /\b(?:every|each)\s$|每(?:年|逢)?的?$/i;
const everyWithin = /^(?:every|each)\s/i;
const celebration = /birthday|anniversary|生日|纪念日|周年/i;
/** "Tomorrow is my birthday", but not "tomorrow is my birthday party". */
const celebratedAfter =
  /^(?:[’']s| is| was| will be)(?: [\p{L}’'-]+){1,4}? (?:birthday|anniversary)(?! (?:party|dinner|lunch|brunch|cake|card|gift|present|celebration|trip|bash))|^(?:就|正好|刚好)?(?:是|过)[^，。]{0,10}(?:生日|纪念日|周年)(?![会派聚蛋宴礼晚])/iu;
const celebratedBefore = /\b(?:birthday|anniversary) (?:is|was|will be|falls)(?: on)? $|(?:生日|纪念日)(?:就)?[是在]$/i;
const sentenceEnd = /[.!?。！？\n]/;

/** Whether the sentence around a date tells of what is celebrated each year. */
function isCelebrated(before: string, after: string): boolean {
  return celebration.test(before.split(sentenceEnd).at(-1) ?? '') || celebration.test(after.split(sentenceEnd)[0] ?? '');
}

/** A phrase as the words around it complete it: a time of day, "every" before it, a side that "since" or 以前 opens. */
export function complete(found: FoundPhrase, text: string, zone: string): TimePhrase {
  const { reading } = found;
  const time = reading.precision === 'day' ? dayTimeBeside(text, found, zone) : undefined;
  const { start: first, end } = time ?? found;
  const precision = time?.precision ?? reading.precision;
  const span = time?.span ?? reading.instant ?? { start: momentOf(reading.from, zone), end: momentOf(reading.until, zone) };

  const before = text.slice(Math.max(0, first - reach), first);
  const after = text.slice(end, end + reach);
  const every = everyBefore.exec(before)?.[0] ?? '';
  const start = first - every.length;
  const phrase = text.slice(start, end);
  const recurs =
    reading.recurs ??
    (every !== '' || everyWithin.test(phrase) ? reading.cycle : undefined) ??
    (precision === 'day' &&
    (reading.cycle === 'yearly' ? isCelebrated(before, after) : celebratedAfter.test(after) || celebratedBefore.test(before))
      ? 'yearly'
      : undefined);

  const open = sideBeside(text.slice(Math.max(0, start - reach), start), phrase, after);
  const isElsewhen = open?.side === 'before' || open?.side === 'after';
  const value = isElsewhen ? undefined : precision === 'instant' ? formatInstant(span.start, zone) : reading.value;
  return {
    start,
    end: end + (open?.length ?? 0),
    span: open ? openSpan(span, open.side) : span,
    precision,
    ...(value === undefined ? {} : { value }),
    ...(reading.day === undefined || open ? {} : { day: isoOf(reading.day, 'day') }),
    ...(recurs === undefined ? {} : { recurs }),
    ...(reading.topical && { topical: true as const }),
  };
}
