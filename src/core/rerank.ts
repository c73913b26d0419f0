import { z } from 'zod';
import type { Core } from './core.js';
import { cut } from './cut.js';
import { messageOf } from './errors.js';
import { thresholds } from './ranking/weights.js';

/** How many hits of a search form its head, the best: only they are shown to a reranker, and only they change places. */
export const headLength = thresholds.reranked;
/** A letter for each place of the head: the models that copy a cursor from one call to the next get few more of them. */
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.slice(0, headLength);
/** UTF-16 units of the query and of each text: about what fits into the 512 tokens of a small reranker. */
const longestText = 1_000;

/** How the head of a search is reordered; what lies behind it keeps its place, and no hit comes or goes. */
export interface Reranking {
  /** `order[0]` is the place in the ranking of the hit that now leads, and so on; empty: nothing moves. */
  order: readonly number[];
  /** Relevance by place in the ranking, on the model's own scale; empty where no model was asked for this page. */
  scores: readonly number[];
  /** What the answer has to say where the ranking's own order stands in. */
  degraded?: string;
}

/** A search without a reranker. */
export const notReranked: Reranking = { order: [], scores: [] };

/**
 * Asks the reranker, if there is one, in which order the head of a search answers the query. `texts` are those of the
 * hits, best first, of which the head is used. Raises only where `signal` has ended the call: whatever else goes wrong
 * leaves the ranking's own order and is said in `degraded`.
 *
 * Of a search that is given in pages only the first one asks: the cursor keeps the order (`keptOrder`), since a model
 * asked again could answer otherwise, and hits would be given twice or not at all.
 */
export async function rerank(
  core: Pick<Core, 'reranker'>,
  options: {
    /** The caller's wish; without one the reranker is asked if there is one. */
    wanted: boolean | undefined;
    query: string;
    texts: readonly string[];
    signal: AbortSignal;
  },
): Promise<Reranking> {
  const { wanted, query, texts, signal } = options;
  const { reranker } = core;
  const head = texts.slice(0, headLength).map((text) => cut(text, longestText));
  if (wanted === false || head.length < 2) return notReranked;
  if (!reranker) return wanted ? degraded('none is configured') : notReranked;
  try {
    const scores = await reranker.score(cut(query.toWellFormed(), longestText), head, signal);
    const order = [...head.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    return { order, scores };
  } catch (error) {
    signal.throwIfAborted();
    return degraded(messageOf(error));
  }
}

function degraded(reason: string): Reranking {
  return { ...notReranked, degraded: `reranker: ${reason}; ranked without it` };
}

/** The hits in the order of a reranking. */
export function reordered<T>(hits: readonly T[], { order }: Reranking): T[] {
  const head = hits.slice(0, order.length);
  return [...order.flatMap((place) => head.slice(place, place + 1)), ...hits.slice(order.length)];
}

/** A reranking as a cursor keeps it for the pages that begin inside the head; undefined where there is none to keep. */
export function keptOrder({ order, degraded }: Reranking): string | undefined {
  return order.length > 0 || degraded !== undefined ? order.map((place) => letters[place]).join('') : undefined;
}

/** Reads what `keptOrder` wrote: each letter of a head of some length once. Empty: the first page had to do without. */
export const keptOrderShape = z
  .string()
  .max(headLength)
  .transform((kept) => [...kept].map((letter) => letters.indexOf(letter)))
  .refine((order) => new Set(order).size === order.length && order.every((place) => place >= 0 && place < order.length))
  .transform((order): Reranking => (order.length > 0 ? { order, scores: [] } : degraded('it did not order the first page')));
