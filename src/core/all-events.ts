import type { Event } from './events.js';
import type { OpenSpace } from './spaces.js';

/** Every event of a space, in order. */
export async function allEvents(open: OpenSpace): Promise<Event[]> {
  const last = await open.read(({ projection }) => projection.position.sequence);
  return open.events(Array.from({ length: last }, (_, index) => index + 1));
}
