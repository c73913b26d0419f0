import type { Memory, Projection } from './projection.js';

/** Entries that are out of date, beyond as many as there are memories, before the list is made anew. */
const mostStale = 1000;

/** A memory and the number of an event that changed it; only the entry of its latest change counts. */
export interface Change {
  sequence: number;
  memory: Memory;
}

/** Takes the latest change of a memory into the list, if there is one. */
export function noteChange(projection: Projection, memory: Memory): void {
  const { changes, memories } = projection;
  if (!changes) return;
  changes.push({ sequence: memory.changed, memory });
  if (changes.length > 2 * memories.size + mostStale) projection.changes = undefined;
}

/**
 * The memories whose latest change lies after an event's number, oldest change first. Costs the changes since, not the
 * memories, but for the first time.
 */
export function changedAfter(projection: Projection, sequence: number): Memory[] {
  if (projection.position.sequence <= sequence) return [];
  projection.changes ??= [...projection.memories.values()]
    .map((memory) => ({ sequence: memory.changed, memory }))
    .sort((a, b) => a.sequence - b.sequence);
  const { changes } = projection;
  const found: Memory[] = [];
  for (let at = changes.length - 1; at >= 0; at -= 1) {
    const change = changes[at] as Change;
    if (change.sequence <= sequence) break;
    if (change.memory.changed === change.sequence) found.push(change.memory);
  }
  return found.reverse();
}
