/** What was used lately and may stay, within a budget. */
export interface RecentlyUsed<Item> {
  /** Notes that an item was used and what it weighs by now; lets go of others where all together weigh too much. */
  used(item: Item, weight: number): void;
  /** Forgets an item that weighs nothing any more. */
  gone(item: Item): void;
  readonly size: number;
  /** Of all items together. */
  readonly weight: number;
}

/**
 * Keeps the sum of weights within `most`, least recently used first. What is in use stays, and so do the `fewest`
 * used last, whatever they weigh: an answer that needs some of them together must not load one in place of another.
 */
export function createRecentlyUsed<Item>(options: {
  most: number;
  fewest: number;
  isInUse: (item: Item) => boolean;
  letGo: (item: Item) => void;
}): RecentlyUsed<Item> {
  const { most, fewest, isInUse, letGo } = options;
  /** In the order of their last use. */
  const weights = new Map<Item, number>();
  let total = 0;

  function gone(item: Item): void {
    total -= weights.get(item) ?? 0;
    weights.delete(item);
  }

  return {
    used(item, weight) {
      gone(item);
      weights.set(item, weight);
      total += weight;
      if (total <= most) return;
      for (const oldest of weights.keys()) {
        if (total <= most || weights.size <= fewest) return;
        if (isInUse(oldest) || oldest === item) continue;
        gone(oldest);
        letGo(oldest);
      }
    },
    gone,
    get size() {
      return weights.size;
    },
    get weight() {
      return total;
    },
  };
}
