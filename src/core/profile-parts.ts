/** The parts of a profile in their order. The last is what is newest or, where something is asked, what answers it. */
export const profileParts = ['pinned', 'standing', 'insights', 'newest', 'hits'] as const;
/** One part of a profile. */
export type ProfilePart = (typeof profileParts)[number];

/** The line that begins each part in the text of an answer; the gate knows it as recall's own. */
export const partHeadings: Record<ProfilePart, string> = {
  pinned: 'Pinned:',
  standing: 'Preferences and instructions:',
  insights: 'Insights:',
  newest: 'Newest:',
  hits: 'Best hits:',
};

/**
 * The share of each part of what the pinned ones leave. What stands has half: no later search brings it, since it shares
 * no words with what is asked. Insights say much in few words; the last part can be had by another recall at any time.
 */
export const partShares: Record<Exclude<ProfilePart, 'pinned'>, number> = { standing: 0.5, insights: 0.2, newest: 0.3, hits: 0.3 };

/**
 * As many items of each part as fit its share of `room`, in their order; one that is too large makes way for those
 * behind it. What a part does not use goes on to the next, and in the end back to the first. No id is taken twice.
 */
export function shareOut<T extends { id: string }>(
  parts: readonly { share: number; items: readonly T[] }[],
  room: number,
  cost: (item: T) => number,
): T[][] {
  const taken = new Map<string, number>();
  let unused = 0;
  function take(part: number, allowance: number): void {
    unused = allowance;
    for (const item of parts[part]?.items ?? []) {
      const needed = cost(item);
      if (needed > unused || taken.has(item.id)) continue;
      taken.set(item.id, part);
      unused -= needed;
    }
  }
  for (const [part, { share }] of parts.entries()) take(part, unused + share * room);
  for (const part of parts.keys()) take(part, unused);
  return parts.map(({ items }, part) => items.filter(({ id }) => taken.get(id) === part));
}
