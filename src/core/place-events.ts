import type { Event, EventDraft, Origin } from './events.js';
import type { Ids } from './ports.js';
import type { Projection } from './projection.js';

/** Gives a call's events their numbers, time and origin. Times never run backwards within a log. */
export function placeEvents(
  projection: Projection,
  job: { origin: Origin; drafts: EventDraft[] },
  options: { now: number; ids: Ids; device: string },
): Event[] {
  const now = new Date(options.now).toISOString();
  const at = [now, projection.lastAt].sort().at(-1);
  const ids = job.drafts.map((draft) => draft.event_id ?? options.ids.event());
  return job.drafts.map(({ event_id: _, ...draft }, index) => ({
    seq: projection.position.sequence + 1 + index,
    event_id: ids[index],
    batch: ids[0],
    ...(index === job.drafts.length - 1 ? { end: true as const } : {}),
    at,
    device: options.device,
    ...job.origin,
    ...draft,
  })) as Event[];
}
