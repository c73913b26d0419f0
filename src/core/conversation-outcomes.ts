import type { HistoryEvent, RememberAnswer, RememberResult } from './answers.js';
import type { Call, Scope } from './core.js';
import { changeEventNames } from './events.js';
import { defined } from './facts.js';
import type { Keepsake } from './keepsake.js';

/** Follows what becomes of the inputs of a conversation, those that are processed in the background too. */
export interface Outcomes {
  /** Takes in what a call of `remember` answered; `at` is when it was made, ISO 8601. */
  add(answer: RememberAnswer, callId: string, at: string): void;
  /** What was remembered and was not given before, oldest first. Raises KeepsakeErrors. */
  take(call: Call): Promise<RememberResult[]>;
  /** Inputs that are not processed yet, as far as `take` has seen. */
  readonly waiting: number;
}

/** Events on one page of the history. */
const pageLength = 200;

/** The outcomes of one run in a space. */
export function createOutcomes(keepsake: Pick<Keepsake, 'history'>, { scope, run_id }: { scope: Scope; run_id: string }): Outcomes {
  /** When the calls were made whose outcome is open, oldest first. */
  const open = new Map<string, string>();
  let untold: RememberResult[] = [];

  async function eventsSince(since: string, call: Call): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    const request = { scope: [scope[0]] as const, run_id, since, events: [...changeEventNames, 'PROCESSED' as const], limit: pageLength };
    for (let cursor: string | undefined; ; ) {
      const page = await keepsake.history({ ...request, cursor }, call);
      events.push(...page.events);
      cursor = page.next_cursor;
      if (cursor === undefined) return events.reverse();
    }
  }

  return {
    add(answer, callId, at) {
      if (answer.pending) open.set(callId, at);
      else untold.push(...answer.results.filter(({ event }) => event !== 'NONE'));
    },
    async take(call) {
      const [since] = open.values();
      const events = since === undefined ? [] : await eventsSince(since, call);
      const done = new Set(events.filter(({ event, call_id }) => event === 'PROCESSED' && open.has(call_id)).map(({ call_id }) => call_id));
      for (const callId of done) open.delete(callId);
      const told = [...untold, ...events.filter(({ call_id }) => done.has(call_id)).flatMap(resultOf)];
      untold = [];
      return told;
    },
    get waiting() {
      return open.size;
    },
  };
}

function resultOf({ event, memory_id, memory = '', previous, revision, reason }: HistoryEvent): RememberResult[] {
  if (memory_id === undefined || revision === undefined) return [];
  if (event !== 'ADD' && event !== 'UPDATE' && event !== 'DELETE' && event !== 'RESTORE') return [];
  return [defined({ id: memory_id, event, memory, previous, revision, reason })];
}
