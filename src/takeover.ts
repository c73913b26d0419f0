import { setTimeout as pause } from 'node:timers/promises';
import type { Core } from './core/core.js';
import { messageOf } from './core/errors.js';
import type { Space } from './core/ports.js';
import type { Projection } from './core/projection.js';
import type { OpenSpace } from './core/spaces.js';

/** Finds what processes that are gone left to be done, in spaces that nobody has asked this one for. */
export interface Takeover {
  /** Looks at every space of the home, and from then on again and again. What cannot be read is logged. */
  look(): Promise<void>;
  /** Ends after the space that is being looked at. */
  close(): Promise<void>;
}

/** What is needed to look at spaces. */
export interface TakeoverOptions {
  /** What a space's log says, read beside the held ones, so that one in which nothing is to be done takes nobody's place. */
  glanceAt: (space: Space) => Promise<Projection>;
  isDue: (projection: Projection) => boolean;
  /** Tells whoever works in the background. */
  onDue: (space: OpenSpace, projection: Projection) => void;
  /** Milliseconds between two looks. */
  every?: number | undefined;
}

const usualInterval = 300_000;
/** Of the time of a process that looks at spaces it spends at most one part in so many on them. */
const parts = 5;
const day = 24 * 3600 * 1000;

/**
 * Looks at the spaces of a home. One that is not held in memory is read only where its log grew since, or a day has
 * passed: what lies in it becomes due with time, too. Of many each waits until the calls had their turn.
 */
export function createTakeover(core: () => Core, { glanceAt, isDue, onDue, every = usualInterval }: TakeoverOptions): Takeover {
  /** Bytes of the log and the time, in milliseconds, at the last look at each space in which nothing was due. */
  let idle = new Map<Space, { bytes: number; at: number }>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  const ending = new AbortController();

  /** Leaves the process to others for as long as its own part of the time is used up. */
  async function leaveTimeToOthers(used: number): Promise<void> {
    try {
      await pause((parts - 1) * used, undefined, { signal: ending.signal, ref: false });
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
  }

  /** Whether anything is due in a space, if so whoever works on it is told. */
  async function tellIfDue(space: Space): Promise<boolean> {
    const { spaces } = core();
    if (!spaces.isOpen(space)) {
      const begin = performance.now();
      const isOurs = isDue(await glanceAt(space));
      await leaveTimeToOthers(performance.now() - begin);
      if (!isOurs) return false;
    }
    const open = spaces.open(space);
    return open.read(({ projection }) => {
      if (!isDue(projection)) return false;
      onDue(open, projection);
      return true;
    });
  }

  async function lookAt(space: Space, now: number): Promise<{ bytes: number; at: number } | undefined> {
    const { spaces } = core();
    const bytes = await spaces.bytes(space);
    const last = idle.get(space);
    if (!spaces.isOpen(space) && last?.bytes === bytes && now - last.at < day) return last;
    return (await tellIfDue(space)) ? undefined : { bytes, at: now };
  }

  async function lookAtAll(): Promise<void> {
    const now = core().clock.now();
    const seen: typeof idle = new Map();
    for (const space of await core().spaces.known()) {
      if (ending.signal.aborted) return;
      try {
        const found = await lookAt(space, now);
        if (found) seen.set(space, found);
      } catch (error) {
        // One that cannot be read must not hide the others.
        core().logger.warn('a space could not be looked at', { space, reason: messageOf(error) });
      }
    }
    idle = seen;
  }

  function look(): Promise<void> {
    looking ??= lookAtAll()
      .catch((error: unknown) => core().logger.warn('the spaces could not be looked at', { reason: messageOf(error) }))
      .finally(() => {
        looking = undefined;
        if (!ending.signal.aborted) timer = setTimeout(() => void look(), every).unref();
      });
    return looking;
  }

  return {
    look,
    async close() {
      ending.abort();
      clearTimeout(timer);
      await looking;
    },
  };
}
