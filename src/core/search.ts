import { z } from 'zod';
import { acrossSpaces } from './across-spaces.js';
import type { Core } from './core.js';
import { decodeCursor } from './cursor.js';
import { messageOf } from './errors.js';
import { hashOf } from './hash.js';
import { mixed } from './kind-mix.js';
import { type Hit, takePage } from './page.js';
import type { Space } from './ports.js';
import { embeddingText } from './projection.js';
import type { TermStatistics } from './ranking/postings.js';
import { defaultFloor, type RankingReasons } from './ranking/ranking.js';
import type { Page, RecallOptions, RecallRequest } from './recall-request.js';
import { headLength, keptOrder, keptOrderShape, notReranked, type Reranking, reordered, rerank } from './rerank.js';
import { similar } from './similar.js';
import { createSpaceSearch, type Found, isInsight, readQuery, type SpaceSearch } from './space-search.js';

type Searched = RecallRequest & { query: string };

/** Hits given before that a later page knows; the text of an answer has to hold the cursor. */
const mostKnown = 6;
/** Characters of the short form of an id. */
const shortLength = 4;
const searchPlace = z.object({
  /** When the first page was asked for, in milliseconds since 1970: its now is that of all pages. */
  at: z.number().int().min(0).max(8.64e15),
  /** Number of the last event that the first page saw, by the hash of the space's name; absent where the past was asked for. */
  seen: z.record(z.string(), z.number().int().min(0)).optional(),
  /** How many hits the first page counted, and how many were given up to now. */
  of: z.number().int().min(0),
  offset: z.number().int().min(0),
  /** The last of these, by short forms of their ids, the latest first. */
  given: z
    .string()
    .max(mostKnown * shortLength)
    .transform((given): string[] => given.match(new RegExp(`.{${shortLength}}`, 'g')) ?? []),
  order: keptOrderShape.optional(),
});
type SearchPlace = z.infer<typeof searchPlace>;
/** Spaces whose place a cursor holds, the first; of more it would become too long, and those are paged as they are. */
const mostPlaces = 120;

/** The memories of some spaces that a query is about, the best first. Raises cursor_invalid. */
export async function search(core: Core, request: Searched, { call, identity, ...times }: RecallOptions): Promise<Page> {
  const { spaces, limit } = request;
  const place = request.cursor === undefined ? undefined : decodeCursor(request.cursor, searchPlace, identity);
  const askedAt = place?.at ?? core.clock.now();
  const asOf = times.asOf !== undefined && times.asOf < askedAt ? times.asOf : undefined;
  const degraded = new Set<string>();
  const asked = readQuery(request.query, { now: times.now ?? asOf ?? askedAt, zone: core.zone });
  let queryVector: Promise<Float32Array> | undefined;
  const searching = createSpaceSearch(core, {
    asked,
    selection: request,
    dense: await similar(core, { query: request.query, words: asked.query, spaces }, { signal: call.signal, degraded }),
    async compare(space, memories) {
      try {
        queryVector ??= core.vectors.embedQuery(request.query, call.signal);
        return await core.vectors.compare(space, memories, { vector: await queryVector, signal: call.signal });
      } catch (error) {
        call.signal.throwIfAborted();
        degraded.add(`embedding: ${messageOf(error)}; answered by words alone`);
        return [];
      }
    },
    floor: request.min_score ?? defaultFloor,
    askedAt,
    asOf,
  });
  const offset = place?.offset ?? 0;
  // One more tells whether there is a next page.
  const count = Math.max(offset + limit + 1, headLength);
  const places = spaces.map((space) => ({ space, seen: seenOf(place?.seen, space) }));
  const statistics = places.length > 1 ? await searching.statistics(places) : undefined;
  const parts = await acrossSpaces(places, (each) => searching.find(each, { statistics, count }));
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  const gone = parts.reduce((sum, part) => sum + part.gone, 0);
  const ranked = withInsightsMixed(parts.flatMap(({ hits }) => hits).sort(compareBest));

  const reranking = place ? (place.order ?? notReranked) : await askReranker(core, request, { ranked, signal: call.signal });
  if (reranking.degraded !== undefined) degraded.add(reranking.degraded);
  const relevance = new Map(ranked.map((hit, index) => [hit, reranking.scores[index]]));
  // Whatever the reranker prefers, insights keep to their share.
  const ordered = withInsightsMixed(reordered(ranked, reranking));

  const rest = place ? notGiven(ordered, place) : ordered;
  const seen = place ? place.seen : asOf === undefined ? Object.fromEntries(parts.slice(0, mostPlaces).map(placeOf)) : undefined;
  const shown = rest.filter(({ memory }) => memory).slice(0, limit);
  const reasons = request.explain ? await explained(searching, shown, { seen, statistics }) : undefined;
  const hits = rest.map((hit): Hit | undefined => {
    const why = reasons?.get(hit);
    const whole = why && { ...why, fused: hit.strength, rerank: relevance.get(hit) };
    return hit.memory && { memory: hit.memory, score: hit.score, why: whole };
  });
  // Forgotten since the first page: left out, without shifting what follows.
  const { memories, taken } = takePage(hits, limit, core.zone);
  const end = offset + memories.length;
  const given = [...memories.map(({ id }) => shortOf(id)).reverse(), ...(place?.given ?? [])].slice(0, mostKnown).join('');
  const order = end < headLength ? keptOrder(reranking) : undefined;
  const next: z.input<typeof searchPlace> = { at: askedAt, seen, of: Math.max(total, place?.of ?? 0), offset: end, given, order };
  // However much is changed from page to page, all of them together give no more than there was.
  const isMore = end < next.of && rest.slice(taken).some(({ memory }) => memory);
  return {
    memories,
    ...(isMore ? { next } : {}),
    total: total - gone,
    degraded: [...degraded],
  };
}

