import type { RememberAnswer, RememberResult } from './answers.js';
import { instantArgument, momentArgument, spanArgument, writtenInstant } from './arguments.js';
import { canonical } from './canonical.js';
import type { Call, Core, Scope } from './core.js';
import { KeepsakeError } from './errors.js';
import {
  type ChangeSource,
  type EventDraft,
  type Kind,
  type MemoryState,
  mostMetadataKeys,
  type ReceivedInput,
  type SkippedPart,
} from './events.js';
import { datesIn, defined, natureOf } from './facts.js';
import { gate } from './gate.js';
import { memoryOf, spaceOf, stateAt } from './lookup.js';
import { isLive, liveMemoryOf, type Memory, statementOf } from './projection.js';
import { requireUnderQuota } from './quota.js';
import { retirements } from './reflection/retirement.js';
import { originOf } from './remember.js';
import type { Outcome } from './spaces.js';
import { formatInstant } from './time/instants.js';
import type { SpaceView } from './view.js';

/** A change of one memory by its id: new text or labels, or a return to an earlier revision. */
export interface ChangeRequest {
  scope: Scope;
  memory_id: string;
  content?: string | undefined;
  revision?: number | undefined;
  kind?: Exclude<Kind, 'insight'> | undefined;
  at?: string | undefined;
  occurred_at?: string | undefined;
  /** null clears it. */
  expires_at?: string | null | undefined;
  pinned?: boolean | undefined;
  /** Merged into the present labels; null removes a key. */
  metadata?: Record<string, string | number | boolean | null> | undefined;
  /** Live memories of the space from which on none is brought back; absent: any number. */
  quota?: number | undefined;
}

/**
 * Changes one memory, no model asked. Raises KeepsakeErrors memory_not_found, revision_not_found, memory_forgotten,
 * memory_erased, invalid_argument and, for bringing back more than a quota, too_large.
 */
export async function change(core: Core, request: ChangeRequest, call: Call): Promise<RememberAnswer> {
  const open = await spaceOf(core.spaces, request.scope, request.memory_id);
  const gated = request.content === undefined ? undefined : gate(request.content);
  if (gated?.refused)
    throw new KeepsakeError('invalid_argument', 'The corrected text is empty; to remove a memory call forget with memory_ids.');
  const skipped: SkippedPart[] = (gated?.redactions ?? []).map((kind) => ({ text: `[redacted: ${kind}]`, reason: 'a secret is not kept' }));
  const text = gated?.text.trim();
  const earlier = request.revision === undefined ? undefined : await stateAt(open, request.memory_id, request.revision);
  return open.commit(originOf(call), (view) => {
    const memory = memoryOf(view, request.memory_id);
    if (memory.status === 'erased')
      throw new KeepsakeError('memory_erased', `Memory ${memory.id} was erased for good; remember its text anew if you have it.`);
    const outcome =
      request.revision === undefined
        ? correct(core, view, memory, { request, text })
        : restore(core, view, memory, { revision: request.revision, state: earlier });
    const now = core.clock.now();
    const adds = isLive(memory, now) ? 0 : outcome.drafts.filter(({ event }) => event === 'RESTORE').length;
    requireUnderQuota(view.projection, { quota: request.quota, now, adds });
    return { drafts: outcome.drafts, answer: { results: outcome.answer, skipped, pending: false } };
  });
}

function restore(
  core: Core,
  view: SpaceView,
  memory: Memory,
  { revision, state }: { revision: number; state: MemoryState | undefined },
): Outcome<RememberResult[]> {
  if (!state) {
    throw new KeepsakeError(
      'revision_not_found',
      `Memory ${memory.id} has no revision ${revision}; it has ${Object.keys(memory.revisions)
        .map((index) => Number(index) + 1)
        .join(', ')}. Call memory_history with its id to see them.`,
    );
  }
  const now = core.clock.now();
  if (isLive(memory, now) && memory.revision === revision) return unchanged(memory, 'this revision is current');
  const other = liveMemoryOf(view.projection, statementOf(state), now, memory.id);
  if (other) return unchanged(other, `the same statement is remembered as ${other.id}`);
  const next = memory.revision + 1;
  const draft = { event: 'RESTORE' as const, memory_id: memory.id, revision: next, base: memory.revision, restored: revision, state };
  if (retirements(view.projection, [draft]).some(({ memory_id }) => memory_id === memory.id)) {
    const sources = state.sources?.join(', ');
    throw new KeepsakeError(
      'invalid_argument',
      `Insight ${memory.id} cannot come back: a memory that it was derived from (${sources}) has changed; bring that back first, or remember the statement itself with content.`,
    );
  }
  return {
    drafts: [draft],
    answer: [
      defined({
        id: memory.id,
        event: 'RESTORE' as const,
        memory: state.text,
        previous: memory.status === 'live' ? memory.state.text : undefined,
        revision: next,
      }),
    ],
  };
}

