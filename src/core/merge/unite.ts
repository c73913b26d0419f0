import type { Event } from '../events.js';
import { numbered } from './numbers.js';
import { type MakeId, settle } from './settling.js';
import { type Side, type Sides, sideOf } from './side.js';
import { createVersions } from './versions.js';

/**
 * Unites two logs of one space that lived apart, whichever is whose: every event of both stands once, each log's own
 * order is kept, revisions are counted anew, and what contradicts is settled by a last batch, so that both sides end
 * with the same lines. An event of `ours` that needs no change stays the same object. Where one log holds all that
 * the other does, it is the result, but for what was erased or blanked in the other.
 */
export function unite(ours: Event[], theirs: Event[], makeId: MakeId): Event[] {
  const sides: Sides = [sideOf(ours), sideOf(theirs)];
  const version = createVersions(sides);
  const whole = holder(sides);
  if (whole) return whole.events.map(version);
  const events = numbered(inOrder(sides).map(version), sides);
  return [...events, ...settle(events, sides, makeId)];
}

/** The side that holds every event of the other, if one does. */
function holder([ours, theirs]: Sides): Side | undefined {
  const holds = (one: Side, other: Side) => other.events.every((event) => one.places.has(event.event_id));
  if (holds(ours, theirs)) return ours;
  return holds(theirs, ours) ? theirs : undefined;
}

/** The events of one append. */
interface Batch {
  name: string;
  at: string;
  events: Event[];
}

function batchesOf({ events }: Side): Batch[] {
  const batches: Batch[] = [];
  for (const event of events) {
    const last = batches.at(-1);
    if (last?.name === event.batch) last.events.push(event);
    else batches.push({ name: event.batch, at: event.at, events: [event] });
  }
  return batches;
}

/**
 * Each batch once, after those before it in either log; what this leaves open goes by time, then by name. Since times
 * never run backwards, any two batches stand in the same order whichever logs they are united from.
 */
function inOrder(sides: Sides): Event[] {
  const [ours, theirs] = sides.map(batchesOf) as [Batch[], Batch[]];
  const [inOurs, inTheirs] = [ours, theirs].map((batches) => new Set(batches.map(({ name }) => name))) as [Set<string>, Set<string>];
  const placed = new Set<string>();
  const order: Event[] = [];
  let [left, right] = [0, 0];
  for (;;) {
    while (placed.has(ours[left]?.name ?? '')) left += 1;
    while (placed.has(theirs[right]?.name ?? '')) right += 1;
    const next = firstOf({ batch: ours[left], waits: inTheirs }, { batch: theirs[right], waits: inOurs });
    if (!next) return order;
    placed.add(next.name);
    for (const event of next.events) order.push(event);
  }
}

/** Which of the two heads comes next; one that the other log holds too waits for what stands before it there. */
function firstOf(ours: { batch: Batch | undefined; waits: Set<string> }, theirs: { batch: Batch | undefined; waits: Set<string> }) {
  if (!ours.batch || !theirs.batch) return ours.batch ?? theirs.batch;
  const oursWaits = ours.waits.has(ours.batch.name);
  const theirsWaits = theirs.waits.has(theirs.batch.name);
  if (oursWaits !== theirsWaits) return oursWaits ? theirs.batch : ours.batch;
  const isEarlier = ours.batch.at === theirs.batch.at ? ours.batch.name <= theirs.batch.name : ours.batch.at < theirs.batch.at;
  return isEarlier ? ours.batch : theirs.batch;
}
