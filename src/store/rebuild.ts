import type { EmbeddingCache, Space, VectorIndex } from '../core/ports.js';
import { embeddingText } from '../core/projection.js';
import type { OpenSpace } from '../core/spaces.js';

/** How a rebuild is watched and ended. */
export interface RebuildOptions {
  /** Whether the spaces are all that there are: then what the caches hold of others goes. */
  complete: boolean;
  /** Hears of each space how many of its memories are in the new index, and of how many. */
  onProgress: (space: Space, done: number, all: number) => void;
  signal: AbortSignal;
}

/** What a rebuild works with. */
interface Parts {
  embed: (space: Space, texts: string[], signal: AbortSignal) => Promise<Float32Array[]>;
  /** Opens the index for vectors of this length. */
  open: (dimension: number) => Promise<VectorIndex>;
  cache: EmbeddingCache;
  sweep: (space: OpenSpace) => Promise<void>;
  catchUp: (space: OpenSpace, signal: AbortSignal, onStep: (left: number) => void) => Promise<void>;
}

/** Texts whose vectors are fetched at once. */
const batchSize = 500;

/**
 * Makes the caches and the index of the present model anew from the logs of `spaces`. Vectors that the cache holds are used again; what it lacks is computed first, so that an index is only thrown away
 * when it can be made anew. Interrupted, the index lacks something, which whoever uses it next adds as usual. Raises
 * what the model and the index raise.
 */
export async function rebuildVectors(spaces: OpenSpace[], parts: Parts, { complete, onProgress, signal }: RebuildOptions): Promise<void> {
  let dimension = 0;
  for (const space of spaces) {
    const texts = await textsOf(space);
    for (let start = 0; start < texts.length; start += batchSize) {
      const [first] = await parts.embed(space.space, texts.slice(start, start + batchSize), signal);
      dimension ||= first?.length ?? 0;
    }
    await parts.sweep(space);
  }
  if (complete) await parts.cache.prune(spaces.map(({ space }) => space));
  // Without a single memory nobody may know how long the vectors are; then no program has made an index either.
  if (dimension === 0) return;
  const index = await parts.open(dimension);
  await index.clear(signal);
  for (const space of spaces) {
    const all = (await textsOf(space)).length;
    onProgress(space.space, 0, all);
    await parts.catchUp(space, signal, (left) => onProgress(space.space, Math.max(all - left, 0), all));
  }
}

function textsOf(space: OpenSpace): Promise<string[]> {
  return space.read(({ projection }) =>
    [...projection.memories.values()].filter((memory) => memory.status === 'live').map((memory) => embeddingText(memory.state)),
  );
}
