import { stemmer as armenian } from '@orama/stemmers/armenian';
import { stemmer as greek } from '@orama/stemmers/greek';
import { stemmer as hindi } from '@orama/stemmers/indian';
import { stemmer as russian } from '@orama/stemmers/russian';
import { stemmer as tamil } from '@orama/stemmers/tamil';
import { stemmer as english } from 'stemmer';
import { baseForms } from './english.js';
import type { Language } from './languages.js';
import { stemArabic, stemHebrew } from './light-stemmers.js';
import { thresholds } from './weights.js';

/** The stemmer of a script is that of the language which most texts in it are of; all others were made for words of that language and do little to others. */
const scripts: readonly [RegExp, (word: string) => string][] = [
  [/^[a-z]+$/, english],
  [/^\p{Script=Cyrillic}+$/u, russian],
  [/^\p{Script=Greek}+$/u, greek],
  [/^\p{Script=Arabic}+$/u, stemArabic],
  [/^\p{Script=Hebrew}+$/u, stemHebrew],
  [/^\p{Script=Devanagari}+$/u, hindi],
  [/^\p{Script=Tamil}+$/u, tamil],
  [/^\p{Script=Armenian}+$/u, armenian],
];
const stemmable = /^[\p{L}\p{M}]{3,40}$/u;
/** The stems of words that were met, some 5 MB at most: texts repeat their words. */
const stems = new Map<string, string>();
const mostStems = 50_000;

function makeStem(word: string): string {
  const base = baseForms.get(word) ?? word;
  if (!stemmable.test(base)) return base;
  return scripts.find(([script]) => script.test(base))?.[1](base) || base;
}

/** The stem of a folded word by its script: Porter's for Latin letters ("An algorithm for suffix stripping", 1980), Snowball's for others. */
export function stem(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size >= mostStems) stems.clear();
  const stemmed = makeStem(word);
  stems.set(word, stemmed);
  return stemmed;
}

/** The stem of a folded word, and the other ones that it has in some languages. */
export function stemsIn(word: string, languages: readonly Language[]): string[] {
  const all = [stem(word)];
  if (!stemmable.test(word)) return all;
  for (const { stem: stemOf } of languages) {
    const other = stemOf(word);
    if (other.length >= thresholds.stem && !all.includes(other)) all.push(other);
  }
  return all;
}
