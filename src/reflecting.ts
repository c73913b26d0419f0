import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { atMost } from './core/at-most.js';
import type { Core } from './core/core.js';
import { messageOf } from './core/errors.js';
import { firstSignal } from './core/first-signal.js';
import { ModelError, type Space } from './core/ports.js';
import type { Projection } from './core/projection.js';
import { isReflectionDue } from './core/reflection/fold.js';
import { reflect } from './core/reflection/reflect.js';
import type { OpenSpace } from './core/spaces.js';

/** Reflects on the spaces in use, in the background. */
export interface Reflecting {
  /** Whether a space is to be reflected on. */
  isDue(projection: Projection): boolean;
  /** Tells that a space was read or written, and what it adds up to. */
  changed(space: OpenSpace, projection: Projection): void;
  /** Lets go of the reflection that is under way; what it committed stands. */
  close(): Promise<void>;
}

/** Milliseconds without a change of a space before it is reflected on: a conversation that goes on has more to tell. */
const quietFor = 3000;
/** Milliseconds before the next try after a failure, doubling; and how long one reflection may take. */
const firstRetry = 1000;
const longestRetry = 300_000;
const reflectionLimit = 300_000;
/** Spaces that are reflected on at the same time. */
const spacesAtOnce = 2;

/** Reflects on each space that has been left alone for a while and is due: `threshold` new memories, 0 for never, or insights that lost a source. */
export function createReflecting(
  core: () => Core,
  { threshold, quiet = quietFor }: { threshold: number; quiet?: number | undefined },
): Reflecting {
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  /** When a space that is worked on changed last, by the clock of `performance`. */
  const changes = new Map<Space, number>();
  const working = new Map<Space, Promise<void>>();
  const inTurn = atMost(spacesAtOnce);

  async function wait(milliseconds: number): Promise<void> {
    try {
      await pause(Math.max(0, milliseconds), undefined, { signal: ending.signal, ref: false });
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
  }

  const isOn = () => threshold > 0 && core().reflector !== undefined;
  const isDue = (projection: Projection) => isOn() && projection.pending.size === 0 && isReflectionDue(projection, threshold);

  async function work(space: OpenSpace): Promise<void> {
    let retry = firstRetry;
    let seen: number | undefined;
    // What changed while the last look was taken is looked at as well.
    while (!ending.signal.aborted && seen !== changes.get(space.space)) {
      seen = changes.get(space.space) ?? 0;
      await wait(seen + quiet - performance.now());
      if (ending.signal.aborted || seen !== changes.get(space.space) || !(await space.read((view) => isDue(view.projection)))) continue;
      const isDone = await inTurn(() => attempt(space));
      if (!isDone) {
        await wait(retry);
        retry = Math.min(2 * retry, longestRetry);
      }
      // Insights may have lost a source meanwhile, and further memories may wait for their turn.
      if (!isDone || (await space.read((view) => isDue(view.projection)))) seen = undefined;
    }
  }

  /** Resolves with false where it is to be tried again. */
  async function attempt(space: OpenSpace): Promise<boolean> {
    if (ending.signal.aborted) return true;
    const { logger, ids } = core();
    const call = { id: ids.event(), signal: firstSignal(ending.signal, AbortSignal.timeout(reflectionLimit)) };
    try {
      const answer = await reflect(core(), space, call, { force: false });
      if (!answer) return false;
      const { insights, merged, rejected, looked } = answer;
      const counts = { insights: insights.length, merged: merged.length, rejected: rejected.length, looked };
      logger.info('reflected', { space: space.space, call_id: call.id, ...counts });
      return true;
    } catch (error) {
      if (ending.signal.aborted) return true;
      logger[error instanceof ModelError ? 'warn' : 'error']('reflection is left for later', {
        space: space.space,
        reason: messageOf(error),
      });
      return false;
    }
  }

  return {
    isDue,
    changed(space, projection) {
      if (!isOn() || ending.signal.aborted) return;
      if (!working.has(space.space) && !isDue(projection)) return;
      changes.set(space.space, performance.now());
      if (working.has(space.space)) return;
      const task = work(space)
        .catch((error: unknown) => core().logger.error('a space is not reflected on', { space: space.space, reason: messageOf(error) }))
        .finally(() => {
          working.delete(space.space);
          changes.delete(space.space);
        });
      working.set(space.space, task);
    },
    async close() {
      ending.abort(new ModelError('the server is ending'));
      await Promise.all(working.values());
    },
  };
}
