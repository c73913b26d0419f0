import type { Attachment, Event, Kind, Recurrence, SkippedPart, Turn } from './events.js';

/** The name of a space: `user:NAME` or `project:NAME`, NFC. */
export type Space = `user:${string}` | `project:${string}`;

/** Where a reader of a log stands: everything up to `sequence` of this `generation` has been read. */
export interface Position {
  generation: number;
  sequence: number;
}

/** What a log holds beyond a position; `reset` says that the position was of another generation and reading starts anew. */
export interface Reading {
  reset: boolean;
  events: Event[];
  position: Position;
}

/** The batch was not accepted because another writer came first: nothing of it counts; read again and decide anew. */
export class LogConflict extends Error {
  constructor(message = 'another writer came first', options?: ErrorOptions) {
    super(message, options);
    this.name = 'LogConflict';
  }
}

/**
 * The history log of all spaces: the truth. Raises KeepsakeErrors with code log_unavailable or update_needed.
 */
export interface HistoryLog {
  /** Reads the complete, accepted batches after `from`; cheap when nothing was appended. */
  read(space: Space, from: Position): Promise<Reading>;
  /**
   * The events with these sequence numbers, in this order; those that the log does not hold are left out. Raises
   * LogConflict when the log is no longer of this generation.
   */
  events(space: Space, generation: number, sequences: readonly number[]): Promise<Event[]>;
  /**
   * Appends what `decide` makes of the events that others appended since `from`, while nobody else can append, and
   * resolves when it is on the disk and accepted. The events carry the sequence numbers that they expect to get.
   * No events: nothing is written. Raises LogConflict.
   */
  append(space: Space, from: Position, decide: (missed: Reading) => Event[]): Promise<Position>;
  /**
   * Replaces the log in one stroke by what `decide` makes of it; undefined leaves it as it is. Raises the generation,
   * so every reader starts anew. Raises LogConflict.
   */
  rewrite(space: Space, from: Position, decide: (missed: Reading) => Rewriting | undefined): Promise<Position>;
  /** What `checkpoint` kept of a space and up to where, if the log still goes on from there; else undefined. */
  resume(space: Space): Promise<{ state: unknown; position: Position } | undefined>;
  /**
   * Keeps what a reader has made of the log up to its present position, so that the next start need not read it all.
   * A cache: it may be lost at any time, and goes when the log is replaced. `state` must survive structuredClone.
   */
  checkpoint(space: Space, state: unknown, position: Position): Promise<void>;
  /** Lets go of what is held in memory of a space: its next reader begins with a checkpoint, or with nothing. */
  release(space: Space): void;
  /** Bytes of a space's log on the disk; 0 where there is none. */
  bytes(space: Space): Promise<number>;
  /** When a space's log was written to last, in milliseconds since 1970; 0 where there is none. */
  changedAt(space: Space): Promise<number>;
  /** All spaces that have a readable log; the others are among the problems. */
  spaces(): Promise<Space[]>;
  /** Damage that was met while reading (torn ends set aside, unreadable lines), one sentence each. */
  problems(): string[];
}

/** How a log is rewritten. */
export interface Rewriting {
  /** From all events of the log to those that replace them; the same object keeps its line's bytes. */
  events: (events: Event[]) => Event[];
  /** Whether a line that no complete batch owns must not be kept beside the log either. */
  drops?: (line: string) => boolean;
}

/** One vector with what is needed to check it against the projection. Never text. */
export interface VectorRecord {
  id: string;
  revision: number;
  kind: Kind;
  vector: Float32Array;
}

/** A near vector: `similarity` is the cosine, -1 to 1. */
export interface VectorHit {
  id: string;
  revision: number;
  similarity: number;
}

/**
 * Where an index stands in a space's log: number and event_id of the last event that it has taken in. A log that has
 * another event at that number is not the one that was followed.
 */
export interface IndexPosition {
  sequence: number;
  event: string;
}

/** The position of an index that has taken in nothing. */
export const nowhere: Readonly<IndexPosition> = { sequence: 0, event: '' };

/** A change of the index that takes a space to `position`. */
export interface IndexChange {
  upserts: VectorRecord[];
  deletes: string[];
  position: IndexPosition;
}

