import type { LexicalIndex } from './lexical-index.js';

/** The vector side of a search. */
export interface DenseArm {
  /** The nearest by embedding; ids that the index does not hold are ignored. */
  hits: readonly { id: string; similarity: number }[];
  /** Cosine that unrelated texts commonly reach, 0 to 1. */
  noise: number;
  /** Share of the embedding in the own match, 0 to 1: about .15 for the built-in one, .5 for a model. */
  weight: number;
}

/** Similarity above the noise, 0 to 1, by slot. */
export function denseShares({ hits, noise }: DenseArm, index: LexicalIndex): Float64Array {
  const shares = new Float64Array(index.slotCount);
  for (const { id, similarity } of hits) {
    const slot = index.slotOf(id);
    if (slot !== undefined) shares[slot] = Math.max(0, (similarity - noise) / (1 - noise));
  }
  return shares;
}
