import { messageOf } from './core/errors.js';
import type { Logger, Space } from './core/ports.js';
import type { OpenSpace } from './core/spaces.js';

/** What is done for the next start, when nothing else is to be done. */
export interface Housekeeping {
  /** Tells that a space was read or written. */
  changed(space: OpenSpace): void;
  /** Ends after what is being written. */
  close(): Promise<void>;
}

/** Milliseconds without a change of a space before it is kept: whoever is at work is not to be disturbed. */
const quiet = 2000;

/** Keeps checkpoints of spaces, in the background, once they have been left alone for a while. */
export function createHousekeeping({ logger }: { logger: Logger }): Housekeeping {
  const timers = new Map<Space, NodeJS.Timeout>();
  const working = new Set<Promise<void>>();

  async function keep(space: OpenSpace): Promise<void> {
    try {
      await space.checkpoint();
    } catch (error) {
      logger.warn('checkpoint not written', { space: space.space, reason: messageOf(error) });
    }
  }

  return {
    changed(space) {
      clearTimeout(timers.get(space.space));
      const timer = setTimeout(() => {
        timers.delete(space.space);
        const work = keep(space).finally(() => working.delete(work));
        working.add(work);
      }, quiet);
      timers.set(space.space, timer.unref());
    },
    async close() {
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(working);
    },
  };
}
