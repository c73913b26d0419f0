import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/ports.js';
import { doneWithin } from '../transports/within.js';
import type { Remaining } from './unsettled.js';

/** How far the vector index is: `degraded` while it or its model fails, and words answer in its place. */
export type IndexState = 'reached' | 'behind' | 'degraded';

/** Whether requests should be sent here. Told to anybody: no path, no name, no number of memories. */
export interface Readiness {
  status: 'ready' | 'draining' | 'unready';
  log: 'writable' | 'unavailable';
  /** Recall answers without it, so it keeps nobody away. */
  index: IndexState;
}

/** What readiness is made of. */
export interface ReadinessOptions {
  /** Raises why nothing can be written to the history. */
  requireLog(): Promise<void>;
  remaining(): Promise<Remaining>;
  isDegraded(): boolean;
  isDraining(): boolean;
  logger: Logger;
  /** Milliseconds that a look is believed; default 2,000. */
  believed?: number | undefined;
  /** Milliseconds after which a disk that does not answer counts as gone; default 5,000. */
  patience?: number | undefined;
}

/** Anybody may ask as often as they like, and each look writes to the disk. */
const usuallyBelieved = 2000;
const usualPatience = 5000;

/** Makes the check of a server that may be asked often. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { logger, believed = usuallyBelieved, patience = usualPatience } = options;
  let looking: Promise<Omit<Readiness, 'status'>> | undefined;
  /** On a disk that hangs each further one would hang, too, and hold its file. */
  let writing: Promise<void> | undefined;
  let wasWritable = true;

  /** Why nothing can be written; undefined where it can. */
  async function faultOfLog(): Promise<string | undefined> {
    writing ??= options.requireLog().finally(() => {
      writing = undefined;
    });
    try {
      return (await doneWithin(patience, writing)) ? undefined : `the disk did not answer within ${patience} ms`;
    } catch (error) {
      return messageOf(error);
    }
  }

  async function logState(): Promise<Readiness['log']> {
    const fault = await faultOfLog();
    // Said once, not with every probe.
    if (fault !== undefined && wasWritable) logger.error('the history cannot be written', { reason: fault });
    if (fault === undefined && !wasWritable) logger.info('the history can be written again');
    wasWritable = fault === undefined;
    return wasWritable ? 'writable' : 'unavailable';
  }

  async function indexState(): Promise<IndexState> {
    if (options.isDegraded()) return 'degraded';
    return (await options.remaining()).memories > 0 ? 'behind' : 'reached';
  }

  async function look(): Promise<Omit<Readiness, 'status'>> {
    const log = await logState();
    // A disk that hangs would keep the index from being looked at, too.
    return { log, index: log === 'writable' ? await indexState() : 'behind' };
  }

  return async () => {
    looking ??= look().finally(() => {
      setTimeout(() => {
        looking = undefined;
      }, believed).unref();
    });
    const found = await looking;
    const isReady = found.log === 'writable';
    return { status: options.isDraining() ? 'draining' : isReady ? 'ready' : 'unready', ...found };
  };
}
