import { cut } from '../cut.js';
import { isLive, type Memory } from '../projection.js';
import type { SpaceView } from '../view.js';

/** A memory as it was when it was chosen: the projection's own object goes on to change. */
export type Chosen = Readonly<Pick<Memory, 'id' | 'revision' | 'state' | 'added' | 'changed' | 'labels'>>;

/** What one round of a reflection begins with. */
export interface Round {
  /** Memories that are new or were changed, in the order of their latest changes. */
  news: Chosen[];
  /** How many more of them there are for further rounds. */
  left: number;
  /** What insights stood on that were retired because another of their sources changed. */
  orphans: string[];
  /** Number of the last event that is looked at, and the generation of the log in which it counts. */
  upTo: number;
  generation: number;
}

/** What a reflection is shown: memories, and the insights that there are, whose sources are among them. */
export interface Shown {
  memories: Chosen[];
  insights: Chosen[];
}

/** New memories of one round and of one reflection; older ones are passed over. */
const mostNews = 100;
const mostNewsInAll = 500;
/** Characters of one memory, and of each part of what one call is shown. */
const longestShown = 500;
const sizes = { news: 12_000, related: 6000, insights: 6000 };

/** A memory's text as a reflection is shown it. */
export function shownText({ state }: Chosen): string {
  return cut(state.text, longestShown);
}

/** The next round over events up to `until`; `anyway`: over the newest memories, if nothing is new. Undefined: nothing is to be done. */
export function nextRound(
  { projection }: SpaceView,
  { now, until, anyway }: { now: number; until: number; anyway: boolean },
): Round | undefined {
  const { reflection, position } = projection;
  const stated = [...projection.memories.values()].filter((memory) => isLive(memory, now) && memory.state.kind !== 'insight');
  const unseen = stated.filter(({ changed }) => changed > reflection.upTo && changed <= until);
  const isIdle = reflection.fresh.length === 0 && reflection.retired.length === 0 && unseen.length === 0;
  if (isIdle && !anyway) return undefined;
  const all = (isIdle ? stated : unseen).sort((a, b) => a.changed - b.changed).slice(isIdle ? -mostNews : -mostNewsInAll);
  const fitting = withinSize(all.slice(0, mostNews), sizes.news);
  const last = fitting.at(-1);
  return {
    news: fitting.map((memory) => ({ ...memory })),
    left: all.length - fitting.length,
    orphans: orphansIn(projection.memories.values(), new Set(reflection.retired)),
    upTo: fitting.length < all.length && last && !isIdle ? last.changed : until,
    generation: position.generation,
  };
}

function orphansIn(memories: Iterable<Memory>, retired: ReadonlySet<number>): string[] {
  if (retired.size === 0) return [];
  return [...memories].flatMap(({ status, changed, state }) =>
    status === 'forgotten' && retired.has(changed) ? (state.sources ?? []) : [],
  );
}

/**
 * What is still live of a round, with older memories near it (`near`, nearest first) and the insights that there are,
 * those first that share a source with it; each part within its size.
 */
export function shownOf({ projection }: SpaceView, { news, orphans }: Round, { near, now }: { near: string[]; now: number }): Shown {
  const live = (ids: Iterable<string>): Chosen[] =>
    [...new Set(ids)].flatMap((id) => {
      const memory = projection.memories.get(id);
      return memory && isLive(memory, now) ? [{ ...memory }] : [];
    });
  const isStated = ({ state }: Chosen) => state.kind !== 'insight';
  const fresh = live(news.map(({ id }) => id));
  const known = new Set(fresh.map(({ id }) => id));
  const related = withinSize(live([...orphans, ...near].filter((id) => !known.has(id))).filter(isStated), sizes.related);
  for (const { id } of related) known.add(id);
  const sourcesOf = ({ state }: Chosen) => state.sources ?? [];
  const shared = (insight: Chosen) => sourcesOf(insight).filter((id) => known.has(id)).length;
  const ranked = live([...projection.insights].reverse()).sort((a, b) => shared(b) - shared(a));
  const insights: Chosen[] = [];
  const behind: Chosen[] = [];
  for (const insight of ranked) {
    const sources = live(sourcesOf(insight).filter((id) => !known.has(id)));
    if (!isWithin([...insights, insight, ...behind, ...sources], sizes.insights)) break;
    insights.push(insight);
    behind.push(...sources);
    for (const { id } of sources) known.add(id);
  }
  return { memories: [...fresh, ...related, ...behind], insights };
}

/** As many of the first as fit together. */
function withinSize<T extends Chosen>(memories: T[], size: number): T[] {
  let characters = 0;
  const over = memories.findIndex((memory) => {
    characters += shownText(memory).length + (memory.state.subject?.length ?? 0);
    return characters > size;
  });
  return over < 0 ? memories : memories.slice(0, over);
}

function isWithin(memories: Chosen[], size: number): boolean {
  return withinSize(memories, size).length === memories.length;
}
