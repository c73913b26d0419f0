import { messageOf } from '../core/errors.js';
import { firstSignal } from '../core/first-signal.js';
import { changedAfter } from '../core/latest-changes.js';
import {
  type Embedder,
  type EmbeddingCache,
  type Logger,
  ModelError,
  type Space,
  type VectorHit,
  type VectorIndex,
} from '../core/ports.js';
import { embeddingText, type Memory } from '../core/projection.js';
import { weights } from '../core/ranking/weights.js';
import type { OpenSpace } from '../core/spaces.js';
import type { Vectors } from '../core/vectors.js';
import type { SpaceView } from '../core/view.js';
import { createCacheSweeper } from './cache-sweeper.js';
import type { Erasures } from './erasures.js';
import { createIndexFollower } from './index-follower.js';
import { type RebuildOptions, rebuildVectors } from './rebuild.js';

/** The vector side with what the process that owns it needs: how far the index is, and an orderly end. */
export interface VectorSide extends Vectors {
  /** The index in use, once it is open. */
  index(): VectorIndex | undefined;
  /** Opens the index for vectors of this length, or resolves with the one that is open. Raises what opening it raises. */
  open(dimension: number): Promise<VectorIndex>;
  /** How many changed memories of a space the index is not known to hold; none where it let go of the space. */
  lag(space: OpenSpace): Promise<number>;
  /** Why the index lags, while it or the model fails. */
  fault(): string | undefined;
  /** Brings every space that changed up to date. Raises what the index or the model raise. */
  flush(signal: AbortSignal): Promise<void>;
  /** Brings one space up to date; `onStep` hears how many memories are left. Raises what the index or the model raise. */
  catchUp(space: OpenSpace, signal: AbortSignal, onStep?: (left: number) => void): Promise<void>;
  /** Cleans the caches of the spaces in which a process ended in the middle of an erase. */
  finishErasing(open: (space: Space) => OpenSpace): Promise<void>;
  /** Makes cache and index anew from the logs of `spaces`. See `rebuildVectors`. */
  rebuild(spaces: OpenSpace[], options: RebuildOptions): Promise<void>;
  /** Lets go of what is held in memory of a space: it is made again, of vectors that are known, when the space is searched. */
  released(space: OpenSpace): void;
  /** Bytes that the vectors of so many memories take in memory. */
  heldBytes(memories: number): number;
  /** Gives the index a last moment to catch up and lets it go. */
  close(): Promise<void>;
}

/** Bytes of a component in an index that holds everything in memory, its sketch included, and of an id with its revision and row. */
const vectorBytes = 5;
const recordBytes = 200;
/** Memories beyond the index that a search compares one by one at most. */
const mostPending = 2000;
/** Memories of a space that a search puts into an index in memory before it asks it. */
const mostFilled = 500;
/** Milliseconds that a search waits for the index. */
const searchLimit = 2000;
/** Milliseconds that a call waits for an embedding: words alone answer well enough to beat a longer wait. */
const embeddingLimit = 8000;

/**
 * Joins embedder, embedding cache and index. The index is opened with the length of the first vector, behind the
 * first answer; what it does not hold yet is compared here, so a search misses nothing.
 */
