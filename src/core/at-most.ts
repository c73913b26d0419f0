/** Runs a piece of work as soon as there is room for it, and gives what it gives. */
export type Runner = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs at most so many pieces of work at the same time, the others in the order in which they came. */
export function atMost(limit: number): Runner {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // Whoever is next takes this one's place.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
