import { AsyncResource } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../core/errors.js';
import { firstSignal } from '../core/first-signal.js';
import { changedAfter } from '../core/latest-changes.js';
import type { IndexChange, IndexPosition, Logger, Space, VectorIndex } from '../core/ports.js';
import { embeddingText, type Memory, type Projection } from '../core/projection.js';
import type { OpenSpace } from '../core/spaces.js';
import type { SpaceView } from '../core/view.js';

/** What keeps an index as far as the log, behind the answers. */
export interface IndexFollower {
  /** Tells that a space has new events. */
  changed(space: OpenSpace): void;
  /** Brings one space up to date now; `onStep` hears how many memories are left. Raises what the index or the model raise. */
  catchUp(space: OpenSpace, signal: AbortSignal, onStep?: (left: number) => void): Promise<void>;
  /** Reads a space with the number of the last event that the index is known to have taken in; 0 when that is not known. */
  read<T>(space: OpenSpace, use: (view: SpaceView, reached: number) => T): Promise<T>;
  /** Forgets how far the index was and follows anew: it does not hold what it should. */
  mistrust(space: OpenSpace): void;
  /** Hears that a space is no longer held; an index that holds everything in memory lets go of it, too. */
  released(space: OpenSpace): void;
  /** Whether the index lacks a space because it let go of it, and nobody has asked for it since: nothing is left to be done. */
  isReleased(space: OpenSpace): boolean;
  /** Notes that the index or the model failed, until the index is up to date again. */
  failed(error: unknown): void;
  /** Why the index lags, if it does. */
  fault(): string | undefined;
  /** Brings every space that changed up to date. Raises what the index or the model raise. */
  flush(signal: AbortSignal): Promise<void>;
  /** Gives the index a last moment to catch up, and ends. */
  close(): Promise<void>;
}

/** Memories that one step takes into the index. */
const stepSize = 500;
/** Milliseconds that changes are gathered before the index follows; a batch costs it little more than one record. */
const gatherFor = 50;
/** Memories from which on a space takes so long that answers would notice, and milliseconds for which it waits then. */
const largeSpace = 2000;
const firstMoments = 1500;
/** Milliseconds that a step may take. */
const stepLimit = 60_000;
/** Milliseconds between tries while the index or the model does not answer, doubling. */
const firstRetry = 500;
const longestRetry = 30_000;
/** Milliseconds that the index gets to catch up at the end. */
const closingLimit = 2000;
/** Milliseconds that a position is believed while a space is searched: another process may make the index anew. */
const beliefLasts = 30_000;

/** Where an index was found, and when (milliseconds); `generation` is that of the log which had the position's event, `log` what was read of it. */
interface Found extends IndexPosition {
  generation: number;
  log?: WeakRef<Projection> | undefined;
  at: number;
}

/**
 * Follows the logs of spaces with an index, in steps, however often the index or the model fails. What remains to be
 * written is what lies beyond the index's own position, whoever wrote it to the log.
 */
