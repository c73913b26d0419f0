import type { Event } from '../core/events.js';
import { spanOf } from '../core/time/instants.js';

/**
 * The first time of an event of another home that is none, as it is written; undefined where all can be read. One that
 * cannot be would keep its whole space from being recalled.
 */
export function unreadableTime(event: Event): string | undefined {
  const state = 'state' in event ? event.state : undefined;
  const input = 'input' in event ? event.input : undefined;
  const instants = [event.at, state?.said_at, state?.expires_at];
  const others = [
    state?.occurred_at,
    input?.at || undefined,
    input?.occurred_at,
    input?.expires_at,
    ...(input?.turns ?? []).map(({ at }) => at),
  ];
  return (
    instants.find((time) => time !== undefined && !(isTime(time) && Number.isFinite(Date.parse(time)))) ??
    others.find((time) => time !== undefined && !isTime(time))
  );
}

function isTime(text: string): boolean {
  try {
    spanOf(text, 'UTC');
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
