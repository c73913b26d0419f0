import type { RememberAnswer, RememberResult } from './answers.js';
import { instantArgument, spanArgument, writtenInstant } from './arguments.js';
import { checkSize, named, readAttachments, readableIn, withReadings } from './attachments.js';
import type { Call, Core } from './core.js';
import { KeepsakeError, messageOf } from './errors.js';
import type { EventDraft, Kind, Origin, ReceivedInput, SkippedPart } from './events.js';
import { defined } from './facts.js';
import { withoutForgotten } from './forgotten-since.js';
import { type Gated, gate } from './gate.js';
import { hasWords, withoutWords } from './keep-input.js';
import { outcomeOf } from './outcome.js';
import { makePlan, type Plan, type Screening, screen } from './plan.js';
import { type AttachedBytes, ModelError, type Space } from './ports.js';
import { hashOf, inputKey, isLive, type ReceivedEvent, statementOf } from './projection.js';
import { requireRoom } from './queue.js';
import { reconcile } from './reconcile.js';
import type { OpenSpace, Outcome } from './spaces.js';
import { formatInstant } from './time/instants.js';
import type { SpaceView } from './view.js';

/** What is to be remembered. Times as the contract says; text as the caller gave it. */
export interface RememberRequest {
  space: Space;
  form: 'content' | 'messages';
  turns: {
    role: 'user' | 'assistant' | 'system';
    content: string;
    name?: string | undefined;
    at?: string | undefined;
    attachments?: AttachedBytes[] | undefined;
  }[];
  infer: boolean;
  kind: Exclude<Kind, 'insight'>;
  at?: string | undefined;
  occurred_at?: string | undefined;
  expires_at?: string | undefined;
  pinned?: boolean | undefined;
  metadata?: Record<string, string | number | boolean> | undefined;
  /** false: what needs a model is answered as soon as it is saved. */
  wait?: boolean | undefined;
}

/** The labels of a call, as every line of its events carries them. */
export function originOf(call: Call): Origin {
  return defined({ call_id: call.id, client: call.client, agent_id: call.agent_id, run_id: call.run_id });
}

/**
 * Remembers an input: RECEIVED first where a model is asked, so that nothing that was given is lost; then one batch
 * with all that came of it. Raises KeepsakeErrors: invalid_argument for an empty input, too_large for its attachments,
 * or where too many inputs wait for their model.
 */
export async function remember(core: Core, request: RememberRequest, call: Call): Promise<RememberAnswer> {
  const now = core.clock.now();
  const open = core.spaces.open(request.space);
  const attached = request.turns.flatMap(({ attachments = [] }) => attachments);
  checkSize(attached);
  const gated = request.turns.map((turn) => gate(turn.content));
  const input = receivedInput(core, request, { gated, now });
  if (attached.length === 0 && gated.every((each) => each.refused)) {
    throw new KeepsakeError('invalid_argument', 'There is nothing to remember: the text is empty. Give content, or messages with content.');
  }
  const inputId = core.ids.event();
  const known = await repeated(core, open, input, call);
  if (known) return known;
  const screening = await open.read((view) => screen(view, input, now));
  const redactions = gated.flatMap((each) =>
    each.redactions.map((kind) => ({ text: `[redacted: ${kind}]`, reason: 'a secret is not kept' })),
  );
  screening.skipped.unshift(...redactions);
  // What the log names must be on the disk before it.
  const withBytes = <T>(record: () => Promise<T>): Promise<T> =>
    attached.length === 0
      ? record()
      : core.attachments.save(
          request.space,
          attached.map(({ data }) => data),
          record,
        );
  const asksModel = readableIn(core, input).length > 0 || (screening.needsExtraction && (core.extractor.remote || core.decider.remote));
  if (!asksModel) {
    const plan = await planOf(core, open, input, { screening, inputId, call });
    const commit = () => open.commit(originOf(call), (view) => settle(core, view, plan, { input, inputId, call }));
    return core.keepInput > 0 ? withBytes(commit) : commit();
  }
  const save = () =>
    withBytes(() =>
      open.commit(originOf(call), ({ projection }) => {
        requireRoom(projection, input.turns);
        return { drafts: [{ event: 'RECEIVED', event_id: inputId, input }], answer: projection.position.sequence + 1 };
      }),
    );
  if (request.wait === false) {
    await save();
    return { results: [], skipped: redactions, pending: true, input_id: inputId };
  }
  const release = await core.claims.claim(inputId);
  let saved = false;
  try {
    const seq = await save();
    saved = true;
    return await digest(core, open, { seq, event_id: inputId, input }, { screening, call });
  } catch (error) {
    if (!saved || !(error instanceof ModelError || call.signal.aborted)) throw error;
    core.logger.warn('input left pending', { input_id: inputId, reason: messageOf(error) });
    return { ...waitingAnswer(inputId, `model: ${messageOf(error)}`), skipped: redactions };
  } finally {
    await release?.();
  }
}

