import type { RememberResult } from './answers.js';
import { attachmentLabel } from './attachments.js';
import type { DecidedBy, EventDraft, MemoryState, ReceivedInput } from './events.js';
import { type Candidate, type Dates, defined, natureOf } from './facts.js';
import { cleanReason } from './gate.js';
import { saysAllOf } from './holding.js';
import type { Ids, Proposal, Space } from './ports.js';
import { hasLabel, isLive, type Label, liveMemoryOf, type Memory, statementOf } from './projection.js';
import type { SpaceView } from './view.js';

/** A candidate with what was found out about it before the lock was taken. */
export interface Planned extends Candidate {
  /** A live memory that says the same in nearly the same words. */
  twin?: string | undefined;
  /** What the decider proposes; its target by id. */
  proposal?: TargetedProposal | undefined;
}

/** A proposal whose neighbour has been looked up: its id, or the statement of an earlier fact of the same input. */
export type TargetedProposal = { reason?: string | undefined; ends?: string[] | undefined } & (
  | { action: 'ADD' }
  /** `dates` are those of `text`. */
  | { action: 'UPDATE'; target: string; text: string; dates?: Dates | undefined }
  | { action: 'DELETE' | 'NONE'; target: string }
);

type Update = Extract<TargetedProposal, { action: 'UPDATE' }>;

/** The events and results of one candidate. */
interface Settled {
  drafts: EventDraft[];
  results: RememberResult[];
}

/** What a caller may say of a memory beside its words. */
type GivenLabels = Pick<Partial<ReceivedInput>, 'occurred_at' | 'expires_at' | 'pinned' | 'metadata'>;

/** A proposal with ids for numbers and a reason that may be kept; one that names no neighbour of the call counts for nothing. */
export function targeted(proposal: Proposal | undefined, neighbours: { id: string }[]): TargetedProposal | undefined {
  if (!proposal) return undefined;
  const ends = proposal.ends?.flatMap((number) => neighbours[number]?.id ?? []);
  const reason = cleanReason(proposal.reason);
  if (proposal.action === 'ADD') return { ...proposal, ends, reason };
  const target = neighbours[proposal.target]?.id;
  return target === undefined ? undefined : { ...proposal, ends, reason, target };
}

/**
 * Settles the candidates of one input against what is believed now, in order: pure code has the last word over any
 * proposal. A fact is never lost: where a proposal does not hold, it is added. `given` are the labels of the input.
 */
export function reconcile(
  view: SpaceView,
  planned: Planned[],
  options: { now: number; ids: Ids; label: Label; by?: DecidedBy | undefined; given?: GivenLabels | undefined },
): Settled {
  const { projection } = view;
  const { now, label } = options;
  const made = new Map<string, { id: string; text: string; revision: number }>();
  /** What this very input says so far, by its statement: a later fact of it may change that. */
  const said = new Map<string, Memory>();
  const touched = new Set<string>();
  const confirmed = new Set<string>();
  const drafts: EventDraft[] = [];
  const results: RememberResult[] = [];

  const live = (id: string | undefined): Memory | undefined => {
    const memory = projection.memories.get(id ?? '');
    return memory && isLive(memory, now) && !touched.has(memory.id) ? memory : said.get(id ?? '');
  };

  function none(memory: Memory, reason: string | undefined): void {
    results.push(defined({ id: memory.id, event: 'NONE' as const, memory: memory.state.text, revision: memory.revision, reason }));
  }

  function same(memory: Memory, reason: string): string {
    if (!hasLabel(memory, label) && !confirmed.has(memory.id)) {
      confirmed.add(memory.id);
      drafts.push({ event: 'CONFIRM', memory_id: memory.id, revision: memory.revision });
    }
    none(memory, [reason, unapplied(memory, options.given)].filter(Boolean).join('; '));
    return memory.id;
  }

  function add(candidate: Planned, reason: string | undefined, id = options.ids.memory()): string {
    drafts.push(
      defined({
        event: 'ADD' as const,
        memory_id: id,
        revision: 1,
        base: 0,
        state: candidate.state,
        source: candidate.source,
        reason,
        by: decidedBy('ADD'),
      }),
    );
    results.push(defined({ id, event: 'ADD' as const, memory: candidate.state.text, revision: 1, reason }));
    const statement = statementOf(candidate.state);
    made.set(statement, { id, text: candidate.state.text, revision: 1 });
    said.set(statement, justAdded(projection.space, { id, state: candidate.state, label }));
    return id;
  }

  function decidedBy(decision: string): DecidedBy | undefined {
    return options.by && { ...options.by, decision };
  }

  function supersede(memory: Memory): void {
    touched.add(memory.id);
    made.delete(statementOf(memory.state));
    said.delete(statementOf(memory.state));
  }

  function retire(memory: Memory, successor: string, candidate: Planned, reason: string | undefined): void {
    supersede(memory);
    const why = [reason, `superseded by ${successor}`].filter(Boolean).join('; ');
    drafts.push(
      defined({
        event: 'DELETE' as const,
        memory_id: memory.id,
        revision: memory.revision,
        base: memory.revision,
        successor,
        source: { ...candidate.source, text: candidate.fact.quote },
        reason: why,
        by: decidedBy('DELETE'),
      }),
    );
    results.push({ id: memory.id, event: 'DELETE', memory: memory.state.text, revision: memory.revision, reason: why });
  }

  function update(memory: Memory, candidate: Planned, { text, dates = candidate.state, reason }: Update): string {
    const state = mergedState(memory.state, candidate.state, { text, dates });
    const statement = statementOf(state);
    if (statement === statementOf(memory.state)) return same(memory, 'already known');
    const other = liveMemoryOf(projection, statement, now, memory.id) ?? made.get(statement);
    if (other) {
      retire(memory, other.id, candidate, undefined);
      results.push({ id: other.id, event: 'NONE', memory: text, revision: other.revision, reason: 'already known' });
      return other.id;
    }
    supersede(memory);
    const revision = memory.revision + 1;
    said.set(statement, { ...memory, state, revision });
    drafts.push(
      defined({
        event: 'UPDATE' as const,
        memory_id: memory.id,
        revision,
        base: memory.revision,
        state,
        source: text === candidate.state.text ? candidate.source : { ...candidate.source, text: candidate.fact.quote },
        reason,
        by: decidedBy('UPDATE'),
      }),
    );
    results.push(defined({ id: memory.id, event: 'UPDATE' as const, memory: text, previous: memory.state.text, revision, reason }));
    made.set(statement, { id: memory.id, text, revision });
    return memory.id;
  }

  /** The memory that now says what a candidate does; undefined where what is remembered was said later. */
  function settle(candidate: Planned): string | undefined {
    const { proposal } = candidate;
    const statement = statementOf(candidate.state);
    const earlier = made.get(statement) ?? [...made.values()].find((each) => isSameUpdate(proposal, each));
    const known = liveMemoryOf(projection, statement, now);
    const twin = live(candidate.twin);
    const target = live(proposal && 'target' in proposal ? proposal.target : undefined);
    if (earlier) {
      results.push({ id: earlier.id, event: 'NONE', memory: earlier.text, revision: earlier.revision, reason: 'already known' });
      return earlier.id;
    }
    if (known && !touched.has(known.id)) return same(known, 'already known');
    if (twin) return same(twin, 'already known in nearly the same words');
    if (!proposal || proposal.action === 'ADD' || !target) return add(candidate, proposal?.reason);
    if (isNewer(target, candidate)) {
      none(target, 'what is remembered was said later than this');
      return undefined;
    }
    switch (proposal.action) {
      case 'NONE':
        // What a model overlooks (a digit, a letter of a name, a "not", half a sentence) is news all the same.
        if (saysAllOf(target.state, candidate.state)) return same(target, proposal.reason ?? 'already known');
        return add(candidate, undefined);
      case 'UPDATE':
        return update(target, candidate, proposal);
      case 'DELETE': {
        const id = options.ids.memory();
        retire(target, id, candidate, proposal.reason);
        return add(candidate, undefined, id);
      }
      default:
        return proposal satisfies never;
    }
  }

  for (const candidate of planned) {
    const holder = settle(candidate);
    for (const id of candidate.proposal?.ends ?? []) {
      const memory = live(id);
      if (holder !== undefined && memory && memory.id !== holder && !isNewer(memory, candidate))
        retire(memory, holder, candidate, candidate.proposal?.reason);
    }
  }
  return { drafts, results };
}

