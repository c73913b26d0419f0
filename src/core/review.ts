import type { RecalledMemory } from './answers.js';
import type { Core } from './core.js';
import { compareNewest } from './listing.js';
import { nearDoubles } from './near-doubles.js';
import { takePage } from './page.js';
import type { Space } from './ports.js';
import { isLive, type Memory } from './projection.js';

/** Why memories may need a look. */
const reviewReasons = ['expired', 'expiring', 'doubled', 'flagged', 'unrecalled'] as const;
/** One of the reasons. */
export type ReviewReason = (typeof reviewReasons)[number];

/** Some of the memories that one reason names; of doubled ones always two follow each other. */
export interface ReviewPart {
  reason: ReviewReason;
  memories: RecalledMemory[];
  /** How many there are, or pairs. */
  total: number;
}

/** Memories, or pairs, of one part. */
const mostOfPart = 10;
/** Milliseconds ahead of which an expiry is worth a look. */
const soon = 30 * 24 * 3600 * 1000;

/**
 * Memories of some spaces that may be stale, doubled or of no use, as far as rules can tell; parts without any are left
 * out. Nothing counts as recalled. O(memories).
 */
export async function review(core: Core, spaces: readonly Space[]): Promise<ReviewPart[]> {
  const now = core.clock.now();
  const kept = (
    await Promise.all(
      spaces.map((space) =>
        core.spaces.open(space).read(({ projection }) => [...projection.memories.values()].filter(({ status }) => status === 'live')),
      ),
    )
  ).flat();
  const live = kept.filter((memory) => isLive(memory, now)).sort(compareNewest);
  const expires = ({ state }: Memory) => (state.expires_at === undefined ? Number.POSITIVE_INFINITY : Date.parse(state.expires_at));
  const groupsOf: Record<ReviewReason, () => Memory[][]> = {
    expired: () => single(kept.filter((memory) => !isLive(memory, now)).sort((a, b) => expires(b) - expires(a))),
    expiring: () => single(live.filter((memory) => expires(memory) <= now + soon).sort((a, b) => expires(a) - expires(b))),
    doubled: () => nearDoubles(live).map(({ pair }) => pair),
    flagged: () => single(live.filter(({ state }) => state.flags)),
    // What is pinned leads every profile, and whoever asks has it before them.
    unrecalled: () =>
      single(
        live.filter(({ id, state }) => !state.pinned && core.accesses.lastRecalledAt(id) === undefined).sort((a, b) => compareNewest(b, a)),
      ),
  };
  return reviewReasons.flatMap((reason) => {
    const groups = groupsOf[reason]();
    const shown = groups.slice(0, mostOfPart).flat();
    const { memories } = takePage(
      shown.map((memory) => ({ memory })),
      shown.length,
      core.zone,
    );
    return groups.length === 0 ? [] : [{ reason, memories, total: groups.length }];
  });
}

const single = (memories: Memory[]) => memories.map((memory) => [memory]);
