import type { Event } from './events.js';
import { keepView, restoreView } from './kept-view.js';
import { eventsOf } from './projection.js';
import { applyAll, type SpaceView } from './view.js';

/**
 * The memories and words of a space as they were when its log ended at event number `sequence`; what else a view holds
 * stays as it is. `read` gives events by their numbers. Costs O(memories) and the reading of what changed since, not
 * of the whole log.
 */
export async function viewUpTo(
  view: SpaceView,
  sequence: number,
  { read, zone }: { read: (sequences: number[]) => Promise<Event[]>; zone: string },
): Promise<SpaceView> {
  const then = restoreView(structuredClone(keepView(view)), zone);
  const changed = [...then.projection.memories.values()].filter((memory) => eventsOf(memory).some((each) => each > sequence));
  const before = changed.flatMap((memory) => eventsOf(memory).filter((each) => each <= sequence));
  const events = await read(before.sort((a, b) => a - b));
  for (const { id } of changed) {
    then.lexical.remove(id);
    then.projection.memories.delete(id);
  }
  applyAll(then, events, zone);
  return then;
}
