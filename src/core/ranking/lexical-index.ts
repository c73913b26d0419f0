import type { Recurrence } from '../events.js';
import type { Span } from '../time/instants.js';
import { terms, words } from './analysis.js';
import { relatedTerms } from './concepts.js';
import { readCues, type TextCues } from './cues.js';
import { createPostings, type PostingsDump } from './postings.js';
import { createSpelling, type Spelling } from './spelling.js';
import { weights } from './weights.js';

/** What the ranking knows of one memory. All documents of an index belong to one space. */
export interface LexicalDocument {
  text: string;
  /** Who or what it is about. */
  subject?: string | undefined;
  entities?: readonly string[] | undefined;
  /** The session that it was said in; memories of one run lend each other context. */
  run?: string | undefined;
  /** Place in time among the others, for example the sequence number of the first event. */
  order: number;
  /** When it happened, else when it was said, in milliseconds since 1970. */
  span?: Span | (() => Span) | undefined;
  /** True when `span` is when it happened. */
  dated?: boolean | undefined;
  recurs?: Recurrence | undefined;
}

/** A document in its slot. */
export interface IndexEntry {
  id: string;
  document: LexicalDocument;
  /** See `cuesOf`. */
  cues?: TextCues | undefined;
  subject: string | undefined;
}

/** The content of an index but for its documents. */
export interface LexicalDump {
  memories: PostingsDump;
  runs: PostingsDump;
  /** Ids by slot, empty where one was freed. */
  slots: string[];
  subjects: Map<string, number>;
  /** Slot among the runs, and the slots of the run's documents in order. */
  members: Map<string, { slot: number; members: number[] }>;
  freeRuns: number[];
  mostRuns: number;
}

/** The lexical match of one query. Arrays are by slot; freed slots hold zero. */
export interface LexicalScores {
  /** Share of the query that a memory covers, 0 to 1. */
  own: Float64Array;
  /** The slots of each run in order, with the share of the query that the whole run covers. */
  runs: { slots: readonly number[]; share: number }[];
}

/** The words of a space, kept current one memory at a time. */
export interface LexicalIndex {
  /** Documents held. */
  readonly size: number;
  /** Adds a document or replaces the one of this id; O(its terms). */
  add(id: string, document: LexicalDocument): void;
  /** Removes a document as if it had never been added; unknown ids are ignored. */
  remove(id: string): void;
  /** Scores all documents; O(postings of the query's terms + documents). */
  score(query: string): LexicalScores;
  slotOf(id: string): number | undefined;
  /** Slots there are, freed ones included. */
  readonly slotCount: number;
  /** The entry in a slot, undefined where one was freed. */
  entry(slot: number): IndexEntry | undefined;
  /** The subjects that a query names, by full name or first name, as in `IndexEntry.subject`. */
  subjectsNamed(query: string): ReadonlySet<string>;
  /** Distinct subjects held. */
  readonly subjectCount: number;
  /** All that it holds but for the documents, to be made again from. */
  dump(): LexicalDump;
}

/** What an entry's text offers as an answer, read when it is first looked at. */
export function cuesOf(entry: IndexEntry): TextCues {
  // A getter on each entry would give each its own hidden class, and make every loop over entries twice as slow.
  entry.cues ??= readCues(entry.document.text);
  return entry.cues;
}

