import { Temporal } from 'temporal-polyfill';
import type { Recurrence } from '../events.js';
import type { FoundPhrase, PhraseContext, Precision, Preference } from './calendar.js';
import { chinesePhrases } from './chinese-phrases.js';
import { clockBeside } from './clock-times.js';
import { englishPhrases } from './english-phrases.js';
import { dateAt, formatInstant, type Span, startOfDate } from './instants.js';
import { isoInstant, numericDates, readInstant } from './numeric-phrases.js';
import { joinRanges, joinWeekdays } from './phrase-ranges.js';

/** A phrase of time in a text; `start` and `end` are character offsets. */
export interface TimePhrase {
  start: number;
  end: number;
  /** What it stands for; "since" and "before" leave one side infinite. */
  span: Span;
  precision: Precision;
  /** ISO 8601 or shorter, where it is one instant, day, month or year. */
  value?: string | undefined;
  recurs?: Recurrence | undefined;
}

/** What phrases are read against: `now` in milliseconds since 1970, and the reading preferred where no direction is said (default: past, or future after words such as "will"). */
export interface PhraseOptions {
  now: number;
  zone: string;
  prefer?: Preference | undefined;
}

/** More phrases than this no text is asked about; it bounds the work on hostile ones. */
const mostPhrases = 1000;
const futureWords = /\b(?:will|going to|gonna|upcoming|plan(?:s|ned|ning)?|scheduled|next|tomorrow)\b|将|打算|计划|准备|即将|会不会/i;

const folded: Record<string, string> = {
  週: '周',
  後: '后',
  個: '个',
  號: '号',
  禮: '礼',
  這: '这',
  兩: '两',
  幾: '几',
  從: '从',
  來: '来',
  過: '过',
  鐘: '钟',
  時: '时',
  點: '点',
  將: '将',
  '’': "'",
};

/** One character for one, so that offsets stay: full-width digits and traditional characters. */
function foldCharacters(text: string): string {
  return text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[週後個號禮這兩幾從來過鐘時點將’]/g, (character) => folded[character] ?? character);
}

function findAll(text: string, context: PhraseContext, zone: string): FoundPhrase[] {
  const found: FoundPhrase[] = [];
  for (const { pattern, read } of [...numericDates, ...englishPhrases, ...chinesePhrases]) {
    let count = 0;
    for (const match of text.matchAll(pattern)) {
      if (++count > mostPhrases) break;
      const reading = read(match.groups ?? {}, context);
      if (reading) found.push({ start: match.index, end: match.index + match[0].length, reading });
    }
  }
  for (const match of text.matchAll(isoInstant)) {
    if (found.length > mostPhrases * 4) break;
    const reading = readInstant(match[0], zone);
    if (reading) found.push({ start: match.index, end: match.index + match[0].length, reading });
  }
  found.sort((left, right) => left.start - right.start || right.end - left.end);
  const kept: FoundPhrase[] = [];
  for (const phrase of found) if (phrase.start >= (kept.at(-1)?.end ?? 0)) kept.push(phrase);
  return kept.slice(0, mostPhrases);
}

const sides = /\b(since|before|prior to|after|until|till|by)\s(?:the\s)?$/i;
const sidesWithin = /^(since|before|after|until|till|by)\s/i;
const sidesChinese = /^的?(以来|以后|之后|以前|之前)/;
const yearlyWords = /birthday|anniversary|生日|纪念日|周年/i;
const sentenceEnd = /[.!?。！？\n]/;

function finish(found: FoundPhrase, text: string, { zone }: PhraseOptions): TimePhrase {
  const { reading } = found;
  let { start, end } = found;
  let { precision, value } = reading;
  let span: Span = reading.instant ?? { start: startOfDate(reading.from, zone), end: startOfDate(reading.until, zone) };
  const clock = precision === 'day' ? clockBeside(text, found) : undefined;
  if (clock && clock.hour < 24 && clock.minute < 60) {
    const moment = reading.from.toZonedDateTime({
      timeZone: zone,
      plainTime: Temporal.PlainTime.from({ hour: clock.hour, minute: clock.minute }),
    });
    span = { start: moment.epochMilliseconds, end: moment.epochMilliseconds + 60_000 };
    precision = 'instant';
    ({ start, end } = clock);
  }
  if (precision === 'instant') value = formatInstant(span.start, zone);

  const before = text.slice(Math.max(0, start - 48), start);
  const after = text.slice(end, end + 48);
  const everyWord = /\b(?:every|each)\s$|每(?:年|逢)?的?$/i.exec(before);
  const celebrated =
    reading.cycle === 'yearly' &&
    precision === 'day' &&
    (yearlyWords.test(before.split(sentenceEnd).at(-1) ?? '') || yearlyWords.test(after.split(sentenceEnd)[0] ?? ''));
  const recurs =
    reading.recurs ??
    (everyWord || /^(?:every|each)\s/i.test(text.slice(start, start + 6)) ? reading.cycle : undefined) ??
    (celebrated ? 'yearly' : undefined);
  if (everyWord) start -= everyWord[0].length;

  const behind = sidesChinese.exec(after);
  const side = (sides.exec(before) ?? sidesWithin.exec(text.slice(start, end)) ?? behind)?.[1]?.toLowerCase();
  if (behind) end += behind[0].length;
  if (side && /^(?:since|以来)$/.test(side)) span = { start: span.start, end: Number.POSITIVE_INFINITY };
  else if (side && /^(?:until|till|by)$/.test(side)) span = { start: Number.NEGATIVE_INFINITY, end: span.end };
  else if (side) {
    span = /^(?:after|以后|之后)$/.test(side)
      ? { start: span.end, end: Number.POSITIVE_INFINITY }
      : { start: Number.NEGATIVE_INFINITY, end: span.start };
    value = undefined;
  }
  return { start, end, span, precision, ...(value === undefined ? {} : { value }), ...(recurs === undefined ? {} : { recurs }) };
}

/**
 * The phrases of time in a text, in order, English and Chinese, absolute ("on 9 November 2022", "2024年3月") and relative
 * ("last week", "上周五"). Linear in the length of the text; at most 1,000 phrases are given.
 */
export function findTimePhrases(text: string, options: PhraseOptions): TimePhrase[] {
  const plain = foldCharacters(text);
  const prefer = options.prefer ?? (futureWords.test(plain) ? 'future' : 'past');
  const context: PhraseContext = { today: dateAt(options.now, options.zone), now: options.now, prefer };
  return joinRanges(joinWeekdays(findAll(plain, context, options.zone), plain), plain).map((found) => finish(found, plain, options));
}

/** A text with its phrases of time taken out. */
export function withoutPhrases(text: string, phrases: readonly TimePhrase[]): string {
  let rest = '';
  let from = 0;
  for (const { start, end } of phrases) {
    rest += `${text.slice(from, start)} `;
    from = end;
  }
  return rest + text.slice(from);
}
