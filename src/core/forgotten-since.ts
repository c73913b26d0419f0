import type { SkippedPart } from './events.js';
import { changedAfter } from './latest-changes.js';
import { liveMemoryOf, type Memory, type Projection, statementOf } from './projection.js';
import type { Planned } from './reconcile.js';

/**
 * Leaves out what an input that waited must not bring back: candidates whose statement was said again and forgotten
 * after event number `after`, which is the input's own, and later than they were said. Costs the changes since then.
 */
export function withoutForgotten(
  projection: Projection,
  planned: Planned[],
  { after, now }: { after: number; now: number },
): { planned: Planned[]; skipped: SkippedPart[] } {
  const forgotten = new Map(
    changedAfter(projection, after).flatMap((memory) =>
      memory.status === 'forgotten' ? [[statementOf(memory.state), outdatedAt(projection, memory)] as const] : [],
    ),
  );
  if (forgotten.size === 0) return { planned, skipped: [] };
  const isForgotten = ({ state }: Planned) => {
    const statement = statementOf(state);
    return (forgotten.get(statement) ?? '') > state.said_at && !liveMemoryOf(projection, statement, now);
  };
  return {
    planned: planned.filter((each) => !isForgotten(each)),
    skipped: planned.filter(isForgotten).map(({ state }) => ({ text: state.text, reason: 'forgotten since' })),
  };
}

/** When what took its place was said, which may be earlier than the input; else when it was forgotten. */
function outdatedAt({ memories }: Projection, { successor, updated_at }: Memory): string {
  return memories.get(successor ?? '')?.state.said_at ?? updated_at;
}