/**
 * A nearest-neighbour index over the vectors of one embedding model, a cache of the log: it may lag, lose everything
 * or be missing. Each space carries its own position, `nowhere` when nothing is indexed. A change applies all of its
 * parts or leaves the position where it was.
 */
export interface VectorIndex {
  /** For people: what it is, where it runs, which version. */
  describe(): Promise<string>;
  /**
   * Brings a space forward: calls `make` with the position reached so far, while no other process can, and applies
   * what it returns; undefined changes nothing. Resolves with the position afterwards.
   */
  advance(space: Space, make: (position: IndexPosition) => Promise<IndexChange | undefined>, signal: AbortSignal): Promise<IndexPosition>;
  /** The `limit` nearest of a space, nearest first; `spaceSize` is how many records the space should hold. */
  query(space: Space, vector: Float32Array, options: { limit: number; spaceSize: number; signal: AbortSignal }): Promise<VectorHit[]>;
  /** The revision of every memory of a space that has a vector, by its id; complete only inside of `advance`. */
  records(space: Space, signal: AbortSignal): Promise<Map<string, number>>;
  /**
   * Lets go of all of a space, as if nothing of it had been indexed: for an index that holds everything in memory, and
   * can be filled again from the log and the embedding cache. Absent where what it holds stays on a disk.
   */
  release?(space: Space): void;
  /** How many vectors all spaces of this index hold. */
  count(signal: AbortSignal): Promise<number>;
  /** Throws all of this index away, positions included. */
  clear(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Turns texts into vectors of one fixed length. */
export interface Embedder {
  /** The model's name, part of the identity of everything computed with it. */
  readonly model: string;
  /** Length of its vectors; 0 until the first answer when it is not known beforehand. */
  readonly dimension: number;
  /** Cosine that unrelated texts commonly reach with this model, 0 to 1; of a remote one a guess until its first answer. */
  readonly noise: number;
  /** Needs the network. */
  readonly remote: boolean;
  /** One unit vector a text, in order. Raises ModelError. */
  embed(texts: string[], signal: AbortSignal): Promise<Float32Array[]>;
}

/** What an extractor is shown. */
export interface ExtractionInput {
  /** content: a deliberate save; messages: a conversation. */
  form: 'content' | 'messages';
  turns: Turn[];
  /** Earlier turns of the same run, oldest first: context that is already processed. */
  context: Turn[];
  /** When it was said, ISO 8601 with offset; turns may carry their own. */
  at: string;
  /** The owner's words on what to keep and what to ignore. */
  instructions?: string;
}

/** One durable statement found in an input. */
export interface Fact {
  /** Self-contained, in the speaker's language. */
  text: string;
  /** Absent: the user of the space. */
  subject?: string;
  entities?: string[];
  /** ISO 8601 or shorter; null where the extractor looked for a date and found none, absent where it left dating to code. */
  occurred_at?: string | null;
  recurs?: Recurrence;
  importance?: number;
  /** A preference or instruction that holds in every conversation until it is changed. */
  standing?: boolean;
  /** Index of the turn that states it. */
  turn: number;
  /** The words of that turn that it came from. */
  quote: string;
}

/** What an extractor answers: facts in input order, and what it left out. */
export interface Extraction {
  facts: Fact[];
  skipped: SkippedPart[];
}

/** Finds the durable statements of an input. */
export interface Extractor {
  /** The model's name, or "rules". */
  readonly name: string;
  /** Needs the network, so that the input must be saved first and a failure leaves it pending. */
  readonly remote: boolean;
  /** Tells `onPart` before each of the parts that an input is read in how many are done. Raises ModelError. */
  extract(input: ExtractionInput, signal: AbortSignal, onPart?: (done: number, parts: number) => void): Promise<Extraction>;
  /** Makes one how-to of the turns of a run: one fact at most. Absent where nothing can write one. Raises ModelError. */
  extractProcedure?(input: ExtractionInput, signal: AbortSignal): Promise<Extraction>;
}

/** Bytes that were given beside words. */
export interface AttachedBytes {
  /** Such as image/png or audio/mpeg. */
  mime_type: string;
  data: Uint8Array;
}

/** Turns attachments into words. */
export interface AttachmentReader {
  /** Why nothing can be read from such an attachment, as the reason of a skipped part; undefined where it can be tried. */
  obstacle(mimeType: string): string | undefined;
  /** What is seen or said in it, or why there is nothing, as the reason of a skipped part. Raises ModelError. */
  read(attached: AttachedBytes, signal: AbortSignal): Promise<{ text: string } | { skipped: string }>;
}

/** The bytes of attachments, once a space by their content, while they are needed. Raises KeepsakeError log_unavailable. */
export interface AttachmentStore {
  /** How the log names these bytes. */
  reference(attached: AttachedBytes): Attachment;
  /** Puts bytes on the disk, then runs `record`, which names them in the log; nothing of the space is removed meanwhile. */
  save<T>(space: Space, data: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, record: () => Promise<T>): Promise<T>;
  /** Undefined where they are gone or no longer those that the hash is of. */
  get(space: Space, hash: string): Promise<Uint8Array | undefined>;
  /** Removes what a space keeps but what `needed` names by hash; that is asked while nothing is saved, and only where there is something. */
  keepOnly(space: Space, needed: () => Promise<ReadonlySet<string>>): Promise<void>;
}

/** A memory as a reflection is shown it, under its index in the list, never under its id. */
export interface ReflectedMemory {
  text: string;
  subject?: string;
  said_at: string;
  occurred_at?: string;
  recurs?: Recurrence;
}

/** An insight as a reflection is shown it; `sources` are indexes of the memories shown beside it. */
export interface ReflectedInsight {
  text: string;
  subject?: string;
  sources: number[];
}

/** What to do with the insights of a space; `insight` and `sources` are indexes of what was shown. Checked by code before it counts. */
export type InsightProposal =
  | { action: 'ADD'; text: string; subject?: string; importance?: number; standing?: boolean; sources: number[]; reason?: string }
  | {
      action: 'UPDATE';
      insight: number;
      text: string;
      subject?: string;
      importance?: number;
      standing?: boolean;
      sources: number[];
      reason?: string;
    }
  | { action: 'DELETE'; insight: number; reason?: string };

/** Derives what several memories say together. */
export interface Reflector {
  readonly name: string;
  /** One call. Raises ModelError. */
  reflect(shown: { memories: ReflectedMemory[]; insights: ReflectedInsight[] }, signal: AbortSignal): Promise<InsightProposal[]>;
}

/** One message of a conversation with a chat model. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** A model that converses. */
export interface ChatModel {
  readonly name: string;
  /** The answer in the pieces in which it comes. Raises ModelError. */
  stream(messages: readonly ChatMessage[], signal: AbortSignal): AsyncIterable<string>;
}

/** A new fact with the existing memories that are near it. */
export interface DecisionCase {
  fact: Fact;
  /** When the fact was said, ISO 8601. */
  at: string;
  /** Default: an observation. */
  kind?: Kind;
  /** Numbers into the neighbours of the call, nearest first. */
  near: { neighbour: number; score: number }[];
}

/** An existing memory shown to a decider, under its index in the list, never under its id. */
export interface Neighbour {
  text: string;
  subject?: string;
  said_at: string;
  occurred_at?: string;
  recurs?: Recurrence;
}

/** What to do with one fact; `target` is a neighbour's index. Proposals are checked by code before they count. */
export type Proposal = {
  reason?: string;
  /** Other neighbours that the fact makes untrue. */
  ends?: number[];
} & ({ action: 'ADD' } | { action: 'UPDATE'; target: number; text: string } | { action: 'DELETE' | 'NONE'; target: number });

/** Decides how new facts relate to existing memories. */
export interface Decider {
  /** The model's name, or "rules". */
  readonly name: string;
  readonly remote: boolean;
  /** How many neighbours a fact it can use, and the least score (0 to 1) that makes one worth showing. */
  readonly reach: { limit: number; floor: number };
  /** One proposal a case, in order; undefined where none was given. Raises ModelError. */
  decide(cases: DecisionCase[], neighbours: Neighbour[], signal: AbortSignal): Promise<(Proposal | undefined)[]>;
}

/** A model that could not be reached or did not answer as agreed; the input is safe and is tried again. */
export class ModelError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelError';
  }
}

