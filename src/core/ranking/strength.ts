import type { Span } from '../time/instants.js';
import { contextAt } from './context.js';
import { type DenseArm, denseMatches, united } from './fusion.js';
import type { LexicalIndex } from './lexical-index.js';
import type { TermStatistics } from './postings.js';
import { asksOnlyTime, windowShares } from './time-arm.js';
import { trait, wantedAnswer } from './traits.js';
import { weights } from './weights.js';

/** What is searched for in an index. */
export interface Search {
  index: LexicalIndex;
  query: string;
  /** The spans that the query's phrases of time stand for. */
  windows: readonly Span[];
  /** The query without its phrases of time: where that asks for nothing in particular, the time alone is a match. */
  rest?: string | undefined;
  /** Absent where no embedding answered. */
  dense?: DenseArm | undefined;
  /** How common words are where several indexes are searched together; default as in this one. */
  statistics?: TermStatistics | undefined;
  /** Where the days of recurring documents begin; default UTC. */
  zone?: string | undefined;
}

/** What speaks for the document in one slot. */
export interface Parts {
  /** Match of its own, 0 to 1. */
  own: number;
  /** What it borrows of its run. */
  context: number;
  /** Factors: about a person named, the kind of answer wanted, nothing but a question itself. */
  subject: number;
  answer: number;
  question: number;
  /** How far it lies in a time named, 0 to 1. */
  window: number;
}

/** A query held against every document of an index; arrays are by slot. */
export interface Match {
  arms: { lexical: Float64Array; dense: Float64Array; time: Float64Array };
  own: Float64Array;
  partsOf(slot: number): Parts;
  /** What the order goes by, from 0, without bound. */
  strengthOf(slot: number): number;
}

const lifted = ({ own, context, subject, answer, question }: Parts) => (own + context) * subject * answer * question;

/**
 * Holds a query against an index. The own match is the share of the query's words that a text covers (BM25 over the
 * query's maximum), and of what they leave open its similarity above that of unrelated ones, weighted; what else speaks for a document is computed for those
 * that are asked about, so that a search costs little more than the postings of its words.
 */
export function matchOf(search: Search): Match {
  const { index, query, windows, dense: given, zone = 'UTC' } = search;
  const { own: lexical, runs } = index.score(query, search.statistics);
  const dense = given ? denseMatches(given, index) : new Float64Array(index.slotCount);
  const time = windowShares(index, windows, zone);
  const isTimeAlone = windows.length > 0 && search.rest !== undefined && asksOnlyTime(search.rest, index);
  const timeShare = isTimeAlone ? weights.timeAlone : 0;
  const own = united(lexical, dense);
  if (timeShare > 0) for (let slot = 0; slot < own.length; slot++) own[slot] = Math.max(own[slot] ?? 0, timeShare * (time[slot] ?? 0));

  const named = index.subjectsNamed(query);
  // A query that names everybody tells nobody apart.
  const isTelling = named.size < index.subjectCount;
  const wanted = wantedAnswer(query);
  const { subject: subjectOf, traits } = index.columns;

  function partsOf(slot: number): Parts {
    return {
      own: own[slot] ?? 0,
      context: contextAt(slot, { own, runs, index }),
      subject: isTelling && named.has(subjectOf[slot] ?? -1) ? weights.subject : 1,
      answer: wanted !== undefined && (traits[slot] ?? 0) & trait[wanted] ? weights.answer[wanted] : 1,
      question: (traits[slot] ?? 0) & trait.onlyAsks ? weights.onlyAsks : 1,
      window: time[slot] ?? 0,
    };
  }

  let bestInWindow = 0;
  if (windows.length > 0) {
    for (let slot = 0; slot < time.length; slot++) {
      const share = time[slot] ?? 0;
      if (share > 0) bestInWindow = Math.max(bestInWindow, lifted(partsOf(slot)) * share);
    }
  }

  return {
    arms: { lexical, dense, time },
    own,
    partsOf,
    strengthOf(slot) {
      const parts = partsOf(slot);
      return lifted(parts) * (1 + (weights.window - 1) * parts.window) + weights.windowShare * bestInWindow * parts.window;
    },
  };
}
