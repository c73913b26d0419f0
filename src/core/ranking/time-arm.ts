import { recurringOverlaps, type Span, spansOverlap } from '../time/instants.js';
import { terms, words } from './analysis.js';
import { askingWords } from './english.js';
import { askingCharacters } from './ideographs.js';
import type { LexicalIndex } from './lexical-index.js';
import { trait } from './traits.js';
import { weights } from './weights.js';

/** How far each document lies in one of the windows, 0 to 1, by slot. */
export function windowShares(index: LexicalIndex, windows: readonly Span[], zone: string): Float64Array {
  const shares = new Float64Array(index.slotCount);
  const { start, end, traits } = index.columns;
  for (const window of windows) {
    const until = window.end - 1;
    for (let slot = 0; slot < shares.length; slot++) {
      const span = { start: start[slot] ?? Number.NaN, end: end[slot] ?? Number.NaN };
      const bits = traits[slot] ?? 0;
      const recurs = (bits & trait.recurs) === 0 ? undefined : index.documentAt(slot)?.recurs;
      const inside = recurs ? recurringOverlaps({ span, recurs }, window.start, until, zone) : spansOverlap(span, window.start, until);
      const share = inside ? 1 : (bits & trait.dated) === 0 ? fading(span.start - window.end) : 0;
      if (share > (shares[slot] ?? 0)) shares[slot] = share;
    }
  }
  return shares;
}

/** What was only said at a time may tell of what lies shortly before it: 1 to 0 over the milliseconds that it is late. */
function fading(late: number): number {
  return late >= 0 && late < weights.windowFade ? 1 - late / weights.windowFade : 0;
}

const askingTerms = new Set(terms([...askingWords].join(' ')));
const ideographs = /^\p{Script=Han}+$/u;
const asks = (character: string) => askingCharacters.has(character) || terms(character).length === 0;

/** Whether the rest of a query, its phrases of time taken out, asks for nothing in particular: "what did Ann do". */
export function asksOnlyTime(rest: string, index: LexicalIndex): boolean {
  const names = new Set([...index.subjectsNamed(rest).values()].flatMap((subject) => words(subject)));
  const left = words(rest).filter((word) => !names.has(word));
  return terms(left.join(' ')).every((term) => askingTerms.has(term) || (ideographs.test(term) && [...term].every(asks)));
}