/** 20 bits of an id: among so few that are known, another's are hardly ever the same. */
const shortOf = (id: string) => (hashOf(id) & 0xfffff).toString(36).padStart(shortLength, '0');

/** The hits that no page before has given, as far as the cursor tells. */
function notGiven(ordered: readonly Found[], { offset, given }: SearchPlace): Found[] {
  const known = new Set(given);
  const rest = ordered.slice(beginOf(ordered, { older: offset - given.length, given, known }));
  return rest.filter(({ id }) => !known.has(shortOf(id)));
}

/** Where the hits end of which only the number is known, `older`, since they were given before the `known` ones. */
function beginOf(
  ordered: readonly Found[],
  { older, given, known }: { older: number; given: readonly string[]; known: ReadonlySet<string> },
): number {
  if (older === 0) return 0;
  const places = new Map(ordered.flatMap(({ id, hasMoved }, index) => (hasMoved ? [] : [[shortOf(id), index] as const])));
  const last = given.map((short) => places.get(short)).find((index) => index !== undefined);
  if (last !== undefined) return last + 1;
  // Who changed all of these has probably changed those before them, too, and they do not stand in front any more.
  const moved = ordered.filter(({ id, hasMoved }) => hasMoved && !known.has(shortOf(id))).length;
  return Math.max(0, older - moved);
}

const placeOf = ({ space, sequence }: { space: Space; sequence: number }) => [hashOf(space), sequence] as const;

/** Up to where the first page saw a space: not at all where it came since; undefined where the cursor had no room for it. */
function seenOf(seen: SearchPlace['seen'], space: Space): number | undefined {
  return seen && (seen[hashOf(space)] ?? (Object.keys(seen).length < mostPlaces ? 0 : undefined));
}

/** The stronger first, then the newer; the same order as the ranking's within a space. */
function compareBest(a: Found, b: Found): number {
  if (a.strength !== b.strength) return b.strength - a.strength;
  if (a.seen.created_at !== b.seen.created_at) return a.seen.created_at < b.seen.created_at ? 1 : -1;
  if (a.seen.space !== b.seen.space) return a.seen.space < b.seen.space ? -1 : 1;
  return b.seen.added - a.seen.added;
}

const withInsightsMixed = (hits: Found[]) => mixed(hits, ({ seen }) => isInsight(seen));

function askReranker(core: Core, request: Searched, { ranked, signal }: { ranked: Found[]; signal: AbortSignal }): Promise<Reranking> {
  const texts = ranked.slice(0, headLength).map(({ seen }) => embeddingText(seen.state));
  return rerank(core, { wanted: request.rerank, query: request.query, texts, signal });
}

/** How hits came to their places: in a second look, once it is known which are given, since each costs a pass over all. */
async function explained(
  searching: SpaceSearch,
  hits: Found[],
  { seen, statistics }: { seen: SearchPlace['seen']; statistics: TermStatistics | undefined },
): Promise<Map<Found, RankingReasons>> {
  const spaces = [...new Set(hits.map((hit) => hit.seen.space))];
  const found = await Promise.all(
    spaces.map(async (space) => {
      const own = hits.filter((hit) => hit.seen.space === space);
      const reasons = await searching.explain({ space, seen: seenOf(seen, space) }, { statistics, ids: own.map(({ id }) => id) });
      return own.flatMap((hit) => [[hit, reasons.get(hit.id)] as const]);
    }),
  );
  return new Map(found.flat().flatMap(([hit, why]) => (why ? [[hit, why] as const] : [])));
}
