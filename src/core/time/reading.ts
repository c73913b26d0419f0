import type { Recurrence } from '../events.js';
import type { Day } from './days.js';

/** Which of several dates a phrase without a year or direction means. */
export type Preference = 'past' | 'future' | 'nearest';
/** How exactly a phrase says when. */
export type Precision = 'instant' | 'day' | 'week' | 'month' | 'season' | 'year';
/** Where in a month or year: its thirds, or its very start and end. */
export type Part = 'start' | 'early' | 'mid' | 'late' | 'end';
/** Which one of a row is meant: the last past one, that of now, the next one. */
export type Which = 'last' | 'this' | 'next';

/** What phrases are read against. */
export interface PhraseContext {
  today: Day;
  /** Milliseconds since 1970. */
  now: number;
  zone: string;
  prefer: Preference;
}

/** Whole days that a phrase stands for, `until` not included. */
export interface Reading {
  from: Day;
  until: Day;
  precision: Precision;
  /** The one day, month or year it stands for, shortest ISO form. */
  value?: string | undefined;
  /** Of a week, which has no such form, the day it is known by: its first, or the one that was counted to. */
  day?: Day | undefined;
  /** Says no year, so that a neighbouring phrase may supply it. */
  yearless?: boolean | undefined;
  /** A weekday that does not say of which week. */
  weekless?: boolean | undefined;
  /** How it comes round when "every" precedes it. */
  cycle?: Recurrence | undefined;
  /** How it comes round by its own words. */
  recurs?: Recurrence | undefined;
  /** Its words name more than a time ("Christmas", "recently"): what is looked for may hold them. */
  topical?: 'holiday' | 'vague' | undefined;
  /** The moment itself, where the phrase counts hours or minutes. */
  instant?: { start: number; end: number } | undefined;
}

/** A reading with its place in the text, as character offsets. */
export interface FoundPhrase {
  start: number;
  end: number;
  reading: Reading;
}

/** The named groups of a match. */
export type Groups = Partial<Record<string, string>>;

/** One line of a phrase table: what a phrase looks like and what it means; undefined where the words mean something else. */
export interface PhraseRule {
  pattern: RegExp;
  read(groups: Groups, context: PhraseContext): Reading | undefined;
}

/**
 * Rules for phrases of one sort in one language. None of them is tried on a text in which `hint` finds nothing: most
 * texts hold no phrase, and one search tells.
 */
export interface PhraseTable {
  hint: RegExp;
  rules: PhraseRule[];
}

/** A rule from the source of its pattern, which ignores case. */
export function phraseRule(source: string, read: PhraseRule['read']): PhraseRule {
  return { pattern: new RegExp(source, 'giu'), read };
}

/** The same with the way it comes round by its own words, by default its cycle. */
export function recurring(reading: Reading | undefined, recurs?: Recurrence | undefined): Reading | undefined {
  return reading && { ...reading, recurs: recurs ?? reading.cycle };
}
