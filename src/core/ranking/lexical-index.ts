import type { Recurrence } from '../events.js';
import type { Span } from '../time/instants.js';
import { terms, words } from './analysis.js';
import { askedAspects } from './aspects.js';
import { type CountedTerms, createPostings, type PostingsDump, type TermStatistics } from './postings.js';
import { createSpelling, type Spelling } from './spelling.js';
import { readTraits, trait } from './traits.js';
import { weighQuery } from './weighed-query.js';
import { weights } from './weights.js';

/** What the ranking knows of one memory. All documents of an index belong to one space. */
export interface LexicalDocument {
  text: string;
  /** Who or what it is about. */
  subject?: string | undefined;
  entities?: readonly string[] | undefined;
  /** The session that it was said in; memories of one run lend each other context. */
  run?: string | undefined;
  /**
   * Place in time among the others: the sequence number of the first event. Documents without a run whose numbers follow
   * each other were said in one call, and are neighbours.
   */
  order: number;
  /** When it happened, else when it was said, in milliseconds since 1970. */
  span?: Span | undefined;
  /** True when `span` is when it happened. */
  dated?: boolean | undefined;
  recurs?: Recurrence | undefined;
  /** Was derived by reflection. */
  isInsight?: boolean | undefined;
  /** When it ceases to count, in milliseconds since 1970. */
  expires?: number | undefined;
}

/** What the ranking reads of each document, a column each, by slot: arrays of numbers are read many times as fast as objects. */
export interface Columns {
  order: number[];
  /** Bits of `trait`. */
  traits: number[];
  /** Its time in milliseconds since 1970, NaN without one. */
  start: number[];
  end: number[];
  /** Infinite where it never does. */
  expires: number[];
  /** Number of the subject, -1 without one. */
  subject: number[];
  /** Number of the run, and the slots of the neighbours in it; -1 where there is none. */
  run: number[];
  previous: number[];
  next: number[];
}

/** The content of an index but for its documents. */
export interface LexicalDump {
  memories: PostingsDump;
  runs: PostingsDump;
  /** Ids by slot, empty where one was freed. */
  ids: string[];
  columns: Record<keyof Columns, Float64Array>;
  subjects: Map<string, { number: number; count: number }>;
  runNumbers: Map<string, { number: number; last: number }>;
  freeRuns: number[];
}

/** The lexical match of one query. */
export interface LexicalScores {
  /** Share of the query that a memory covers, 0 to 1, by slot; 0 in freed ones. */
  own: Float64Array;
  /** Share of the query that a whole run covers, by the run's number. */
  runs: Float64Array;
}

/** The words of a space, kept current one memory at a time. */
export interface LexicalIndex {
  /** Documents held. */
  readonly size: number;
  /** Terms of all documents, each as often as it stands there. */
  readonly termCount: number;
  /** Slots there are, freed ones included. */
  readonly slotCount: number;
  /** Distinct subjects held. */
  readonly subjectCount: number;
  readonly columns: Readonly<Columns>;
  /** Adds a document or replaces the one of this id; O(its terms). */
  add(id: string, document: LexicalDocument): void;
  /** Removes a document as if it had never been added; unknown ids are ignored. */
  remove(id: string): void;
  /** Scores all documents; O(postings of the query's terms + documents). `statistics`, by default its own, tell how rare words are. */
  score(query: string, statistics?: TermStatistics): LexicalScores;
  /** How common words are in it. */
  readonly statistics: CountedTerms;
  slotOf(id: string): number | undefined;
  /** The id in a slot, empty where one was freed. */
  idAt(slot: number): string;
  /** The document in a slot, undefined where one was freed. */
  documentAt(slot: number): LexicalDocument | undefined;
  /** The subjects that a query names, by their first word at least: their names by the number in the column. */
  subjectsNamed(query: string): ReadonlyMap<number, string>;
  /** All that it holds but for the documents, to be made again from. */
  dump(): LexicalDump;
}

const columnNames = ['order', 'traits', 'start', 'end', 'expires', 'subject', 'run', 'previous', 'next'] as const;

function firstWord(subject: string): string {
  return subject.split(' ', 1)[0] ?? '';
}

function traitsOf({ text, dated, recurs, isInsight }: LexicalDocument): number {
  return readTraits(text) | (dated ? trait.dated | trait.time : 0) | (recurs ? trait.recurs : 0) | (isInsight ? trait.insight : 0);
}

