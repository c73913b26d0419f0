import type { LexicalIndex } from './lexical-index.js';
import { weights } from './weights.js';

/** How the similarities of an embedding are to be read. */
export interface SimilarityScale {
  /** Cosine that unrelated texts commonly reach, 0 to 1. */
  noise: number;
  /**
   * The built-in embedding compares spellings: its noise was measured, and it finds little that words do not. A model
   * knows meanings: its noise is a guess, and the hits of each query tell more.
   */
  knows: 'spellings' | 'meanings';
  /** Own match of a memory that no word speaks for and whose similarity is 1, 0 to 1. */
  weight: number;
}

/** The vector side of a search. */
export interface DenseArm extends SimilarityScale {
  /** The nearest by embedding; ids that the index does not hold are ignored. */
  hits: readonly { id: string; similarity: number }[];
}

/**
 * The cosine that memories unrelated to this query reach. It differs by model and by query, so the hits themselves tell
 * it: of a small space the median, of a large one the last hit. Few hits tell little, and the noise counts in part.
 */
function unrelatedLevel(falling: readonly number[], { noise, size }: { noise: number; size: number }): number {
  const last = Math.min(falling.length, Math.ceil(size / 2)) - 1;
  return noise + ((falling[last] ?? noise) - noise) * Math.min(1, last / weights.enoughHits);
}

/**
 * How far the best hit stands out from the others, as a factor of the weight: the farther, the better the embedding
 * knows what the query is about.
 */
function confidence(falling: readonly number[]): number {
  const last = falling.at(-1) ?? 0;
  const middle = falling[Math.floor(falling.length / 2)] ?? last;
  const standsOut = middle > last ? ((falling[0] ?? last) - last) / (middle - last) : 0;
  return Math.min(weights.mostConfidence, Math.max(1, standsOut / weights.standsOut));
}

/** Own match by similarity, 0 to 1, by slot: what lies above the similarity of unrelated memories, weighted. */
export function denseMatches({ hits, noise, knows, weight }: DenseArm, index: LexicalIndex): Float64Array {
  const shares = new Float64Array(index.slotCount);
  const known = hits.flatMap(({ id, similarity }) => {
    const slot = index.slotOf(id);
    return slot === undefined ? [] : [{ slot, similarity }];
  });
  const falling = known.map(({ similarity }) => similarity).sort((a, b) => b - a);
  const level = knows === 'spellings' ? noise : unrelatedLevel(falling, { noise, size: index.size });
  const isSure = knows === 'meanings' && falling.length >= weights.enoughHits;
  const more = isSure ? confidence(falling) - 1 : 0;
  // Were all the same, nothing would stand out.
  const room = Math.max(1 - level, 0.01);
  const above = (similarity: number) => Math.min(1, Math.max(0, (similarity - level) / room));
  const best = above(falling[0] ?? level);
  for (const { slot, similarity } of known) {
    const share = above(similarity);
    // Where the best stands out, so does what is half as near; the unrelated behind them are not to come over the floor.
    const standing = best > 0 ? Math.min(1, (2 * share) / best) : 0;
    shares[slot] = Math.min(1, weight * (1 + more * standing)) * share;
  }
  return shares;
}

/**
 * Unites two own matches by slot: the second adds its share of what the first leaves open (a probabilistic sum), so that
 * either alone suffices and neither takes from the other.
 */
export function united(lexical: Float64Array, dense: Float64Array): Float64Array {
  const both = new Float64Array(lexical.length);
  for (let slot = 0; slot < both.length; slot++) both[slot] = (lexical[slot] ?? 0) + (1 - (lexical[slot] ?? 0)) * (dense[slot] ?? 0);
  return both;
}
