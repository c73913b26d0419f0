import { KeepsakeError } from './errors.js';
import { isLive, type Projection } from './projection.js';

/**
 * Raises KeepsakeError too_large where a space would hold more live memories than `quota` with so many more, an input
 * that waits being one at least; undefined is any number, and nothing to add is never too much. O(memories) where there
 * is a quota.
 */
export function requireUnderQuota(projection: Projection, options: { quota: number | undefined; now: number; adds: number }): void {
  const { quota, now, adds } = options;
  if (quota === undefined || adds === 0) return;
  const held = [...projection.memories.values()].filter((memory) => isLive(memory, now)).length;
  const waiting = projection.pending.size;
  if (held + waiting + adds <= quota) return;
  const inputs = waiting === 0 ? '' : ` with ${waiting} inputs that wait`;
  throw new KeepsakeError(
    'too_large',
    `${projection.space} holds ${held} of the ${quota} memories that it may${inputs}, and this would add ${adds === 1 ? 'one' : adds} more; forget what is no longer needed, or correct what is there with memory_id.`,
  );
}
