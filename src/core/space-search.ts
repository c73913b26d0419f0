import { acrossSpaces, atOnce } from './across-spaces.js';
import type { Core } from './core.js';
import type { Space, VectorHit } from './ports.js';
import { embeddingText, type Memory } from './projection.js';
import { createTally, type TermStatistics, together } from './ranking/postings.js';
import { type Ranked, type RankingReasons, type RankOptions, rank } from './ranking/ranking.js';
import { admission, isKept, isSelecting, type Selection } from './selection.js';
import type { Span } from './time/instants.js';
import { findTimePhrases, isNarrowing, withoutPhrases, withoutTime } from './time/phrases.js';
import type { SpaceView } from './view.js';

/** A query as the words are matched with it, the spans that its phrases of time stand for, and what is left of it without them. */
export interface Asked {
  query: string;
  windows: Span[];
  rest: string;
}

/** Reads the phrases of time in a query, relative to `now` (milliseconds since 1970). */
export function readQuery(query: string, context: { now: number; zone: string }): Asked {
  const phrases = findTimePhrases(query, context);
  // Phrases of time say when: a memory need not repeat them to match the query.
  const words = withoutPhrases(query, phrases);
  return {
    query: words.trim() === '' ? query : words,
    windows: phrases.filter(isNarrowing).map(({ span }) => span),
    rest: withoutTime(query, phrases),
  };
}

/** A memory that was found. */
export interface Found extends Ranked {
  /** As the ranking saw it. */
  seen: Memory;
  /** As it is to be given; undefined where it was forgotten since the first page. */
  memory: Memory | undefined;
  /** It changed or went since the first page, and how similar it was is not known any more: it has lost its place. */
  hasMoved: boolean;
}

/** What was found in one space. */
export interface FoundInSpace {
  space: Space;
  /** Insights behind the others. */
  hits: Found[];
  /** How many there are in all, and how many of them were forgotten since the first page. */
  total: number;
  gone: number;
  /** Number of the last event there is. */
  sequence: number;
}

/** A space, and up to which event it counts; undefined: all. */
export interface Place {
  space: Space;
  seen: number | undefined;
}

/** One search in one space after the other. */
export interface SpaceSearch {
  /** How common words are in all of some spaces, so that scores of one can be held against those of another. */
  statistics(spaces: readonly Place[]): Promise<TermStatistics>;
  /** At least the best `count` of each kind of memory that still stand; `seen` is the number of the last event that counts. */
  find(place: Place, options: { statistics: TermStatistics | undefined; count: number }): Promise<FoundInSpace>;
  /** How memories came to their places; O(memories) each. */
  explain(place: Place, options: { statistics: TermStatistics | undefined; ids: readonly string[] }): Promise<Map<string, RankingReasons>>;
}

/** Whether a memory was derived by reflection. */
export const isInsight = ({ state }: Memory) => state.kind === 'insight';

/** Whether two revisions are embedded as the same text. */
const hasSameWords = (a: Memory, b: Memory) => embeddingText(a.state) === embeddingText(b.state);

/**
 * Searches spaces as they are, or as they were at the instant `asOf`. Of the past the vector index knows only what is
 * still as it was then: similarity counts where the words then are the present ones, and what was reworded or forgotten
 * since is found by its text alone. But what changed between two pages is compared anew, so that it keeps its place.
 * That is how the past is kept, so it is not reported as degraded.
 */
