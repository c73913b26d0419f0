import type { Span } from '../time/instants.js';
import { type WantedAnswer, wantedAnswer } from './cues.js';
import { cuesOf, type IndexEntry, type LexicalIndex } from './lexical-index.js';
import { asksOnlyTime, windowShares } from './time-arm.js';
import { weights } from './weights.js';

/** The `min_score` that holds where none is given: what has no match of its own is under it. */
export const defaultFloor = weights.floor;

/** One search over the documents of an index. */
export interface RankOptions {
  index: LexicalIndex;
  query: string;
  /** The spans that the query's phrases of time stand for. */
  windows: readonly Span[];
  /** The query without its phrases of time: where that asks for nothing in particular, the time alone is a match. */
  rest?: string | undefined;
  /** The nearest by embedding; absent or empty when there is no such arm. Ids that the index does not hold are ignored. */
  dense?: readonly { id: string; similarity: number }[] | undefined;
  /** Cosine that unrelated texts commonly reach, 0 to 1. */
  noise: number;
  /** Share of the embedding in the own match, 0 to 1: about .15 for the built-in one, .5 for a model. */
  denseWeight: number;
  /** Where the days of recurring documents begin; default UTC. */
  zone?: string | undefined;
  /** Adds `why`. */
  explain?: boolean | undefined;
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
  /** What lifted it: what it borrowed of its run, and factors over 1. */
  lifted: { context?: number; subject?: number; answer?: number; window?: number };
}

/** A ranked document. */
export interface Ranked {
  id: string;
  /** What the order goes by, 0 to 1, comparable between calls and spaces. */
  strength: number;
  /** The strength, but under `defaultFloor` without a match of its own, however high its context ranks it. */
  score: number;
  why?: RankingReasons;
}

type Scores = Float64Array;

function denseShares({ index, dense = [], noise }: RankOptions): Scores {
  const shares = new Float64Array(index.slotCount);
  for (const { id, similarity } of dense) {
    const slot = index.slotOf(id);
    if (slot !== undefined) shares[slot] = Math.max(0, (similarity - noise) / (1 - noise));
  }
  return shares;
}

/** What each memory borrows of its neighbours' matches and its run's. */
function contextOf(own: Scores, runs: { slots: readonly number[]; share: number }[], index: LexicalIndex): Scores {
  const context = new Float64Array(own.length);
  for (const { slots, share } of runs) {
    const ownAt = (place: number) => own[slots[place] ?? -1] ?? 0;
    for (const [place, slot] of slots.entries()) {
      const before = ownAt(place - 1) > 0 ? index.entry(slots[place - 1] ?? -1) : undefined;
      const answers = before && cuesOf(before).asks && before.subject !== index.entry(slot)?.subject;
      const near =
        (weights.previous + (answers ? weights.answersQuestion : 0)) * ownAt(place - 1) +
        weights.next * ownAt(place + 1) +
        weights.beforePrevious * ownAt(place - 2);
      // The run alone speaks for none of its memories.
      if (near + (own[slot] ?? 0) > 0) context[slot] = near + weights.runShare * share;
    }
  }
  return context;
}

function placesOf(scores: Scores): Map<number, ArmPlace> {
  const slots = [...scores.keys()].filter((slot) => (scores[slot] ?? 0) > 0);
  slots.sort((left, right) => (scores[right] ?? 0) - (scores[left] ?? 0));
  return new Map(slots.map((slot, index) => [slot, { rank: index + 1, score: scores[slot] ?? 0 }]));
}

/** The factor for what an entry's text itself is: about a named person, and the kind of answer that is wanted. */
function createFactors({ index, query }: RankOptions): (entry: IndexEntry) => { subject: number; answer: number } {
  const named = index.subjectsNamed(query);
  // A query that names everybody tells nobody apart.
  const telling = named.size < index.subjectCount;
  const wanted = wantedAnswer(query);
  const offers = (entry: IndexEntry, answer: WantedAnswer) => {
    const cues = cuesOf(entry);
    if (answer === 'time') return cues.tellsTime || entry.document.dated === true;
    return answer === 'number' ? cues.tellsNumber : cues.tellsDuration;
  };
  return (entry) => ({
    subject: telling && entry.subject !== undefined && named.has(entry.subject) ? weights.subject : 1,
    answer: wanted !== undefined && offers(entry, wanted) ? weights.answer[wanted] : 1,
  });
}

