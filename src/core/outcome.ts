import type { ChangeEvent, Event } from './events.js';
import type { ReceivedEvent } from './projection.js';
import type { OpenSpace } from './spaces.js';

/** The note that an input's outcome is complete. */
export type ProcessedEvent = Extract<Event, { event: 'PROCESSED' }>;

/** All that came of an input. */
export interface InputOutcome {
  changes: ChangeEvent[];
  processed: ProcessedEvent;
}

/** Events read at once: the outcome mostly follows its input closely. */
const step = 100;

/** What came of an input, read from the log; undefined while its outcome is not complete. */
export async function outcomeOf(open: OpenSpace, received: Pick<ReceivedEvent, 'seq' | 'event_id'>): Promise<InputOutcome | undefined> {
  const { event_id: inputId } = received;
  // Else all that follows would be read for nothing.
  const last = await open.read(({ projection }) => (projection.pending.has(inputId) ? 0 : projection.position.sequence));
  const changes: ChangeEvent[] = [];
  for (let first = received.seq + 1; first <= last; first += step) {
    const events = await open.events(Array.from({ length: step }, (_, index) => first + index));
    for (const event of events) {
      if (event.event === 'PROCESSED' && event.input_id === inputId) return { changes, processed: event };
      if ('base' in event && event.source?.input_id === inputId) changes.push(event);
    }
  }
  return undefined;
}
