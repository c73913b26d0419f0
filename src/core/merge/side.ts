import { type ChangeEvent, type Event, isChange } from '../events.js';

/** One of the two logs that are united, with what is asked of it. */
export interface Side {
  events: Event[];
  /** Where each event stands, from 0, by event_id. */
  places: Map<string, number>;
  /** The changes of each memory, in order. */
  changes: Map<string, ChangeEvent[]>;
  /** event_id of the change that made a revision, by `revisionKey`. */
  revisions: Map<string, string>;
}

/** Both logs; nothing that is made of them may depend on which comes first. */
export type Sides = readonly [Side, Side];

/** Under what a revision of a memory is found in its log. */
export const revisionKey = (memory: string, revision: number) => `${memory} ${revision}`;

/** Reads a log, whole batches in order, as one side of a merge. */
export function sideOf(events: Event[]): Side {
  const side: Side = { events, places: new Map(), changes: new Map(), revisions: new Map() };
  for (const [place, event] of events.entries()) {
    side.places.set(event.event_id, place);
    if (!isChange(event)) continue;
    const changes = side.changes.get(event.memory_id) ?? [];
    side.changes.set(event.memory_id, changes);
    changes.push(event);
    if ('state' in event) side.revisions.set(revisionKey(event.memory_id, event.revision), event.event_id);
  }
  return side;
}
