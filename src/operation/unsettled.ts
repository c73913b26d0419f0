import { messageOf } from '../core/errors.js';
import type { Logger, Space } from '../core/ports.js';

/** What remains to be done behind the answers. */
export interface Remaining {
  /** That wait for a model. */
  inputs: number;
  /** Changed ones, of spaces that are held, that the vector index is not known to hold. */
  memories: number;
}

/** Keeps count of the work that is left in spaces, without looking at those in which there is none. */
export interface Unsettled {
  /** Tells that a space has changed, and how many inputs wait in it since. */
  changed(space: Space, inputs: number): void;
  /** Counts what is left; the index is asked about spaces that changed since the last count or had something left then. */
  count(): Promise<Remaining>;
}

/** What is known of spaces and the index. */
export interface Lagging {
  isHeld(space: Space): boolean;
  /** Changed memories of a held space that the index is not known to hold. Raises where the space cannot be read. */
  lag(space: Space): Promise<number>;
}

/** Spaces that one count looks at: whoever asks is answered soon, and of the others the last known numbers are told. */
const mostLooks = 500;

/** Counts what changes leave behind. Counts that are asked for at the same time are one. */
export function createUnsettled({ isHeld, lag }: Lagging, logger: Logger): Unsettled {
  const waiting = new Map<Space, number>();
  /** Last known lag of spaces that may have one. One that is not held stays, and is looked at when it is held again. */
  const lagging = new Map<Space, number>();
  let counting: Promise<Remaining> | undefined;

  const heldLags = () => [...lagging].filter(([space]) => isHeld(space));

  async function lookAt(space: Space, known: number): Promise<void> {
    // A change that comes while it is looked at puts it in again.
    lagging.delete(space);
    try {
      const found = await lag(space);
      if (found > 0) lagging.set(space, found);
    } catch (error) {
      lagging.set(space, known);
      logger.warn('what is left to be done in a space is not known', { space, reason: messageOf(error) });
    }
  }

  async function countAll(): Promise<Remaining> {
    for (const [space, known] of heldLags().slice(0, mostLooks)) await lookAt(space, known);
    return {
      inputs: sum([...waiting.values()]),
      memories: sum(heldLags().map(([, memories]) => memories)),
    };
  }

  return {
    changed(space, inputs) {
      if (inputs > 0) waiting.set(space, inputs);
      else waiting.delete(space);
      if (!lagging.has(space)) lagging.set(space, 0);
    },
    count() {
      counting ??= countAll().finally(() => {
        counting = undefined;
      });
      return counting;
    },
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