/** The endpoint works, but not for this very input: the model refused it, twice missed the form, or found it too long. */
export class RefusedInputError extends ModelError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RefusedInputError';
  }
}

/** Computed vectors, kept so that an index can be rebuilt without a model. Keyed by space, model, dimension and text. */
export interface EmbeddingCache {
  /** The vectors known for these texts, undefined where there is none. */
  get(space: Space, texts: string[]): Promise<(Float32Array | undefined)[]>;
  put(space: Space, entries: { text: string; vector: Float32Array }[]): Promise<void>;
  /** Overwrites the vectors and hashes of all texts of the space but these, in every model's cache. */
  keepOnly(space: Space, texts: string[]): Promise<void>;
  /** How many records the space's file of this model has, and how many of them are known to be free for others. */
  size(space: Space): Promise<{ records: number; free: number }>;
  /** Lets go of what is held in memory of a space; what is on the disk stays. */
  release(space: Space): void;
  /** Removes what every model's cache holds of all spaces but these. */
  prune(spaces: readonly Space[]): Promise<void>;
}

/** A forget that was previewed and waits for its confirmation. */
export interface Confirmation {
  /** Memories as they were shown: changed ones are left. */
  memories: { space: Space; id: string; revision: number }[];
  erase: boolean;
  reason?: string;
  /** The user's space that it was previewed for; absent: whoever may forget these memories. */
  caller?: Space;
  /** ISO 8601. */
  expires_at: string;
}

