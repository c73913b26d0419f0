import { z } from 'zod';
import type { RecallAnswer, RecalledMemory } from './answers.js';
import type { Call, Core } from './core.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { messageOf } from './errors.js';
import { defined } from './facts.js';
import { takePage } from './page.js';
import type { Space, VectorHit } from './ports.js';
import { hashOf, type Memory } from './projection.js';
import { defaultFloor, rank } from './ranking/ranking.js';
import { admission, type Selection } from './selection.js';
import type { Span } from './time/instants.js';
import { findTimePhrases, withoutPhrases } from './time/phrases.js';
import type { SpaceView } from './view.js';

/** What is asked of the memories of some spaces. Times and filters as the contract says. */
export interface RecallRequest extends Selection {
  /** Where is searched, the caller's own space first. */
  spaces: Space[];
  /** The spaces are all there are: a cursor then holds although new ones come. */
  everywhere?: boolean | undefined;
  query?: string | undefined;
  limit: number;
  cursor?: string | undefined;
  min_score?: number | undefined;
}

/** Hits that the vector index is asked for (of Chroma 40 more cost about 2 ms); the words see everything. */
const vectorCandidates = 60;

/** `seen`: number of the last event that the first page saw, by the hash of the space's name. */
const searchPlace = z.object({ seen: z.record(z.string(), z.number().int().min(0)), offset: z.number().int().min(0) });
/** Spaces whose place a cursor holds, the first; of more it would become too long, and those are paged as they are. */
const mostPlaces = 120;
const listPlace = z.object({ after: z.tuple([z.string(), z.string()]) });

/** One page, the next place, and how many hits there are in all. */
interface Page {
  memories: RecalledMemory[];
  next?: Record<string, unknown>;
  total: number;
  degraded: string[];
}

/** Answers a query, or lists the newest without one. Raises KeepsakeErrors invalid_argument and cursor_invalid. */
export async function recall(core: Core, request: RecallRequest, call: Call): Promise<RecallAnswer> {
  const identity = { ...request, spaces: request.everywhere ? request.spaces[0] : request.spaces, limit: undefined, cursor: undefined };
  const page =
    request.query === undefined || request.query.trim() === ''
      ? await list(core, request, identity)
      : await search(core, { ...request, query: request.query }, { call, identity });
  const { memories } = page;
  core.accesses.record(
    defined({
      at: new Date(core.clock.now()).toISOString(),
      client: call.client,
      call_id: call.id,
      memory_ids: memories.map((memory) => memory.id),
    }),
  );
  return defined({
    memories,
    next_cursor: page.next && encodeCursor(page.next, identity),
    total: page.total,
    degraded: page.degraded.length > 0 ? page.degraded : undefined,
  });
}

async function list(core: Core, request: RecallRequest, identity: unknown): Promise<Page> {
  const place = request.cursor === undefined ? undefined : decodeCursor(request.cursor, listPlace, identity);
  const passes = admission(core, request);
  const found = await Promise.all(
    request.spaces.map((space) => core.spaces.open(space).read((view) => [...view.projection.memories.values()].filter(passes))),
  );
  const all = found.flat().sort((a, b) => compareNewest(a.created_at, a.id, b.created_at, b.id));
  const rest = place ? all.filter((memory) => compareNewest(memory.created_at, memory.id, ...place.after) > 0) : all;
  const { memories, taken } = takePage(
    rest.map((memory) => ({ memory })),
    request.limit,
    core.zone,
  );
  const last = rest[taken - 1];
  const next = rest.length > taken && last ? { next: { after: [last.created_at, last.id] } } : {};
  return { memories, ...next, total: all.length, degraded: [] };
}

/** created_at, then id, both descending. */
function compareNewest(createdA: string, idA: string, createdB: string, idB: string): number {
  if (createdA !== createdB) return createdA < createdB ? 1 : -1;
  return idA < idB ? 1 : idA > idB ? -1 : 0;
}

