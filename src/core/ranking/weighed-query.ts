import { queryTerms } from './analysis.js';
import { relatedTerms } from './concepts.js';
import { termsOfKind } from './kinds.js';
import { translationsOf } from './translations.js';
import { weights } from './weights.js';

/** What an index knows of words. */
export interface Vocabulary {
  has(term: string): boolean;
  /** The most that a memory could score for a term, known or not. */
  maximum(term: string): number;
  /** The known terms that an unknown word may stand for, and what they count. */
  near(word: string): { terms: string[]; weight: number };
}

/** A query as it is held against the memories of an index. */
export interface WeighedQuery {
  /** The terms looked for: those asked, and what else may stand for them. */
  weighted: Map<string, number>;
  /** The most that a memory could score for what was asked. */
  maximum: number;
}

const ideographPair = /^\p{Script=Han}{2}$/u;

/** The terms of a query with their weights: of several reasons for a term the first counts, the best comes first. */
export function weighQuery(query: string, vocabulary: Vocabulary): WeighedQuery {
  const read = new Map(queryTerms(query).map((each) => [each.term, each]));
  const asked = new Set(read.keys());
  const weighted = new Map<string, number>();
  const lookFor = (term: string, weight: number) => {
    if (!weighted.has(term)) weighted.set(term, weight);
  };
  let maximum = 0;
  for (const { term, word, kind } of read.values()) {
    const isKnown = vocabulary.has(term);
    const weight = isKnown ? (kind === 'identifier' ? weights.identifier : 1) : ideographPair.test(term) ? weights.unknownPair : 1;
    maximum += weight * vocabulary.maximum(term);
    if (isKnown) weighted.set(term, weight);
    else if (kind === 'word') {
      const meant = vocabulary.near(word);
      for (const known of meant.terms) if (!asked.has(known)) weighted.set(known, meant.weight);
    }
  }
  const translated = translationsOf(asked);
  for (const [term, share] of translated) lookFor(term, weights.translated * share);
  const things = new Set([...asked, ...translated.keys()].flatMap((term) => [...termsOfKind(term)]));
  for (const thing of things) lookFor(thing, weights.ofKind);
  for (const [term, share] of translationsOf(things)) lookFor(term, weights.ofKind * share);
  for (const term of asked) for (const other of relatedTerms(term)) lookFor(other, weights.related);
  return { weighted, maximum };
}
