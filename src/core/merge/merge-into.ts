import { allEvents } from '../all-events.js';
import type { Core } from '../core.js';
import { betrays, type Words, wordsOf } from '../erase.js';
import type { Event } from '../events.js';
import type { Space } from '../ports.js';
import type { MakeId } from './settling.js';
import { unite } from './unite.js';

/** What a merge did in one space. */
export interface MergedSpace {
  space: Space;
  /** Events of the other log that were new here. */
  received: number;
  /** Memories that both had changed, of which the later statement was made current again. */
  settled: number;
  /** Memories that were forgotten because another says the same. */
  joined: number;
  /** Events of this log in which something was blanked because the other had erased or blanked it. */
  blanked: number;
}

/** What is united with the log of a space. */
export interface MergeOptions {
  space: Space;
  theirs: Event[];
  makeId: MakeId;
  signal: AbortSignal;
  /** Hears the ids of the events that the union is about to bring into the log, before any of them is there. */
  onUnion?: (eventIds: string[]) => Promise<void>;
}

/** How often a union is made beside the lock, where others write meanwhile, before it is made under it. */
const mostAttempts = 5;

/**
 * Unites the log of another home into that of a space, in one stroke under its lock; where that changes nothing,
 * nothing is written. Raises log_unavailable and update_needed.
 */
export async function mergeInto(core: Core, { space, theirs, makeId, signal, onUnion }: MergeOptions): Promise<MergedSpace> {
  const open = core.spaces.open(space);
  for (let attempt = 1; ; attempt += 1) {
    const position = await open.read(({ projection }) => projection.position);
    const before = await allEvents(open);
    const after = unite(before, theirs, makeId);
    let merged = comparison(space, { before, after, theirs });
    if (merged.received === 0 && merged.blanked === 0) return merged;
    const erased = newlyErased(theirs, before);
    const dropVectors = erased.size > 0 ? await core.vectors.willErase(open) : undefined;
    let words: Words | undefined;
    let brought = newIn(after, before);
    await onUnion?.(brought);
    const isDone = await open.rewrite(({ projection: { position: found } }) => {
      const isSame = found.generation === position.generation && found.sequence === position.sequence;
      // Whoever else writes waits meanwhile, so the work is done under the lock only if there is no other way.
      if (!isSame && attempt < mostAttempts) return { answer: false };
      const events = (ours: Event[]) => {
        words = wordsOf(ours, erased);
        if (isSame) return withOwn(after, before, ours);
        const united = unite(ours, theirs, makeId);
        merged = comparison(space, { before: ours, after: united, theirs });
        brought = newIn(united, ours);
        return united;
      };
      return { answer: true, rewriting: { events, drops: (line) => words !== undefined && betrays(line, erased, words) } };
    });
    await dropVectors?.(signal);
    if (!isDone) continue;
    // What a union under the lock has settled besides was not known before.
    await onUnion?.(brought);
    return merged;
  }
}

/** Ids of the events of a union that a log did not hold before. */
function newIn(after: Event[], before: Event[]): string[] {
  const known = new Set(before.map(({ event_id }) => event_id));
  return after.flatMap(({ event_id }) => (known.has(event_id) ? [] : [event_id]));
}

/** Memories that the other log erased and this one does not know to be erased. */
function newlyErased(theirs: Event[], before: Event[]): Set<string> {
  const known = new Set(before.map(({ event_id }) => event_id));
  return new Set(theirs.flatMap((event) => (event.event === 'ERASE' && !known.has(event.event_id) ? [event.memory_id] : [])));
}

/** A union with the events of `before` that it left alone as they were read anew, so that their lines keep their bytes. */
function withOwn(after: Event[], before: Event[], ours: Event[]): Event[] {
  const places = new Map(before.map((event, index) => [event, index]));
  return after.map((event) => ours[places.get(event) ?? -1] ?? event);
}

function comparison(space: Space, { before, after, theirs }: { before: Event[]; after: Event[]; theirs: Event[] }): MergedSpace {
  const own = new Map(before.map((event) => [event.event_id, event]));
  const known = new Set([...own.keys(), ...theirs.map(({ event_id }) => event_id)]);
  const settling = after.filter(({ event_id }) => !known.has(event_id));
  const changes = new Map(after.map((event) => [event.event_id, event]));
  // Although its last own change is a statement, a merge forgets what another memory says, and an insight that lost a source.
  const dropped = settling.filter((event) => event.event === 'DELETE' && 'state' in (changes.get(event.merged ?? '') ?? {}));
  const joins = dropped.filter((event) => 'successor' in event);
  const settled = settling.filter((event) => 'merged' in event && !dropped.includes(event));
  const blanked = after.filter((event) => {
    const was = own.get(event.event_id);
    return was && JSON.stringify(unplaced(was)) !== JSON.stringify(unplaced(event));
  });
  return {
    space,
    received: after.filter(({ event_id }) => !own.has(event_id)).length - settling.length,
    settled: new Set(settled.flatMap((event) => ('memory_id' in event ? [event.memory_id] : []))).size,
    joined: joins.length,
    blanked: blanked.length,
  };
}

/** An event without what tells its place in one log. */
function unplaced(event: Event): object {
  return { ...event, seq: 0, at: '', revision: 0, base: 0, restored: 0 };
}
