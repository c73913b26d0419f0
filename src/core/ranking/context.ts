import type { LexicalIndex } from './lexical-index.js';
import { trait } from './traits.js';
import { weights } from './weights.js';

/**
 * What the memory in a slot borrows of the own matches of its neighbours in the run or call, and of the share of the query
 * that the whole run covers: a question and its answer, or a story told over several turns, are found together.
 */
export function contextAt(slot: number, match: { own: Float64Array; runs: Float64Array; index: LexicalIndex }): number {
  const { own, runs } = match;
  const { run, previous, next, subject, traits } = match.index.columns;
  const before = previous[slot] ?? -1;
  const shareBefore = own[before] ?? 0;
  const answers = shareBefore > 0 && ((traits[before] ?? 0) & trait.asks) !== 0 && subject[before] !== subject[slot];
  const near =
    (weights.previous + (answers ? weights.answersQuestion : 0)) * shareBefore +
    weights.next * (own[next[slot] ?? -1] ?? 0) +
    weights.beforePrevious * (own[previous[before] ?? -1] ?? 0);
  // The run alone speaks for none of its memories.
  return near + (own[slot] ?? 0) > 0 ? near + weights.runShare * (runs[run[slot] ?? -1] ?? 0) : 0;
}
