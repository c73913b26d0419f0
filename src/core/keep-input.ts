import type { Event, ReceivedInput } from './events.js';
import type { Clock } from './ports.js';
import type { Projection } from './projection.js';
import type { OpenSpace } from './spaces.js';

/** Whether anything that was said, or attached to it, still stands in an input. */
export function hasWords(input: ReceivedInput): boolean {
  return input.turns.some(({ content, attachments }) => content !== '' || attachments !== undefined);
}

/** An input without its words and attachments: who spoke, when, and in which form stays. */
export function withoutWords(input: ReceivedInput): ReceivedInput {
  return { ...input, turns: input.turns.map(({ attachments: _, ...turn }) => ({ ...turn, content: '' })) };
}

/**
 * Blanks, in one stroke, the words of the inputs whose outcome was complete by `until` (milliseconds since 1970).
 * Resolves with how many there were; where there is none, nothing is written.
 */
export async function blankInputs(open: OpenSpace, until: number): Promise<number> {
  const blanked = await open.rewrite(({ projection }) => {
    const done = { inputs: 0 };
    const isDue = projection.oldestWords !== undefined && Date.parse(projection.oldestWords) <= until;
    return { answer: done, ...(isDue ? { rewriting: { events: (events: Event[]) => blank(events, until, done) } } : {}) };
  });
  return blanked.inputs;
}

function blank(events: Event[], until: number, done: { inputs: number }): Event[] {
  const processed = new Set(
    events.flatMap((event) => (event.event === 'PROCESSED' && Date.parse(event.at) <= until ? [event.input_id] : [])),
  );
  done.inputs = 0;
  return events.map((event) => {
    if (event.event !== 'RECEIVED' || !processed.has(event.event_id) || !hasWords(event.input)) return event;
    done.inputs += 1;
    return { ...event, input: withoutWords(event.input) };
  });
}

/** Milliseconds that words may stand beyond their time: each blanking replaces the log, so one a day has to do. */
const slack = 24 * 3600 * 1000;

/** Whether a space holds words of inputs for longer than they are to be kept. */
export function areWordsDue({ oldestWords }: Projection, { keepInput, clock }: { keepInput: number; clock: Clock }): boolean {
  return oldestWords !== undefined && Date.parse(oldestWords) + keepInput + (keepInput > 0 ? slack : 0) <= clock.now();
}
