import { messageOf } from '../core/errors.js';
import type { EmbeddingCache, Logger, Space } from '../core/ports.js';
import { embeddingText, type Memory } from '../core/projection.js';
import type { OpenSpace } from '../core/spaces.js';
import type { SpaceView } from '../core/view.js';

/** What keeps an embedding cache to the texts that memories hold, and so within bounds. */
export interface CacheSweeper {
  /** Tells that vectors were put into a space's cache. */
  grew(space: Space): void;
  /** Sweeps the cache of a space behind the caller if it has grown out of its bound. */
  changed(space: OpenSpace): void;
  /** Removes from a space's cache everything that no memory says now; what is forgotten can come back and stays. */
  sweep(space: OpenSpace): Promise<void>;
  /** Waits for the sweep of a space that is under way. */
  settled(space: Space): Promise<void>;
  /** Waits for all sweeps that are under way. */
  close(): Promise<void>;
}

/**
 * Records that may be in use in the cache of a space with so many memories (erased ones not counted). Each process
 * looks after its own puts, so a file has at most that many and what each process puts between two changes of the space.
 */
export const mostRecords = (memories: number) => 2 * memories + 1000;

/** Watches over an embedding cache, whose files only grow: vectors of superseded texts make room for new ones. */
export function createCacheSweeper({ cache, logger }: { cache: EmbeddingCache; logger: Logger }): CacheSweeper {
  const grown = new Set<Space>();
  const working = new Map<Space, Promise<void>>();

  async function sweep(space: OpenSpace): Promise<void> {
    await cache.keepOnly(space.space, await space.read((view) => stored(view).map((memory) => embeddingText(memory.state))));
  }

  async function tidy(space: OpenSpace): Promise<void> {
    const { records, free } = await cache.size(space.space);
    const bound = mostRecords(await space.read((view) => stored(view).length));
    if (records - free > bound) await sweep(space);
  }

  return {
    grew: (space) => grown.add(space),
    changed(space) {
      if (!grown.has(space.space) || working.has(space.space)) return;
      grown.delete(space.space);
      const task = tidy(space)
        .catch((error: unknown) => logger.warn('embedding cache not swept', { reason: messageOf(error) }))
        .finally(() => working.delete(space.space));
      working.set(space.space, task);
    },
    sweep,
    async settled(space) {
      await working.get(space);
    },
    async close() {
      await Promise.all(working.values());
    },
  };
}

function stored({ projection }: SpaceView): Memory[] {
  return [...projection.memories.values()].filter((memory) => memory.status !== 'erased');
}