/** An index, empty or made again from a dump and the documents that it was made of. */
export function createLexicalIndex(from?: { dump: LexicalDump; documents: (id: string) => LexicalDocument | undefined }): LexicalIndex {
  const memories = createPostings(weights.memory, from?.dump.memories);
  const runs = createPostings(weights.run, from?.dump.runs);
  // Made of all terms by the first query with an unknown word.
  let spelling: Spelling | undefined;
  const ids = from?.dump.ids ?? [];
  const columns = Object.fromEntries(columnNames.map((name) => [name, Array.from(from?.dump.columns[name] ?? [])])) as Record<
    keyof Columns,
    number[]
  >;
  const { order, traits, start, end, expires, subject: subjectOf, run: runOf, previous, next } = columns;
  /** Where the index was made from a dump, they are fetched when they are first looked at. */
  const documents: (LexicalDocument | undefined)[] = [];
  const slots = new Map<string, number>();
  const free: number[] = [];
  for (const [slot, id] of ids.entries()) {
    if (id === '') free.push(slot);
    else slots.set(id, slot);
  }
  const subjects = from?.dump.subjects ?? new Map<string, { number: number; count: number }>();
  const runNumbers = from?.dump.runNumbers ?? new Map<string, { number: number; last: number }>();
  const freeRuns = from?.dump.freeRuns ?? [];
  /** Slots of the documents without a run by their order. */
  const runless = new Map<number, number>();
  for (const slot of slots.values()) if (runOf[slot] === -1) runless.set(order[slot] ?? 0, slot);
  let subjectNumbers = 0;
  /** Subjects by their first word. */
  const firstWords = new Map<string, Set<string>>();
  for (const [subject, { number }] of subjects) {
    subjectNumbers = Math.max(subjectNumbers, number + 1);
    subjectsWith(firstWord(subject)).add(subject);
  }

  function documentAt(slot: number): LexicalDocument | undefined {
    const id = ids[slot] ?? '';
    if (id !== '') documents[slot] ??= from?.documents(id);
    return documents[slot];
  }

  function termsOf(document: LexicalDocument): string[] {
    const own = terms(document.text);
    const said = new Set(own);
    return [...own, ...terms([document.subject ?? '', ...(document.entities ?? [])].join(' ')).filter((term) => !said.has(term))];
  }

  function subjectsWith(word: string): Set<string> {
    const found = firstWords.get(word) ?? new Set();
    firstWords.set(word, found);
    return found;
  }

  function countSubject(subject: string | undefined): number {
    const key = words(subject ?? '').join(' ');
    if (key === '') return -1;
    const known = subjects.get(key) ?? { number: subjectNumbers++, count: 0 };
    known.count += 1;
    subjects.set(key, known);
    subjectsWith(firstWord(key)).add(key);
    return known.number;
  }

  function discountSubject(document: LexicalDocument): void {
    const key = words(document.subject ?? '').join(' ');
    const known = subjects.get(key);
    if (!known || --known.count > 0) return;
    subjects.delete(key);
    const word = firstWord(key);
    if (subjectsWith(word).delete(key) && subjectsWith(word).size === 0) firstWords.delete(word);
  }

  function link(slot: number, name: string): number {
    const run = runNumbers.get(name) ?? { number: freeRuns.pop() ?? runNumbers.size, last: -1 };
    runNumbers.set(name, run);
    // Most of what is added is the newest of its run.
    let before = run.last;
    let after = -1;
    while (before >= 0 && (order[before] ?? 0) > (order[slot] ?? 0)) [before, after] = [previous[before] ?? -1, before];
    join(before, slot);
    join(slot, after);
    if (after < 0) run.last = slot;
    return run.number;
  }

  function unlink(slot: number, name: string): void {
    const run = runNumbers.get(name);
    if (!run) return;
    const [before = -1, after = -1] = [previous[slot], next[slot]];
    join(before, after);
    if (after < 0) run.last = before;
    if (run.last >= 0) return;
    runNumbers.delete(name);
    freeRuns.push(run.number);
  }

  function linkRunless(slot: number): void {
    const place = order[slot] ?? 0;
    runless.set(place, slot);
    join(runless.get(place - 1) ?? -1, slot);
    join(slot, runless.get(place + 1) ?? -1);
  }

  function unlinkRunless(slot: number): void {
    runless.delete(order[slot] ?? 0);
    join(previous[slot] ?? -1, -1);
    join(-1, next[slot] ?? -1);
  }

  function join(before: number, after: number): void {
    if (before >= 0) next[before] = after;
    if (after >= 0) previous[after] = before;
  }

  function remove(id: string): void {
    const slot = slots.get(id);
    const document = slot === undefined ? undefined : documentAt(slot);
    if (slot === undefined || !document) return;
    const found = termsOf(document);
    memories.remove(slot, found);
    for (const term of new Set(found)) if (!memories.has(term)) spelling?.remove(term);
    if (document.run === undefined) {
      unlinkRunless(slot);
    } else {
      runs.remove(runOf[slot] ?? -1, found);
      unlink(slot, document.run);
    }
    discountSubject(document);
    documents[slot] = undefined;
    start[slot] = Number.NaN;
    ids[slot] = '';
    slots.delete(id);
    free.push(slot);
  }

  function namedIn(query: string): Map<number, string> {
    const named = [...new Set(words(query))].flatMap((word) => [...(firstWords.get(word) ?? [])]);
    return new Map(named.map((subject) => [subjects.get(subject)?.number ?? -1, subject]));
  }

  /** Lifts to its weighted share what tells an aspect of a life or a project that the query asks for. */
  function liftTelling(own: Float64Array, query: string, statistics: TermStatistics): void {
    const { told, share, ofOneself } = askedAspects(query, namedIn(query).size > 0);
    if (told.size === 0) return;
    const telling = memories.score(told, statistics);
    // A rare word alone tells nearly all of it.
    const most = memories.maximum('', statistics);
    for (let slot = 0; slot < own.length; slot++) {
      const ofOthers = ofOneself && ((traits[slot] ?? 0) & trait.ofOneself) === 0;
      const reached = weights.told * share * Math.min(1, (telling[slot] ?? 0) / most) * (ofOthers ? weights.toldOfOthers : 1);
      own[slot] = Math.max(own[slot] ?? 0, reached);
    }
  }

  /** The known terms that an unknown word may stand for, and their weight. */
  function near(word: string): { terms: string[]; weight: number } {
    if (!spelling) {
      spelling = createSpelling();
      for (const known of memories.terms()) spelling.add(known);
    }
    const misspelt = spelling.near(word);
    return misspelt.length > 0 ? { terms: misspelt, weight: weights.misspelt } : { terms: spelling.akin(word), weight: weights.akin };
  }

  return {
    get size() {
      return slots.size;
    },
    get termCount() {
      return memories.length;
    },
    get slotCount() {
      return ids.length;
    },
    get subjectCount() {
      return subjects.size;
    },
    columns,
    add(id, document) {
      remove(id);
      const slot = free.pop() ?? ids.length;
      ids[slot] = id;
      documents[slot] = document;
      slots.set(id, slot);
      const found = termsOf(document);
      for (const term of new Set(found)) if (!memories.has(term)) spelling?.add(term);
      memories.add(slot, found);
      order[slot] = document.order;
      traits[slot] = traitsOf(document);
      start[slot] = document.span?.start ?? Number.NaN;
      end[slot] = document.span?.end ?? Number.NaN;
      expires[slot] = document.expires ?? Number.POSITIVE_INFINITY;
      subjectOf[slot] = countSubject(document.subject);
      previous[slot] = -1;
      next[slot] = -1;
      runOf[slot] = -1;
      if (document.run === undefined) return linkRunless(slot);
      runOf[slot] = link(slot, document.run);
      runs.add(runOf[slot] ?? -1, found);
    },
    remove,
    statistics: memories,
    score(query, statistics = memories) {
      const vocabulary = { has: memories.has, maximum: (term: string) => memories.maximum(term, statistics), near };
      const { weighted, maximum } = weighQuery(query, vocabulary);
      const share = (scores: Float64Array, most: number) => {
        if (maximum > 0) for (let at = 0; at < scores.length; at++) scores[at] = Math.min(most, (scores[at] ?? 0) / maximum);
        return scores;
      };
      const own = share(memories.score(weighted, statistics), 1);
      liftTelling(own, query, statistics);
      return { own, runs: share(runs.score(weighted), Number.POSITIVE_INFINITY) };
    },
    slotOf: (id) => slots.get(id),
    idAt: (slot) => ids[slot] ?? '',
    documentAt,
    subjectsNamed: namedIn,
    dump: () => ({
      memories: memories.dump(),
      runs: runs.dump(),
      ids,
      columns: Object.fromEntries(columnNames.map((name) => [name, Float64Array.from(columns[name])])) as LexicalDump['columns'],
      subjects,
      runNumbers,
      freeRuns,
    }),
  };
}
