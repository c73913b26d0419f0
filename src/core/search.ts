import { z } from 'zod';
import { acrossSpaces } from './across-spaces.js';
import type { Core } from './core.js';
import { decodeCursor } from './cursor.js';
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

/** Hits by which a later page finds its beginning; any of them may be erased meanwhile. */
const anchors = 2;
const searchPlace = z.object({
  /** When the first page was asked for, in milliseconds since 1970: its now is that of all pages. */
  at: z.number().int().min(0).max(8.64e15),
  /** Number of the last event that the first page saw, by the hash of the space's name; absent where the past was asked for. */
  seen: z.record(z.string(), z.number().int().min(0)).optional(),
  offset: z.number().int().min(0),
  /** The last hits given, the latest first: what was erased since shifts the others, but not what stands behind these. */
  last: z.array(z.string()).max(anchors),
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
  const searching = createSpaceSearch(core, {
    asked,
    selection: request,
    dense: await similar(core, { query: request.query, words: asked.query, spaces }, { signal: call.signal, degraded }),
    floor: request.min_score ?? defaultFloor,
    askedAt,
    asOf,
  });
  const offset = place?.offset ?? 0;
  const count = Math.max(offset + limit, headLength);
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

  const begin = beginOf(ordered, place);
  const rest = ordered.slice(begin);
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
  const end = begin + taken;
  const last = ordered.slice(Math.max(0, end - anchors), end).reverse();
  const order = end < headLength ? keptOrder(reranking) : undefined;
  const next = { at: askedAt, seen, offset: end, last: last.map(({ id }) => id), order };
  return {
    memories,
    ...(next.offset < total ? { next } : {}),
    total: total - gone,
    degraded: [...degraded],
  };
}

/** Where a page begins: behind the last hit of the one before that is still there. */
function beginOf(ordered: readonly Found[], place: SearchPlace | undefined): number {
  const known = place?.last.map((id) => ordered.findIndex((hit) => hit.id === id)).find((index) => index >= 0);
  return known === undefined ? (place?.offset ?? 0) : known + 1;
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
