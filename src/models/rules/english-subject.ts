import { stem, wordsOf } from './english-words.js';

/** Words that only a predicate begins with. */
const opensPredicate = new Set(
  'am is are was were be has have had does do did will would can could must should may might shall became become went got ran took left broke lost came gave made sold began built bought chose kept put set sent now no not never always usually often sometimes still currently also just only recently already mostly mainly really finally used'.split(
    ' ',
  ),
);
/** Verbs that may also be taken for a plural. */
const verbs = new Set(
  'live work have own love like enjoy play speak study use drive drink eat go run prefer hate take teach keep collect cook read write practise practice learn ride swim draw listen watch wear sleep wake start manage lead follow support pay need know design build grow open close meet stay store return show sell cost serve hold send want move switch deploy sit stand handle process call contain expose'.split(
    ' ',
  ),
);
const determiner = /^(?:the|an?|my|our|this|that|these|those|its|new|current)$/;
const link = /^(?:of|in|at|on|for|with|from|by|to|and|or|between|near|the|an?|my|our)$/;
const plural = /(?<![sui'])s$/;

function isKnownVerb(word: string | undefined): boolean {
  return word !== undefined && (opensPredicate.has(word) || verbs.has(word) || verbs.has(word.replace(/(?:(?<=[sxho])e)?s$/, '')));
}

/** Whether a word begins what is said of the nouns before it. */
function opens({ word, before, after }: { word: string; before: string; after: string | undefined }): boolean {
  if (opensPredicate.has(word)) return true;
  if (link.test(before) || determiner.test(before)) return false;
  if (word.endsWith('ed')) return after === undefined || link.test(after) || determiner.test(after);
  if (!plural.test(word)) return plural.test(before) && verbs.has(word);
  if (isKnownVerb(word)) return after === undefined || !isKnownVerb(after) || opensPredicate.has(after);
  return !plural.test(before) && !isKnownVerb(after);
}

/** The noun phrase that a clause begins with, as stems without determiners, and what is said of it. */
export interface Subject {
  key: string;
  predicate: string;
}

/**
 * The subject of a normalized clause that begins with a noun or a name; undefined for pronouns and for what has none.
 * Where no verb is known for one, the subject is the whole clause, which equals no other.
 */
export function subjectOf(clause: string): Subject | undefined {
  const words = wordsOf(clause.slice(0, 500));
  const first = words.findIndex((word) => !determiner.test(word));
  const head = words[first];
  if (head === undefined || opensPredicate.has(head) || /^(?:i|we|you|he|she|it|they|there|me|us)$/.test(head)) return undefined;
  if (first === 0 && isKnownVerb(head)) return undefined;
  const at = words.findIndex((word, index) => index > first && opens({ word, before: words[index - 1] ?? '', after: words[index + 1] }));
  const nouns = words.slice(first, at === -1 ? undefined : at);
  if (nouns.some((word) => /^(?:i|we)$/.test(word))) return undefined;
  return {
    key: nouns
      .filter((word) => !determiner.test(word))
      .map(stem)
      .join(' '),
    predicate: at === -1 ? '' : words.slice(at).join(' '),
  };
}
