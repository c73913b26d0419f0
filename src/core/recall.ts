import { z } from 'zod';
import type { RecallAnswer, RecalledMemory } from './answers.js';
import { momentArgument } from './arguments.js';
import type { Call, Core } from './core.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { cut } from './cut.js';
import { messageOf } from './errors.js';
import { defined } from './facts.js';
import { compileFilter, type FilterFields } from './filters.js';
import type { Space, VectorHit } from './ports.js';
import { isLive, type Memory } from './projection.js';
import { defaultFloor, rank } from './ranking/ranking.js';
import type { SpaceView } from './spaces.js';
import { formatInstant, recurringOverlaps, type Span, spanOf, spansOverlap } from './time/instants.js';
import { findTimePhrases, withoutPhrases } from './time/phrases.js';

/** What is asked of the memories of some spaces. Times and filters as the contract says. */
export interface RecallRequest {
  /** Where is searched, the caller's own space first. */
  spaces: Space[];
  /** The spaces are all there are: a cursor then holds although new ones come. */
  everywhere?: boolean | undefined;
  query?: string | undefined;
  limit: number;
  cursor?: string | undefined;
  min_score?: number | undefined;
  filters?: unknown;
  since?: string | undefined;
  until?: string | undefined;
  agent_id?: string | undefined;
  run_id?: string | undefined;
}

/** Hits that the vector index is asked for; the lexical side sees everything. */
const vectorCandidates = 100;
/** Characters of one memory in an answer; the whole is in its history. */
const longestText = 2000;
/** Labels of a kind that one hit names, the newest. */
const mostLabels = 10;

/** `at`: the time of the newest event that the first page saw; times within a log never run backwards. */
const searchPlace = z.object({ at: z.string(), offset: z.number().int().min(0) });
const listPlace = z.object({ after: z.tuple([z.string(), z.string()]) });

/** Serialized bytes of the memories of one answer; with its text an answer stays under 400 kB. */
const mostBytes = 300_000;

interface Hit {
  memory: Memory;
  score?: number;
}

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

/** As many hits as one answer may hold, and how many of the candidates that used up; undefined ones are passed over. */
function takePage(candidates: (Hit | undefined)[], limit: number, zone: string): { memories: RecalledMemory[]; taken: number } {
  const memories: RecalledMemory[] = [];
  let bytes = 0;
  let taken = 0;
  for (const hit of candidates) {
    if (memories.length === limit) break;
    if (hit) {
      const memory = rendered(hit, zone);
      bytes += new TextEncoder().encode(JSON.stringify(memory)).length;
      if (bytes > mostBytes && memories.length > 0) break;
      memories.push(memory);
    }
    taken += 1;
  }
  return { memories, taken };
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
      return core.spaces.open(space).read((current, viewAt) => {
        const view = place ? viewAt(sequenceAt(current, place.at)) : current;
        const hits = scored(core, view, { ...asked, dense: dense.get(space) ?? [], floor }).filter(({ memory }) => passes(memory));
        return {
          hits: hits.map((hit) => ({ ...hit, current: current.projection.memories.get(hit.memory.id) })),
          lastAt: current.projection.lastAt,
        };
      });
    }),
  );
  const all = parts
    .flatMap((part) => part.hits)
    .sort((a, b) => b.strength - a.strength || compareNewest(a.memory.created_at, a.memory.id, b.memory.created_at, b.memory.id));
  const offset = place?.offset ?? 0;
  // Forgotten since the first page: left out, without shifting what follows.
  const standing = all.map(({ current, score }) => (current && passes(current) ? { memory: current, score } : undefined));
  const { memories, taken } = takePage(standing.slice(offset), request.limit, core.zone);
  const at =
    place?.at ??
    parts
      .map(({ lastAt }) => lastAt)
      .sort()
      .at(-1);
  const next = offset + taken < all.length ? { next: { at, offset: offset + taken } } : {};
  return { memories, ...next, total: standing.filter(Boolean).length, degraded: [...degraded] };
}

