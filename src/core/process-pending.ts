import type { Call, Core } from './core.js';
import { excerpt } from './gate.js';
import { pendingInput } from './pending-input.js';
import { screen } from './plan.js';
import { digest } from './remember.js';
import type { OpenSpace } from './spaces.js';

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
    const received = await pendingInput(open, inputId);
    // Another process was done with it just before the claim.
    if (!received) return true;
    const { call_id: id, client, agent_id, run_id } = received;
    const call: Call = { id, client, agent_id, run_id, signal };
    const screening = await open.read((view) => screen(view, received.input, core.clock.now()));
    const notes = refusal === undefined ? [] : [{ text: '', reason: `read by the built-in rules, since ${excerpt(refusal)}` }];
    screening.skipped.unshift(...notes);
    await digest(refusal === undefined ? core : { ...core, ...core.rules }, open, received, { screening, notes, call });
    return true;
  } finally {
    await release();
  }
}