/** An index, empty or made again from a dump and the documents that it was made of. */
export function createLexicalIndex(from?: { dump: LexicalDump; documents: (id: string) => LexicalDocument | undefined }): LexicalIndex {
  const memories = createPostings(weights.memory, from?.dump.memories);
  const runs = createPostings(weights.run, from?.dump.runs);
  // Made of all terms by the first query with an unknown word.
  let spelling: Spelling | undefined;
  /** Ids by slot, empty where one was freed. */
  const held = from?.dump.slots ?? [];
  /** Made when they are first looked at, where the index was made from a dump. */
  const entries: (IndexEntry | undefined)[] = [];
  const slots = new Map<string, number>();
  const free: number[] = [];
  for (const [slot, id] of held.entries()) {
    if (id === '') free.push(slot);
    else slots.set(id, slot);
  }
  const members = from?.dump.members ?? new Map<string, { slot: number; members: number[] }>();
  const freeRuns = from?.dump.freeRuns ?? [];
  let mostRuns = from?.dump.mostRuns ?? 0;
  const subjects = from?.dump.subjects ?? new Map<string, number>();

  const termsOf = (document: LexicalDocument) => {
    const own = terms(document.text);
    const said = new Set(own);
    return [...own, ...terms([document.subject ?? '', ...(document.entities ?? [])].join(' ')).filter((term) => !said.has(term))];
  };
  const keyOf = (subject: string | undefined) => (subject === undefined ? undefined : words(subject).join(' ') || undefined);
  const orderAt = (slot: number) => entryAt(slot)?.document.order ?? 0;

  /** First place in a run whose order is over `order`. */
  function placeAfter(run: readonly number[], order: number): number {
    let low = 0;
    let high = run.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (orderAt(run[middle] ?? 0) <= order) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function placeOf(run: readonly number[], slot: number): number {
    return run.lastIndexOf(slot, placeAfter(run, orderAt(slot)));
  }

  function remove(id: string): void {
    const slot = slots.get(id);
    const entry = slot === undefined ? undefined : entryAt(slot);
    if (slot === undefined || !entry) return;
    const found = termsOf(entry.document);
    memories.remove(slot, found);
    for (const term of new Set(found)) if (!memories.has(term)) spelling?.remove(term);
    const run = entry.document.run === undefined ? undefined : members.get(entry.document.run);
    if (run) {
      runs.remove(run.slot, found);
      run.members.splice(placeOf(run.members, slot), 1);
      if (run.members.length === 0) {
        members.delete(entry.document.run ?? '');
        freeRuns.push(run.slot);
      }
    }
    if (entry.subject !== undefined) {
      const left = (subjects.get(entry.subject) ?? 1) - 1;
      if (left > 0) subjects.set(entry.subject, left);
      else subjects.delete(entry.subject);
    }
    entries[slot] = undefined;
    held[slot] = '';
    slots.delete(id);
    free.push(slot);
  }

  function entryAt(slot: number): IndexEntry | undefined {
    const id = held[slot] ?? '';
    const document = id === '' || entries[slot] ? undefined : from?.documents(id);
    if (document) entries[slot] = { id, document, subject: keyOf(document.subject), cues: undefined };
    return entries[slot];
  }

  function near(term: string): string[] {
    if (!spelling) {
      spelling = createSpelling();
      for (const known of memories.terms()) spelling.add(known);
    }
    return spelling.near(term);
  }

  return {
    get size() {
      return slots.size;
    },
    get subjectCount() {
      return subjects.size;
    },
    get slotCount() {
      return held.length;
    },
    entry: entryAt,
    add(id, document) {
      remove(id);
      const slot = free.pop() ?? held.length;
      const subject = keyOf(document.subject);
      held[slot] = id;
      entries[slot] = { id, document, subject, cues: undefined };
      slots.set(id, slot);
      if (subject !== undefined) subjects.set(subject, (subjects.get(subject) ?? 0) + 1);
      const found = termsOf(document);
      for (const term of new Set(found)) if (!memories.has(term)) spelling?.add(term);
      memories.add(slot, found);
      if (document.run === undefined) return;
      const run = members.get(document.run) ?? { slot: freeRuns.pop() ?? mostRuns++, members: [] };
      members.set(document.run, run);
      run.members.splice(placeAfter(run.members, document.order), 0, slot);
      runs.add(run.slot, found);
    },
    remove,
    score(query) {
      const asked = new Set(terms(query));
      const weighted = new Map<string, number>();
      let maximum = 0;
      for (const term of asked) {
        maximum += memories.maximum(new Map([[term, 1]]));
        if (memories.has(term)) {
          weighted.set(term, 1);
        } else for (const known of near(term)) if (!asked.has(known)) weighted.set(known, weights.misspelt);
      }
      for (const term of asked) {
        for (const other of relatedTerms(term)) if (!weighted.has(other)) weighted.set(other, weights.related);
      }
      const own = memories.score(weighted);
      const byRun = runs.score(weighted);
      if (maximum > 0) for (let slot = 0; slot < own.length; slot++) own[slot] = Math.min(1, (own[slot] ?? 0) / maximum);
      return {
        own,
        runs: [...members.values()].map((run) => ({ slots: run.members, share: maximum > 0 ? (byRun[run.slot] ?? 0) / maximum : 0 })),
      };
    },
    dump: () => ({
      memories: memories.dump(),
      runs: runs.dump(),
      slots: held,
      subjects,
      members,
      freeRuns,
      mostRuns,
    }),
    slotOf: (id) => slots.get(id),
    subjectsNamed(query) {
      const asked = new Set(words(query));
      const named = [...subjects.keys()].filter((subject) => {
        const parts = subject.split(' ');
        return asked.has(parts[0] ?? '') || parts.every((part) => asked.has(part));
      });
      return new Set(named);
    },
  };
}
