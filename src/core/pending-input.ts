import type { ReceivedEvent } from './projection.js';
import type { OpenSpace } from './spaces.js';
import { undisturbed } from './undisturbed.js';

/** The input as it lies in the log, if its outcome is not complete. */
export function pendingInput(open: OpenSpace, inputId: string): Promise<ReceivedEvent | undefined> {
  return undisturbed(open, async () => {
    const pending = await open.read(({ projection }) => projection.pending.get(inputId));
    if (!pending) return undefined;
    const [event] = await open.events([pending.seq]);
    if (event?.event === 'RECEIVED' && event.event_id === inputId) return event;
    throw new Error(`event ${pending.seq} of the log is no longer input ${inputId}`);
  });
}
