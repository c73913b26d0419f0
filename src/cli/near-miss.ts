import { distance } from '../core/ranking/spelling.js';

/** Letters up to which a word may be a misspelt one. */
const longestWord = 40;

/** The one of the known words that a misspelt or begun one was probably meant to be; undefined where none is near. */
export function nearMiss(word: string, known: readonly string[]): string | undefined {
  const given = word.toLowerCase();
  const begun = known.filter((each) => given.length > 1 && each.toLowerCase().startsWith(given));
  if (begun[0] !== undefined || given.length > longestWord) return begun[0];
  const near = known
    .map((each) => ({ each, edits: each.length > longestWord ? Number.POSITIVE_INFINITY : distance(given, each.toLowerCase()) }))
    .filter(({ each, edits }) => edits <= Math.max(1, Math.min(2, Math.floor(each.length / 3))))
    .sort((left, right) => left.edits - right.edits);
  return near[0]?.each;
}
