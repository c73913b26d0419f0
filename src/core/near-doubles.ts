import type { Memory } from './projection.js';
import { words } from './ranking/analysis.js';
import { statementKey } from './statement.js';

/** Two memories that say nearly the same; the share of words that they have in common is 0 to 1. */
export interface Double {
  pair: [Memory, Memory];
  shared: number;
}

/** Memories that are held against each other. */
const mostMemories = 2000;
/** Characters and words of one that are looked at. */
const longestText = 500;
const mostWords = 60;
/** Memories that are looked at because of one word: what more of them hold tells nothing. */
const mostOfWord = 20;
/** Share of words from which on two memories may be the same. */
const leastShared = 0.6;

/** A memory, and its words with what keeps them apart from the same words elsewhere. */
interface Entry {
  memory: Memory;
  words: Set<string>;
}

/**
 * Pairs of the same space, kind and subject that share most of their words, the closest first. Numbers and names that
 * differ do not keep two apart: one of them may be out of date. Of many memories only the first are looked at.
 */
export function nearDoubles(memories: readonly Memory[]): Double[] {
  const holders = new Map<string, Entry[]>();
  return memories
    .slice(0, mostMemories)
    .flatMap((memory) => {
      const entry = { memory, words: wordsOf(memory) };
      const near = noteIn(holders, entry);
      return [...near].flatMap(([other, common]): Double[] => {
        // One word that two of several have in common is not worth the exact look.
        if (common === 1 && entry.words.size > 2) return [];
        return [{ pair: [memory, other.memory], shared: shareOf(entry.words, other.words) }];
      });
    })
    .filter(({ shared }) => shared >= leastShared)
    .sort((a, b) => b.shared - a.shared);
}

/** Notes an entry under its words. Gives those that were noted before, with how many words they have in common at least. */
function noteIn(holders: Map<string, Entry[]>, entry: Entry): Map<Entry, number> {
  const near = new Map<Entry, number>();
  for (const word of entry.words) {
    const known = holders.get(word) ?? [];
    for (const other of known) near.set(other, (near.get(other) ?? 0) + 1);
    if (known.length < mostOfWord) known.push(entry);
    holders.set(word, known);
  }
  return near;
}

function wordsOf({ space, state }: Memory): Set<string> {
  const group = `${space}\u0000${state.kind}\u0000${statementKey(state.subject ?? '')}`;
  const all = words(state.text.slice(0, longestText)).slice(0, mostWords);
  return new Set(all.map((word) => `${group}\u0000${word}`));
}

function shareOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((word) => other.has(word)).length;
  return common === 0 ? 0 : common / (one.size + other.size - common);
}
