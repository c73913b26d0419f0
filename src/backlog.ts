import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Core } from './core/core.js';
import { messageOf } from './core/errors.js';
import { firstSignal } from './core/first-signal.js';
import { ModelError, type Space } from './core/ports.js';
import { oldestPending, processPending } from './core/remember.js';
import type { OpenSpace } from './core/spaces.js';

/** Processes the inputs that a failing model left pending, in the background. */
export interface Backlog {
  /** Tells that a space may hold pending inputs. */
  changed(space: OpenSpace): void;
  /** Lets the input that is being worked on go; it stays in the log. */
  close(): Promise<void>;
}

/** Milliseconds before the first try after a failure, doubling; and how long one input may take. */
const firstRetry = 1000;
const longestRetry = 60_000;
const inputLimit = 180_000;

/** Works through each space's pending inputs in order of arrival, one at a time, until none is left. */
export function createBacklog(core: () => Core): Backlog {
  const ending = new AbortController();
  // One waits for each space that changed; more than ten are no leak.
  setMaxListeners(0, ending.signal);
  const working = new Map<Space, Promise<void>>();

  async function wait(milliseconds: number): Promise<void> {
    try {
      await pause(milliseconds, undefined, { signal: ending.signal, ref: false });
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
  }

  async function work(space: OpenSpace): Promise<void> {
    let retry = firstRetry;
    for (;;) {
      // The call that brought an input has the first try.
      await wait(retry);
      if (ending.signal.aborted) return;
      const received = await oldestPending(space);
      if (!received) return;
      try {
        const done = await processPending(core(), space, received, firstSignal(ending.signal, AbortSignal.timeout(inputLimit)));
        if (done) core().logger.info('pending input processed', { input_id: received.event_id });
        retry = done ? 0 : firstRetry;
      } catch (error) {
        if (ending.signal.aborted) return;
        if (!(error instanceof ModelError))
          core().logger.error('pending input failed', { input_id: received.event_id, reason: messageOf(error) });
        retry = Math.min(Math.max(retry * 2, firstRetry), longestRetry);
      }
    }
  }

  return {
    changed(space) {
      if (working.has(space.space) || ending.signal.aborted) return;
      const task = work(space)
        .catch((error: unknown) =>
          core().logger.error('pending inputs are left for later', { space: space.space, reason: messageOf(error) }),
        )
        .finally(() => working.delete(space.space));
      working.set(space.space, task);
    },
    async close() {
      ending.abort(new ModelError('the server is ending'));
      await Promise.all(working.values());
    },
  };
}