async function search(
  core: Core,
  request: RecallRequest & { query: string },
  { call, identity }: { call: Call; identity: unknown },
): Promise<Page> {
  const place = request.cursor === undefined ? undefined : decodeCursor(request.cursor, searchPlace, identity);
  const degraded = new Set<string>();
  const dense = await similar(core, request, { call, degraded });
  const floor = request.min_score ?? defaultFloor;
  const passes = admission(core, request);
  const now = core.clock.now();
  const phrases = findTimePhrases(request.query, { now, zone: core.zone });
  const rest = withoutPhrases(request.query, phrases);
  // Phrases of time say when: a memory need not repeat them to match the query.
  const asked: Asked = { query: rest.trim() === '' ? request.query : rest, windows: phrases.map(({ span }) => span), rest };
  const parts = await Promise.all(
    request.spaces.map((space) => {
      const open = core.spaces.open(space);
      // Later pages see all: what was forgotten since the first may be anywhere among them.
      const count = place ? Number.POSITIVE_INFINITY : request.limit;
      const ranked = (view: SpaceView, current: SpaceView) => ({
        ...hitsOf(core, view, { ...asked, dense: dense.get(space) ?? [], floor, passes, count, current }),
        place: [hashOf(space), current.projection.position.sequence] as const,
      });
      const seen = place && seenOf(place.seen, space);
      return seen === undefined ? open.read((view) => ranked(view, view)) : open.readUpTo(seen, ranked);
    }),
  );
  const all = parts
    .flatMap((part) => part.hits)
    .sort((a, b) => b.strength - a.strength || compareNewest(a.memory.created_at, a.memory.id, b.memory.created_at, b.memory.id));
  const offset = place?.offset ?? 0;
  // Forgotten since the first page: left out, without shifting what follows.
  const standing = all.map(({ current, score }) => (current && passes(current) ? { memory: current, score } : undefined));
  const { memories, taken } = takePage(standing.slice(offset), request.limit, core.zone);
  const seen = place?.seen ?? Object.fromEntries(parts.slice(0, mostPlaces).map((part) => part.place));
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  const next = offset + taken < total ? { next: { seen, offset: offset + taken } } : {};
  return { memories, ...next, total: total - standing.filter((hit) => !hit).length, degraded: [...degraded] };
}

/** Up to where the first page saw a space: not at all where it came since; undefined where the cursor had no room for it. */
function seenOf(seen: Record<string, number>, space: Space): number | undefined {
  return seen[hashOf(space)] ?? (Object.keys(seen).length < mostPlaces ? 0 : undefined);
}

/** The dense candidates of each space; without an embedding or an index the words answer alone, and that is said. */
async function similar(
  core: Core,
  request: RecallRequest & { query: string },
  { call, degraded }: { call: Call; degraded: Set<string> },
): Promise<Map<Space, VectorHit[]>> {
  let vector: Float32Array;
  try {
    vector = await core.vectors.embedQuery(request.query, call.signal);
  } catch (error) {
    call.signal.throwIfAborted();
    degraded.add(`embedding: ${messageOf(error)}; answered by words alone`);
    return new Map();
  }
  const found = await Promise.all(
    request.spaces.map(async (space) => {
      const result = await core.vectors.search(core.spaces.open(space), vector, vectorCandidates, call.signal);
      if (result.degraded) degraded.add(result.degraded);
      return [space, result.hits] as const;
    }),
  );
  return new Map(found);
}

/** A query as the words are matched with it, the spans that its phrases of time stand for, and what is left of it without them. */
interface Asked {
  query: string;
  windows: Span[];
  rest: string;
}

/** The best of one view that pass, as many as asked for, with what is believed of them now, and how many there are in all. */
function hitsOf(
  core: Core,
  view: SpaceView,
  options: Asked & { dense: VectorHit[]; floor: number; passes: (memory: Memory) => boolean; count: number; current: SpaceView },
) {
  const { memories } = view.projection;
  const { dense, passes, count, current, ...search } = options;
  const memoryOf = (id: string) => memories.get(id) as Memory;
  const hits = dense.filter((hit) => memories.get(hit.id)?.revision === hit.revision);
  const ranking = rank({
    ...search,
    index: view.lexical,
    dense: { hits, noise: core.vectors.noise, weight: core.vectors.weight },
    zone: core.zone,
    accepts: (id) => passes(memoryOf(id)),
  });
  const best = ranking.best(count).map((ranked) => ({
    ...ranked,
    memory: memoryOf(ranked.id),
    current: current.projection.memories.get(ranked.id),
  }));
  return { hits: best, total: ranking.total };
}
