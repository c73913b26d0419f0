import type { Recurrence } from '../events.js';
import { simplify } from '../simplified-chinese.js';
import { anchorPhrases } from './anchors.js';
import { chineseDates } from './chinese/dates.js';
import { chineseHolidays } from './chinese/holidays.js';
import { chineseRelative } from './chinese/relative.js';
import { complete, type TimePhrase } from './complete.js';
import { dayLength } from './days.js';
import { englishHolidays } from './english/holidays.js';
import { englishMonths, englishPieces } from './english/months.js';
import { englishRelative, englishWeekdays } from './english/relative.js';
import { englishSeasons, englishYears } from './english/years.js';
import { dateAt } from './instants.js';
import { numericDates } from './numeric-dates.js';
import { joinRanges, joinWeekdays } from './ranges.js';
import type { FoundPhrase, PhraseContext, PhraseTable, Preference } from './reading.js';
import { tenseAt } from './tense.js';

/**
 * What phrases are read against: `now` in milliseconds since 1970, and the reading preferred where no direction is said:
 * for all of them (default: past, or future after words such as "will"), or for each as the tense of its clause tells.
 */
export interface PhraseOptions {
  now: number;
  zone: string;
  prefer?: Preference | 'tense' | undefined;
}

/** More phrases than this no text is asked about; it bounds the work on hostile ones. */
const mostPhrases = 1000;
const futureWords = /\b(?:will|going to|gonna|upcoming|plan(?:s|ned|ning)?|scheduled|next|tomorrow)\b|将|打算|计划|准备|即将|会不会/i;

/** One character for one, so that offsets stay: straight apostrophes, full-width digits as ASCII, traditional characters as simplified. */
function foldCharacters(text: string): string {
  return text
    .replaceAll('’', "'")
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/\p{Script=Han}/gu, (character) => {
      const simple = simplify(character);
      return simple.length === character.length ? simple : character;
    });
}

/**
 * All rules there are: a phrase is added as a rule to one of these tables, a language as a folder of tables. What stands
 * beside phrases of any kind is read for all languages together: `anchors`, `ranges`, `day-times`, `sides`, `complete`.
 */
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

/** What the tables find; where two phrases overlap, the one that begins first and then the longer one counts. */
function findAll(text: string, context: PhraseContext, byTense: boolean): FoundPhrase[] {
  const found: FoundPhrase[] = [];
  for (const { pattern, read } of tables.flatMap(({ hint, rules }) => (hint.test(text) ? rules : []))) {
    let count = 0;
    for (const match of text.matchAll(pattern)) {
      if (++count > mostPhrases) break;
      const start = match.index;
      const end = start + match[0].length;
      const reading = read(match.groups ?? {}, byTense ? { ...context, prefer: tenseAt(text, start, end) } : context);
      if (reading) found.push({ start, end, reading });
    }
  }
  found.sort((left, right) => left.start - right.start || right.end - left.end);
  const kept: FoundPhrase[] = [];
  for (const phrase of found) if (phrase.start >= (kept.at(-1)?.end ?? 0)) kept.push(phrase);
  return kept.slice(0, mostPhrases);
}

/** Days of a cycle at least. */
const cycles: Record<Recurrence, number> = { daily: 1, weekly: 7, monthly: 28, yearly: 365 };

/** Whether a phrase narrows anything: "every Monday" does, "every month" takes in all of the time there is. */
export function isNarrowing({ span, recurs }: TimePhrase): boolean {
  // Half a day of room: where the clock changes, a day has 23 or 25 hours.
  return recurs === undefined || (span.end - span.start) / dayLength < cycles[recurs] - 0.5;
}

/**
 * The phrases of time in a text, in order, English and Chinese, absolute ("on 9 November 2022", "2024年3月") and relative
 * ("last week", "上周五"); vague ones ("recently") only where no other says when. Linear in the length of the text; at most 1,000 phrases are given.
 */
export function findTimePhrases(text: string, options: PhraseOptions): TimePhrase[] {
  const plain = foldCharacters(text);
  const byTense = options.prefer === 'tense';
  const prefer = options.prefer === 'tense' ? 'nearest' : (options.prefer ?? (futureWords.test(plain) ? 'future' : 'past'));
  const { now, zone } = options;
  const context: PhraseContext = { today: dateAt(now, zone), now, zone, prefer };
  const found = anchorPhrases(joinWeekdays(findAll(plain, context, byTense), plain), plain, context);
  const joined = joinRanges(found, plain);
  const exact = joined.filter(({ reading }) => reading.topical !== 'vague');
  const phrases = (exact.length > 0 ? exact : joined).map((phrase) => complete(phrase, plain, zone));
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
