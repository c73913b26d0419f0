/** An inverted index over numbered slots, scored by BM25. */
export interface Postings {
  /** Adds terms to a slot, on top of those it has; O(terms). */
  add(slot: number, terms: string[]): void;
  /** Takes away terms that were added to a slot before; afterwards all counts are as if they had never been there. */
  remove(slot: number, terms: string[]): void;
  /** Whether any slot holds the term. */
  has(term: string): boolean;
  /** Rarity of a term, also of one that no slot holds. */
  rarity(term: string): number;
  /** BM25 by slot for terms with their weights. */
  score(query: ReadonlyMap<string, number>): Float64Array;
  /** The most that a slot could score for these terms. */
  maximum(query: ReadonlyMap<string, number>): number;
}

/**
 * An empty inverted index. Scores are Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009)
 * with the never negative idf of Lucene, ln(1 + (N - n + .5) / (n + .5)).
 */
export function createPostings({ k1, b }: { k1: number; b: number }): Postings {
  /** Term -> slot -> how often. */
  const postings = new Map<string, Map<number, number>>();
  const lengths: number[] = [];
  let filled = 0;
  let total = 0;

  function lengthen(slot: number, by: number): void {
    const before = lengths[slot] ?? 0;
    while (lengths.length <= slot) lengths.push(0);
    lengths[slot] = before + by;
    filled += Number(before + by > 0) - Number(before > 0);
    total += by;
  }

  function rarity(term: string): number {
    const holders = postings.get(term)?.size ?? 0;
    return Math.log(1 + (filled - holders + 0.5) / (holders + 0.5));
  }

  return {
    add(slot, terms) {
      for (const term of terms) {
        const posting = postings.get(term) ?? new Map<number, number>();
        postings.set(term, posting.set(slot, (posting.get(slot) ?? 0) + 1));
      }
      lengthen(slot, terms.length);
    },
    remove(slot, terms) {
      for (const term of terms) {
        const posting = postings.get(term);
        const count = posting?.get(slot);
        if (!posting || count === undefined) throw new Error(`Slot ${slot} does not hold the term that is taken from it.`);
        if (count > 1) posting.set(slot, count - 1);
        else posting.delete(slot);
        if (posting.size === 0) postings.delete(term);
      }
      lengthen(slot, -terms.length);
    },
    has: (term) => postings.has(term),
    rarity,
    score(query) {
      const scores = new Float64Array(lengths.length);
      const average = filled > 0 ? total / filled : 1;
      for (const [term, weight] of query) {
        const posting = postings.get(term);
        if (!posting) continue;
        const gain = weight * rarity(term) * (k1 + 1);
        for (const [slot, count] of posting) {
          const norm = k1 * (1 - b + (b * (lengths[slot] ?? 0)) / average);
          scores[slot] = (scores[slot] ?? 0) + (gain * count) / (count + norm);
        }
      }
      return scores;
    },
    maximum(query) {
      let sum = 0;
      for (const [term, weight] of query) sum += weight * rarity(term) * (k1 + 1);
      return sum;
    },
  };
}
