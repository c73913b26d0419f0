import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../core/errors.js';
import type { Embedder, EmbeddingCache, IndexChange, Logger, Position, Space, VectorHit, VectorIndex } from '../core/ports.js';
import { embeddingText, type Memory } from '../core/projection.js';
import type { OpenSpace, SpaceView } from '../core/spaces.js';
import type { Vectors } from '../core/vectors.js';

/** The vector side with what the process that owns it needs: how far the index is, and an orderly end. */
export interface VectorSide extends Vectors {
  /** The index in use, once it is open. */
  index(): VectorIndex | undefined;
  /** Opens the index for vectors of this length, or resolves with the one that is open. Raises what opening it raises. */
  open(dimension: number): Promise<VectorIndex>;
  /** Brings every space that changed up to date. Raises what the index or the model raise. */
  flush(signal: AbortSignal): Promise<void>;
  /** Gives the index a last moment to catch up and lets it go. */
  close(): Promise<void>;
}

/** Memories that one step takes into the index. */
const stepSize = 500;
/** Memories beyond the index that a search compares one by one, the newest. */
const mostPending = 2000;
/** Milliseconds that changes are gathered before the index follows; a batch costs it little more than one record. */
const gatherFor = 50;
/** Milliseconds that a search waits for the index, and a step of following may take. */
const searchLimit = 2000;
const stepLimit = 60_000;
/** Milliseconds between tries while the index or the model does not answer, doubling. */
const firstRetry = 500;
const longestRetry = 30_000;
/** Milliseconds that the index gets to catch up at the end. */
const closingLimit = 2000;
/** Milliseconds that a call waits for an embedding: words alone answer well enough to beat a longer wait. */
const embeddingLimit = 8000;

const nowhere: Position = { generation: 0, sequence: 0 };

/**
 * Joins embedder, embedding cache and index. The index is opened with the length of the first vector, behind the
 * first answer; it follows the log in steps, and what it lacks is compared here, so a search misses nothing.
 */
