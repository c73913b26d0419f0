import type { ActivityEntry } from '../api.js';

/** What tells the parts of an activity from each other. */
export const keyOfCall = ({ call_id, did, space }: ActivityEntry) => `${call_id} ${did} ${space}`;

/** Entries of an activity, newest first, where all that a call did of one kind in a space is one, at its latest part. */
export function byCall(entries: readonly ActivityEntry[]): ActivityEntry[] {
  const calls = new Map<string, ActivityEntry>();
  for (const entry of entries) {
    const key = keyOfCall(entry);
    const known = calls.get(key);
    const { memories, count } = entry;
    const joined = known && { ...entry, ...known, memories: [...known.memories, ...memories], count: known.count + count };
    calls.set(key, joined ?? entry);
  }
  return [...calls.values()];
}