export function createSpaceSearch(
  core: Core,
  options: {
    asked: Asked;
    selection: Selection;
    dense: Map<Space, VectorHit[]>;
    /** How similar memories are with the words that they had; those whose vectors are not at hand are left out. */
    compare(space: Space, memories: Memory[]): Promise<VectorHit[]>;
    floor: number;
    /** When the first page was asked for, milliseconds since 1970. */
    askedAt: number;
    asOf: number | undefined;
  },
): SpaceSearch {
  const { asked, selection, dense, compare, floor, askedAt, asOf } = options;
  const instant = asOf ?? askedAt;
  const passesThen = admission(core, selection, instant);
  const passesNow = admission(core, selection);

  function look<T>({ space, seen }: Place, use: (then: SpaceView, now: SpaceView) => T): Promise<T> {
    const open = core.spaces.open(space);
    if (asOf !== undefined) return open.readAsOf(asOf, use);
    return seen === undefined ? open.read((view) => use(view, view)) : open.readUpTo(seen, use);
  }

  function rankingOf(
    { space, former, then, now }: { space: Space; former: readonly VectorHit[]; then: SpaceView; now: SpaceView },
    which: Pick<RankOptions, 'floor' | 'accepts' | 'statistics'>,
  ) {
    const standing = (dense.get(space) ?? []).filter(({ id, revision }) => {
      const memory = then.projection.memories.get(id);
      if (memory?.revision === revision) return true;
      const present = now.projection.memories.get(id);
      // A newer revision may differ in labels alone.
      return memory && present?.revision === revision && hasSameWords(memory, present);
    });
    const hits = [...standing, ...former];
    return rank({ ...asked, ...which, index: then.lexical, dense: { hits, ...core.vectors.scale }, zone: core.zone, now: instant });
  }

  function hasMoved(seen: Memory, present: Memory | undefined): boolean {
    if (!present) return true;
    return Date.parse(present.updated_at) >= askedAt && (present.status !== 'live' || !hasSameWords(seen, present));
  }

  /** The similarities that the index knew at the first page and does not know now. */
  async function formerHits(place: Place): Promise<VectorHit[]> {
    if (!dense.get(place.space)?.length || (place.seen === undefined && asOf === undefined)) return [];
    const moved = await look(place, (then, now) =>
      [...then.projection.memories.values()].filter(
        (seen) => seen.status === 'live' && seen.state.text !== '' && hasMoved(seen, now.projection.memories.get(seen.id)),
      ),
    );
    return moved.length > 0 ? compare(place.space, moved) : [];
  }

  return {
    async statistics(spaces) {
      if (spaces.length <= atOnce) return together(await acrossSpaces(spaces, (place) => look(place, (then) => then.lexical.statistics)));
      // Those of many would keep all of them in memory for the time of the call.
      const tally = createTally();
      await acrossSpaces(spaces, (place) => look(place, (then) => tally.add(then.lexical.statistics)));
      return tally;
    },

    async find({ space, seen }, { statistics, count }) {
      const former = await formerHits({ space, seen });
      const known = new Set(former.map(({ id }) => id));
      return look({ space, seen }, (then, now) => {
        const memoryOf = (id: string) => then.projection.memories.get(id) as Memory;
        const standing = (memory: Memory) => {
          if (asOf !== undefined || then === now) return memory;
          const present = now.projection.memories.get(memory.id);
          return present && passesNow(present) ? present : undefined;
        };
        let gone = 0;
        const accepts = (id: string) => {
          const memory = memoryOf(id);
          const isFound = passesThen(memory) && (asOf === undefined || isKept(memory, now));
          if (isFound && !standing(memory)) gone += 1;
          return isFound;
        };
        const takesAll = then === now && !isSelecting(selection);
        const ranking = rankingOf({ space, former, then, now }, { floor, statistics, accepts: takesAll ? undefined : accepts });
        // What is gone may be anywhere among them.
        const best = [...ranking.best(count + gone, 'others'), ...ranking.best(count + gone, 'insights')];
        const hits = best.map((hit): Found => {
          const seen = memoryOf(hit.id);
          const isLost = !known.has(hit.id) && hasMoved(seen, now.projection.memories.get(hit.id));
          return { ...hit, seen, memory: standing(seen), hasMoved: isLost };
        });
        return { space, hits, total: ranking.total, gone, sequence: now.projection.position.sequence };
      });
    },

    async explain(place, { statistics, ids }) {
      const former = await formerHits(place);
      return look(place, (then, now) => {
        const ranking = rankingOf({ space: place.space, former, then, now }, { floor: 1, statistics, accepts: () => false });
        return new Map(ids.map((id) => [id, ranking.explain(id)]));
      });
    },
  };
}