export function createVectors(options: {
  embedder: Embedder;
  /** Share of a score that similarity may contribute, 0 to 1. */
  weight: number;
  cache: EmbeddingCache;
  openIndex: (dimension: number) => Promise<VectorIndex>;
  logger: Logger;
}): VectorSide {
  const { embedder, cache, logger } = options;
  const reached = new Map<Space, Position>();
  const behind = new Map<Space, OpenSpace>();
  const ending = new AbortController();
  let opening: Promise<VectorIndex> | undefined;
  let opened: VectorIndex | undefined;
  let following: Promise<void> | undefined;
  let fault: string | undefined;

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
    const known = embedder.dimension > 0 ? await cache.get(space, texts) : [];
    const missing = [...new Set(texts.filter((_, index) => !known[index]))];
    if (missing.length === 0) return known as Float32Array[];
    const computed = await embedder.embed(missing, signal);
    const entries = missing.flatMap((text, index) => (computed[index] ? [{ text, vector: computed[index] }] : []));
    await cache.put(space, entries);
    const fresh = new Map(entries.map(({ text, vector }) => [text, vector]));
    // Texts embedded before the dimension was known may be in the cache twice; the fresh vector is as good.
    return texts.map((text, index) => known[index] ?? fresh.get(text)).filter((vector) => vector !== undefined);
  }

  /** One step of a space; true when the index has caught up. */
  async function step(space: OpenSpace, index: VectorIndex, signal: AbortSignal): Promise<boolean> {
    let caughtUp = true;
    const position = await index.advance(
      space.space,
      async (from) => {
        const work = await space.read((view) => changesAfter(view, from));
        caughtUp = work.complete;
        if (work.changed.length === 0) return undefined;
        const live = work.changed.filter((memory) => memory.status === 'live');
        const vectors = await embed(
          space.space,
          live.map((memory) => embeddingText(memory.state)),
          signal,
        );
        return {
          upserts: live.flatMap(({ id, revision, state }, at) =>
            vectors[at] ? [{ id, revision, kind: state.kind, vector: vectors[at] }] : [],
          ),
          deletes: work.changed.filter((memory) => memory.status !== 'live').map((memory) => memory.id),
          position: work.position,
        } satisfies IndexChange;
      },
      signal,
    );
    reached.set(space.space, position);
    return caughtUp;
  }

  async function catchUp(space: OpenSpace, signal: AbortSignal): Promise<void> {
    const isEmpty = await space.read((view) => view.projection.memories.size === 0);
    if (isEmpty && !reached.has(space.space)) return;
    // A model whose vectors have an unknown length is asked once, with the first text that is to be indexed.
    const dimension = embedder.dimension || (await firstVector(space, signal)).length;
    if (dimension === 0) return;
    const index = await open(dimension);
    while (!(await step(space, index, AbortSignal.any([signal, AbortSignal.timeout(stepLimit)])))) signal.throwIfAborted();
  }

  async function firstVector(space: OpenSpace, signal: AbortSignal): Promise<Float32Array> {
    const first = await space.read((view) => [...view.projection.memories.values()].find((memory) => memory.status === 'live'));
    if (!first) return new Float32Array(0);
    const [vector] = await embed(space.space, [embeddingText(first.state)], signal);
    return vector ?? new Float32Array(0);
  }

  /** Follows the log until nothing is behind, however often the index or the model fails. */
  async function follow(): Promise<void> {
    let retry = firstRetry;
    await wait(gatherFor);
    while (behind.size > 0 && !ending.signal.aborted) {
      for (const [name, space] of [...behind]) {
        behind.delete(name);
        try {
          await catchUp(space, ending.signal);
          if (fault) logger.info('vector index is up to date again', {});
          fault = undefined;
          retry = firstRetry;
        } catch (error) {
          behind.set(name, space);
          if (ending.signal.aborted) return;
          noteFault(error);
          await wait(retry * (0.5 + Math.random() / 2));
          retry = Math.min(retry * 2, longestRetry);
        }
      }
    }
  }

  /** Keeps in mind until the index is up to date again that it is not. */
  function noteFault(error: unknown): void {
    if (fault === undefined) logger.warn('vector index lags behind', { reason: messageOf(error) });
    fault = messageOf(error);
  }

  async function wait(milliseconds: number): Promise<void> {
    try {
      await pause(milliseconds, undefined, { signal: ending.signal, ref: false });
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
  }

  function changed(space: OpenSpace): void {
    behind.set(space.space, space);
    following ??= follow().finally(() => {
      following = undefined;
      if (behind.size > 0 && !ending.signal.aborted) for (const each of behind.values()) changed(each);
    });
  }

  async function indexed(
    space: OpenSpace,
    vector: Float32Array,
    search: { limit: number; spaceSize: number; signal: AbortSignal },
  ): Promise<VectorHit[] | undefined> {
    if (!opened || search.spaceSize === 0) return [];
    const signal = AbortSignal.any([search.signal, AbortSignal.timeout(searchLimit)]);
    const hits = await opened.query(space.space, vector, { ...search, signal });
    // An index that should hold something and finds nothing has been emptied.
    return hits.length === 0 ? undefined : hits;
  }

  /** What an answer lacks while this many memories are not in the index. */
  function shortfall(pending: number): string | undefined {
    if (pending > 0 && fault !== undefined) return `vector index: ${fault}`;
    return pending > mostPending ? 'vector index: it is still being filled' : undefined;
  }

  return {
    noise: embedder.noise,
    weight: options.weight,
    index: () => opened,
    open,
    embed: (space, texts, signal) => embed(space, texts, AbortSignal.any([signal, AbortSignal.timeout(embeddingLimit)])),

    async embedQuery(text, signal) {
      const [vector] = await embedder.embed([text], AbortSignal.any([signal, AbortSignal.timeout(embeddingLimit)]));
      if (!vector) throw new Error(`${embedder.model} gave no vector`);
      return vector;
    },

    async search(space, vector, limit, signal) {
      const position = opened ? (reached.get(space.space) ?? nowhere) : nowhere;
      const { pending, spaceSize } = await space.read((view) => pendingIn(view, position));
      let hits: VectorHit[] | undefined;
      let degraded: string | undefined;
      try {
        hits = await indexed(space, vector, { limit, spaceSize, signal });
      } catch (error) {
        signal.throwIfAborted();
        noteFault(error);
        degraded = `vector index: ${messageOf(error)}`;
      }
      if (hits === undefined) {
        reached.delete(space.space);
        changed(space);
      }
      const own = hits === undefined ? (await space.read((view) => pendingIn(view, nowhere))).pending : pending;
      const compared = await nearest(cache, space.space, own.slice(-mostPending), vector);
      if (own.length > 0 && !following) changed(space);
      const fresh = new Set(own.map((memory) => memory.id));
      const all = [...compared, ...(hits ?? []).filter((hit) => !fresh.has(hit.id))].sort((a, b) => b.similarity - a.similarity);
      degraded ??= shortfall(own.length);
      return { hits: all.slice(0, limit), ...(degraded ? { degraded: `${degraded}; answered by words and the vectors at hand` } : {}) };
    },

    changed,

    async dropErased(space, signal) {
      const texts = await space.read((view) => [...view.projection.memories.values()].flatMap((memory) => [...memory.states.values()]));
      await cache.keepOnly(space.space, texts.map(embeddingText));
      changed(space);
      if (!opened) return;
      try {
        await catchUp(space, AbortSignal.any([signal, AbortSignal.timeout(searchLimit)]));
      } catch (error) {
        // The log no longer knows the memory, so nothing finds it; the vector goes as soon as the index answers.
        logger.warn('vector of an erased memory not removed yet', { reason: messageOf(error) });
      }
    },

    async flush(signal) {
      for (const [name, space] of [...behind]) {
        behind.delete(name);
        await catchUp(space, signal);
      }
    },

    async close() {
      if (opened && behind.size > 0) {
        // A timer that keeps the process alive: those of following do not.
        let limit: NodeJS.Timeout | undefined;
        await Promise.race([following, new Promise((resolve) => (limit = setTimeout(resolve, closingLimit)))]);
        clearTimeout(limit);
      }
      ending.abort();
      await following;
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}

/** The next memories that an index at `from` lacks, oldest change first. */
function changesAfter(view: SpaceView, from: Position): { changed: Memory[]; complete: boolean; position: Position } {
  const { memories, position } = view.projection;
  // An index that is ahead of the log has followed another one.
  const after = from.sequence > position.sequence ? 0 : from.sequence;
  const all = [...memories.values()].filter((memory) => memory.changed > after).sort((a, b) => a.changed - b.changed);
  const changed = all.slice(0, stepSize);
  const complete = changed.length === all.length;
  return { changed, complete, position: complete ? position : { ...position, sequence: changed.at(-1)?.changed ?? after } };
}

/** Live memories that an index at `position` does not hold as they are now, and how many it holds. */
function pendingIn(view: SpaceView, position: Position): { pending: Memory[]; spaceSize: number } {
  const pending: Memory[] = [];
  for (const memory of view.projection.memories.values())
    if (memory.status === 'live' && memory.changed > position.sequence) pending.push(memory);
  return { pending, spaceSize: view.lexical.size - pending.length };
}

async function nearest(cache: EmbeddingCache, space: Space, memories: Memory[], vector: Float32Array): Promise<VectorHit[]> {
  const vectors = await cache.get(
    space,
    memories.map((memory) => embeddingText(memory.state)),
  );
  return memories.flatMap(({ id, revision }, index) => {
    const own = vectors[index];
    return own && own.length === vector.length ? [{ id, revision, similarity: dot(own, vector) }] : [];
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
