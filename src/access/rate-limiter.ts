/** Counts requests by their sender. */
export interface RateLimiter {
  /** Counts one request: 0 where it may pass, else the seconds after which the next one may. */
  take(sender: string): number;
}

/** Senders that are told apart; of more, those that sent nothing for longest begin anew. */
const mostSenders = 10_000;

/**
 * A bucket of tokens for each sender: a minute's worth at once, and as many again as time passes. `perMinute` 0 lets
 * everything pass. O(1) a request, and bounded in memory.
 */
export function createRateLimiter({ perMinute, now = () => performance.now() }: { perMinute: number; now?: () => number }): RateLimiter {
  const buckets = new Map<string, { left: number; at: number }>();

  return {
    take(sender) {
      if (perMinute === 0) return 0;
      const { left, at } = buckets.get(sender) ?? { left: perMinute, at: now() };
      const filled = Math.min(perMinute, left + ((now() - at) * perMinute) / 60_000);
      const passes = filled >= 1;
      // The map keeps its order: the first is the one that was used least recently.
      buckets.delete(sender);
      buckets.set(sender, { left: passes ? filled - 1 : filled, at: now() });
      const [oldest] = buckets.keys();
      if (buckets.size > mostSenders && oldest !== undefined) buckets.delete(oldest);
      return passes ? 0 : Math.ceil(((1 - filled) * 60) / perMinute);
    },
  };
}
