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
  /** A space that is read beside the opened ones, so that one in which nothing is to be done is not kept in memory. */
  glanceAt: (space: Space) => OpenSpace;
  isDue: (projection: Projection) => boolean;
  /** Tells whoever works in the background. */
  onDue: (space: OpenSpace) => void;
  /** Milliseconds between two looks. */
  every?: number | undefined;
}

const usualInterval = 300_000;
const day = 24 * 3600 * 1000;

/**
 * Looks at the spaces of a home. One that is not open is read only where its log grew since,
 * or a day has passed: what lies in it becomes due with time, too.
 */
export function createTakeover(core: () => Core, { glanceAt, isDue, onDue, every = usualInterval }: TakeoverOptions): Takeover {
  /** Bytes of the log and the time, in milliseconds, at the last look at each space in which nothing was due. */
  let idle = new Map<Space, { bytes: number; at: number }>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let isOver = false;

  async function lookAt(space: Space, now: number): Promise<{ bytes: number; at: number } | undefined> {
    const { spaces } = core();
    const bytes = await spaces.bytes(space);
    const last = idle.get(space);
    const isOpen = spaces.isOpen(space);
    if (!isOpen && last?.bytes === bytes && now - last.at < day) return last;
    if (!(await (isOpen ? spaces.open(space) : glanceAt(space)).read(({ projection }) => isDue(projection)))) return { bytes, at: now };
    onDue(spaces.open(space));
    return undefined;
  }

  async function lookAtAll(): Promise<void> {
    const now = core().clock.now();
    const seen: typeof idle = new Map();
    for (const space of await core().spaces.known()) {
      if (isOver) return;
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
        if (!isOver) timer = setTimeout(() => void look(), every).unref();
      });
    return looking;
  }

  return {
    look,
    async close() {
      isOver = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