/** What an answer says of labels that came with a known statement, which does not take them; undefined where it has them. */
function unapplied({ id, state }: Memory, given: GivenLabels = {}): string | undefined {
  const { occurred_at, expires_at, pinned, metadata = {} } = given;
  const { metadata: known = {}, ...own } = state;
  const labels = Object.entries({ occurred_at, expires_at, pinned }).filter(
    ([name, value]) => value && value !== own[name as keyof typeof own],
  );
  const names = labels.map(([name]) => name);
  if (Object.entries(metadata).some(([key, value]) => known[key] !== value)) names.push('metadata');
  if (names.length === 0) return undefined;
  return `${names.join(', ')} given with it ${names.length > 1 ? 'were' : 'was'} not applied: call remember with memory_id ${id} for that`;
}

/** A memory as it will be once the batch that adds it is written. */
function justAdded(space: Space, { id, state, label }: { id: string; state: MemoryState; label: Label }): Memory {
  const at = state.said_at;
  const numbers = { added: 0, changed: 0, revisions: [], notes: [] };
  return { id, space, state, revision: 1, status: 'live', created_at: at, updated_at: at, labels: [label], ...numbers };
}

function isNewer(memory: Memory, candidate: Planned): boolean {
  return memory.state.said_at > candidate.state.said_at;
}

/** The labels of both, the newer ones first; what the old words were read from says nothing of the new ones. */
function labelsOf({ metadata: older }: MemoryState, { metadata: newer }: MemoryState): MemoryState['metadata'] {
  const { [attachmentLabel]: _, ...kept } = older ?? {};
  const labels = { ...kept, ...newer };
  return Object.keys(labels).length > 0 ? labels : undefined;
}

/** A memory into which a later statement was worked; `dates` are those of `text`, which says what both do. */
export function mergedState(older: MemoryState, newer: MemoryState, { text, dates }: { text: string; dates: Dates }): MemoryState {
  const names = new Set([...(older.entities ?? []), ...(newer.entities ?? [])]);
  const entities = [...names].filter((name) => text.includes(name));
  // A date or a name belongs to the statement: the old one's must not outlive it.
  return defined({
    ...older,
    ...newer,
    kind: older.kind,
    subject: older.subject,
    text,
    metadata: labelsOf(older, newer),
    entities: entities.length > 0 ? entities : undefined,
    occurred_at: dates.occurred_at,
    recurs: dates.recurs,
    ...natureOf({ text, kind: older.kind, subject: older.subject }, text === newer.text ? newer.standing === true : undefined),
  });
}

/** Several facts that change one memory come with the same new text, all of them in it. */
function isSameUpdate(proposal: TargetedProposal | undefined, { id, text }: { id: string; text: string }): boolean {
  return proposal?.action === 'UPDATE' && proposal.target === id && proposal.text === text;
}
