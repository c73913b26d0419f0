/** How many each of some keys has of what comes and goes. */
export interface Tally {
  of(key: string): number;
  /** Of all keys together. */
  readonly total: number;
  /** Counts one more, until the returned function is called. */
  add(key: string): () => void;
}

/** A tally in which nobody has any. */
export function createTally(): Tally {
  const counts = new Map<string, number>();
  let total = 0;
  const of = (key: string) => counts.get(key) ?? 0;

  function change(key: string, by: 1 | -1): void {
    total += by;
    const count = of(key) + by;
    if (count > 0) counts.set(key, count);
    else counts.delete(key);
  }

  return {
    of,
    get total() {
      return total;
    },
    add(key) {
      change(key, 1);
      let isCounted = true;
      return () => {
        if (isCounted) change(key, -1);
        isCounted = false;
      };
    },
  };
}
