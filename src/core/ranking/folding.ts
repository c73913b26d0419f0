import { simplify } from '../simplified-chinese.js';

const beyondAscii = /[^\0-\x7f]/;
/** Joiners, direction marks, soft hyphens: signs that show nothing and come and go with the keyboard. */
const invisible = /[\u00ad\u200c-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Marks that people leave out: accents, Hebrew and Arabic vowels, the Arabic tatweel, the dot of Indic borrowings. Not those that make и to й, і to ї. */
const accents =
  /(?<![иі])[\u0300-\u036f]|(?<=и)[\u0300-\u0305\u0307-\u036f]|(?<=і)\u0301|[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u093c]/g;
const zeros =
  '\u0660 \u06f0 \u07c0 \u0966 \u09e6 \u0a66 \u0ae6 \u0b66 \u0be6 \u0c66 \u0ce6 \u0d66 \u0e50 \u0ed0 \u0f20 \u1040 \u17e0 \u1810';
/** Letters of one sound that are written one way or the other, Latin letters without decomposition, final forms of Greek and Hebrew. */
const oneLetter =
  'ß:ss æ:ae œ:oe ø:o ł:l đ:d ð:d þ:th ı:i ħ:h ŋ:n ς:σ ך:כ ם:מ ן:נ ף:פ ץ:צ أ:ا إ:ا آ:ا ٱ:ا ى:ي ی:ي ې:ي ک:ك ؤ:و ئ:ي ھ:ه ہ:ه ۀ:ه ە:ه ँ:ं ґ:г';
const letters = new Map<string, string>(oneLetter.split(' ').map((pair) => pair.split(':') as [string, string]));
for (const zero of zeros.split(' ')) {
  const start = zero.codePointAt(0) ?? 0;
  for (let digit = 0; digit < 10; digit++) letters.set(String.fromCodePoint(start + digit), String(digit));
}
for (let letter = 0x30a1; letter <= 0x30f6; letter++) letters.set(String.fromCodePoint(letter), String.fromCodePoint(letter - 0x60));
const foldable = new RegExp(`[${[...letters.keys()].join('')}\\p{Script=Han}]`, 'gu');

/** Articles and prepositions that French, Italian and Catalan join to the next word. */
const elided =
  /(?<![\p{L}\p{M}])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu|un|gl|all|dall|dell|nell|sull|coll|quell|bell|sant)'(?=[aeiouyh]\p{L})/gu;
/** Cases that Turkish puts after a name: Ankara'da, İstanbul'un. */
const caseAfterName =
  /(?<=\p{L}{3})'(?:[dt][ae]n?|[dt][ae]ki|ler|lar|n?[iu]n|[ns][iu]|y[aeiu]|n[ae]|y?l[ae]|(?<![aeiou]')[aiu])(?![\p{L}\p{M}'])/gu;
const possessive = /(?<=\p{L})'s(?!\p{L})/gu;

/**
 * A text in the form that words are compared in: NFKC, lower case, digits as 0 to 9, without accents and vowel points,
 * letters that are written one way or the other as one of them, katakana as hiragana, traditional Chinese as simplified,
 * possessives and elided articles off, other apostrophes inside words gone.
 */
export function fold(text: string): string {
  const ascii = !beyondAscii.test(text);
  const lower = ascii ? text.toLowerCase() : text.normalize('NFKC').toLowerCase();
  const straight = ascii ? lower.replaceAll('`', "'") : foldLetters(lower);
  if (!straight.includes("'")) return straight;
  return straight
    .replace(elided, ' ')
    .replace(possessive, '')
    .replace(caseAfterName, '')
    .replace(/(?<=[\p{L}\p{M}])'(?=\p{L})/gu, '');
}

function foldLetters(lower: string): string {
  return lower
    .replace(/[\u2018\u2019\u02bc\u0060\u00b4\u2032\u05f3]/g, "'")
    .replace(invisible, '')
    .normalize('NFD')
    .replace(accents, '')
    .normalize('NFC')
    .replace(foldable, (letter) => letters.get(letter) ?? simplify(letter));
}
