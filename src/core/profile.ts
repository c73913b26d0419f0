import TinyQueue from 'tinyqueue';
import type { RecalledMemory } from './answers.js';
import type { Core } from './core.js';
import { KeepsakeError } from './errors.js';
import { compareNewest, passing } from './listing.js';
import { takePage, withinBytes } from './page.js';
import { type ProfilePart, partShares, shareOut } from './profile-parts.js';
import type { Memory } from './projection.js';
import type { Page, RecallOptions, RecallRequest } from './recall-request.js';
import { search } from './search.js';

/** The importance of what nobody judged: the middle of the scale. */
const middling = 5;

/**
 * The standing picture for the start of a conversation: pinned memories, then lasting preferences and instructions,
 * insights, and the newest or, with a query, what it finds; no memory twice. The pinned ones come before all others,
 * which share what is left of `limit`. O(memories). Raises invalid_argument and what a search raises.
 */
export async function profile(core: Core, request: RecallRequest, options: RecallOptions): Promise<Page> {
  if (request.cursor !== undefined)
    throw new KeepsakeError(
      'invalid_argument',
      'A profile is one page; leave out cursor, or recall without profile to page through memories.',
    );
  const { query, limit } = request;
  const all = await passing(core, request, options.asOf);
  const members = new Map<ProfilePart, Memory[]>();
  for (const memory of all) {
    const part = partOf(memory);
    const known = members.get(part);
    if (known) known.push(memory);
    else members.set(part, [memory]);
  }
  const best = (part: ProfilePart, compare: Compare) =>
    takePage(
      bestOf(members.get(part) ?? [], { count: limit, compare }).map((memory) => ({ memory })),
      limit,
      core.zone,
    ).memories.map((memory): RecalledMemory => ({ ...memory, part }));

  const pinned = best('pinned', compareImportance);
  const found = query === undefined || query.trim() === '' ? undefined : await search(core, { ...request, query }, options);
  const hits = (found?.memories ?? []).filter(({ pinned }) => !pinned).map((memory): RecalledMemory => ({ ...memory, part: 'hits' }));
  const chosen = shareOut(
    [
      { share: partShares.standing, items: best('standing', compareImportance) },
      { share: partShares.insights, items: best('insights', compareImportance) },
      found
        ? { share: partShares.hits, items: unflaggedFirst(hits) }
        : { share: partShares.newest, items: best('newest', compareUnflagged) },
    ],
    limit - pinned.length,
    () => 1,
  );
  return { memories: withinBytes([...pinned, ...chosen.flat()]), total: all.length, degraded: found?.degraded ?? [] };
}

type Compare = (a: Memory, b: Memory) => number;

/** What reads like an attempt to instruct whoever recalls it leads no profile, unless its user pinned it. */
function partOf({ state }: Memory): ProfilePart {
  if (state.pinned) return 'pinned';
  if (state.flags) return 'newest';
  if (state.standing) return 'standing';
  return state.kind === 'insight' ? 'insights' : 'newest';
}

const unflaggedFirst = (hits: RecalledMemory[]) => [...hits.filter(({ flags }) => !flags), ...hits.filter(({ flags }) => flags)];

function compareUnflagged(a: Memory, b: Memory): number {
  return (a.state.flags ? 1 : 0) - (b.state.flags ? 1 : 0) || compareNewest(a, b);
}

function compareImportance(a: Memory, b: Memory): number {
  return (b.state.importance ?? middling) - (a.state.importance ?? middling) || compareNewest(a, b);
}

/** The first `count` in an order, without sorting the others. Newer ones, which most orders prefer, are looked at first. */
function bestOf(memories: readonly Memory[], { count, compare }: { count: number; compare: Compare }): Memory[] {
  const queue = new TinyQueue<Memory>([], (a, b) => compare(b, a));
  for (let index = memories.length - 1; index >= 0; index -= 1) {
    const memory = memories[index] as Memory;
    const last = queue.peek();
    if (last && queue.length >= count && compare(memory, last) > 0) continue;
    queue.push(memory);
    if (queue.length > count) queue.pop();
  }
  return queue.data.sort(compare);
}