function unchanged(memory: Memory, reason: string): Outcome<RememberResult[]> {
  return { drafts: [], answer: [{ id: memory.id, event: 'NONE', memory: memory.state.text, revision: memory.revision, reason }] };
}

function correct(
  core: Core,
  view: SpaceView,
  memory: Memory,
  { request, text }: { request: ChangeRequest; text: string | undefined },
): Outcome<RememberResult[]> {
  if (memory.status === 'forgotten') {
    throw new KeepsakeError(
      'memory_forgotten',
      `Memory ${memory.id} is forgotten; bring it back first: remember {"memory_id": "${memory.id}", "revision": ${memory.revision}}.`,
    );
  }
  const now = core.clock.now();
  const state = changedState(core, memory, { request, text, now });
  if (canonical({ ...state, said_at: '' }) === canonical({ ...memory.state, said_at: '' }))
    return unchanged(memory, 'nothing differs from what is remembered');
  const { received, processed, source } = inputOf(core, request, text);
  const other = liveMemoryOf(view.projection, statementOf(state), now, memory.id);
  if (other) {
    const reason = `corrected to what ${other.id} says`;
    const retired: EventDraft = defined({
      event: 'DELETE' as const,
      memory_id: memory.id,
      revision: memory.revision,
      base: memory.revision,
      successor: other.id,
      source,
      reason,
    });
    return {
      drafts: [...received, retired, ...processed],
      answer: [
        { id: memory.id, event: 'DELETE', memory: memory.state.text, revision: memory.revision, reason },
        { id: other.id, event: 'NONE', memory: other.state.text, revision: other.revision, reason: 'already known' },
      ],
    };
  }
  const revision = memory.revision + 1;
  const update: EventDraft = defined({
    event: 'UPDATE' as const,
    memory_id: memory.id,
    revision,
    base: memory.revision,
    state,
    source,
    reason: text === undefined ? undefined : 'corrected by id',
  });
  return {
    drafts: [...received, update, ...processed],
    answer: [
      defined({
        id: memory.id,
        event: 'UPDATE' as const,
        memory: state.text,
        previous: state.text === memory.state.text ? undefined : memory.state.text,
        revision,
      }),
    ],
  };
}

function changedState(
  core: Core,
  memory: Memory,
  { request, text, now }: { request: ChangeRequest; text: string | undefined; now: number },
): MemoryState {
  const { zone } = core;
  const before = memory.state;
  const at = writtenInstant('at', request.at ?? formatInstant(now, zone), zone);
  const reworded = text !== undefined && text !== before.text;
  const metadata = Object.entries({ ...before.metadata, ...request.metadata }).filter(([, value]) => value !== null);
  // A memory that has more of them already may change in every other way.
  if (metadata.length > Math.max(mostMetadataKeys, Object.keys(before.metadata ?? {}).length)) {
    throw new KeepsakeError(
      'invalid_argument',
      `A memory holds at most ${mostMetadataKeys} metadata keys; with these it would have ${metadata.length}. Remove some with null.`,
    );
  }
  return defined({
    ...before,
    ...(reworded
      ? {
          text,
          said_at: new Date(momentArgument('at', at, { zone, edge: 'start' })).toISOString(),
          occurred_at: undefined,
          recurs: undefined,
          ...datesIn(text, at, zone),
          ...natureOf({ text, kind: request.kind ?? before.kind, subject: before.subject }),
        }
      : {}),
    ...defined({
      kind: request.kind,
      occurred_at: request.occurred_at === undefined ? undefined : spanArgument('occurred_at', request.occurred_at, zone),
    }),
    expires_at: expiry(before, request, zone),
    pinned: (request.pinned ?? before.pinned) || undefined,
    metadata: metadata.length > 0 ? (Object.fromEntries(metadata) as NonNullable<MemoryState['metadata']>) : undefined,
  }) as MemoryState;
}

function expiry(before: MemoryState, request: ChangeRequest, zone: string): string | undefined {
  if (request.expires_at === undefined) return before.expires_at;
  return request.expires_at === null ? undefined : instantArgument('expires_at', request.expires_at, { zone, edge: 'end' });
}

/** The events around a correction that keep the words it was made with. */
function inputOf(
  core: Core,
  request: ChangeRequest,
  text: string | undefined,
): { received: EventDraft[]; processed: EventDraft[]; source: ChangeSource | undefined } {
  if (text === undefined) return { received: [], processed: [], source: undefined };
  const inputId = core.ids.event();
  const at = writtenInstant('at', request.at ?? formatInstant(core.clock.now(), core.zone), core.zone);
  const input: ReceivedInput = {
    form: 'correction',
    turns: [{ role: 'user', content: text }],
    infer: false,
    kind: request.kind ?? 'observation',
    at,
    memory_id: request.memory_id,
  };
  return {
    received: [{ event: 'RECEIVED', event_id: inputId, input }],
    processed: [{ event: 'PROCESSED', input_id: inputId }],
    source: { input_id: inputId, role: 'user', turn: 0 },
  };
}
