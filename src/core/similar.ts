import { acrossSpaces } from './across-spaces.js';
import type { Core } from './core.js';
import { messageOf } from './errors.js';
import type { Space, VectorHit } from './ports.js';
import type { Memory } from './projection.js';
import { bestByWords } from './ranking/ranking.js';
import { weights } from './ranking/weights.js';
import type { SpaceView } from './view.js';

/**
 * The dense candidates of each space: the nearest by the index. But the built-in embedding knows spellings alone: among
 * many memories it compares what words found, and an index is asked only where they found little. Without an embedding or
 * an index the words answer alone, and that is said in `degraded`.
 */
export async function similar(
  core: Core,
  { query, words, spaces }: { query: string; words: string; spaces: readonly Space[] },
  { signal, degraded }: { signal: AbortSignal; degraded: Set<string> },
): Promise<Map<Space, VectorHit[]>> {
  const { vectors } = core;
  function failed(error: unknown): void {
    signal.throwIfAborted();
    degraded.add(`embedding: ${messageOf(error)}; answered by words alone`);
  }
  let vector: Float32Array;
  try {
    vector = await vectors.embedQuery(query, signal);
  } catch (error) {
    failed(error);
    return new Map();
  }
  async function comparedIn(space: Space, found: Memory[]): Promise<VectorHit[]> {
    try {
      return await vectors.compare(space, found, { vector, signal });
    } catch (error) {
      failed(error);
      return [];
    }
  }
  const hitsIn = async (space: Space): Promise<VectorHit[]> => {
    const open = core.spaces.open(space);
    const found = vectors.scale.knows === 'spellings' ? await open.read((view) => foundAmongMany(view, words)) : [];
    if (found.length > 0) return comparedIn(space, found);
    const result = await vectors.search(open, vector, weights.denseHits, signal);
    if (result.degraded) degraded.add(result.degraded);
    return result.hits;
  };
  return new Map(await acrossSpaces(spaces, async (space) => [space, await hitsIn(space)] as const));
}

function foundAmongMany({ projection, lexical }: SpaceView, words: string): Memory[] {
  if (lexical.size < weights.many) return [];
  return bestByWords(lexical, words, weights.byWords).flatMap((id) => projection.memories.get(id) ?? []);
}