export function createIndexFollower(options: {
  /** Opens the index for vectors of this length. */
  openIndex: (dimension: number) => Promise<VectorIndex>;
  /** Length of the vectors, 0 while that is not known. */
  dimension: () => number;
  embed: (space: Space, texts: string[], signal: AbortSignal) => Promise<Float32Array[]>;
  /** Hears that a log was replaced while vectors of what it had said were computed. */
  onReplaced: (space: OpenSpace) => Promise<void>;
  logger: Logger;
}): IndexFollower {
  const { openIndex, embed, logger } = options;
  const positions = new Map<Space, Found>();
  const behind = new Map<Space, OpenSpace>();
  const released = new Set<Space>();
  const ending = new AbortController();
  let following: Promise<void> | undefined;
  let opened: VectorIndex | undefined;
  let fault: string | undefined;

  /** One step of a space; resolves with how many memories are left. */
  async function step(space: OpenSpace, index: VectorIndex, signal: AbortSignal): Promise<number> {
    let [left, generation] = [0, 0];
    const position = await index.advance(
      space.space,
      async (from) => {
        const made = await changeFrom(space, from, { index, signal });
        [left, generation] = [made.left, made.generation];
        return made.change;
      },
      signal,
    );
    positions.set(space.space, { ...position, generation, at: performance.now(), log: positions.get(space.space)?.log });
    released.delete(space.space);
    return left;
  }

  async function changeFrom(
    space: OpenSpace,
    from: IndexPosition,
    { index, signal }: { index: VectorIndex; signal: AbortSignal },
  ): Promise<{ change: IndexChange | undefined; left: number; generation: number }> {
    signal.throwIfAborted();
    const generation = await space.read((view) => view.projection.position.generation);
    const isKnown = await holds(space, from);
    const after = isKnown ? from.sequence : 0;
    const { changed, left, sequence } = await space.read((view) => changesAfter(view, after));
    const strange = after === 0 ? await strangers(space, await index.records(space.space, signal)) : [];
    if (isKnown && changed.length === 0 && strange.length === 0) return { change: undefined, left, generation };
    const live = changed.filter((memory) => memory.status === 'live');
    const vectors = await embed(
      space.space,
      live.map((memory) => embeddingText(memory.state)),
      signal,
    );
    const event = await eventIdAt(space, sequence);
    if ((await space.read((view) => view.projection.position.generation)) !== generation) {
      // The vectors may be of words that were erased meanwhile, and by now they are in the cache.
      await options.onReplaced(space);
      return changeFrom(space, from, { index, signal });
    }
    const upserts = live.flatMap(({ id, revision, state }, at) =>
      vectors[at] ? [{ id, revision, kind: state.kind, vector: vectors[at] }] : [],
    );
    const gone = changed.filter((memory) => memory.status !== 'live').map((memory) => memory.id);
    return { change: { upserts, deletes: [...gone, ...strange], position: { sequence, event } }, left, generation };
  }

  /** With `yields` a process that has just started gives its first answers before it fills a large index. */
  async function catchUp(
    space: OpenSpace,
    signal: AbortSignal,
    { onStep = () => undefined, yields = false }: { onStep?: (left: number) => void; yields?: boolean } = {},
  ): Promise<void> {
    const isEmpty = await space.read((view) => view.projection.memories.size === 0);
    if (isEmpty && !opened) return;
    // A model whose vectors have an unknown length is asked once, with the first text that is to be indexed.
    const dimension = options.dimension() || (await firstVector(space, signal)).length;
    if (dimension === 0) return;
    const index = await openIndex(dimension);
    opened = index;
    const lacking = positions.has(space.space) ? 0 : await begin(space, index, signal);
    if (yields && lacking > largeSpace) await wait(firstMoments);
    for (let left = 1; left > 0; onStep(left)) {
      signal.throwIfAborted();
      left = await step(space, index, firstSignal(signal, AbortSignal.timeout(stepLimit)));
    }
  }

  /** Finds out how far the index is, so that it can be searched at once; resolves with how many memories it lacks. */
  async function begin(space: OpenSpace, index: VectorIndex, signal: AbortSignal): Promise<number> {
    const generation = await space.read((view) => view.projection.position.generation);
    const position = await index.advance(space.space, async () => undefined, signal);
    const isKnown = await holds(space, position);
    if (isKnown) positions.set(space.space, { ...position, generation, at: performance.now() });
    const { changed, left } = await space.read((view) => changesAfter(view, isKnown ? position.sequence : 0));
    return changed.length + left;
  }

  async function firstVector(space: OpenSpace, signal: AbortSignal): Promise<Float32Array> {
    const first = await space.read((view) => [...view.projection.memories.values()].find((memory) => memory.status === 'live'));
    if (!first) return new Float32Array(0);
    const [vector] = await embed(space.space, [embeddingText(first.state)], signal);
    return vector ?? new Float32Array(0);
  }

  /** Follows the log until nothing is behind, however often the index or the model fails. */
  async function follow(): Promise<void> {
    let retry = firstRetry;
    await wait(gatherFor);
    while (behind.size > 0 && !ending.signal.aborted) {
      for (const [name, space] of [...behind]) {
        behind.delete(name);
        // What such an index held of it went with the space, and is made again when it is searched.
        if (opened?.release && !space.isHeld()) {
          released.add(name);
          continue;
        }
        try {
          await catchUp(space, ending.signal, { yields: true });
          if (fault) logger.info('vector index is up to date again', {});
          fault = undefined;
          retry = firstRetry;
        } catch (error) {
          behind.set(name, space);
          if (ending.signal.aborted) return;
          failed(error);
          await wait(retry * (0.5 + Math.random() / 2));
          retry = Math.min(retry * 2, longestRetry);
        }
      }
    }
  }

  /** Keeps in mind until the index is up to date again that it is not. */
  function failed(error: unknown): void {
    if (fault === undefined) logger.warn('vector index lags behind', { reason: messageOf(error) });
    fault = messageOf(error);
  }

  async function wait(milliseconds: number): Promise<void> {
    try {
      await pause(milliseconds, undefined, { signal: ending.signal, ref: false });
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
  }

  // The work behind the answers belongs to no call, whatever is kept in the asynchronous context of one.
  const followBehind = AsyncResource.bind(follow);

  function changed(space: OpenSpace): void {
    behind.set(space.space, space);
    released.delete(space.space);
    following ??= followBehind().finally(() => {
      following = undefined;
      if (behind.size > 0 && !ending.signal.aborted) for (const each of behind.values()) changed(each);
    });
  }

  return {
    changed,
    catchUp: (space, signal, onStep) => catchUp(space, signal, onStep ? { onStep } : {}),
    failed,
    async read(space, use) {
      const known = positions.get(space.space);
      if (known && performance.now() - known.at > beliefLasts) changed(space);
      const seen = await space.read((view) => {
        const found = positions.get(space.space);
        const { generation, sequence } = view.projection.position;
        // A log that another program put in the place of this one may have the same numbers, but is read into a view of its own.
        const isOfThisLog = generation === found?.generation && found.log?.deref() === view.projection;
        const isCurrent = !found || (isOfThisLog && found.sequence <= sequence);
        return isCurrent ? { answer: use(view, found?.sequence ?? 0) } : { found, generation, log: new WeakRef(view.projection) };
      });
      if ('answer' in seen) return seen.answer;
      if (!(await holds(space, seen.found))) positions.delete(space.space);
      else positions.set(space.space, { ...seen.found, generation: seen.generation, log: seen.log });
      return space.read((view) => use(view, positions.get(space.space)?.sequence ?? 0));
    },
    mistrust(space) {
      positions.delete(space.space);
      changed(space);
    },
    released({ space }) {
      // Another one goes on from where it was.
      if (!opened?.release) return;
      opened.release(space);
      positions.delete(space);
      released.add(space);
    },
    isReleased: ({ space }) => released.has(space),
    fault: () => fault,
    async flush(signal) {
      for (const [name, space] of [...behind]) {
        behind.delete(name);
        await catchUp(space, signal);
      }
    },
    async close() {
      if (opened && behind.size > 0) {
        // A timer that keeps the process alive: those of following do not.
        let limit: NodeJS.Timeout | undefined;
        await Promise.race([following, new Promise((resolve) => (limit = setTimeout(resolve, closingLimit)))]);
        clearTimeout(limit);
      }
      ending.abort();
      await following;
    },
  };
}

/** The next memories that an index lacks which has taken in everything up to `after`, oldest change first. */
function changesAfter(view: SpaceView, after: number): { changed: Memory[]; left: number; sequence: number } {
  const { position } = view.projection;
  const all = changedAfter(view.projection, after);
  const changed = all.slice(0, stepSize);
  const left = all.length - changed.length;
  return { changed, left, sequence: left > 0 ? (changed.at(-1)?.changed ?? after) : position.sequence };
}

/** Whether a space's log is the one in which this position was reached. */
async function holds(space: OpenSpace, { sequence, event }: IndexPosition): Promise<boolean> {
  return (await eventIdAt(space, sequence)) === event;
}

/** The ids among the records of an index that are no live memory of the log. */
function strangers(space: OpenSpace, records: Map<string, number>): Promise<string[]> {
  return space.read(({ projection }) => [...records.keys()].filter((id) => projection.memories.get(id)?.status !== 'live'));
}

/** The event_id at a sequence number of a space's log; empty at 0 and where there is none. */
async function eventIdAt(space: OpenSpace, sequence: number): Promise<string> {
  if (sequence === 0) return '';
  const [event] = await space.events([sequence]);
  return event?.event_id ?? '';
}
