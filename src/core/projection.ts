import type { ChangeEvent, Event, Kind, MemoryState } from './events.js';
import { hashOf } from './hash.js';
import { hasWords } from './keep-input.js';
import { type Change, noteChange } from './latest-changes.js';
import type { Position, Space } from './ports.js';
import { noteAdded, noteInsight, noteReflection, type ReflectionState } from './reflection/fold.js';
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
  /** Sequence number of the event that made each revision, 1 first. */
  revisions: number[];
  /** Sequence numbers of the other events about it, in order. */
  notes: number[];
}

/** An input as it was received. */
export type ReceivedEvent = Extract<Event, { event: 'RECEIVED' }>;

/** An input whose outcome is not complete. Its words are in the log: a long queue of them is not kept in memory. */
export interface PendingInput {
  /** Number of its RECEIVED. */
  seq: number;
  /** When it was received, ISO 8601 in UTC. */
  at: string;
  characters: number;
  /** Of what is attached to it. */
  bytes: number;
  hasWords: boolean;
  /** Whether facts are to be found in it. */
  infer: boolean;
  /** MIME types of what is attached to it. */
  attached: string[];
}

/**
 * What the events of one space add up to, without the events themselves: those are read from the log when they are
 * asked for. Plain data that survives structuredClone. Filled by `applyEvent` alone.
 */
export interface Projection {
  space: Space;
  position: Position;
  /** Time of the last event, ISO 8601 in UTC; empty before the first. */
  lastAt: string;
  memories: Map<string, Memory>;
  /** Live memories by kind, subject and statement; made when they are first looked for, see `liveMemoryOf`. */
  statements?: Map<string, Set<string>> | undefined;
  /** Memories in the order of their changes; made when they are first looked for, see `changedAfter`. */
  changes?: Change[] | undefined;
  /** Inputs by event_id, in order of arrival, whose outcome is not complete. */
  pending: Map<string, PendingInput>;
  /** When the first of the inputs was processed that still hold their words, ISO 8601 in UTC. */
  oldestWords?: string | undefined;
  /** Sequence numbers of the last inputs of each run, oldest first. */
  runs: Map<string, number[]>;
  /** Sequence number of the latest input that a model was asked about with the same words, by the hash of its `inputKey`. */
  inputs: Map<number, number>;
  /** Ids of the live insights. */
  insights: Set<string>;
  reflection: ReflectionState;
}

/** How many inputs of a run are known: an extractor is shown no more turns as context. */
export const contextInputs = 10;

/** A projection of no events. */
export function createProjection(space: Space): Projection {
  return {
    space,
    position: { generation: 0, sequence: 0 },
    lastAt: '',
    memories: new Map(),
    pending: new Map(),
    runs: new Map(),
    inputs: new Map(),
    insights: new Set(),
    reflection: { upTo: 0, fresh: [], retired: [] },
  };
}

/** Under what two statements of the same kind and subject are the same. */
export function statementOf(fact: { text: string; kind: Kind; subject?: string | undefined }): string {
  return `${fact.kind}\u0000${statementKey(fact.subject ?? '')}\u0000${statementKey(fact.text)}`;
}

/** Under what two inputs hold the same words and attachments of the same speakers, to be kept in the same way. */
export function inputKey(input: {
  form: string;
  infer?: boolean;
  turns: { role: string; name?: string | undefined; content: string; attachments?: { hash: string }[] | undefined }[];
}): string {
  const turns = input.turns.map(({ role, name = '', content, attachments = [] }) =>
    [`${role} ${name} ${statementKey(content)}`, ...attachments.map(({ hash }) => hash)].join('\u0001'),
  );
  return [input.infer === false ? `${input.form} verbatim` : input.form, ...turns].join('\u0000');
}

function statementsOf(projection: Projection): Map<string, Set<string>> {
  if (!projection.statements) {
    projection.statements = new Map();
    for (const memory of projection.memories.values()) if (memory.status === 'live') rememberStatement(projection, memory);
  }
  return projection.statements;
}

/** The live memory that holds this statement at `now` (milliseconds), if any; `except` is left out. */
export function liveMemoryOf(projection: Projection, statement: string, now: number, except?: string): Memory | undefined {
  for (const id of statementsOf(projection).get(statement) ?? []) {
    const memory = projection.memories.get(id);
    if (memory && id !== except && isLive(memory, now)) return memory;
  }
  return undefined;
}

/** Neither forgotten nor erased nor expired at `now` (milliseconds). */
export function isLive(memory: Memory, now: number): boolean {
  return memory.status === 'live' && !(memory.state.expires_at && Date.parse(memory.state.expires_at) <= now);
}

/** Sequence numbers of all events of a memory, in order; a log that lost lines leaves holes among its revisions. */
export function eventsOf({ revisions, notes }: Memory): number[] {
  return [...revisions.flat(), ...notes].sort((a, b) => a - b);
}

