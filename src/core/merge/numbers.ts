import { type Event, isChange } from '../events.js';
import { revisionKey, type Sides } from './side.js';

/**
 * Events in their united order, numbered anew: `seq` from 1, times that never run backwards, the revisions of each
 * memory counted up. A revision that an event refers to in its own log (`base`, `restored`, that of a CONFIRM) is given
 * the number that the change which made it has now. An event whose numbers are right stays the same object.
 */
export function numbered(order: Event[], sides: Sides): Event[] {
  const revisions = new Map<string, number>();
  const counts = new Map<string, number>();
  const places = new Map(order.map(({ event_id }, index) => [event_id, index + 1]));
  const firstApart = order.findIndex(({ event_id }) => !sides.every((side) => side.places.has(event_id)));
  const shared = firstApart < 0 ? order.length : firstApart;
  let at = '';

  /** What a field of an event referred to in its own log, as it is numbered now; 0 stands for no revision. */
  function referred(event: Event & { memory_id: string }, field: 'base' | 'restored' | 'revision', current: number): number {
    const found = sides.flatMap((side) => {
      const own = side.events[side.places.get(event.event_id) ?? -1] as (Event & Record<string, unknown>) | undefined;
      const number = own?.[field];
      if (number === 0) return [0];
      const maker = typeof number === 'number' ? side.revisions.get(revisionKey(event.memory_id, number)) : undefined;
      return revisions.get(maker ?? '') ?? [];
    });
    // A log that lost lines may not know what it refers to.
    return found.length > 0 ? Math.min(...found) : current;
  }

  /** What a reflection looked at; of what was written since the logs parted it knew one side at most, so all of that is to be looked at again. */
  function upTo(event: Event, number: number): number {
    const seen = sides.flatMap((side) => {
      const own = side.events[side.places.get(event.event_id) ?? -1];
      const last = own?.event === 'RECEIVED' ? side.events[(own.input.up_to ?? 0) - 1] : undefined;
      return places.get(last?.event_id ?? '') ?? [];
    });
    return Math.min(shared, ...(seen.length > 0 ? seen : [number]));
  }

  function changesOf(event: Event): object {
    const current = 'memory_id' in event ? (counts.get(event.memory_id) ?? 0) : 0;
    switch (event.event) {
      case 'ADD':
      case 'UPDATE':
      case 'RESTORE': {
        counts.set(event.memory_id, current + 1);
        revisions.set(event.event_id, current + 1);
        const restored = event.event === 'RESTORE' ? { restored: referred(event, 'restored', current) } : {};
        return { revision: current + 1, base: referred(event, 'base', current), ...restored };
      }
      case 'DELETE':
      case 'ERASE':
        return { revision: current, base: referred(event, 'base', current) };
      case 'CONFIRM':
        return { revision: referred(event, 'revision', current) };
      case 'RECEIVED': {
        const { input } = event;
        const number = input.up_to === undefined ? undefined : upTo(event, input.up_to);
        return number === input.up_to ? {} : { input: { ...input, up_to: number } };
      }
      default:
        return {};
    }
  }

  return order.map((event, index) => {
    if (event.at > at) at = event.at;
    return changed(event, { seq: index + 1, at, ...changesOf(event) });
  });
}

function changed(event: Event, fields: object): Event {
  const same = Object.entries(fields).every(([name, value]) => (event as Record<string, unknown>)[name] === value);
  return same ? event : ({ ...event, ...fields } as Event);
}

/** The revision that each change made, by its event_id, in a log that is numbered. */
export function revisionsOf(events: Event[]): Map<string, number> {
  return new Map(events.flatMap((event) => (isChange(event) && 'state' in event ? [[event.event_id, event.revision] as const] : [])));
}
