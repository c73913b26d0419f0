import { dayOf } from './calendar.js';
import { chineseNumber, unit as chineseUnit, unitOf as chineseUnitOf, number, spreadOf } from './chinese/words.js';
import { count, countOf, isFew, unit, unitOf } from './english/words.js';
import type { FoundPhrase, PhraseContext, Reading } from './reading.js';
import { away, awayBetween, shift, type Unit } from './relative.js';

const english = new RegExp(
  `\\b(?:(?<the>the\\s)|${count}\\s{1,2})${unit}\\s{1,2}(?<way>before|prior\\sto|after|following)\\s(?:the\\s)?$`,
  'iu',
);
const startsWithWay = /^(?:before|after)\s(?:the\s)?/i;
const chinese = new RegExp(`^的?(?<way>[之以]?[前后])的?(?:第(?<nth>${number})天|(?<count>${number})个?${chineseUnit})`, 'u');

/** In which direction from a date is counted, and in what. */
interface Way {
  direction: -1 | 1;
  unit: Unit;
  context: PhraseContext;
}

/** The whole unit that ends where a date begins or begins where it ends: "the week before Christmas". */
function beside({ from, until }: Reading, { direction, unit }: Way): Reading | undefined {
  if (unit === 'hour' || unit === 'minute') return undefined;
  const whole = direction < 0 ? { from: shift(from, -1, unit), until: from } : { from: until, until: shift(until, 1, unit) };
  return unit === 'day' ? dayOf(whole.from) : { ...whole, precision: unit };
}

/** A count of units, or anything between two counts, before the first or after the last day of a date. */
function counted(reading: Reading, count: number | readonly [number, number], way: Way): Reading | undefined {
  const { direction, unit } = way;
  const context = { ...way.context, today: direction < 0 ? reading.from : reading.until - 1 };
  if (unit === 'hour' || unit === 'minute') return undefined;
  return typeof count === 'number' ? away(direction * count, unit, context) : awayBetween(count, { direction, unit, context });
}

const sameTopic = (reading: Reading, { reading: { topical } }: FoundPhrase): Reading => ({ ...reading, topical });

function anchorBefore(found: FoundPhrase, text: string, context: PhraseContext): FoundPhrase | undefined {
  const way = startsWithWay.exec(text.slice(found.start, found.end))?.[0] ?? '';
  const head = text.slice(Math.max(0, found.start - 40), found.start + way.length);
  const match = english.exec(head);
  if (!match?.groups) return undefined;
  const { the, count: size, unit: name, way: word } = match.groups;
  if (isFew(size)) return undefined;
  const to: Way = { direction: /^(?:before|prior)/i.test(word ?? '') ? -1 : 1, unit: unitOf(name), context };
  const reading = the ? beside(found.reading, to) : counted(found.reading, countOf(size), to);
  return reading && { start: found.start + way.length - match[0].length, end: found.end, reading: sameTopic(reading, found) };
}

function anchorBehind(found: FoundPhrase, text: string, context: PhraseContext): FoundPhrase | undefined {
  const match = chinese.exec(text.slice(found.end, found.end + 12));
  if (!match?.groups) return undefined;
  const { way = '', nth, count: size, unit: name } = match.groups;
  const to: Way = { direction: way.endsWith('前') ? -1 : 1, unit: nth ? 'day' : chineseUnitOf(name), context };
  const amount = spreadOf(size) ?? chineseNumber(nth ?? size ?? '');
  const reading = amount === 1 && !nth ? beside(found.reading, to) : counted(found.reading, amount, to);
  return reading && { start: found.start, end: found.end + match[0].length, reading: sameTopic(reading, found) };
}

/** Takes "two weeks before Christmas" and "春节前两天" for one phrase, and drops what was found inside it. */
export function anchorPhrases(found: FoundPhrase[], text: string, context: PhraseContext): FoundPhrase[] {
  const anchored: FoundPhrase[] = [];
  for (const phrase of found) {
    if (phrase.start < (anchored.at(-1)?.end ?? 0)) continue;
    const isOpen = phrase.reading.instant !== undefined || phrase.reading.recurs !== undefined;
    const joined = isOpen ? undefined : (anchorBefore(phrase, text, context) ?? anchorBehind(phrase, text, context));
    anchored.push(joined && joined.start >= (anchored.at(-1)?.end ?? 0) ? joined : phrase);
  }
  return anchored;
}