export function createVectors(options: {
  embedder: Embedder;
  cache: EmbeddingCache;
  erasures: Erasures;
  openIndex: (dimension: number) => Promise<VectorIndex>;
  logger: Logger;
}): VectorSide {
  const { embedder, cache, erasures, logger } = options;
  const sweeper = createCacheSweeper({ cache, logger });
  const dimension = () => embedder.dimension;
  const follower = createIndexFollower({ openIndex: open, dimension, embed, onReplaced: sweeper.sweep, logger });
  let opening: Promise<VectorIndex> | undefined;
  let opened: VectorIndex | undefined;

  function open(dimension: number): Promise<VectorIndex> {
    opening ??= options.openIndex(dimension).then(
      (index) => {
        opened = index;
        return index;
      },
      (error: unknown) => {
        opening = undefined;
        throw error;
      },
    );
    return opening;
  }

  async function embed(space: Space, texts: string[], signal: AbortSignal): Promise<Float32Array[]> {
    // What is computed here is computed anew in less time than it is read.
    if (!embedder.remote) return embedder.embed(texts, signal);
    const known = embedder.dimension > 0 ? await fromCache(space, texts) : [];
    const missing = [...new Set(texts.filter((_, index) => !known[index]))];
    if (missing.length === 0) return known as Float32Array[];
    const computed = await embedder.embed(missing, signal);
    const entries = missing.map((text, index) => ({ text, vector: given(computed[index]) }));
    await intoCache(space, entries);
    const fresh = new Map(entries.map(({ text, vector }) => [text, vector]));
    return texts.map((text, index) => known[index] ?? given(fresh.get(text)));
  }

  /** Without the cache everything goes on, at the price of computing vectors again. */
  async function fromCache(space: Space, texts: string[]): Promise<(Float32Array | undefined)[]> {
    try {
      return await cache.get(space, texts);
    } catch (error) {
      logger.warn('embedding cache cannot be read', { reason: messageOf(error) });
      return texts.map(() => undefined);
    }
  }

  async function intoCache(space: Space, entries: { text: string; vector: Float32Array }[]): Promise<void> {
    try {
      // Else puts could outrun the sweep that makes room for them.
      await sweeper.settled(space);
      await cache.put(space, entries);
      sweeper.grew(space);
    } catch (error) {
      logger.warn('embedding cache cannot be written', { reason: messageOf(error) });
    }
  }

  function changed(space: OpenSpace): void {
    follower.changed(space);
    sweeper.changed(space);
  }

  function given(vector: Float32Array | undefined): Float32Array {
    if (!vector) throw new ModelError(`${embedder.model} gave too few vectors`);
    return vector;
  }

  async function indexed(
    space: OpenSpace,
    vector: Float32Array,
    search: { limit: number; spaceSize: number; signal: AbortSignal },
  ): Promise<VectorHit[] | undefined> {
    if (!opened || search.spaceSize === 0) return [];
    const signal = firstSignal(search.signal, AbortSignal.timeout(searchLimit));
    const hits = await opened.query(space.space, vector, { ...search, signal });
    // An index that should hold something and finds nothing has been emptied.
    return hits.length === 0 ? undefined : hits;
  }

  /**
   * Fills an index in memory, of vectors that are computed here, with a small space that it does not hold: comparing them
   * for this answer costs as much, and they would be computed once more for the index.
   */
  async function fillSmall(space: OpenSpace, signal: AbortSignal): Promise<void> {
    if (!opened?.release || embedder.remote) return;
    const { pending, spaceSize } = await follower.read(space, pendingIn);
    if (spaceSize > 0 || pending.length === 0 || pending.length > mostFilled) return;
    await unlessItFails(() => follower.catchUp(space, signal), { otherwise: undefined, signal });
  }

  /** What fails on the way to an answer only takes vectors from it, and is tried again behind it. */
  async function unlessItFails<T>(work: () => Promise<T>, { otherwise, signal }: { otherwise: T; signal: AbortSignal }): Promise<T> {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      follower.failed(error);
      return otherwise;
    }
  }

  /** What an answer lacks while so many memories are not in the index, of which so many were compared one by one. */
  function shortfall(pending: number, compared: number): string | undefined {
    const fault = follower.fault();
    if (pending > 0 && fault !== undefined) return `vector index: ${fault}`;
    return compared < pending ? 'vector index: it is still being filled' : undefined;
  }

  async function nearest(
    space: Space,
    memories: Memory[],
    { vector, signal }: { vector: Float32Array; signal: AbortSignal },
  ): Promise<VectorHit[]> {
    if (memories.length === 0) return [];
    const texts = memories.map((memory) => embeddingText(memory.state));
    // No endpoint is asked here: what a model has still to be asked for is left to words.
    const vectors = embedder.remote ? await fromCache(space, texts) : await embedder.embed(texts, signal);
    return memories.flatMap(({ id, revision }, index) => {
      const own = vectors[index];
      return own && own.length === vector.length ? [{ id, revision, similarity: dot(own, vector) }] : [];
    });
  }

  return {
    model: embedder.model,
    scale: {
      // A model's is known with its first answer.
      get noise() {
        return embedder.noise;
      },
      knows: embedder.remote ? 'meanings' : 'spellings',
      weight: embedder.remote ? weights.similarity.model : weights.similarity.builtIn,
    },
    index: () => opened,
    open,
    embed: (space, texts, signal) => embed(space, texts, firstSignal(signal, AbortSignal.timeout(embeddingLimit))),

    async embedQuery(text, signal) {
      const [vector] = await embedder.embed([text], firstSignal(signal, AbortSignal.timeout(embeddingLimit)));
      return given(vector);
    },

    compare: nearest,

    async search(space, vector, limit, signal) {
      await fillSmall(space, signal);
      const { pending, spaceSize } = await follower.read(space, pendingIn);
      let hits: VectorHit[] | undefined;
      let degraded: string | undefined;
      try {
        hits = await indexed(space, vector, { limit, spaceSize, signal });
      } catch (error) {
        signal.throwIfAborted();
        follower.failed(error);
        degraded = `vector index: ${messageOf(error)}`;
      }
      if (hits === undefined) follower.mistrust(space);
      const own = hits === undefined ? (await space.read((view) => pendingIn(view, 0))).pending : pending;
      // Few of many would be found, at the price of reading the whole cache: words answer until the index is filled.
      const compare = async () => (own.length > mostPending ? [] : nearest(space.space, own, { vector, signal }));
      const compared = await unlessItFails(compare, { otherwise: [], signal });
      if (own.length > 0) follower.changed(space);
      const fresh = new Set(compared.map((hit) => hit.id));
      const all = [...compared, ...(hits ?? []).filter((hit) => !fresh.has(hit.id))].sort((a, b) => b.similarity - a.similarity);
      degraded ??= shortfall(own.length, compared.length);
      return { hits: all.slice(0, limit), ...(degraded ? { degraded: `${degraded}; answered by words and the vectors at hand` } : {}) };
    },

    async reached(space, signal) {
      const limit = firstSignal(signal, AbortSignal.timeout(searchLimit));
      return (await opened?.advance(space, () => Promise.resolve(undefined), limit))?.sequence;
    },

    changed,
    lag: async (space) =>
      follower.isReleased(space) ? 0 : follower.read(space, (view, reached) => changedAfter(view.projection, reached).length),
    fault: follower.fault,
    flush: follower.flush,
    catchUp: follower.catchUp,

    async willErase(space) {
      const done = await erasures.begin(space.space);
      return async (signal) => {
        await sweeper.sweep(space);
        await done();
        follower.changed(space);
        if (!opened) return;
        try {
          await follower.catchUp(space, firstSignal(signal, AbortSignal.timeout(searchLimit)));
        } catch (error) {
          // The log no longer knows the memory, so nothing finds it; the vector goes as soon as the index answers.
          logger.warn('vector of an erased memory not removed yet', { reason: messageOf(error) });
        }
      };
    },

    finishErasing: (openSpace) => erasures.finish((space) => sweeper.sweep(openSpace(space))),

    rebuild: (spaces, given) => rebuildVectors(spaces, { embed, open, cache, sweep: sweeper.sweep, catchUp: follower.catchUp }, given),

    released(space) {
      follower.released(space);
      cache.release(space.space);
    },

    heldBytes: (memories) => (opened?.release ? memories * (vectorBytes * embedder.dimension + recordBytes) : 0),

    async close() {
      await follower.close();
      await sweeper.close();
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}

/** Live memories that an index does not hold as they are now which has taken in all up to `after`, and how many it holds. */
function pendingIn(view: SpaceView, after: number): { pending: Memory[]; spaceSize: number } {
  const pending = changedAfter(view.projection, after).filter((memory) => memory.status === 'live');
  return { pending, spaceSize: view.lexical.size - pending.length };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
