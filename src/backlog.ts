import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { atMost } from './core/at-most.js';
import type { Core } from './core/core.js';
import { KeepsakeError, messageOf } from './core/errors.js';
import { firstSignal } from './core/first-signal.js';
import { LogConflict, ModelError, RefusedInputError, type Space } from './core/ports.js';
import { processPending } from './core/process-pending.js';
import type { PendingInput, Projection } from './core/projection.js';
import { isLeftToOthers, nextWaiting, timeLimitOf } from './core/queue.js';
import type { OpenSpace } from './core/spaces.js';

/** Processes, in the background, the inputs that nobody waited for and those that a failing model left pending. */
export interface Backlog {
  /** Tells that a space was read or written, and what it adds up to. */
  changed(space: OpenSpace, projection: Projection): void;
  /** Lets the input that is being worked on go; it stays in the log. */
  close(): Promise<void>;
}

/** Tries of an input that failed for reasons of its own. */
interface SetBack {
  tries: number;
  /** Of the last one. */
  reason: string;
}

/**
 * What came of looking for an input to process: another process may be at it; what is `set back` failed for reasons of
 * its own, and `failed` says that nothing can be done for now.
 */
type Attempt = 'empty' | 'done' | 'elsewhere' | 'set back' | 'failed';

/** Milliseconds before the first try after a failure, doubling. */
const usualRetry = 1000;
const longestRetry = 60_000;
/** How often an input may be set back before the built-in rules process it. */
const mostSetBacks = 3;
/** Spaces whose inputs are processed at the same time: after an outage all have some, and they share one endpoint. */
const spacesAtOnce = 4;

/**
 * Works through each space's pending inputs in order of arrival, one at a time, until none is left. An endpoint that
 * fails is waited for; an input that it refuses, or that nothing can be done with, steps behind the others. What waits
 * for a model that this process does not have is left to one that has it, for a day.
 */
export function createBacklog(core: () => Core, options: { retryDelay?: number | undefined } = {}): Backlog {
  const { retryDelay: firstRetry = usualRetry } = options;
  const ending = new AbortController();
  // One waits for each space that changed; more than ten are no leak.
  setMaxListeners(0, ending.signal);
  const working = new Map<Space, Promise<void>>();
  const inTurn = atMost(spacesAtOnce);

  async function wait(milliseconds: number): Promise<void> {
    try {
      await pause(milliseconds, undefined, { signal: ending.signal, ref: false });
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
  }

  /** The input of a space whose turn it is, as it stands in the newest view. */
  function nextInput(space: OpenSpace, setBacks: ReadonlyMap<string, SetBack>) {
    return space.read(({ projection }) => {
      const standing = {
        setBacks: (inputId: string) => setBacks.get(inputId)?.tries ?? 0,
        isLeft: (inputId: string, input: PendingInput) => isLeftToOthers(core(), inputId, input),
      };
      const id = nextWaiting(projection, standing) ?? '';
      const input = projection.pending.get(id);
      return input && { id, input };
    });
  }

  async function attempt(space: OpenSpace, setBacks: Map<string, SetBack>): Promise<Attempt> {
    const next = ending.signal.aborted ? undefined : await nextInput(space, setBacks);
    if (!next) return 'empty';
    const { tries, reason } = setBacks.get(next.id) ?? { tries: 0, reason: '' };
    try {
      const done = await processPending(core(), space, next.id, {
        refusal: tries < mostSetBacks ? undefined : reason,
        signal: firstSignal(ending.signal, AbortSignal.timeout(timeLimitOf(next.input))),
      });
      if (!done) return 'elsewhere';
      setBacks.delete(next.id);
      core().logger.info('pending input processed', { input_id: next.id });
      return 'done';
    } catch (error) {
      if (ending.signal.aborted) return 'empty';
      if (!(error instanceof ModelError)) core().logger.error('pending input failed', { input_id: next.id, reason: messageOf(error) });
      if (isForNow(error)) return 'failed';
      setBacks.set(next.id, { tries: tries + 1, reason: messageOf(error) });
      // Where the rules cannot process it either, it must not keep the process busy.
      return tries < mostSetBacks ? 'set back' : 'failed';
    }
  }

  async function work(space: OpenSpace): Promise<void> {
    const setBacks = new Map<string, SetBack>();
    let retry = firstRetry;
    while (!ending.signal.aborted) {
      // The call that brought an input has the first try.
      await wait(retry);
      const came = await inTurn(() => attempt(space, setBacks));
      switch (came) {
        case 'empty':
          return;
        case 'done':
          retry = 0;
          break;
        case 'elsewhere':
        case 'set back':
          retry = firstRetry;
          break;
        case 'failed':
          retry = Math.min(Math.max(retry * 2, firstRetry), longestRetry);
          break;
        default:
          came satisfies never;
      }
    }
  }

  return {
    changed(space, { pending }) {
      // A space in which nothing waits is not to be loaded again for that.
      if (pending.size === 0 || working.has(space.space) || ending.signal.aborted) return;
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

/** Whether a failure has nothing to do with the very input: its model does not answer, or the log cannot be written. */
function isForNow(error: unknown): boolean {
  if (error instanceof RefusedInputError) return false;
  return error instanceof ModelError || error instanceof KeepsakeError || error instanceof LogConflict;
}
