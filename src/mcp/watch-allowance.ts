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
  const taken = new Map<string, number>();
  return {
    take(caller) {
      const before = taken.get(caller) ?? 0;
      if (before >= mostWatched)
        throw new ProtocolError(
          'invalid_params',
          `${mostWatched} resources are watched already; unsubscribe from some before watching more.`,
        );
      taken.set(caller, before + 1);
      let isBack = false;
      return () => {
        const left = (taken.get(caller) ?? 0) - 1;
        if (isBack) return;
        isBack = true;
        if (left > 0) taken.set(caller, left);
        else taken.delete(caller);
      };
    },
  };
}
