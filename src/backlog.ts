import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Core } from './core/core.js';
import { messageOf } from './core/errors.js';
import { firstSignal } from './core/first-signal.js';
import { ModelError, RefusedInputError, type Space } from './core/ports.js';
import { processPending } from './core/process-pending.js';
import { nextWaiting, timeLimitOf } from './core/queue.js';
import type { OpenSpace } from './core/spaces.js';

/** Processes, in the background, the inputs that nobody waited for and those that a failing model left pending. */
export interface Backlog {
  /** Tells that a space may hold pending inputs. */
  changed(space: OpenSpace): void;
  /** Lets the input that is being worked on go; it stays in the log. */
  close(): Promise<void>;
}

/** Milliseconds before the first try after a failure, doubling. */
const usualRetry = 1000;
const longestRetry = 60_000;
/** How often a model may refuse an input before the built-in rules process it. */
const mostRefusals = 3;

/**
 * Works through each space's pending inputs in order of arrival, one at a time, until none is left. An endpoint that
 * fails is waited for; an input that it refuses steps behind the others.
 */
export function createBacklog(core: () => Core, options: { retryDelay?: number | undefined } = {}): Backlog {
  const { retryDelay: firstRetry = usualRetry } = options;
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

  /** The input of a space whose turn it is, as it stands in the newest view. */
  function nextInput(space: OpenSpace, setBacks: (inputId: string) => number) {
    return space.read(({ projection }) => {
      const id = nextWaiting(projection, setBacks) ?? '';
      const input = projection.pending.get(id);
      return input && { id, input };
    });
  }

  async function work(space: OpenSpace): Promise<void> {
    /** Why each input was refused, once a try. */
    const refusals = new Map<string, string[]>();
    let retry = firstRetry;
    for (;;) {
      // The call that brought an input has the first try.
      await wait(retry);
      if (ending.signal.aborted) return;
      const next = await nextInput(space, (id) => refusals.get(id)?.length ?? 0);
      if (!next) return;
      const refused = refusals.get(next.id) ?? [];
      try {
        const done = await processPending(core(), space, next.id, {
          refusal: refused.length < mostRefusals ? undefined : refused.at(-1),
          signal: firstSignal(ending.signal, AbortSignal.timeout(timeLimitOf(next.input))),
        });
        if (done) core().logger.info('pending input processed', { input_id: next.id });
        retry = done ? 0 : firstRetry;
      } catch (error) {
        if (ending.signal.aborted) return;
        if (error instanceof RefusedInputError) {
          refusals.set(next.id, [...refused, messageOf(error)]);
          retry = firstRetry;
          continue;
        }
        if (!(error instanceof ModelError)) core().logger.error('pending input failed', { input_id: next.id, reason: messageOf(error) });
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
