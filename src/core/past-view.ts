import type { Event } from './events.js';
import { keepView, restoreView } from './kept-view.js';
import { eventsOf } from './projection.js';
import { createLexicalIndex } from './ranking/lexical-index.js';
import { applyAll, documentOf, type SpaceView } from './view.js';

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
  const memories = [...view.projection.memories.values()];
  const changed = memories.filter((memory) => eventsOf(memory).some((each) => each > sequence));
  const before = changed.flatMap((memory) => eventsOf(memory).filter((each) => each <= sequence));
  const events = await read(before.sort((a, b) => a - b));
  const then = 2 * changed.length > memories.length ? viewOfOthers(view, changed, zone) : viewWithout(view, changed, zone);
  applyAll(then, events, zone);
  return then;
}

type Changed = readonly { id: string }[];

/** A copy of a view that these memories are taken out of: for few of them. */
function viewWithout(view: SpaceView, changed: Changed, zone: string): SpaceView {
  const then = restoreView(structuredClone(keepView(view)), zone);
  // The newest first: what is taken from the end of a list moves nothing.
  for (const { id } of [...changed].reverse()) {
    then.lexical.remove(id);
    then.projection.memories.delete(id);
  }
  return then;
}

/** The same, made of the memories that stay: for many of them. */
function viewOfOthers({ projection }: SpaceView, changed: Changed, zone: string): SpaceView {
  const memories = new Map(projection.memories);
  for (const { id } of changed) memories.delete(id);
  const rest = keepView({ projection: { ...projection, memories }, lexical: createLexicalIndex() });
  const then = restoreView(structuredClone(rest), zone);
  for (const memory of then.projection.memories.values())
    if (memory.status === 'live') then.lexical.add(memory.id, documentOf(memory, zone));
  return then;
}
