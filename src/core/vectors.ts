import type { Space, VectorHit } from './ports.js';
import type { Memory } from './projection.js';
import type { SimilarityScale } from './ranking/fusion.js';
import type { OpenSpace } from './spaces.js';

/** The vector side as the pipeline sees it: embeddings through their cache, and an index that follows the log. */
export interface Vectors {
  /** The embedding model's name. */
  readonly model: string;
  /** How its similarities are to be read. */
  readonly scale: SimilarityScale;
  /** One unit vector a text; what the cache lacks is computed in one request. Raises ModelError. */
  embed(space: Space, texts: string[], signal: AbortSignal): Promise<Float32Array[]>;
  /** Like embed, for a text that is not stored. */
  embedQuery(text: string, signal: AbortSignal): Promise<Float32Array>;
  /** How near these memories are, in any order; those whose vectors a model has still to be asked for are left out. */
  compare(space: Space, memories: Memory[], query: { vector: Float32Array; signal: AbortSignal }): Promise<VectorHit[]>;
  /** The nearest live memories, those included that the index does not hold yet. `degraded` says what was missing. */
  search(space: OpenSpace, vector: Float32Array, limit: number, signal: AbortSignal): Promise<{ hits: VectorHit[]; degraded?: string }>;
  /** Number of the last event of a space that the open index has taken in; undefined while none is open. Raises what the index raises. */
  reached(space: Space, signal: AbortSignal): Promise<number | undefined>;
  /** Tells that a space has new events; the index follows behind. */
  changed(space: OpenSpace): void;
  /**
   * Notes durably that a space's texts are about to be erased; without the note nothing may be. What it resolves with
   * is called once the log holds them no more: it removes for good, from cache and index, the vectors of everything
   * that no memory says, and the note with them. After a crash in between the next start does it. Raises log_unavailable.
   */
  willErase(space: OpenSpace): Promise<(signal: AbortSignal) => Promise<void>>;
}
