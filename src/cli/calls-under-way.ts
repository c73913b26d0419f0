/** Counts the calls that are under way. */
export interface CallsUnderWay {
  /** Hears +1 when a call begins and -1 when it has been answered. */
  count(change: 1 | -1): void;
  /** Resolves once none is under way. */
  ended(): Promise<void>;
}

/** Counts calls, for whoever wants to close what they need. */
export function createCallsUnderWay(): CallsUnderWay {
  let underWay = 0;
  const waiting = new Set<() => void>();
  return {
    count(change) {
      underWay += change;
      if (underWay > 0) return;
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
    async ended() {
      if (underWay > 0) await new Promise<void>((resolve) => waiting.add(resolve));
    },
  };
}
