import type { Core } from './core.js';
import { KeepsakeError, messageOf } from './errors.js';
import type { Kind } from './events.js';
import { changedAfter } from './latest-changes.js';
import type { Space } from './ports.js';
import { isLive, type Memory, type Projection } from './projection.js';
import { type Waiting, waitingIn } from './queue.js';

/** How many memories there are of each kind; kinds of which there are none are left out. */
export type Kinds = Partial<Record<Kind, number>>;

/** What one space holds, as of now. Times are ISO 8601 in UTC. */
export interface SpaceStats {
  space: Space;
  live: Kinds;
  expired: Kinds;
  forgotten: Kinds;
  erased: Kinds;
  /** Inputs whose outcome is not complete. */
  pending: Waiting;
  events: number;
  last_change?: string;
  /** Number of the last event that a reflection looked at, and how many memories are new since. */
  reflection: { up_to: number; fresh: number };
  /** Of the log on the disk. */
  bytes: number;
  /** Number of the last event that the vector index has taken in, and how many memories changed since. Absent where no index is open. */
  index?: { sequence: number; behind: number };
}

/** What there is, and what works on it. */
export interface Stats {
  /** In the order asked for. */
  spaces: SpaceStats[];
  /** Spaces that cannot be read, and why. */
  unreadable: { space: Space; reason: string }[];
  /** How many more spaces were asked for. */
  omitted: number;
  models: { chat: string; embedding: string; reranker?: string };
}

/** Spaces of one answer. */
const mostSpaces = 100;

/** Counts what these spaces hold; of more than a hundred the first. What cannot be read is named, not raised. */
export async function stats(core: Core, spaces: readonly Space[], signal: AbortSignal): Promise<Stats> {
  const { extractor, vectors, reranker } = core;
  const models = { chat: extractor.name, embedding: vectors.model, ...(reranker ? { reranker: reranker.model } : {}) };
  const answer: Stats = { spaces: [], unreadable: [], omitted: Math.max(0, spaces.length - mostSpaces), models };
  for (const space of spaces.slice(0, mostSpaces)) {
    try {
      answer.spaces.push(await spaceStats(core, space, signal));
    } catch (error) {
      if (!(error instanceof KeepsakeError)) throw error;
      answer.unreadable.push({ space, reason: error.message });
    }
  }
  return answer;
}

async function spaceStats(core: Core, space: Space, signal: AbortSignal): Promise<SpaceStats> {
  const sequence = await reached(core, space, signal);
  const bytes = await core.spaces.bytes(space);
  return core.spaces.open(space).read(({ projection }) => {
    const { position, lastAt, reflection } = projection;
    return {
      space,
      ...countsIn(projection, core.clock.now()),
      pending: waitingIn(projection),
      events: position.sequence,
      ...(lastAt === '' ? {} : { last_change: lastAt }),
      reflection: { up_to: reflection.upTo, fresh: reflection.fresh.length },
      bytes,
      ...(sequence === undefined ? {} : { index: { sequence, behind: changedAfter(projection, sequence).length } }),
    };
  });
}

/** How far the index is; one that does not answer keeps nobody from the rest. */
async function reached(core: Core, space: Space, signal: AbortSignal): Promise<number | undefined> {
  try {
    return await core.vectors.reached(space, signal);
  } catch (error) {
    signal.throwIfAborted();
    core.logger.warn('the vector index does not say how far it is', { reason: messageOf(error) });
    return undefined;
  }
}

function countsIn({ memories }: Projection, now: number): Pick<SpaceStats, 'live' | 'expired' | 'forgotten' | 'erased'> {
  const counts = { live: {} as Kinds, expired: {} as Kinds, forgotten: {} as Kinds, erased: {} as Kinds };
  for (const memory of memories.values()) {
    const kinds = counts[standingOf(memory, now)];
    kinds[memory.state.kind] = (kinds[memory.state.kind] ?? 0) + 1;
  }
  return counts;
}

function standingOf(memory: Memory, now: number): Memory['status'] | 'expired' {
  return memory.status === 'live' && !isLive(memory, now) ? 'expired' : memory.status;
}