/** The number of the last event that a log held at a time (ISO 8601 in UTC). */
function sequenceAt({ projection }: SpaceView, at: string): number {
  return projection.events.findLast((event) => event.at <= at)?.seq ?? 0;
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

/** A hit with what the order goes by. */
type Scored = Hit & { score: number; strength: number };

function scored(core: Core, view: SpaceView, options: Asked & { dense: VectorHit[]; floor: number }): Scored[] {
  const { memories } = view.projection;
  const dense = options.dense.filter((hit) => memories.get(hit.id)?.revision === hit.revision);
  const ranked = rank({
    ...options,
    index: view.lexical,
    dense,
    noise: core.vectors.noise,
    denseWeight: core.vectors.weight,
    zone: core.zone,
  });
  const hits = ranked.flatMap(({ id, score, strength }) => {
    const memory = memories.get(id);
    return memory && score >= options.floor ? [{ memory, score, strength }] : [];
  });
  if (options.floor > 0) return hits;
  const seen = new Set(hits.map((hit) => hit.memory.id));
  return [...hits, ...[...memories.values()].filter((memory) => !seen.has(memory.id)).map((memory) => ({ memory, score: 0, strength: 0 }))];
}

/** What a memory must be to count for this call: live, and what the call selects. */
function admission(core: Core, request: Selection): (memory: Memory) => boolean {
  const now = core.clock.now();
  const isSelected = selection(core, request);
  return (memory) => isLive(memory, now) && isSelected(memory);
}

type Selection = Pick<RecallRequest, 'filters' | 'since' | 'until' | 'agent_id' | 'run_id'>;

/** What a call selects: inside its times, past its filters, stated under its labels. Raises invalid_argument. */
export function selection(core: Core, request: Selection): (memory: Memory) => boolean {
  const { zone } = core;
  const since = request.since === undefined ? undefined : momentArgument('since', request.since, { zone, edge: 'start' });
  const until = request.until === undefined ? undefined : momentArgument('until', request.until, { zone, edge: 'end' });
  const matches = request.filters === undefined ? undefined : compileFilter(request.filters, { zone });
  return (memory) =>
    (request.agent_id === undefined || memory.labels.some((label) => label.agent_id === request.agent_id)) &&
    (request.run_id === undefined || memory.labels.some((label) => label.run_id === request.run_id)) &&
    isWithin(memory, { since, until, zone }) &&
    (matches === undefined || matches(filterFields(memory, core)));
}

function isWithin(
  { state }: Memory,
  { since, until, zone }: { since: number | undefined; until: number | undefined; zone: string },
): boolean {
  if (since === undefined && until === undefined) return true;
  const span = spanOf(state.occurred_at ?? state.said_at, zone);
  return state.recurs ? recurringOverlaps({ span, recurs: state.recurs }, since, until, zone) : spansOverlap(span, since, until);
}

function filterFields(memory: Memory, core: Core): FilterFields {
  const { state } = memory;
  return {
    id: memory.id,
    kind: state.kind,
    subject: state.subject,
    pinned: state.pinned === true,
    agent_id: labelsOf(memory, 'agent_id'),
    run_id: labelsOf(memory, 'run_id'),
    created_at: memory.created_at,
    updated_at: memory.updated_at,
    said_at: state.said_at,
    occurred_at: state.occurred_at,
    last_recalled_at: core.accesses.lastRecalledAt(memory.id),
    metadata: state.metadata ?? {},
  };
}

function labelsOf(memory: Memory, label: 'agent_id' | 'run_id'): string[] {
  return [...new Set(memory.labels.flatMap((each) => each[label] ?? []))];
}

function rendered({ memory, score }: Hit, zone: string): RecalledMemory {
  const { state } = memory;
  const inZone = (iso: string | undefined) => (iso === undefined ? undefined : formatInstant(Date.parse(iso), zone));
  const truncated = state.text.length > longestText;
  const agents = labelsOf(memory, 'agent_id').slice(-mostLabels);
  const runs = labelsOf(memory, 'run_id').slice(-mostLabels);
  return defined({
    id: memory.id,
    memory: cut(state.text, longestText),
    space: memory.space,
    subject: state.subject,
    score: score === undefined ? undefined : Math.round(score * 1000) / 1000,
    kind: state.kind,
    revision: memory.revision,
    pinned: state.pinned,
    created_at: formatInstant(Date.parse(memory.created_at), zone),
    updated_at: formatInstant(Date.parse(memory.updated_at), zone),
    said_at: inZone(state.said_at),
    occurred_at: state.occurred_at && state.occurred_at.length > 10 ? inZone(state.occurred_at) : state.occurred_at,
    recurs: state.recurs,
    expires_at: inZone(state.expires_at),
    agent_ids: agents.length > 0 ? agents : undefined,
    run_ids: runs.length > 0 ? runs : undefined,
    metadata: state.metadata,
    entities: state.entities,
    sources: state.sources,
    truncated: truncated || undefined,
  });
}
