/** A time limit that does not count while somebody is waited for. */
export interface TimeLimit {
  /** Raised with a TimeoutError when the time is over. */
  readonly signal: AbortSignal;
  /** Waits for somebody; afterwards the time begins anew. */
  pausedFor<T>(wait: () => Promise<T>): Promise<T>;
  /** The work is done: nothing is raised any more. */
  end(): void;
}

/** A time limit of so many milliseconds, from now on. */
export function createTimeLimit(milliseconds: number): TimeLimit {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isDone = false;
  const begin = () => {
    // The work may be given up while somebody is waited for.
    if (isDone) return;
    timer = setTimeout(() => over.abort(new DOMException(`not done within ${milliseconds} ms`, 'TimeoutError')), milliseconds).unref();
  };
  begin();
  return {
    signal: over.signal,
    async pausedFor(wait) {
      clearTimeout(timer);
      try {
        return await wait();
      } finally {
        begin();
      }
    },
    end() {
      isDone = true;
      clearTimeout(timer);
    },
  };
}
