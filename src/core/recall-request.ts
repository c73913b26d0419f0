import type { RecalledMemory } from './answers.js';
import type { Call } from './core.js';
import type { Space } from './ports.js';
import type { Selection } from './selection.js';

/** What is asked of the memories of some spaces. Times and filters as the contract says. */
export interface RecallRequest extends Selection {
  /** Where is searched, the caller's own space first. */
  spaces: readonly Space[];
  /** The spaces are all there are: a cursor then holds although new ones come. */
  everywhere?: boolean | undefined;
  query?: string | undefined;
  /** The standing picture first: what is pinned, lasting preferences and instructions, insights; then the hits, or the newest. */
  profile?: boolean | undefined;
  limit: number;
  cursor?: string | undefined;
  min_score?: number | undefined;
  /** The instant whose memories are asked for, ISO 8601; one to come is now. */
  as_of?: string | undefined;
  /** What phrases of time in the query are relative to, ISO 8601; else `as_of`, else now. */
  now?: string | undefined;
  explain?: boolean | undefined;
  /** Whether a reranker orders the best; default: if there is one. */
  rerank?: boolean | undefined;
}

/** What a listing or a search is carried out with; times in milliseconds since 1970. */
export interface RecallOptions {
  call: Call;
  /** What a cursor is bound to. */
  identity: unknown;
  asOf?: number | undefined;
  now?: number | undefined;
}

/** One page, the next place, and how many hits there are in all. */
export interface Page {
  memories: RecalledMemory[];
  next?: Record<string, unknown>;
  total: number;
  degraded: string[];
}