/** Whether this agent and run have already stated the memory. */
export function hasLabel(memory: Memory, label: Label): boolean {
  return memory.labels.some((known) => known.agent_id === label.agent_id && known.run_id === label.run_id);
}

/** Takes one event into the projection and names the memory it changed, if it changed one. */
export function applyEvent(projection: Projection, event: Event): string | undefined {
  projection.position = { ...projection.position, sequence: event.seq };
  projection.lastAt = event.at;
  switch (event.event) {
    case 'ADD':
    case 'UPDATE':
    case 'RESTORE':
    case 'DELETE':
    case 'ERASE':
      return applyChange(projection, event);
    case 'CONFIRM': {
      const memory = projection.memories.get(event.memory_id);
      memory?.notes.push(event.seq);
      if (memory) addLabel(memory, event);
      return memory?.id;
    }
    case 'RECEIVED': {
      if (event.input.form === 'reflection') {
        noteReflection(projection, event.input);
        return undefined;
      }
      projection.pending.set(event.event_id, pendingOf(event));
      if (event.input.infer || event.input.turns.some(({ attachments }) => attachments))
        projection.inputs.set(hashOf(inputKey(event.input)), event.seq);
      if (event.run_id !== undefined) {
        const run = projection.runs.get(event.run_id) ?? [];
        projection.runs.set(event.run_id, [...run.slice(1 - contextInputs), event.seq]);
      }
      return undefined;
    }
    case 'PROCESSED': {
      const received = projection.pending.get(event.input_id);
      if (received?.hasWords) projection.oldestWords ??= event.at;
      projection.pending.delete(event.input_id);
      return undefined;
    }
    default:
      // An event of a later version: it keeps its place and means nothing here.
      event satisfies never;
      return undefined;
  }
}

function pendingOf({ seq, at, input }: ReceivedEvent): PendingInput {
  const attached = input.turns.flatMap(({ attachments = [] }) => attachments.map(({ mime_type }) => mime_type));
  return { seq, at, ...sizeOf(input), hasWords: hasWords(input), infer: input.infer, attached };
}

/** Characters of an input's turns, and bytes of what is attached to them. */
export function sizeOf({ turns }: ReceivedEvent['input']): { characters: number; bytes: number } {
  const attached = turns.flatMap(({ attachments = [] }) => attachments);
  return {
    characters: turns.reduce((sum, { content }) => sum + content.length, 0),
    bytes: attached.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function applyChange(projection: Projection, event: ChangeEvent): string {
  const before = projection.memories.get(event.memory_id);
  if (before) forgetStatement(projection, before);
  const memory = before ?? newMemory(projection.space, event);
  projection.memories.set(memory.id, memory);
  if ('state' in event) memory.revisions[event.revision - 1] = event.seq;
  else memory.notes.push(event.seq);
  // What is erased stays erased, whatever another home that was merged into this one has said of it since.
  if (memory.status === 'erased') return memory.id;
  memory.revision = event.revision;
  memory.updated_at = event.at;
  memory.changed = event.seq;
  noteChange(projection, memory);
  switch (event.event) {
    case 'ADD':
    case 'UPDATE':
    case 'RESTORE':
      memory.state = event.state;
      memory.status = 'live';
      memory.successor = undefined;
      addLabel(memory, event);
      if (projection.statements) rememberStatement(projection, memory);
      break;
    case 'DELETE':
      memory.status = 'forgotten';
      memory.successor = event.successor;
      break;
    case 'ERASE':
      memory.status = 'erased';
      memory.state = { text: '', kind: memory.state.kind, said_at: memory.state.said_at };
      break;
    default:
      event satisfies never;
  }
  noteInsight(projection, memory, event);
  if (!before) noteAdded(projection, memory);
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
    revisions: [],
    notes: [],
  };
}

function addLabel(memory: Memory, label: Label): void {
  // A list may be shared with memories that were stated in the same session.
  if (!hasLabel(memory, label)) memory.labels = [...memory.labels, { agent_id: label.agent_id, run_id: label.run_id }];
}

function rememberStatement(projection: Projection, memory: Memory): void {
  const key = statementOf(memory.state);
  const ids = projection.statements?.get(key);
  if (ids) ids.add(memory.id);
  else projection.statements?.set(key, new Set([memory.id]));
}

function forgetStatement(projection: Projection, memory: Memory): void {
  const key = statementOf(memory.state);
  const ids = projection.statements?.get(key);
  ids?.delete(memory.id);
  if (ids?.size === 0) projection.statements?.delete(key);
}

/** What is embedded of a memory: its words, after the name of whom they are about where they do not say it. */
export function embeddingText(state: { text: string; subject?: string | undefined }): string {
  return state.subject === undefined || state.text.includes(state.subject) ? state.text : `${state.subject}: ${state.text}`;
}
