import type { Recurrence } from '../events.js';
import { chineseDates } from './chinese-dates.js';
import { chineseHolidays } from './chinese-holidays.js';
import { chineseRelative } from './chinese-relative.js';
import { clockBeside } from './clock-times.js';
import { dayPartBeside } from './day-parts.js';
import { englishMonths, englishPieces, englishSeasons, englishYears } from './english-dates.js';
import { englishHolidays } from './english-holidays.js';
import { englishRelative, englishWeekdays } from './english-relative.js';
import { dateAt, formatInstant, momentOf, type Span } from './instants.js';
import { isoInstant, numericDates, readInstant } from './numeric-phrases.js';
import { anchorPhrases } from './phrase-anchors.js';
import { joinRanges, joinWeekdays } from './phrase-ranges.js';
import { openSpan, sideBeside } from './phrase-sides.js';
import type { FoundPhrase, PhraseContext, PhraseTable, Precision, Preference } from './reading.js';

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
  /** Its words may also stand in what is looked for ("Christmas", "recently"). */
  topical?: true;
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

const traditional = '週後個號禮這兩幾從來過鐘時點將聖誕節國慶陽間長雙紀陣開為萬勞動兒歲現頭’';
const simplified = "周后个号礼这两几从来过钟时点将圣诞节国庆阳间长双纪阵开为万劳动儿岁现头'";
const folded = new Map(Array.from(traditional, (character, index) => [character, simplified.charAt(index)]));
const foldable = new RegExp(`[${traditional}]`, 'g');

/** One character for one, so that offsets stay: full-width digits and traditional characters. */
function foldCharacters(text: string): string {
  return text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(foldable, (character) => folded.get(character) ?? character);
}

const tables: PhraseTable[] = [
  numericDates,
  englishRelative,
  englishWeekdays,
  englishMonths,
  englishPieces,
  englishSeasons,
  englishYears,
  englishHolidays,
  chineseRelative,
  chineseDates,
  chineseHolidays,
];

function findAll(text: string, context: PhraseContext, zone: string): FoundPhrase[] {
  const found: FoundPhrase[] = [];
  for (const { pattern, read } of tables.flatMap(({ hint, rules }) => (hint.test(text) ? rules : []))) {
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

const yearlyWords = /birthday|anniversary|生日|纪念日|周年/i;
const sentenceEnd = /[.!?。！？\n]/;

function finish(found: FoundPhrase, text: string, { zone }: PhraseOptions): TimePhrase {
  const { reading } = found;
  let { start, end } = found;
  let { precision, value } = reading;
  let span: Span = reading.instant ?? { start: momentOf(reading.from, zone), end: momentOf(reading.until, zone) };
  const clock = precision === 'day' ? clockBeside(text, found) : undefined;
  if (clock && clock.hour < 24 && clock.minute < 60) {
    const moment = momentOf(reading.from, zone, clock.hour, clock.minute);
    span = { start: moment, end: moment + 60_000 };
    precision = 'instant';
    ({ start, end } = clock);
  } else if (precision === 'day') {
    const part = dayPartBeside(text, found);
    if (part) {
      span = {
        start: momentOf(reading.from, zone, part.from),
        end: momentOf(reading.from + Math.floor(part.until / 24), zone, part.until % 24),
      };
      end = part.end;
    }
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
  const open = sideBeside(text.slice(Math.max(0, start - 48), start), text.slice(start, end), after);
  if (open) {
    span = openSpan(span, open.side);
    end += open.length;
    if (open.side === 'before' || open.side === 'after') value = undefined;
  }
  return {
    start,
    end,
    span,
    precision,
    ...(value === undefined ? {} : { value }),
    ...(recurs === undefined ? {} : { recurs }),
    ...(reading.topical && { topical: true as const }),
  };
}

/** Days of a cycle at least. */
const cycles: Record<Recurrence, number> = { daily: 1, weekly: 7, monthly: 28, yearly: 365 };

/** Whether a phrase narrows anything: "every Monday" does, "every month" takes in all of the time there is. */
export function isNarrowing({ span, recurs }: TimePhrase): boolean {
  return recurs === undefined || (span.end - span.start) / (24 * 60 * 60 * 1000) < cycles[recurs] - 0.5;
}

/**
 * The phrases of time in a text, in order, English and Chinese, absolute ("on 9 November 2022", "2024年3月") and relative
 * ("last week", "上周五"); vague ones ("recently") only where no other says when. Linear in the length of the text; at most 1,000 phrases are given.
 */
export function findTimePhrases(text: string, options: PhraseOptions): TimePhrase[] {
  const plain = foldCharacters(text);
  const prefer = options.prefer ?? (futureWords.test(plain) ? 'future' : 'past');
  const context: PhraseContext = { today: dateAt(options.now, options.zone), now: options.now, prefer };
  const found = anchorPhrases(joinWeekdays(findAll(plain, context, options.zone), plain), plain, context);
  const joined = joinRanges(found, plain);
  const exact = joined.filter(({ reading }) => reading.topical !== 'vague');
  const phrases = (exact.length > 0 ? exact : joined).map((phrase) => finish(phrase, plain, options));
  // "Every" widens a phrase to its left: 每年 is no phrase of its own in 每年春节.
  return phrases.filter(({ end }, index) => end <= (phrases[index + 1]?.start ?? Number.POSITIVE_INFINITY));
}

/** A text with all its phrases of time taken out. */
export function withoutTime(text: string, phrases: readonly TimePhrase[]): string {
  let rest = '';
  let from = 0;
  for (const { start, end } of phrases) {
    rest += `${text.slice(from, start)} `;
    from = end;
  }
  return rest + text.slice(from);
}

/** The words to look for: a text without its phrases of time, but for those that name more than a time. */
export function withoutPhrases(text: string, phrases: readonly TimePhrase[]): string {
  return withoutTime(
    text,
    phrases.filter(({ topical }) => !topical),
  );
}