/**
 * Ranks the documents of an index for a query, best first; those that nothing speaks for are left out. The own match is
 * the share of the query's words that a text covers (BM25 over the query's maximum) and its similarity above the noise,
 * weighted; context, subject, kind of answer and time lift it. Costs O(documents), no more than a few milliseconds for
 * ten thousand.
 */
export function rank(options: RankOptions): Ranked[] {
  const { index, query, windows, zone = 'UTC' } = options;
  const lexical = index.score(query);
  const dense = denseShares(options);
  const denseWeight = options.dense?.length ? options.denseWeight : 0;
  const inWindow = windows.length > 0 ? windowShares(index, windows, zone) : undefined;
  const timeShare = inWindow && options.rest !== undefined && asksOnlyTime(options.rest, index) ? weights.timeAlone : 0;

  const own = lexical.own.map((share, slot) =>
    Math.max((1 - denseWeight) * share + denseWeight * (dense[slot] ?? 0), timeShare * (inWindow?.[slot] ?? 0)),
  );
  const context = contextOf(own, lexical.runs, index);
  const factorsOf = createFactors(options);
  const strengths = new Float64Array(index.slotCount);
  let bestInWindow = 0;
  for (let slot = 0; slot < strengths.length; slot++) {
    const match = (own[slot] ?? 0) + (context[slot] ?? 0);
    const entry = match > 0 ? index.entry(slot) : undefined;
    if (!entry) continue;
    const { subject, answer } = factorsOf(entry);
    const lifted = match * subject * answer;
    strengths[slot] = lifted;
    bestInWindow = Math.max(bestInWindow, lifted * (inWindow?.[slot] ?? 0));
  }
  inWindow?.forEach((share, slot) => {
    strengths[slot] = (strengths[slot] ?? 0) * (1 + (weights.window - 1) * share) + weights.windowShare * bestInWindow * share;
  });

  const ranked: { slot: number; entry: IndexEntry; strong: number }[] = [];
  for (let slot = 0; slot < strengths.length; slot++) {
    const strong = strengths[slot] ?? 0;
    const entry = strong > 0 ? index.entry(slot) : undefined;
    if (entry) ranked.push({ slot, entry, strong });
  }
  // Of equals the newer one: what was said last is more likely still true.
  ranked.sort((left, right) => right.strong - left.strong || right.entry.document.order - left.entry.document.order);
  const explain = options.explain ? explainer() : undefined;
  return ranked.map(({ slot, entry, strong }) => {
    const strength = Math.tanh(strong);
    const matches = Math.tanh(own[slot] ?? 0) >= defaultFloor;
    const score = matches ? strength : Math.min(strength, defaultFloor * 0.99);
    return { id: entry.id, strength, score, ...(explain ? { why: explain(slot, entry) } : {}) };
  });

  function explainer(): (slot: number, entry: IndexEntry) => RankingReasons {
    const arms = { lexical: placesOf(lexical.own), dense: placesOf(dense), time: placesOf(inWindow ?? new Float64Array()) };
    return (slot, entry) => {
      const { subject, answer } = factorsOf(entry);
      const share = inWindow?.[slot] ?? 0;
      const borrowed = context[slot] ?? 0;
      const places = Object.entries(arms).flatMap(([arm, found]) => (found.has(slot) ? [[arm, found.get(slot)] as const] : []));
      const lifted = {
        ...(borrowed > 0 ? { context: borrowed } : {}),
        ...(subject > 1 ? { subject } : {}),
        ...(answer > 1 ? { answer } : {}),
        ...(share > 0 ? { window: 1 + (weights.window - 1) * share } : {}),
      };
      return { ...Object.fromEntries(places), lifted };
    };
  }
}
