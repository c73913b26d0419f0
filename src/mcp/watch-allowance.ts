import { createTally } from '../core/tally.js';
import { ProtocolError } from './exchange.js';

/** How much each caller may watch. */
export interface WatchAllowance {
  /** Counts one more for a caller, until the returned function is called. Raises ProtocolError invalid_params. */
  take(caller: string): () => void;
}

/** What one caller may watch at a time, over all its connections. */
export const mostWatched = 1000;

/** An allowance of which nothing is taken. */
export function createWatchAllowance(): WatchAllowance {
  const taken = createTally();
  return {
    take(caller) {
      if (taken.of(caller) >= mostWatched)
        throw new ProtocolError(
          'invalid_params',
          `${mostWatched} resources are watched already; unsubscribe from some before watching more.`,
        );
      return taken.add(caller);
    },
  };
}
