import type { Core } from './core.js';
import { messageOf } from './errors.js';
import type { Space, VectorHit } from './ports.js';
import { weights } from './ranking/weights.js';

/** The dense candidates of each space; without an embedding or an index the words answer alone, and that is said in `degraded`. */
export async function similar(
  core: Core,
  { query, spaces }: { query: string; spaces: readonly Space[] },
  { signal, degraded }: { signal: AbortSignal; degraded: Set<string> },
): Promise<Map<Space, VectorHit[]>> {
  let vector: Float32Array;
  try {
    vector = await core.vectors.embedQuery(query, signal);
  } catch (error) {
    signal.throwIfAborted();
    degraded.add(`embedding: ${messageOf(error)}; answered by words alone`);
    return new Map();
  }
  const found = await Promise.all(
    spaces.map(async (space) => {
      const result = await core.vectors.search(core.spaces.open(space), vector, weights.denseHits, signal);
      if (result.degraded) degraded.add(result.degraded);
      return [space, result.hits] as const;
    }),
  );
  return new Map(found);
}
