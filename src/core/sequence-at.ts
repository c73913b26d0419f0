import type { Event } from './events.js';

/** Numbers that are asked for at once where lines are missing. */
const stretch = 64;

/**
 * The number of the last event that a log of `last` events held at an instant (milliseconds since 1970), 0 before the
 * first. Times within a log never run backwards, so it is found by halves, also where numbers are missing; `read` gives
 * the events with these numbers that there are, in this order. Events of one batch share their time: none is parted.
 * `known` is the number of an event that was there by then, if one is known.
 */
export async function sequenceAt(
  instant: number,
  last: number,
  read: (sequences: number[]) => Promise<Event[]>,
  known = 0,
): Promise<number> {
  let later = last + 1;
  while (later - known > 1) {
    const middle = Math.floor((known + later) / 2);
    const found = await firstFrom(middle, later, read);
    if (found && Date.parse(found.at) <= instant) known = found.seq;
    else later = middle;
  }
  return known;
}

/** The first event there is with a number in [from, until). */
async function firstFrom(from: number, until: number, read: (sequences: number[]) => Promise<Event[]>): Promise<Event | undefined> {
  let [found] = await read([from]);
  for (let next = from + 1; !found && next < until; next += stretch) {
    [found] = await read(Array.from({ length: Math.min(stretch, until - next) }, (_, index) => next + index));
  }
  return found;
}
