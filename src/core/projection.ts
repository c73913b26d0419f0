import type { ChangeEvent, Event, Kind, MemoryState } from './events.js';
import type { Position, Space } from './ports.js';
import { statementKey } from './statement.js';

/** Who stated a memory, in which session. */
export interface Label {
  agent_id?: string | undefined;
  run_id?: string | undefined;
}

/** What the log says of one memory up to now. */
export interface Memory {
  id: string;
  space: Space;
  /** The newest state; of an erased memory it is empty. */
  state: MemoryState;
  revision: number;
  status: 'live' | 'forgotten' | 'erased';
  created_at: string;
  updated_at: string;
  /** Sequence numbers of its first and its latest event. */
  added: number;
  changed: number;
  labels: Label[];
  /** The memory that took its place, if a decision retired it. */
  successor?: string | undefined;
  /** Every state it has had, by revision. */
  states: Map<number, MemoryState>;
}

/** An input as it was received. */
export type ReceivedEvent = Extract<Event, { event: 'RECEIVED' }>;
/** The note that an input's outcome is complete. */
export type ProcessedEvent = Extract<Event, { event: 'PROCESSED' }>;

/** What the events of one space add up to. Filled by `applyEvent` alone. */
export interface Projection {
  space: Space;
  position: Position;
  /** Time of the last event, ISO 8601 in UTC; empty before the first. */
  lastAt: string;
  memories: Map<string, Memory>;
  /** All events in order: the feed. */
  events: Event[];
  /** Live memories by kind, subject and statement. */
  statements: Map<string, Set<string>>;
  /** Inputs by event_id, in order of arrival, whose outcome is not complete. */
  pending: Map<string, ReceivedEvent>;
  processed: Map<string, ProcessedEvent>;
  /** Inputs of each run, oldest first. */
  runs: Map<string, ReceivedEvent[]>;
  /** The latest input with the same words, by `inputKey`. */
  inputs: Map<string, ReceivedEvent>;
  /** What came of an input, by its event_id: of each memory that it touched the revision, and whether that was live. */
  outcomes: Map<string, Map<string, { revision: number; live: boolean }>>;
}

/** A projection of no events. */
export function createProjection(space: Space): Projection {
  return {
    space,
    position: { generation: 0, sequence: 0 },
    lastAt: '',
    memories: new Map(),
    events: [],
    statements: new Map(),
    pending: new Map(),
    processed: new Map(),
    runs: new Map(),
    inputs: new Map(),
    outcomes: new Map(),
  };
}

/** Under what two statements of the same kind and subject are the same. */
export function statementOf(fact: { text: string; kind: Kind; subject?: string | undefined }): string {
  return `${fact.kind}\u0000${statementKey(fact.subject ?? '')}\u0000${statementKey(fact.text)}`;
}

/** Under what two inputs hold the same words of the same speakers. */
export function inputKey(input: { form: string; turns: { role: string; name?: string | undefined; content: string }[] }): string {
  return [input.form, ...input.turns.map((turn) => `${turn.role} ${turn.name ?? ''} ${statementKey(turn.content)}`)].join('\u0000');
}

/** The live memory that holds this statement at `now` (milliseconds), if any; `except` is left out. */
export function liveMemoryOf(projection: Projection, statement: string, now: number, except?: string): Memory | undefined {
  for (const id of projection.statements.get(statement) ?? []) {
    const memory = projection.memories.get(id);
    if (memory && id !== except && isLive(memory, now)) return memory;
  }
  return undefined;
}

/** Neither forgotten nor erased nor expired at `now` (milliseconds). */
export function isLive(memory: Memory, now: number): boolean {
  return memory.status === 'live' && !(memory.state.expires_at && Date.parse(memory.state.expires_at) <= now);
}

/** Whether this agent and run have already stated the memory. */
export function hasLabel(memory: Memory, label: Label): boolean {
  return memory.labels.some((known) => known.agent_id === label.agent_id && known.run_id === label.run_id);
}

