import { messageOf } from '../core/errors.js';
import type { Logger, Space } from '../core/ports.js';

/** What remains to be done behind the answers. */
export interface Remaining {
  /** That wait for a model. */
  inputs: number;
  /** Changed ones that the vector index is not known to hold. */
  memories: number;
}

/** Keeps count of the work that is left in spaces, without looking at those in which there is none. */
export interface Unsettled {
  /** Tells that a space has changed. */
  changed(space: Space): void;
  /** Counts what is left, in spaces that changed since the last count or had something left then. */
  count(): Promise<Remaining>;
}

/** Spaces that one count looks at: whoever asks is answered soon, and of the others the last known numbers are told. */
const mostLooks = 500;

/** Counts by `look`, which raises where a space cannot be read. Counts that are asked for at the same time are one. */
export function createUnsettled(look: (space: Space) => Promise<Remaining>, logger: Logger): Unsettled {
  const left = new Map<Space, Remaining>();
  let counting: Promise<Remaining> | undefined;

  async function lookAt(space: Space, known: Remaining): Promise<void> {
    // A change that comes while it is looked at puts it in again.
    left.delete(space);
    try {
      const found = await look(space);
      if (found.inputs + found.memories > 0) left.set(space, found);
    } catch (error) {
      left.set(space, known);
      logger.warn('what is left to be done in a space is not known', { space, reason: messageOf(error) });
    }
  }

  async function countAll(): Promise<Remaining> {
    for (const [space, known] of [...left].slice(0, mostLooks)) await lookAt(space, known);
    const sum = { inputs: 0, memories: 0 };
    for (const { inputs, memories } of left.values()) {
      sum.inputs += inputs;
      sum.memories += memories;
    }
    return sum;
  }

  return {
    changed(space) {
      if (!left.has(space)) left.set(space, { inputs: 0, memories: 0 });
    },
    count() {
      counting ??= countAll().finally(() => {
        counting = undefined;
      });
      return counting;
    },
  };
}
