import { relatedTerms } from './concepts.js';
import { baseForms, stopWords } from './english.js';
import { stem } from './stemming.js';
import { thresholds } from './weights.js';

/** The vocabulary of an index, searchable for words that look alike. */
export interface Spelling {
  /** Adds a term; O(its letters). */
  add(term: string): void;
  remove(term: string): void;
  /**
   * The known terms that an unknown word may have meant: stems within one edit of it, or of what it is without an ending,
   * two from eight letters on; those with the fewest edits, and of these those that begin alike. None for an everyday
   * word, which is only unknown, nor for one that is an edit away from a function word.
   */
  near(word: string): string[];
  /**
   * The known terms that an unknown word is a part of, or that are a part of it, as compounds have them ("Ferienhaus"), and
   * those that share most of their letters from the beginning, as derived words do; at least five letters in all cases.
   */
  akin(word: string): string[];
}

/** Letters of scripts with spaces between words: in others, what is compared are pairs of characters. */
const spacedLetters = /^(?:(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u2e80-\u{10ffff}])[\p{L}\p{M}])*$/u;
/** Letters of the longest word: the table of edits has room for no more. */
const longestWord = 40;
const isCorrectable = (word: string) => word.length >= thresholds.spelling.word && word.length <= longestWord && spacedLetters.test(word);

/** Terms of one length, each with the set of its letters as 32 bits. */
interface Shelf {
  terms: string[];
  signatures: number[];
}

function signatureOf(term: string): number {
  let signature = 0;
  for (let at = 0; at < term.length; at++) signature |= 1 << (term.charCodeAt(at) & 31);
  return signature;
}

function bitsOf(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return (((fours + (fours >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

const width = longestWord + 1;
const table = new Uint8Array(width * width);
for (let at = 0; at < width; at++) table[at] = table[at * width] = at;

/** Edits (insert, remove, replace, swap of neighbours) between two words of up to 40 letters: optimal string alignment distance. */
export function distance(left: string, right: string): number {
  for (let row = 1; row <= left.length; row++) {
    const here = row * width;
    const letter = left.charCodeAt(row - 1);
    for (let column = 1; column <= right.length; column++) {
      const above = here - width + column;
      const other = right.charCodeAt(column - 1);
      let edits = Math.min(
        (table[above - 1] ?? 0) + Number(letter !== other),
        (table[above] ?? 0) + 1,
        (table[here + column - 1] ?? 0) + 1,
      );
      const swapped = row > 1 && column > 1 && letter === right.charCodeAt(column - 2) && other === left.charCodeAt(row - 2);
      if (swapped) edits = Math.min(edits, (table[above - width - 2] ?? 0) + 1);
      table[here + column] = edits;
    }
  }
  return table[left.length * width + right.length] ?? 0;
}

/**
 * An empty vocabulary; only words of 4 to 40 letters are kept, others have no near ones. A search reads the letter sets
 * of the terms of about its length, since one edit changes no more than two letters of a set: .2 ms among 100,000 terms.
 */
export function createSpelling(): Spelling {
  const shelves: Shelf[] = Array.from({ length: longestWord + 1 }, () => ({ terms: [], signatures: [] }));
  /** Every term on a shelf, and whether it still counts. */
  const held = new Map<string, boolean>();

  function search(form: string, most: number, take: (term: string, edits: number) => void): void {
    const signature = signatureOf(form);
    for (let length = Math.max(0, form.length - most); length <= form.length + most; length++) {
      const { terms = [], signatures = [] } = shelves[length] ?? {};
      for (let at = 0; at < signatures.length; at++) {
        if (bitsOf((signatures[at] ?? 0) ^ signature) > 2 * most) continue;
        const term = terms[at] ?? '';
        const edits = distance(form, term);
        if (edits <= most && held.get(term)) take(term, edits);
      }
    }
  }

  return {
    add(term) {
      if (!isCorrectable(term)) return;
      if (!held.has(term)) {
        shelves[term.length]?.terms.push(term);
        shelves[term.length]?.signatures.push(signatureOf(term));
      }
      held.set(term, true);
    },
    remove(term) {
      if (held.has(term)) held.set(term, false);
    },
    near(word) {
      if (!isCorrectable(word) || isEveryday(word)) return [];
      let fewest = editsIn(word);
      let found = new Set<string>();
      const take = (term: string, edits: number) => {
        if (edits > fewest || held.get(term) !== true) return;
        if (edits < fewest) found = new Set();
        fewest = edits;
        found.add(term);
      };
      for (const form of formsOf(word)) search(form, Math.min(fewest, editsIn(form)), take);
      for (const [form, edits] of repaired(word)) {
        take(form, edits);
        // One slip in the ending, one before it.
        if (editsIn(word) > edits && isCorrectable(form)) search(form, 1, (term, more) => take(term, edits + more));
      }
      // The first letter is the one that is hardly ever wrong.
      const alike = [...found].filter((term) => term[0] === word[0]);
      return alike.length > 0 ? alike : [...found];
    },
    akin(word) {
      if (!isCorrectable(word) || word.length < thresholds.spelling.part) return [];
      const found: string[] = [];
      for (const [term, counts] of held) if (counts && term.length >= thresholds.spelling.part && isAkin(term, word)) found.push(term);
      return found;
    },
  };
}

function isAkin(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (long.startsWith(short) || long.endsWith(short)) return true;
  let shared = 0;
  while (shared < short.length && short[shared] === long[shared]) shared++;
  return shared > thresholds.spelling.part && shared * 3 >= long.length * 2;
}

/** Edits that are forgiven: in short words too many others lie within two. */
const editsIn = (word: string) => (word.length >= thresholds.spelling.twoEdits ? 2 : 1);

/** What a word may be without an ending, as the stems of the vocabulary are. */
function formsOf(word: string): Set<string> {
  const stripped = endings.filter((ending) => word.endsWith(ending)).map((ending) => word.slice(0, -ending.length));
  return new Set([word, stem(word), ...stripped].filter((form) => form === word || form.length >= thresholds.spelling.stem));
}

const endings = 's es ed ing er ly y e ies ity ion ation ment ness ence ance al'.split(' ');

/** The stems of a word whose ending, or irregular form, is one edit away. */
function repaired(word: string): [string, number][] {
  const found: [string, number][] = [];
  for (const ending of endings) {
    for (let length = ending.length - 1; length <= ending.length + 1; length++) {
      if (length < 2 || word.length - length < thresholds.spelling.stem - 1) continue;
      if (distance(word.slice(-length), ending) === 1) found.push([stem(word.slice(0, -length) + ending), 1]);
    }
  }
  for (const form of oneEditFrom(word, irregular)) found.push([stem(form), 1]);
  return found;
}

/** Whether a word is known to be spelt as it should, or is rather a function word misspelt. */
function isEveryday(word: string): boolean {
  return baseForms.has(word) || relatedTerms(stem(word)).size > 0 || oneEditFrom(word, functionWords).length > 0;
}

type Signed = readonly { form: string; signature: number }[];

/** Words of a fixed list that are one edit away from a word. */
function oneEditFrom(word: string, list: Signed): string[] {
  const signature = signatureOf(word);
  return list
    .filter((other) => Math.abs(other.form.length - word.length) <= 1 && bitsOf(signature ^ other.signature) <= 2)
    .map(({ form }) => form)
    .filter((form) => distance(word, form) === 1);
}

function signed(words: Iterable<string>): Signed {
  return [...words].filter((form) => form.length >= thresholds.spelling.word).map((form) => ({ form, signature: signatureOf(form) }));
}

const irregular = signed(baseForms.keys());
const functionWords = signed(stopWords);