/** Takes one event into the projection and names the memory it changed, if it changed one. */
export function applyEvent(projection: Projection, event: Event): string | undefined {
  projection.position = { ...projection.position, sequence: event.seq };
  projection.lastAt = event.at;
  projection.events.push(event);
  switch (event.event) {
    case 'ADD':
    case 'UPDATE':
    case 'RESTORE':
    case 'DELETE':
    case 'ERASE':
      noteOutcome(projection, event);
      return applyChange(projection, event);
    case 'CONFIRM': {
      const memory = projection.memories.get(event.memory_id);
      if (memory) addLabel(memory, event);
      return memory?.id;
    }
    case 'RECEIVED': {
      projection.pending.set(event.event_id, event);
      projection.inputs.set(inputKey(event.input), event);
      if (event.run_id !== undefined) listIn(projection.runs, event.run_id).push(event);
      return undefined;
    }
    case 'PROCESSED':
      projection.pending.delete(event.input_id);
      projection.processed.set(event.input_id, event);
      return undefined;
    default:
      // An event of a later version: it keeps its place and means nothing here.
      event satisfies never;
      return undefined;
  }
}

function noteOutcome(projection: Projection, event: ChangeEvent): void {
  const input = event.source?.input_id;
  if (input === undefined) return;
  const outcome = projection.outcomes.get(input) ?? new Map();
  projection.outcomes.set(input, outcome.set(event.memory_id, { revision: event.revision, live: 'state' in event }));
}

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function applyChange(projection: Projection, event: ChangeEvent): string {
  const before = projection.memories.get(event.memory_id);
  // A merge may bring changes that were made without knowing of the erasure.
  if (before?.status === 'erased') return before.id;
  if (before) forgetStatement(projection, before);
  const memory = before ?? newMemory(projection.space, event);
  projection.memories.set(memory.id, memory);
  memory.revision = event.revision;
  memory.updated_at = event.at;
  memory.changed = event.seq;
  switch (event.event) {
    case 'ADD':
    case 'UPDATE':
    case 'RESTORE':
      memory.state = event.state;
      memory.states.set(event.revision, event.state);
      memory.status = 'live';
      memory.successor = undefined;
      addLabel(memory, event);
      rememberStatement(projection, memory);
      break;
    case 'DELETE':
      memory.status = 'forgotten';
      memory.successor = event.successor;
      break;
    case 'ERASE':
      memory.status = 'erased';
      memory.state = { text: '', kind: memory.state.kind, said_at: memory.state.said_at };
      memory.states.clear();
      break;
    default:
      event satisfies never;
  }
  return memory.id;
}

function newMemory(space: Space, event: ChangeEvent): Memory {
  const state: MemoryState = 'state' in event ? event.state : { text: '', kind: 'observation', said_at: event.at };
  return {
    id: event.memory_id,
    space,
    state,
    revision: event.revision,
    status: 'live',
    created_at: event.at,
    updated_at: event.at,
    added: event.seq,
    changed: event.seq,
    labels: [],
    states: new Map(),
  };
}

function addLabel(memory: Memory, label: Label): void {
  if (!hasLabel(memory, label)) memory.labels.push({ agent_id: label.agent_id, run_id: label.run_id });
}

function rememberStatement(projection: Projection, memory: Memory): void {
  const key = statementOf(memory.state);
  const ids = projection.statements.get(key);
  if (ids) ids.add(memory.id);
  else projection.statements.set(key, new Set([memory.id]));
}

function forgetStatement(projection: Projection, memory: Memory): void {
  const key = statementOf(memory.state);
  const ids = projection.statements.get(key);
  ids?.delete(memory.id);
  if (ids?.size === 0) projection.statements.delete(key);
}

/** What is embedded of a memory: its words, after the name of whom they are about where they do not say it. */
export function embeddingText(state: { text: string; subject?: string | undefined }): string {
  return state.subject === undefined || state.text.includes(state.subject) ? state.text : `${state.subject}: ${state.text}`;
}
