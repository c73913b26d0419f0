import { words } from './ranking/analysis.js';
import { stopWords } from './ranking/english.js';
import { fold } from './ranking/folding.js';
import { languagesAmong } from './ranking/languages.js';
import { stem } from './ranking/stemming.js';

/** A statement with the names in it, whom it is about, and when what it says happens. */
export interface Named {
  text: string;
  subject?: string | undefined;
  entities?: string[] | undefined;
  occurred_at?: string | undefined;
}

/** Words that are written like names, or stand in them, and name nobody. */
const nameless = new Set('user users assistant mr mrs ms dr prof project inc ltd llc gmbh city company'.split(' '));
const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const weekday = /^(?:mon|tues|wednes|thurs|fri|satur|sun)days?$/;
/** A capital that does not begin a sentence, a line, a step of a list or what is quoted. */
const capitalised =
  /(?<!(?:^|[.!?:;。！？：；\n"“«(]|\d[.)])\s*)(?<![\p{Script=Latin}\p{M}\p{N}_'’])\p{Lu}[\p{Script=Latin}\p{M}\p{N}'’]*/gu;
const han = /\p{Script=Han}/u;
/** Letters from which on a name that begins another one is a form of it (Postgres, PostgreSQL; German, Germany). */
const leastForm = 5;

/** Whether a statement holds every name of another, be it abbreviated (VW), inflected, or, of a month or weekday, as its date. */
export function holdsNamesOf(holder: Named, other: Named): boolean {
  const held = [holder.text, holder.subject, ...(holder.entities ?? [])].filter(Boolean).join('\n');
  const folded = fold(held);
  const heldWords = wordsOf(held);
  const known = new Set(heldWords.flatMap(({ word }) => [word, stem(word)]));
  const spelledOut = new Set(abbreviations(heldWords).flatMap((each) => spelledIn(wordsOf(other.text), each)));
  return namesOf(other).every(({ word, written }) => {
    if (han.test(word)) return folded.includes(word);
    if (known.has(word) || known.has(stem(word)) || spelledOut.has(word) || isDatedBy(word, holder.occurred_at)) return true;
    if (heldWords.some((each) => isForm(each.word, word) || isAbbreviated(each, { word, written }))) return true;
    return isAbbreviation(written) && spelledIn(heldWords, word).length > 0;
  });
}

/** The words of the names in a statement, folded. */
export function nameWords(named: Named): Set<string> {
  return new Set(namesOf(named).map(({ word }) => word));
}

interface Word {
  word: string;
  written: string;
}

function wordsOf(text: string): Word[] {
  return (text.match(/[\p{Script=Latin}\p{M}\p{N}'’]+/gu) ?? []).map((written) => ({ word: fold(written).trim(), written }));
}

/** The words of the names that a statement is told to hold or writes with a capital; in German every noun has one. */
function namesOf({ text, entities = [] }: Named): Word[] {
  const isEnglish = languagesAmong(words(text)).length === 0;
  const inText = isEnglish ? [...text.matchAll(capitalised)].flatMap(([written]) => wordsOf(written)) : [];
  const told = entities
    .filter((entity) => fold(text).includes(fold(entity)))
    .flatMap((entity) => [
      ...wordsOf(entity),
      ...(entity.match(/\p{Script=Han}+/gu) ?? []).map((written) => ({ word: fold(written), written })),
    ]);
  return [...inText, ...told].filter(
    ({ word, written }) => word.length > 1 && !/^\d+$/.test(word) && (written === 'May' || !(stopWords.has(word) || nameless.has(word))),
  );
}

function isDatedBy(word: string, date: string | undefined): boolean {
  if (date === undefined) return false;
  const month = months.indexOf(word) + 1;
  return month > 0 ? Number(date.slice(5, 7)) === month : weekday.test(word) && date.length >= '2024-03-02'.length;
}

function isForm(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= leastForm && long.startsWith(short);
}

const isAbbreviation = (written: string) => /^\p{Lu}{2,5}$/u.test(written);
const abbreviations = (all: Word[]) => all.filter(({ written }) => isAbbreviation(written)).map(({ word }) => word);

/** Whether one is made of consonants of the other in their order (VW, JS); with vowels too much would be (US, Uppsala). */
function isAbbreviated(one: Word, other: Word): boolean {
  const [short, long] = isAbbreviation(one.written) ? [one.word, other.word] : [other.word, one.word];
  if (![one, other].some(({ written }) => isAbbreviation(written)) || !/^[^aeiou]+$/.test(short)) return false;
  return long.length > short.length && new RegExp(`^${[...short].join('.*')}`, 'u').test(long);
}

/** The words in a row whose first letters are an abbreviation. */
function spelledIn(all: Word[], abbreviation: string): string[] {
  const start = all
    .map(({ word }) => word.charAt(0))
    .join('')
    .indexOf(abbreviation);
  return start < 0 ? [] : all.slice(start, start + abbreviation.length).map(({ word }) => word);
}
