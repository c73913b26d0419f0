import { acrossSpaces, atOnce } from './across-spaces.js';
import type { Core } from './core.js';
import type { Space, VectorHit } from './ports.js';
import type { Memory } from './projection.js';
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

/**
 * Searches spaces as they are, or as they were at the instant `asOf`. Of the past the vector index knows only what is
 * still as it was then: similarity counts where the revision then is the present one, and what was changed or forgotten
 * since is found by its words alone. That is how the past is kept, so it is not reported as degraded.
 */
export function createSpaceSearch(
  core: Core,
  options: {
    asked: Asked;
    selection: Selection;
    dense: Map<Space, VectorHit[]>;
    floor: number;
    /** When the first page was asked for, milliseconds since 1970. */
    askedAt: number;
    asOf: number | undefined;
  },
): SpaceSearch {
  const { asked, selection, dense, floor, askedAt, asOf } = options;
  const instant = asOf ?? askedAt;
  const passesThen = admission(core, selection, instant);
  const passesNow = admission(core, selection);

  function look<T>({ space, seen }: Place, use: (then: SpaceView, now: SpaceView) => T): Promise<T> {
    const open = core.spaces.open(space);
    if (asOf !== undefined) return open.readAsOf(asOf, use);
    return seen === undefined ? open.read((view) => use(view, view)) : open.readUpTo(seen, use);
  }

  function rankingOf(space: Space, { projection, lexical }: SpaceView, which: Pick<RankOptions, 'floor' | 'accepts' | 'statistics'>) {
    const hits = (dense.get(space) ?? []).filter((hit) => projection.memories.get(hit.id)?.revision === hit.revision);
    return rank({ ...asked, ...which, index: lexical, dense: { hits, ...core.vectors.scale }, zone: core.zone, now: instant });
  }

  return {
    async statistics(spaces) {
      if (spaces.length <= atOnce) return together(await acrossSpaces(spaces, (place) => look(place, (then) => then.lexical.statistics)));
      // Those of many would keep all of them in memory for the time of the call.
      const tally = createTally();
      await acrossSpaces(spaces, (place) => look(place, (then) => tally.add(then.lexical.statistics)));
      return tally;
    },

    find: ({ space, seen }, { statistics, count }) =>
      look({ space, seen }, (then, now) => {
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
        const ranking = rankingOf(space, then, { floor, statistics, accepts: takesAll ? undefined : accepts });
        // What is gone may be anywhere among them.
        const best = [...ranking.best(count + gone, 'others'), ...ranking.best(count + gone, 'insights')];
        const hits = best.map((hit): Found => ({ ...hit, seen: memoryOf(hit.id), memory: standing(memoryOf(hit.id)) }));
        return { space, hits, total: ranking.total, gone, sequence: now.projection.position.sequence };
      }),

    explain: (place, { statistics, ids }) =>
      look(place, (then) => {
        const ranking = rankingOf(place.space, then, { floor: 1, statistics, accepts: () => false });
        return new Map(ids.map((id) => [id, ranking.explain(id)]));
      }),
  };
}