const nothingDurable: SkippedPart = { text: '', reason: 'nothing that the user stated is worth keeping beyond this conversation' };

function waitingAnswer(inputId: string, reason: string): RememberAnswer {
  return {
    results: [],
    skipped: [],
    pending: true,
    input_id: inputId,
    degraded: [`${reason}; the input is saved and will be processed in the background`],
  };
}

/** Processes an input that is in the log. Raises ModelError. */
export async function digest(
  core: Core,
  open: OpenSpace,
  received: Pick<ReceivedEvent, 'seq' | 'event_id' | 'input'>,
  { screening, call }: { screening: Screening; call: Call },
): Promise<RememberAnswer> {
  const { input, event_id: inputId } = received;
  const plan = await planOf(core, open, input, { screening, inputId, call });
  const answer = await open.commit<RememberAnswer | undefined>(originOf(call), (view) => {
    const waiting = view.projection.pending.get(inputId);
    if (!waiting) return { drafts: [], answer: undefined };
    const isErased = hasWords(input) && !waiting.hasWords;
    return settle(core, view, isErased ? erasedPlan : plan, { input, inputId, call, recorded: waiting.seq });
  });
  return answer ?? processedElsewhere(open, received);
}

/** What comes of an input whose words were erased while a model read them. */
const erasedPlan: Plan = { planned: [], recalled: [], skipped: [{ text: '', reason: 'erased' }], similar: new Map(), degraded: [] };

/** What is to be settled of an input, its attachments included. Raises ModelError. */
async function planOf(
  core: Core,
  open: OpenSpace,
  input: ReceivedInput,
  { screening, inputId, call }: { screening: Screening; inputId: string; call: Call },
): Promise<Plan> {
  const read = await readAttachments(core, open.space, input, call.signal);
  return makePlan(core, open, input, withReadings(core, input, screening, read), { inputId, call });
}

function receivedInput(core: Core, request: RememberRequest, { gated, now }: { gated: Gated[]; now: number }): ReceivedInput {
  const { zone } = core;
  return defined({
    form: request.form,
    turns: request.turns.map((turn, index) => ({
      ...defined({
        role: turn.role,
        name:
          turn.name
            ?.toWellFormed()
            .replace(/\p{Cc}+/gu, ' ')
            .trim() || undefined,
        at: turn.at === undefined ? undefined : writtenInstant('at', turn.at, zone),
        attachments: turn.attachments?.length ? turn.attachments.map(core.attachments.reference) : undefined,
      }),
      content: gated[index]?.refused ? '' : (gated[index]?.text.trim() ?? ''),
    })),
    // A how-to that is given is a whole: taken apart, its steps would lose their order. One is made of a run's messages.
    infer:
      request.infer && (request.kind === 'observation' || (request.form === 'messages' && core.extractor.extractProcedure !== undefined)),
    kind: request.kind,
    // Now is now where the user is: there "tomorrow" begins.
    at: request.at === undefined ? formatInstant(now, zone) : writtenInstant('at', request.at, zone),
    occurred_at: request.occurred_at === undefined ? undefined : spanArgument('occurred_at', request.occurred_at, zone),
    expires_at: request.expires_at === undefined ? undefined : instantArgument('expires_at', request.expires_at, { zone, edge: 'end' }),
    pinned: request.pinned || undefined,
    metadata: request.metadata,
  });
}

/**
 * The answer to an input that was given before, word for word, when all that came of it still stands: then no model
 * needs to say the same again. Words that answer an earlier turn ("yes, the second one") mean something else each time.
 */
