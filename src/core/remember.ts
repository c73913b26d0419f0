import type { RememberAnswer, RememberResult } from './answers.js';
import { checkSize, readAttachments, readableIn, withReadings } from './attachments.js';
import type { Call, Core } from './core.js';
import { KeepsakeError, messageOf } from './errors.js';
import type { Origin, ReceivedInput, SkippedPart } from './events.js';
import { defined } from './facts.js';
import { gate } from './gate.js';
import { outcomeOf } from './outcome.js';
import { pendingInput } from './pending-input.js';
import { makePlan, type Plan, type Screening, screen } from './plan.js';
import { type AttachedBytes, ModelError } from './ports.js';
import { type ReceivedEvent, sizeOf } from './projection.js';
import { requireRoom } from './queue.js';
import { requireUnderQuota } from './quota.js';
import { type RememberRequest, receivedInput } from './remember-request.js';
import { repeated } from './repeated-input.js';
import { settle } from './settle.js';
import type { OpenSpace } from './spaces.js';

/** The labels of a call, as every line of its events carries them. */
export function originOf(call: Call): Origin {
  return defined({ call_id: call.id, client: call.client, agent_id: call.agent_id, run_id: call.run_id });
}

/** A new input with what can be said of it before it is written down. */
interface NewInput {
  inputId: string;
  input: ReceivedInput;
  attached: AttachedBytes[];
  screening: Screening;
  /** The secrets that were taken out of it. */
  redactions: SkippedPart[];
}

/**
 * Remembers an input: RECEIVED first where a model is asked, so that nothing that was given is lost; then one batch
 * with all that came of it. Raises KeepsakeErrors: invalid_argument for an empty input, too_large for its attachments,
 * where too many inputs wait for their model, or where the space would hold more than its quota.
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
  const inputId = request.input_id ?? core.ids.event();
  const known = await repeated(core, open, input, call);
  if (known) return known;
  const screening = await open.read((view) => screen(view, input, now));
  const redactions = gated.flatMap((each) =>
    each.redactions.map((kind) => ({ text: `[redacted: ${kind}]`, reason: 'a secret is not kept' })),
  );
  screening.skipped.unshift(...redactions);
  const given: NewInput = { inputId, input, attached, screening, redactions };
  const asksModel = readableIn(core, input).length > 0 || (screening.needsExtraction && (core.extractor.remote || core.decider.remote));
  if (!asksModel) return settledAtOnce(core, open, given, { call, quota: request.quota });
  // Before any byte is written, and once more where nobody else can take the room.
  await open.read(({ projection }) => {
    requireRoom(projection, input);
    requireUnderQuota(projection, { quota: request.quota, now, adds: 1 });
  });
  if (request.wait !== false) return savedAndDigested(core, open, given, call);
  await save(core, open, given, call);
  return { results: [], skipped: redactions, pending: true, input_id: inputId };
}

/** What needs no model is received and settled in one batch. */
async function settledAtOnce(
  core: Core,
  open: OpenSpace,
  given: NewInput,
  { call, quota }: { call: Call; quota: number | undefined },
): Promise<RememberAnswer> {
  const { input, inputId, attached, screening } = given;
  const plan = await planOf(core, open, input, { screening, inputId, call });
  const commit = () =>
    open.commit(originOf(call), (view) => {
      const outcome = settle(core, view, plan, { input, inputId, call });
      const adds = outcome.drafts.filter(({ event }) => event === 'ADD').length;
      requireUnderQuota(view.projection, { quota, now: core.clock.now(), adds });
      return outcome;
    });
  return core.keepInput > 0 ? withBytes(core, open, attached, commit) : commit();
}

/** Saves an input and waits for its outcome; where its model fails it stays in the log. */
async function savedAndDigested(core: Core, open: OpenSpace, given: NewInput, call: Call): Promise<RememberAnswer> {
  const { input, inputId, screening, redactions } = given;
  const release = await core.claims.claim(inputId);
  let saved = false;
  try {
    const seq = await save(core, open, given, call);
    saved = true;
    return await digest(core, open, { seq, event_id: inputId, input }, { screening, notes: redactions, call });
  } catch (error) {
    if (!saved || !(error instanceof ModelError || call.signal.aborted)) throw error;
    core.logger.warn('input left pending', { input_id: inputId, reason: messageOf(error) });
    const degraded = [`model: ${messageOf(error)}; the input is saved and will be processed in the background`];
    return { results: [], skipped: redactions, pending: true, input_id: inputId, degraded };
  } finally {
    await release?.();
  }
}

/** Commits RECEIVED alone and resolves with its number. Raises too_large. */
function save(core: Core, open: OpenSpace, { input, inputId, attached }: NewInput, call: Call): Promise<number> {
  // Before the commit, which wakes whoever works in the background.
  core.own.add(inputId);
  return withBytes(core, open, attached, () =>
    open.commit(originOf(call), ({ projection }) => {
      requireRoom(projection, input);
      return { drafts: [{ event: 'RECEIVED', event_id: inputId, input }], answer: projection.position.sequence + 1 };
    }),
  );
}

/** Runs `record` with the attachments that it names on the disk before it. */
function withBytes<T>(core: Core, { space }: OpenSpace, attached: AttachedBytes[], record: () => Promise<T>): Promise<T> {
  if (attached.length === 0) return record();
  const bytes = attached.map(({ data }) => data);
  return core.attachments.save(space, bytes, record);
}

/**
 * Processes an input that is in the log; what is erased from it meanwhile has it read once more. `notes` are the parts
 * at the head of `screening.skipped` that no look at the input finds again. Raises ModelError.
 */
export async function digest(
  core: Core,
  open: OpenSpace,
  received: Pick<ReceivedEvent, 'seq' | 'event_id' | 'input'>,
  { screening, notes, call }: { screening: Screening; notes: SkippedPart[]; call: Call },
): Promise<RememberAnswer> {
  const { input, event_id: inputId } = received;
  const plan = await planOf(core, open, input, { screening, inputId, call });
  let isCut = false;
  const answer = await open.commit<RememberAnswer | undefined>(originOf(call), (view) => {
    const waiting = view.projection.pending.get(inputId);
    isCut = waiting !== undefined && isSmaller(waiting, sizeOf(input));
    if (!waiting || isCut) return { drafts: [], answer: undefined };
    return settle(core, view, plan, { input, inputId, call, recorded: waiting.seq });
  });
  const left = isCut ? await pendingInput(open, inputId) : undefined;
  if (left) {
    const anew = await open.read((view) => screen(view, left.input, core.clock.now()));
    anew.skipped.unshift(...notes);
    return digest(core, open, left, { screening: anew, notes, call });
  }
  core.own.delete(inputId);
  return answer ?? processedElsewhere(open, received);
}

/** Erasing takes out of an input and adds nothing. */
function isSmaller(one: ReturnType<typeof sizeOf>, other: ReturnType<typeof sizeOf>): boolean {
  return one.characters < other.characters || one.bytes < other.bytes;
}

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
