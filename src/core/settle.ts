import type { RememberAnswer, RememberResult } from './answers.js';
import type { Call, Core } from './core.js';
import type { EventDraft, ReceivedInput, SkippedPart } from './events.js';
import { defined } from './facts.js';
import { withoutForgotten } from './forgotten-since.js';
import { withoutWords } from './keep-input.js';
import type { Plan } from './plan.js';
import { statementOf } from './projection.js';
import { type Planned, reconcile } from './reconcile.js';
import { boundedParts } from './skipped-parts.js';
import type { Outcome } from './spaces.js';
import type { SpaceView } from './view.js';

const nothingDurable: SkippedPart = { text: '', reason: 'nothing that the user stated is worth keeping beyond this conversation' };
/** Close memories that an answer names. */
const mostSimilar = 3;

/** An input that is to be settled, and the call that gave it. */
interface SettleOptions {
  input: ReceivedInput;
  inputId: string;
  call: Call;
  /** Number of the RECEIVED, where it is in the log already. */
  recorded?: number;
}

/** Turns a plan into events and the answer. Pure but for new ids. */
export function settle(core: Core, view: SpaceView, plan: Plan, options: SettleOptions): Outcome<RememberAnswer> {
  const { input, inputId, call, recorded } = options;
  const now = core.clock.now();
  const by = input.infer ? { model: core.extractor.name } : undefined;
  const { planned, skipped: forgotten } =
    recorded === undefined
      ? { planned: plan.planned, skipped: [] }
      : withoutForgotten(view.projection, plan.planned, { after: recorded, now });
  const { drafts, results } = reconcile(view, planned, {
    now,
    ids: core.ids,
    label: { agent_id: call.agent_id, run_id: call.run_id },
    by,
    given: input,
  });
  for (const memory of plan.recalled) {
    results.push({ id: memory.id, event: 'NONE', memory: memory.state.text, revision: memory.revision, reason: 'already known' });
  }
  const parts = boundedParts([...plan.skipped, ...forgotten]);
  const skipped = results.length === 0 && parts.length === 0 ? [nothingDurable] : parts;
  const similar = similarTo(plan, planned, results);
  const answer: RememberAnswer = {
    results,
    skipped,
    ...(similar.length > 0 ? { similar } : {}),
    pending: false,
    ...(plan.degraded.length > 0 ? { degraded: plan.degraded } : {}),
  };
  const changes = drafts.some((draft) => draft.event !== 'CONFIRM');
  if (recorded === undefined && !changes && skipped.length === 0) return { drafts, answer };
  const received: EventDraft[] =
    recorded === undefined ? [{ event: 'RECEIVED', event_id: inputId, input: core.keepInput > 0 ? input : withoutWords(input) }] : [];
  const processed: EventDraft = defined({
    event: 'PROCESSED' as const,
    input_id: inputId,
    skipped: skipped.length > 0 ? skipped : undefined,
    by,
  });
  return { drafts: [...received, ...drafts, processed], answer };
}

/** Memories close to what was added, each once, without those that the results name. */
function similarTo(plan: Plan, planned: Planned[], results: RememberResult[]): NonNullable<RememberAnswer['similar']> {
  const added = new Set(results.flatMap(({ event, memory }) => (event === 'ADD' ? [memory] : [])));
  const shown = new Set(results.map(({ id }) => id));
  const close = planned.flatMap(({ state }) => (added.has(state.text) ? (plan.similar.get(statementOf(state)) ?? []) : []));
  const others = new Map(close.filter(({ id }) => !shown.has(id)).map((each) => [each.id, each]));
  return [...others.values()].slice(0, mostSimilar);
}