async function repeated(core: Core, open: OpenSpace, input: ReceivedInput, call: Call): Promise<RememberAnswer | undefined> {
  const readable = readableIn(core, input);
  if (!(input.infer && core.extractor.remote) && readable.length === 0) return undefined;
  const key = inputKey(input);
  const { place, run } = await open.read(({ projection }) => ({
    place: projection.inputs.get(hashOf(key)),
    run: call.run_id === undefined ? [] : (projection.runs.get(call.run_id) ?? []),
  }));
  if (place === undefined) return undefined;
  const received = (await open.events([place, ...run])).filter((event) => event.event === 'RECEIVED');
  const before = received.find((event) => event.seq === place);
  if (!before || received.some((event) => inputKey(event.input) !== key)) return undefined;
  if (before.input.kind !== input.kind || before.agent_id !== call.agent_id || before.run_id !== call.run_id) return undefined;
  const outcome = await outcomeOf(open, before);
  if (!outcome) return undefined;
  // What could not be read then may be read now.
  if (readable.some((each) => outcome.processed.skipped?.some(({ text }) => text === named(each)))) return undefined;
  const last = new Map(outcome.changes.map((change) => [change.memory_id, change]));
  return open.read(({ projection }) => {
    const results: RememberResult[] = [];
    for (const [id, change] of last) {
      const memory = projection.memories.get(id);
      const live = 'state' in change;
      const stands = memory && isLive(memory, core.clock.now()) === live && (!live || change.state.text === memory.state.text);
      if (!stands) return undefined;
      if (live) results.push({ id, event: 'NONE', memory: memory.state.text, revision: memory.revision, reason: 'already known' });
    }
    return results.length > 0 ? { results, skipped: outcome.processed.skipped ?? [], pending: false } : undefined;
  });
}

interface SettleOptions {
  input: ReceivedInput;
  inputId: string;
  call: Call;
  /** Number of the RECEIVED, where it is in the log already. */
  recorded?: number;
}

/** Turns a plan into events and the answer. Pure but for new ids. */
function settle(core: Core, view: SpaceView, plan: Plan, options: SettleOptions): Outcome<RememberAnswer> {
  const { input, inputId, call, recorded } = options;
  const now = core.clock.now();
  const name = core.extractor.name;
  const by = input.infer ? { model: name } : undefined;
  const { planned, skipped: forgotten } =
    recorded === undefined
      ? { planned: plan.planned, skipped: [] }
      : withoutForgotten(view.projection, plan.planned, { after: recorded, now });
  const { drafts, results } = reconcile(view, planned, {
    now,
    ids: core.ids,
    label: { agent_id: call.agent_id, run_id: call.run_id },
    by,
  });
  for (const memory of plan.recalled) {
    results.push({ id: memory.id, event: 'NONE', memory: memory.state.text, revision: memory.revision, reason: 'already known' });
  }
  const parts = [...plan.skipped, ...forgotten];
  const skipped = results.length === 0 && parts.length === 0 ? [nothingDurable] : parts;
  const shown = new Set(results.map((result) => result.id));
  const similar = planned
    .flatMap(({ state }) =>
      results.some((result) => result.event === 'ADD' && result.memory === state.text) ? (plan.similar.get(statementOf(state)) ?? []) : [],
    )
    .filter((each, index, all) => !shown.has(each.id) && all.findIndex((other) => other.id === each.id) === index)
    .slice(0, 3);
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

/** What another process has made of an input meanwhile. */
async function processedElsewhere(open: OpenSpace, received: Pick<ReceivedEvent, 'seq' | 'event_id'>): Promise<RememberAnswer> {
  const outcome = await outcomeOf(open, received);
  const changes = outcome?.changes ?? [];
  const results = await open.read(({ projection }) =>
    changes.flatMap((event): RememberResult[] => {
      if (event.event === 'ERASE') return [];
      const memory = 'state' in event ? event.state.text : (projection.memories.get(event.memory_id)?.state.text ?? '');
      return [defined({ id: event.memory_id, event: event.event, memory, revision: event.revision, reason: event.reason })];
    }),
  );
  return { results, skipped: outcome?.processed.skipped ?? [], pending: false };
}
