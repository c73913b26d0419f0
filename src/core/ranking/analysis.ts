import { withoutCaller } from './caller.js';
import { stopWords, withoutSetPhrases } from './english.js';
import { fold } from './folding.js';
import { clip, groupedNumbers, isIdentifier, readChunk } from './identifiers.js';
import { stopCharacters } from './ideographs.js';
import { languagesAmong } from './languages.js';
import { stem, stemsIn } from './stemming.js';

/** Scripts written without spaces between words, or with endings joined to them. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Those of them in which one character is a word or a syllable with a meaning of its own. */
const meaningful = /[\p{Script=Han}\p{Script=Hangul}]/u;
/** Signs that join what stands on both sides of them, up to three in a row (https://), and a comma between digits. */
const joint = String.raw`(?:[._@/\\:+#=&?%~-]{1,3}|(?<=\d),(?=\d))`;
const letter = String.raw`(?!${unspaced.source})[\p{L}\p{M}\p{N}_]`;

/** The source of a pattern for a chunk whose characters match `part`. */
function chunkOf(part: string): string {
  // What may lead it: --flag, ::name, $5, .env, -v; a hyphen before more letters is rather a dash.
  const lead = String.raw`(?<!${part})(?:--|::|[$€£¥₹₩]|(?<!\.)\.(?=\p{L})|-(?=\p{L}(?!${part}|-)))`;
  // What may end it: c++, c#.
  const trail = String.raw`(?:\+\+?|#)(?!${part})`;
  return `(?:${lead})?(?:${part})+(?:${joint}(?:${part})+)*(?:${trail})?`;
}

/** Letters and digits with signs between them, so that an address, a path or a version is seen whole; or a run without spaces. */
const chunks = new RegExp(`((?:${unspaced.source}\\p{M}*)+)|${chunkOf(letter)}`, 'gu');
/** The same for text that is ASCII. */
const asciiChunks = new RegExp(chunkOf('[a-z0-9_]').replaceAll('\\p{L}', '[a-z]'), 'g');
/** Nearly all words of Latin text; they need none of the costlier reading. */
const plainWord = /^[a-z]+$/;
const beyondAscii = /[^\0-\x7f]/;

/** Where a word of a text comes from: it is one, it is a part of an identifier, or a whole one. */
export type WordKind = 'word' | 'part' | 'identifier';

function readUnspaced(run: string, take: (word: string, kind: WordKind) => void): void {
  const characters = /\p{M}/u.test(run) ? (run.match(/.\p{M}*/gu) ?? []) : [...run];
  for (const [index, character] of characters.entries()) {
    if (characters.length === 1 || meaningful.test(character)) take(character, 'word');
    const next = characters[index + 1];
    if (next !== undefined) take(character + next, 'word');
  }
}

function readWords(text: string, take: (word: string, kind: WordKind) => void): void {
  const folded = withoutSetPhrases(fold(text));
  for (const [chunk, run] of folded.matchAll(beyondAscii.test(folded) ? chunks : asciiChunks)) {
    if (run !== undefined) {
      readUnspaced(run, take);
      continue;
    }
    if (plainWord.test(chunk)) {
      take(clip(chunk), 'word');
      continue;
    }
    const { parts, wholes } = readChunk(chunk);
    const kind = wholes.some(isIdentifier) ? 'part' : 'word';
    for (const part of parts) take(clip(part), isIdentifier(part) ? 'identifier' : kind);
    for (const whole of wholes) take(whole, isIdentifier(whole) ? 'identifier' : 'part');
  }
  for (const number of groupedNumbers(folded)) take(number, 'identifier');
}

/**
 * The words of a text in order, folded: scripts without spaces as characters and pairs, identifiers (ERR_FAILED, a.b@c.org,
 * etc/hosts, v1.2.3) once whole beside their parts.
 */
export function words(text: string): string[] {
  const found: string[] = [];
  readWords(text, (word) => found.push(word));
  return found;
}

/** One term of a query. */
export interface QueryTerm {
  /** What memories are matched by. */
  term: string;
  /** The word as it was written, folded but not stemmed. */
  word: string;
  kind: WordKind;
}

/**
 * The terms of a text with where they come from: its words without stop words, brought to base forms and stemmed. In a
 * text of a language that its function words tell, its words have that language's stem as well, and these are left out.
 */
export function queryTerms(text: string): QueryTerm[] {
  const read: { word: string; kind: WordKind }[] = [];
  readWords(withoutCaller(text), (word, kind) => read.push({ word, kind }));
  const telling = read.filter(({ word }) => !stopWords.has(word) && !stopCharacters.has(word));
  const languages = languagesAmong(read.map(({ word }) => word));
  const topical = telling.filter(({ word }) => !languages.some(({ functionWords }) => functionWords.has(word)));
  // A word alone may be a function word of a language that nobody speaks here.
  return (topical.length > 0 ? topical : telling).flatMap(({ word, kind }) =>
    stemsIn(word, languages).map((term) => ({ term, word, kind })),
  );
}

/** The terms of a text for matching, see `queryTerms`. The same text always gives the same terms. */
export function terms(text: string): string[] {
  const found = words(text);
  const languages = languagesAmong(found);
  const telling: string[] = [];
  for (const word of found) {
    if (stopWords.has(word) || stopCharacters.has(word)) continue;
    if (languages.length === 0) telling.push(stem(word));
    else if (!languages.some(({ functionWords }) => functionWords.has(word))) telling.push(...stemsIn(word, languages));
  }
  return telling;
}

/** The terms of a list of words, without single ideographs: each is part of too many words. */
export function tellingTerms(list: string): string[] {
  return terms(list).filter((term) => !/^\p{Script=Han}$/u.test(term));
}
