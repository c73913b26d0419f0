import { KeepsakeError } from './core/errors.js';

/** Lets callers work in turn. */
export interface FairQueue {
  /**
   * Does `work` as soon as it is its caller's turn. Raises too_large where too much of this caller waits already, and
   * what `signal` is raised with where that comes before its turn.
   */
  run<T>(caller: string, signal: AbortSignal, work: (turn: Turn) => Promise<T>): Promise<T>;
  /** How many pieces of work are under way, and how many wait. */
  load(): { running: number; waiting: number };
}

/** A piece of work that is under way. */
export interface Turn {
  /** Leaves its place to others for as long as it waits for somebody, and lines up again. */
  aside<T>(wait: () => Promise<T>): Promise<T>;
}

/** How much a queue lets in. */
export interface FairQueueOptions {
  /** Pieces of work under way at the same time. */
  atOnce: number;
  /**
   * Of them those of one caller while others are about. A caller alone takes what there is, but leaves as many places
   * free: what is slow for it must not keep the next one waiting.
   */
  ofOneCaller: number;
  /** Pieces of work that may wait for one caller; more are refused. */
  mostWaiting: number;
  /** Milliseconds that go on from an instant of no meaning; by default those of the process. */
  now?: () => number;
}

/**
 * What a server lets in: of one user, while there are others, no more than leaves room for whoever asks one thing at a
 * time, and enough to share writes.
 */
export const usualQueue: FairQueueOptions = { atOnce: 64, ofOneCaller: 8, mostWaiting: 256 };

/** Milliseconds for which a caller counts as being about after it was last heard of: one that sends a call at a time is about throughout. */
const lingering = 1000;

/** One caller's work; there as long as any is under way or waits. */
interface Line {
  running: number;
  waiting: (() => void)[];
}

/** Runs the work of callers, each caller's in order, and one after the other's in turn where there is not room for all. */
export function createFairQueue({ atOnce, ofOneCaller, mostWaiting, now = () => performance.now() }: FairQueueOptions): FairQueue {
  /** The caller whose last turn is longest ago first. */
  const lines = new Map<string, Line>();
  let running = 0;
  /** Who was heard of last, and when somebody else was. */
  let last = { caller: '', at: Number.NEGATIVE_INFINITY };
  let otherAt = Number.NEGATIVE_INFINITY;

  function heardOf(caller: string): void {
    if (caller !== last.caller) otherAt = last.at;
    last = { caller, at: now() };
  }

  function isAlone(caller: string): boolean {
    return lines.size === 1 && last.caller === caller && now() - otherAt >= lingering;
  }

  function hasRoom(caller: string, line: Line): boolean {
    const most = isAlone(caller) ? Math.max(ofOneCaller, atOnce - ofOneCaller) : ofOneCaller;
    return running < atOnce && line.running < most;
  }

  function lineOf(caller: string): Line {
    const line = lines.get(caller) ?? { running: 0, waiting: [] };
    lines.set(caller, line);
    return line;
  }

  function begin(caller: string, line: Line): void {
    running += 1;
    line.running += 1;
    putLast(caller, line);
  }

  function putLast(caller: string, line: Line): void {
    lines.delete(caller);
    if (line.running > 0 || line.waiting.length > 0) lines.set(caller, line);
  }

  function end(caller: string): void {
    heardOf(caller);
    const line = lineOf(caller);
    running -= 1;
    line.running -= 1;
    putLast(caller, line);
    startNext();
  }

  function startNext(): void {
    for (const [caller, line] of lines) {
      if (running >= atOnce) return;
      const start = hasRoom(caller, line) ? line.waiting.shift() : undefined;
      if (!start) continue;
      begin(caller, line);
      start();
    }
  }

  /** Resolves when it is the caller's turn, which is then under way. */
  function takeTurn(caller: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    heardOf(caller);
    const line = lineOf(caller);
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        line.waiting.splice(line.waiting.indexOf(start), 1);
        if (line.running === 0 && line.waiting.length === 0) lines.delete(caller);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      line.waiting.push(start);
      startNext();
    });
  }

  return {
    async run(caller, signal, work) {
      if ((lines.get(caller)?.waiting.length ?? 0) >= mostWaiting)
        throw new KeepsakeError(
          'too_large',
          `${mostWaiting} calls of this caller wait to be answered already; wait for some of their answers, then repeat the call.`,
        );
      await takeTurn(caller, signal);
      let isUnderWay = true;
      const aside: Turn['aside'] = async (wait) => {
        isUnderWay = false;
        end(caller);
        try {
          return await wait();
        } finally {
          await takeTurn(caller, signal);
          isUnderWay = true;
        }
      };
      try {
        return await work({ aside });
      } finally {
        if (isUnderWay) end(caller);
      }
    },

    load: () => ({ running, waiting: [...lines.values()].reduce((sum, { waiting }) => sum + waiting.length, 0) }),
  };
}
