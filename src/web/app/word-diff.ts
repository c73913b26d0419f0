import { diffArrays } from 'diff';

/** A stretch of words that stayed, came or went. */
export interface DiffPart {
  change: 'same' | 'added' | 'removed';
  text: string;
}

/** Beyond so many changed words two texts are shown one after the other: comparing them longer would tell a reader nothing. */
const mostChanges = 500;

/** What became of the words of a text, in any script: words are told apart as the language does, not by spaces. */
export function diffWords(before: string, after: string): DiffPart[] {
  const parts = diffArrays(wordsOf(before), wordsOf(after), { maxEditLength: mostChanges });
  if (!parts)
    return [
      { change: 'removed', text: before },
      { change: 'added', text: after },
    ];
  return parts.map(({ added, removed, value }) => ({ change: added ? 'added' : removed ? 'removed' : 'same', text: value.join('') }));
}

function wordsOf(text: string): string[] {
  return Array.from(new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text), ({ segment }) => segment);
}