/** Previews that wait for confirmation, shared by the processes of a home. */
export interface Confirmations {
  /** Resolves with the token. */
  put(confirmation: Confirmation): Promise<string>;
  /** Reads without consuming; undefined if unknown or used. */
  peek(token: string): Promise<Confirmation | undefined>;
  /** Takes it away; false if another call was first. */
  consume(token: string): Promise<boolean>;
}

/** What one call read in one space. */
export interface NotedRead {
  /** ISO 8601 in UTC. */
  at: string;
  client?: string | undefined;
  call_id: string;
  /** Whether a person looked through the memories, rather than an assistant recalling them. */
  looking?: boolean | undefined;
  /** Absent in what earlier versions noted, whose ids may be of several spaces. */
  space?: string | undefined;
  memory_ids: string[];
}

/** Who read what, when: never truth, and nothing but last_recalled_at and the activity feed depends on it. */
export interface AccessLog {
  /** Notes what a call read; one that found nothing is not noted. */
  record(read: Omit<NotedRead, 'space' | 'memory_ids'> & { memories: readonly { id: string; space: string }[] }): void;
  /** What was noted, as far as it is kept, the newest first; nothing where it cannot be read. */
  reads(): Iterable<NotedRead>;
  /** When a memory was last recalled, ISO 8601; a person who looked at it does not count. */
  lastRecalledAt(memoryId: string): string | undefined;
}

/** What imports brought of the history of another home, whose events keep the calls that they had there. */
export interface Imports {
  /** Ids of the events that the import of this call id brought into any log; of another call none. */
  broughtBy(callId: string): Promise<ReadonlySet<string>>;
  /** Removes the texts that killed imports have unpacked; those of one under way stay until it ends. Raises log_unavailable. */
  dropLeft(): Promise<void>;
}

/** Inputs that are being worked on, so that no two processes of a home ask a model for the same one. */
export interface Claims {
  /** Resolves with how to give it back; undefined while a live process has it. */
  claim(inputId: string): Promise<(() => Promise<void>) | undefined>;
}

/** Time and names that the core does not make itself. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** New identifiers. */
export interface Ids {
  memory(): string;
  /** Globally unique and ordered by time. */
  event(): string;
}

/** Structured log lines for stderr; memory text only at debug. */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** A model that reads a query and texts together and tells how well each text answers it. */
export interface Reranker {
  /** The model's name. */
  readonly model: string;
  /**
   * The relevance of each text, in order: finite numbers, larger is better, on the model's own scale. Takes two
   * seconds at most. Raises ModelError.
   */
  score(query: string, texts: readonly string[], signal: AbortSignal): Promise<number[]>;
}
