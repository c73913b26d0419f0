import TinyQueue from 'tinyqueue';
import type { LexicalIndex } from './lexical-index.js';
import { type Match, matchOf, type Search } from './strength.js';
import { trait } from './traits.js';
import { weights } from './weights.js';

/** The `min_score` that holds where none is given: what has no match of its own is under it. */
export const defaultFloor = weights.floor;
/** Own match from which on a score reaches it. */
const leastMatch = Math.atanh(weights.floor);

/** One search over the documents of an index. */
export interface RankOptions extends Search {
  /** Score that a document must reach; 0 ranks every document, also those that nothing speaks for. */
  floor: number;
  /** The documents that count, by id; default all. */
  accepts?: ((id: string) => boolean) | undefined;
  /** What has expired by then does not count, in milliseconds since 1970. */
  now?: number | undefined;
}

/** A place (from 1) and score in one arm. */
export interface ArmPlace {
  rank: number;
  score: number;
}

/** How a document came to its place. */
export interface RankingReasons {
  lexical?: ArmPlace;
  dense?: ArmPlace;
  time?: ArmPlace;
  /** What lifted it: what it borrowed of its run, and the factors that are not 1. */
  lifted: { context?: number; subject?: number; answer?: number; question?: number; window?: number };
}

/** A ranked document. */
export interface Ranked {
  id: string;
  /** What the order goes by, 0 to 1, comparable between calls and spaces. */
  strength: number;
  /** The strength, but under `defaultFloor` without a match of its own, however high its context ranks it. */
  score: number;
}

/** The documents that a search found. */
export interface Ranking {
  /** How many there are. */
  total: number;
  /** The best, that many at most, in order, of equals the newer one first. */
  best(count: number, which?: 'all' | 'insights' | 'others'): Ranked[];
  /** How a document came to its place; O(documents). Like `best` to be asked before the index changes. */
  explain(id: string): RankingReasons;
}

/**
 * Ranks the documents of an index for a query. Costs the postings of the query's words and a few passes over arrays of
 * numbers: about a millisecond for ten thousand documents.
 */
export function rank(options: RankOptions): Ranking {
  const { index, floor, accepts = () => true, now = Number.NEGATIVE_INFINITY } = options;
  const { order, expires, traits } = index.columns;
  const match = matchOf(options);
  const isOf = {
    all: () => true,
    insights: (slot: number) => ((traits[slot] ?? 0) & trait.insight) !== 0,
    others: (slot: number) => ((traits[slot] ?? 0) & trait.insight) === 0,
  };
  const strengths = new Float64Array(index.slotCount);
  const found: number[] = [];
  for (let slot = 0; slot < strengths.length; slot++) {
    // Below, no score reaches the floor: nothing further is worth computing.
    if (floor >= defaultFloor && !matches(slot)) continue;
    strengths[slot] = Math.tanh(match.strengthOf(slot));
    if (scoreOf(slot) < floor) continue;
    const id = index.idAt(slot);
    if (id !== '' && (expires[slot] ?? 0) > now && accepts(id)) found.push(slot);
  }

  function matches(slot: number): boolean {
    return (match.own[slot] ?? 0) >= leastMatch;
  }

  function scoreOf(slot: number): number {
    const strength = strengths[slot] ?? 0;
    return matches(slot) ? strength : Math.min(strength, defaultFloor * 0.99);
  }

  return {
    total: found.length,
    best(count, which = 'all') {
      const isBefore = (a: number, b: number) => (strengths[b] ?? 0) - (strengths[a] ?? 0) || (order[b] ?? 0) - (order[a] ?? 0);
      // Of a hundred thousand that were found few are asked for: a heap sorts no more of them.
      const queue = new TinyQueue(found.filter(isOf[which]), isBefore);
      return Array.from({ length: Math.min(count, queue.length) }, () => {
        const slot = queue.pop() ?? -1;
        return { id: index.idAt(slot), strength: strengths[slot] ?? 0, score: scoreOf(slot) };
      });
    },
    explain: (id) => reasonsOf(match, index.slotOf(id) ?? -1),
  };
}

/** The ids of the documents that words alone speak for most, that many at most; none where words find too little to go by. */
export function bestByWords(index: LexicalIndex, query: string, count: number): string[] {
  const { own } = index.score(query);
  const found: number[] = [];
  let overFloor = 0;
  for (let slot = 0; slot < own.length; slot++) {
    if ((own[slot] ?? 0) > 0) found.push(slot);
    if ((own[slot] ?? 0) >= leastMatch) overFloor++;
  }
  if (overFloor < weights.enoughByWords) return [];
  const queue = new TinyQueue(found, (a, b) => (own[b] ?? 0) - (own[a] ?? 0));
  return Array.from({ length: Math.min(count, found.length) }, () => index.idAt(queue.pop() ?? -1));
}

function reasonsOf({ arms, partsOf }: Match, slot: number): RankingReasons {
  const { context, window, ...factors } = partsOf(slot);
  const places = Object.entries(arms).flatMap(([arm, scores]) => {
    const score = scores[slot] ?? 0;
    return score > 0 ? [[arm, { rank: 1 + scores.reduce((better, other) => better + Number(other > score), 0), score }] as const] : [];
  });
  return {
    ...Object.fromEntries(places),
    lifted: {
      ...(context > 0 ? { context } : {}),
      ...(factors.subject === 1 ? {} : { subject: factors.subject }),
      ...(factors.answer === 1 ? {} : { answer: factors.answer }),
      ...(factors.question === 1 ? {} : { question: factors.question }),
      ...(window > 0 ? { window: 1 + (weights.window - 1) * window } : {}),
    },
  };
}
