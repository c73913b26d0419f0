import { atMost } from './core/at-most.js';
import { dropAttachments } from './core/attachments.js';
import type { Core } from './core/core.js';
import { messageOf } from './core/errors.js';
import { areWordsDue, blankInputs } from './core/keep-input.js';
import type { Space } from './core/ports.js';
import type { Projection } from './core/projection.js';
import type { OpenSpace } from './core/spaces.js';

/** What is done when nothing else is to be done. */
export interface Housekeeping {
  /** Tells that a space was read or written, and what it adds up to. */
  changed(space: OpenSpace, projection: Projection): void;
  /** Ends after what is under way. */
  close(): Promise<void>;
}

/** Milliseconds without a change of a space before it is looked after: whoever is at work is not to be disturbed. */
const quietFor = 2000;
/** Milliseconds after which it is looked after although it never is left alone. */
const longestWait = 60_000;
/** Spaces that are looked after at the same time. */
const spacesAtOnce = 4;

/**
 * Looks after the spaces in use, in the background, each once it has been left alone for a while: blanks the words of
 * inputs that have been kept long enough, and keeps a checkpoint for the next start. What becomes due with time alone is
 * told by whoever looks at all spaces of the home.
 */
export function createHousekeeping(core: () => Core, { quiet = quietFor }: { quiet?: number | undefined } = {}): Housekeeping {
  const inTurn = atMost(spacesAtOnce);
  /** Those in which something was due when they changed: they are loaded again for it, others are not. */
  const due = new Set<Space>();
  const timers = new Map<Space, NodeJS.Timeout>();
  /** Since when a space waits to be looked after. */
  const waiting = new Map<Space, number>();
  const working = new Set<Promise<void>>();
  let isOver = false;

  async function lookAfter(space: OpenSpace): Promise<void> {
    // What was let go of has its checkpoint, and is looked at by whoever looks at all spaces of the home.
    if (isOver || !(space.isHeld() || due.has(space.space))) return;
    due.delete(space.space);
    const { clock, keepInput, logger } = core();
    try {
      if (await space.read(({ projection }) => areWordsDue(projection, core()))) {
        const inputs = await blankInputs(space, clock.now() - keepInput);
        await dropAttachments(core(), space);
        logger.info('words of processed inputs blanked', { space: space.space, inputs });
      }
      await space.checkpoint();
    } catch (error) {
      logger.warn('a space could not be looked after', { space: space.space, reason: messageOf(error) });
    }
  }

  function lookAfterSoon(space: OpenSpace): void {
    clearTimeout(timers.get(space.space));
    if (isOver) return;
    const since = waiting.get(space.space) ?? performance.now();
    waiting.set(space.space, since);
    const delay = Math.max(0, Math.min(quiet, since + longestWait - performance.now()));
    const timer = setTimeout(() => {
      waiting.delete(space.space);
      timers.delete(space.space);
      const work = inTurn(() => lookAfter(space)).finally(() => working.delete(work));
      working.add(work);
    }, delay);
    timers.set(space.space, timer.unref());
  }

  return {
    changed(space, projection) {
      if (areWordsDue(projection, core())) due.add(space.space);
      lookAfterSoon(space);
    },
    async close() {
      isOver = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(working);
    },
  };
}
