/** How common words are: in one index, or in several that are searched together. */
export interface TermStatistics {
  /** Documents there are. */
  readonly size: number;
  /** Documents that hold a term. */
  holders(term: string): number;
}

/** The same of one index, which can name its terms. */
export interface CountedTerms extends TermStatistics {
  /** All terms that are held. */
  terms(): Iterable<string>;
}

/** An inverted index over numbered slots, scored by BM25. */
export interface Postings extends CountedTerms {
  /** Terms of all slots, each as often as it was added. */
  readonly length: number;
  /** Adds terms to a slot, on top of those it has; O(terms) for the newest slots, else their postings are searched. */
  add(slot: number, terms: string[]): void;
  /** Takes away terms that were added to a slot before; afterwards all counts are as if they had never been there. */
  remove(slot: number, terms: string[]): void;
  /** Whether any slot holds the term. */
  has(term: string): boolean;
  /** BM25 by slot for terms with their weights; `statistics`, by default its own, tell how rare they are. */
  score(query: ReadonlyMap<string, number>, statistics?: TermStatistics): Float64Array;
  /** The most that a slot could score for one term. */
  maximum(term: string, statistics?: TermStatistics): number;
  /** All that it holds, to be made again from. */
  dump(): PostingsDump;
}

/** The content of an inverted index. */
export interface PostingsDump {
  terms: string[];
  /** Slots of each term. */
  sizes: Uint32Array;
  /** Slot and count in turn, term after term. */
  entries: Uint32Array;
  /** Terms of each slot. */
  lengths: Uint32Array;
}

/** Counts in one what several indexes hold, so that none of them has to stay in memory; each costs O(terms). */
export function createTally(): TermStatistics & { add(one: CountedTerms): void } {
  const counts = new Map<string, number>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    holders: (term) => counts.get(term) ?? 0,
    add(one) {
      size += one.size;
      for (const term of one.terms()) counts.set(term, (counts.get(term) ?? 0) + one.holders(term));
    },
  };
}

/** The statistics of several indexes as one; each term is counted once. */
export function together(all: readonly TermStatistics[]): TermStatistics {
  const known = new Map<string, number>();
  return {
    size: all.reduce((sum, { size }) => sum + size, 0),
    holders(term) {
      const count = known.get(term) ?? all.reduce((sum, each) => sum + each.holders(term), 0);
      known.set(term, count);
      return count;
    },
  };
}

/** The never negative idf of Lucene, ln(1 + (N - n + .5) / (n + .5)), also of a term that nothing holds. */
function rarityOf(term: string, { size, holders }: TermStatistics): number {
  const count = holders(term);
  return Math.log(1 + (size - count + 0.5) / (count + 0.5));
}

/** Slot and count in turn, slots rising. One flat array a term takes a fraction of a map's memory and is read several times as fast. */
type Posting = number[] | Uint32Array;

/** Index of the first slot that is not under `slot`. */
function placeIn(posting: Posting, slot: number): number {
  let low = 0;
  let high = posting.length / 2;
  // Most of what is added is new and belongs at the end.
  if ((posting.at(-2) ?? -1) < slot) return posting.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((posting[2 * middle] ?? 0) < slot) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

/**
 * An inverted index, empty or made again from a dump. Scores are Okapi BM25 (Robertson and Zaragoza, "The Probabilistic
 * Relevance Framework", 2009).
 */
export function createPostings({ k1, b }: { k1: number; b: number }, dump?: PostingsDump): Postings {
  const postings = new Map<string, Posting>();
  const lengths: number[] = Array.from(dump?.lengths ?? []);
  let filled = 0;
  let total = 0;
  for (const length of lengths) {
    filled += Number(length > 0);
    total += length;
  }
  if (dump) {
    let start = 0;
    for (const [index, term] of dump.terms.entries()) {
      const end = start + 2 * (dump.sizes[index] ?? 0);
      postings.set(term, dump.entries.subarray(start, end));
      start = end;
    }
  }

  function lengthen(slot: number, by: number): void {
    const before = lengths[slot] ?? 0;
    while (lengths.length <= slot) lengths.push(0);
    lengths[slot] = before + by;
    filled += Number(before + by > 0) - Number(before > 0);
    total += by;
  }

  /** A term's posting to be changed: those of a dump have a fixed length. */
  function growing(term: string): number[] {
    const known = postings.get(term) ?? [];
    const posting = Array.isArray(known) ? known : Array.from(known);
    if (posting !== known || known.length === 0) postings.set(term, posting);
    return posting;
  }

  const own: TermStatistics = {
    get size() {
      return filled;
    },
    holders: (term) => (postings.get(term)?.length ?? 0) / 2,
  };

  return {
    get size() {
      return filled;
    },
    get length() {
      return total;
    },
    holders: own.holders,
    add(slot, terms) {
      for (const term of terms) {
        const posting = growing(term);
        const at = placeIn(posting, slot);
        if (at === posting.length) posting.push(slot, 1);
        else if (posting[at] === slot) posting[at + 1] = (posting[at + 1] ?? 0) + 1;
        else posting.splice(at, 0, slot, 1);
      }
      lengthen(slot, terms.length);
    },
    remove(slot, terms) {
      for (const term of terms) {
        const posting = growing(term);
        const at = placeIn(posting, slot);
        if (posting[at] !== slot) throw new Error(`Slot ${slot} does not hold the term that is taken from it.`);
        const count = posting[at + 1] ?? 0;
        if (count > 1) posting[at + 1] = count - 1;
        else posting.splice(at, 2);
        if (posting.length === 0) postings.delete(term);
      }
      lengthen(slot, -terms.length);
    },
    has: (term) => postings.has(term),
    terms: () => postings.keys(),
    score(query, statistics = own) {
      const scores = new Float64Array(lengths.length);
      const average = filled > 0 ? total / filled : 1;
      for (const [term, weight] of query) {
        const posting = postings.get(term);
        if (!posting) continue;
        const gain = weight * rarityOf(term, statistics) * (k1 + 1);
        for (let at = 0; at < posting.length; at += 2) {
          const slot = posting[at] ?? 0;
          const count = posting[at + 1] ?? 0;
          const norm = k1 * (1 - b + (b * (lengths[slot] ?? 0)) / average);
          scores[slot] = (scores[slot] ?? 0) + (gain * count) / (count + norm);
        }
      }
      return scores;
    },
    maximum: (term, statistics = own) => rarityOf(term, statistics) * (k1 + 1),
    dump() {
      const all = [...postings];
      const entries = new Uint32Array(all.reduce((sum, [, posting]) => sum + posting.length, 0));
      let start = 0;
      for (const [, posting] of all) {
        entries.set(posting, start);
        start += posting.length;
      }
      return {
        terms: all.map(([term]) => term),
        sizes: Uint32Array.from(all, ([, posting]) => posting.length / 2),
        entries,
        lengths: Uint32Array.from(lengths),
      };
    },
  };
}
