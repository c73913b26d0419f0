import { stopWords } from '../../core/ranking/english.js';
import { fold } from '../../core/ranking/folding.js';
import { distance } from '../../core/ranking/spelling.js';
import { stem } from '../../core/ranking/stemming.js';

/** What English writes with a capital although it names no one thing, and names that are told in many ways. */
const languageWords = new Set(
  `i im ive ill id user users ok am pm mr mrs ms dr prof god
  january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
  monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
  christmas easter thanksgiving halloween new year eve utc gmt cet est pst celsius fahrenheit
  mom mum mama dad papa grandma grandpa grandmother grandfather aunt uncle
  english french german dutch spanish italian portuguese greek swiss polish danish swedish norwegian finnish turkish russian chinese
  mandarin japanese korean american british european african asian
  usa us uk eu tv pc ai it hr ceo cto phd mba nyc la sf diy faq api sms gps gp
  nutzer utilisateur usuario utente benutzer`.split(/\s+/),
);
/** Names that stand side by side. */
const runs = /\p{Lu}[\p{L}\p{M}\p{N}'’]*(?:[ -]\p{Lu}[\p{L}\p{M}\p{N}'’]*)*/gu;
/** What stands before the first word of a sentence. */
const sentenceStart = /(?:^|[.!?:;…。！？]["'”’)]*\s+|\n\s*(?:[-*•]\s*)?)["'“‘(]*$/u;
/** Characters that are looked at for it. */
const sentenceStartLength = 12;
/** Letters that two forms of one name begin with. */
const prefix = 4;

/**
 * How names are found that a statement has and the evidence has not: words with a capital within a sentence. Other
 * forms, small misspellings and abbreviations of what stands there may pass. For texts in Latin letters.
 */
export function nameFinder(evidence: string): (text: string) => string | undefined {
  const known = new Set(wordsOf(evidence));
  const stems = new Set([...known].map(stem));
  const beginnings = new Set([...known].map((each) => each.slice(0, prefix)));
  const joined = [...known].join(' ');
  const abbreviations = [...known].filter((each) => each.length >= 2 && each.length <= 4 && !stopWords.has(each));

  function isKnown(name: string): boolean {
    const key = plainForm(name);
    if (languageWords.has(key) || known.has(key) || stems.has(stem(key))) return true;
    if (key.length >= prefix && (beginnings.has(key.slice(0, prefix)) || joined.includes(key))) return true;
    if (key.length > prefix && [...known].some((each) => isNearlyWritten(each, key))) return true;
    return isShortFor(key, name);
  }

  /** "VW" where Volkswagen was said, "TypeScript" where it was ts. */
  function isShortFor(key: string, name: string): boolean {
    const capitals = (name.match(/\p{Lu}/gu) ?? []).join('').toLowerCase();
    if (capitals.length < 2) return false;
    return known.has(capitals) || (capitals === key && [...known].some((each) => each[0] === key[0] && isWithin(key, each)));
  }

  /** "New York" and "New York City" where it was nyc. */
  function isAbbreviated(names: string[]): boolean {
    const initials = names.map((name) => name[0]?.toLowerCase()).join('');
    return initials.length > 1 && abbreviations.some((each) => each.startsWith(initials) || initials.startsWith(each));
  }

  return (text) => {
    for (const { 0: run, index } of text.matchAll(runs)) {
      const before = text.slice(Math.max(0, index - sentenceStartLength), index);
      const names = run.split(/[ -]/);
      // Any word may begin a sentence with a capital.
      const begins = sentenceStart.test(index > sentenceStartLength ? `x${before}` : before);
      if (/[\p{L}\p{N}]$/u.test(before) || isAbbreviated(names)) continue;
      const stranger = names.slice(begins ? 1 : 0).find((name) => !isKnown(name));
      if (stranger !== undefined) return stranger;
    }
    return undefined;
  };
}

const plainForm = (name: string) => fold(name).trim();

function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

function isNearlyWritten(one: string, other: string): boolean {
  const most = Math.min(one.length, other.length) >= 7 ? 2 : 1;
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
}

/** Whether the letters of a short word stand in a longer one in their order. */
function isWithin(short: string, long: string): boolean {
  let from = 0;
  return [...short].every((letter) => {
    from = long.indexOf(letter, from) + 1;
    return from > 0;
  });
}
