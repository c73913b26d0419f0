import type { Call, Core } from './core.js';
import { excerpt } from './gate.js';
import { screen } from './plan.js';
import type { ReceivedEvent } from './projection.js';
import { digest } from './remember.js';
import type { OpenSpace } from './spaces.js';
import { undisturbed } from './undisturbed.js';

/**
 * Processes an input that an earlier call left in the log, under that call's labels. `refusal` is why its model did not:
 * then the built-in rules do, and the outcome says so. Resolves with false while another process works on the input.
 * Raises ModelError.
 */
export async function processPending(
  core: Core,
  open: OpenSpace,
  inputId: string,
  { refusal, signal }: { refusal?: string | undefined; signal: AbortSignal },
): Promise<boolean> {
  const release = await core.claims.claim(inputId);
  if (!release) return false;
  try {
    const received = await receivedInput(open, inputId);
    // Another process was done with it just before the claim.
    if (!received) return true;
    const { call_id: id, client, agent_id, run_id } = received;
    const call: Call = { id, client, agent_id, run_id, signal };
    const screening = await open.read((view) => screen(view, received.input, core.clock.now()));
    if (refusal !== undefined) screening.skipped.unshift({ text: '', reason: `read by the built-in rules, since ${excerpt(refusal)}` });
    await digest(refusal === undefined ? core : { ...core, ...core.rules }, open, received, { screening, call });
    return true;
  } finally {
    await release();
  }
}

/** The input as it lies in the log, if its outcome is not complete. */
function receivedInput(open: OpenSpace, inputId: string): Promise<ReceivedEvent | undefined> {
  return undisturbed(open, async () => {
    const pending = await open.read(({ projection }) => projection.pending.get(inputId));
    if (!pending) return undefined;
    const [event] = await open.events([pending.seq]);
    if (event?.event === 'RECEIVED' && event.event_id === inputId) return event;
    throw new Error(`event ${pending.seq} of the log is no longer input ${inputId}`);
  });
}
