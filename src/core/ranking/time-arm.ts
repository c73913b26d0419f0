import { recurringOverlaps, type Span, spansOverlap } from '../time/instants.js';
import { terms, words } from './analysis.js';
import { askingCharacters, askingWords } from './english.js';
import type { LexicalDocument, LexicalIndex } from './lexical-index.js';
import { weights } from './weights.js';

/** A document's time, read from its writing at the first look. */
function timeOf(document: LexicalDocument): Span | undefined {
  if (typeof document.span === 'function') document.span = document.span();
  return document.span;
}

function shareOf(document: LexicalDocument, window: Span, zone: string): number {
  const { recurs, dated } = document;
  const span = timeOf(document);
  if (!span) return 0;
  const until = window.end - 1;
  if (recurs ? recurringOverlaps({ span, recurs }, window.start, until, zone) : spansOverlap(span, window.start, until)) return 1;
  // Only the time of saying may lie after what is told.
  const late = span.start - window.end;
  return !dated && late >= 0 && late < weights.windowFade ? 1 - late / weights.windowFade : 0;
}

/** How far each document lies in one of the windows, 0 to 1, by slot. */
export function windowShares(index: LexicalIndex, windows: readonly Span[], zone: string): Float64Array {
  const shares = new Float64Array(index.slotCount);
  if (windows.length === 0) return shares;
  for (let slot = 0; slot < shares.length; slot++) {
    const document = index.documentAt(slot);
    if (document) shares[slot] = Math.max(...windows.map((window) => shareOf(document, window, zone)));
  }
  return shares;
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
