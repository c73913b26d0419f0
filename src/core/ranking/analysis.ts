import { stemmer } from 'stemmer';
import { baseForms, stopCharacters, stopWords } from './english.js';

/** Scripts written without spaces between words: they are read as characters and pairs of characters. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const scriptRuns = new RegExp(`(?:${unspaced.source}\\p{M}*)+|(?:(?!${unspaced.source})[\\p{L}\\p{M}\\p{N}])+`, 'gu');
/** Letters and digits with single signs between them, so that an address, a path or a version is seen whole. */
const chunks = /[\p{L}\p{M}\p{N}_]+(?:[._@/\\:+#-][\p{L}\p{M}\p{N}_]+)*(?:\+\+|#)?/gu;
const joints = /[._@/\\:+#-]+/u;
/** Nearly all words of Latin text; they need none of the costlier patterns. */
const plainWord = /^[a-z0-9]+$/;
const hyphenatedWord = /^[\p{L}\p{M}-]+$/u;
const longestTerm = 64;
const stems = new Map<string, string>();
const mostStems = 50_000;

function fold(text: string): string {
  const lower = text.normalize('NFKC').toLowerCase();
  const straight = lower.replace(/[\u2018\u2019\u02bc`]/g, "'");
  if (!/[^\0-\x7f]/.test(straight)) return straight.replace(/(?<=[a-z])'s(?![a-z])/g, '').replace(/(?<=[a-z])'(?=[a-z])/g, '');
  return straight
    .replace(/[\u00df-\u024f\u1e00-\u1eff]/g, (letter) => unaccented[letter] ?? letter.normalize('NFD').replace(/\p{M}+/gu, ''))
    .replace(/(?<=[a-z])[\u0300-\u036f]+/g, '')
    .replace(/(?<=\p{L})'s(?!\p{L})/gu, '')
    .replace(/(?<=\p{L})'(?=\p{L})/gu, '');
}

/** Latin letters that have no decomposition. */
const unaccented: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

function readChunk(chunk: string, found: string[]): void {
  if (plainWord.test(chunk)) {
    found.push(chunk.slice(0, longestTerm));
    return;
  }
  for (const part of chunk.split(joints)) {
    for (const [run] of part.matchAll(scriptRuns)) {
      if (!unspaced.test(run)) {
        found.push(run.slice(0, longestTerm));
        continue;
      }
      const characters = [...run];
      for (const [index, character] of characters.entries()) {
        found.push(character);
        const next = characters[index + 1];
        if (next !== undefined) found.push(character + next);
      }
    }
  }
  const whole = joints.test(chunk) && !hyphenatedWord.test(chunk);
  if (whole && chunk.length <= longestTerm) found.push(chunk);
}

/**
 * The words of a text in order: NFKC, lower case, accents and possessives off, contractions joined, scripts without
 * spaces as characters and pairs, and identifiers (ERR_FAILED, a.b@c.org, etc/hosts, v1.2.3) once whole beside their parts.
 */
export function words(text: string): string[] {
  const found: string[] = [];
  for (const [chunk] of fold(text).matchAll(chunks)) readChunk(chunk, found);
  return found;
}

function stem(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const base = baseForms.get(word) ?? word;
  const stemmed = /^[a-z]{3,40}$/.test(base) ? stemmer(base) : base;
  if (stems.size >= mostStems) stems.clear();
  stems.set(word, stemmed);
  return stemmed;
}

/**
 * The terms of a text for matching: its words without stop words, brought to base forms, English ones stemmed
 * (Porter, "An algorithm for suffix stripping", 1980). The same text always gives the same terms.
 */
export function terms(text: string): string[] {
  return words(text)
    .filter((word) => !stopWords.has(word) && !stopCharacters.has(word))
    .map(stem);
}
