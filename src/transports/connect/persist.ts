import { setTimeout as pause } from 'node:timers/promises';
import { RemoteFailure } from './failure.js';

/** Milliseconds that a request waits in all for a remote that is away, such as one that starts anew. */
const patience = 3000;
const firstPause = 100;
const longestPause = 1000;

/** Does some work until it succeeds, as long as what failed is passing and may be repeated. Raises the last failure, or the signal's reason. */
export async function persist<T>(
  work: () => Promise<T>,
  { mayRepeat, signal }: { mayRepeat: (failure: RemoteFailure) => boolean; signal: AbortSignal },
): Promise<T> {
  const deadline = Date.now() + patience;
  for (let wait = firstPause; ; wait = Math.min(wait * 2, longestPause)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RemoteFailure) || !error.passing || !mayRepeat(error)) throw error;
      const wanted = Math.max(wait, error.retryAfter ?? 0);
      if (Date.now() + wanted > deadline) throw error;
      await rest(wanted, signal);
    }
  }
}

/** Pauses between tries that go on for as long as it takes: longer each time, up to ten seconds. */
export function createPauses(signal: AbortSignal): { next(): Promise<void>; reset(): void } {
  const first = 500;
  const longest = 10_000;
  let wait = first;
  return {
    async next() {
      const now = wait;
      wait = Math.min(wait * 2, longest);
      await rest(now, signal);
    },
    reset() {
      wait = first;
    },
  };
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
