import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../core/errors.js';
import type { IndexChange, Logger, Position, Space, VectorIndex } from '../core/ports.js';
import { embeddingText, type Memory } from '../core/projection.js';
import type { OpenSpace } from '../core/spaces.js';
import type { SpaceView } from '../core/view.js';

/** What keeps an index as far as the log, behind the answers. */
export interface IndexFollower {
  /** Tells that a space has new events. */
  changed(space: OpenSpace): void;
  /** Brings one space up to date now. Raises what the index or the model raise. */
  catchUp(space: OpenSpace, signal: AbortSignal): Promise<void>;
  /** How far the index is known to be; nowhere when that is not known. */
  reached(space: Space): Position;
  /** Forgets how far the index was and follows anew: it does not hold what it should. */
  mistrust(space: OpenSpace): void;
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
/** Milliseconds that a step may take. */
const stepLimit = 60_000;
/** Milliseconds between tries while the index or the model does not answer, doubling. */
const firstRetry = 500;
const longestRetry = 30_000;
/** Milliseconds that the index gets to catch up at the end. */
const closingLimit = 2000;

const nowhere: Position = { generation: 0, sequence: 0 };

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
  logger: Logger;
}): IndexFollower {
  const { openIndex, embed, logger } = options;
  const positions = new Map<Space, Position>();
  const behind = new Map<Space, OpenSpace>();
  const ending = new AbortController();
  let following: Promise<void> | undefined;
  let isOpen = false;
  let fault: string | undefined;

  /** One step of a space; true when the index has caught up. */
  async function step(space: OpenSpace, index: VectorIndex, signal: AbortSignal): Promise<boolean> {
    let caughtUp = true;
    const position = await index.advance(
      space.space,
      async (from) => {
        const work = await space.read((view) => changesAfter(view, from));
        caughtUp = work.complete;
        if (work.changed.length === 0) return undefined;
        const live = work.changed.filter((memory) => memory.status === 'live');
        const vectors = await embed(
          space.space,
          live.map((memory) => embeddingText(memory.state)),
          signal,
        );
        return {
          upserts: live.flatMap(({ id, revision, state }, at) =>
            vectors[at] ? [{ id, revision, kind: state.kind, vector: vectors[at] }] : [],
          ),
          deletes: work.changed.filter((memory) => memory.status !== 'live').map((memory) => memory.id),
          position: work.position,
        } satisfies IndexChange;
      },
      signal,
    );
    positions.set(space.space, position);
    return caughtUp;
  }

  async function catchUp(space: OpenSpace, signal: AbortSignal): Promise<void> {
    const isEmpty = await space.read((view) => view.projection.memories.size === 0);
    if (isEmpty && !positions.has(space.space)) return;
    // A model whose vectors have an unknown length is asked once, with the first text that is to be indexed.
    const dimension = options.dimension() || (await firstVector(space, signal)).length;
    if (dimension === 0) return;
    const index = await openIndex(dimension);
    isOpen = true;
    while (!(await step(space, index, AbortSignal.any([signal, AbortSignal.timeout(stepLimit)])))) signal.throwIfAborted();
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
        try {
          await catchUp(space, ending.signal);
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

  function changed(space: OpenSpace): void {
    behind.set(space.space, space);
    following ??= follow().finally(() => {
      following = undefined;
      if (behind.size > 0 && !ending.signal.aborted) for (const each of behind.values()) changed(each);
    });
  }

  return {
    changed,
    catchUp,
    failed,
    reached: (space) => positions.get(space) ?? nowhere,
    mistrust(space) {
      positions.delete(space.space);
      changed(space);
    },
    fault: () => fault,
    async flush(signal) {
      for (const [name, space] of [...behind]) {
        behind.delete(name);
        await catchUp(space, signal);
      }
    },
    async close() {
      if (isOpen && behind.size > 0) {
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

/** The next memories that an index at `from` lacks, oldest change first. */
function changesAfter(view: SpaceView, from: Position): { changed: Memory[]; complete: boolean; position: Position } {
  const { memories, position } = view.projection;
  // An index that is ahead of the log has followed another one.
  const after = from.sequence > position.sequence ? 0 : from.sequence;
  const all = [...memories.values()].filter((memory) => memory.changed > after).sort((a, b) => a.changed - b.changed);
  const changed = all.slice(0, stepSize);
  const complete = changed.length === all.length;
  return { changed, complete, position: complete ? position : { ...position, sequence: changed.at(-1)?.changed ?? after } };
}
