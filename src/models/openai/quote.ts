import { stopWords } from '../../core/ranking/english.js';
import { fold } from '../../core/ranking/folding.js';
import { stopCharacters } from '../../core/ranking/ideographs.js';
import { stem } from '../../core/ranking/stemming.js';

/** Words of a text that a model meant by a quote: a stretch of it as it stands, and how much of the quote is in it, 0 to 1. */
export interface FoundQuote {
  words: string;
  share: number;
}

/** Characters that a quote has at most. */
const longestQuote = 500;
/** How much of a quote must stand in one stretch: small models leave words out, change their forms and slip in others. */
const leastShare = 0.65;
/** What is found word by word counts a little less than what stands there literally. */
const notLiteral = 0.99;
/** What a word that stands in nearly every sentence counts, where another counts 1. */
const commonWeight = 0.4;
/** Words that say nothing where others stand beside them; "yes" and "too" say something. */
const bareWords = new Set(
  'i me my mine we us our you your he him his she her it its they them their the a an this that am is are was were be been of to in on at for with and or but 我 你 您 他 她 它 们 的 了 在 和 与 也 就 都'.split(
    ' ',
  ),
);
/** Words of a quote that are looked for. */
const mostTokens = 150;

/** A word, a character of a script without spaces, or a pictograph. */
const tokens =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}])+|\p{Extended_Pictographic}/gu;
const elision = /\s*(?:\[(?:\.{3}|…)\]|\.{3,}|…+)\s*/;
const closing = /^[\p{Pe}\p{Pf}\p{Po}"']+/u;

interface Token {
  key: string;
  start: number;
  end: number;
}

function tokensOf(text: string, most = Number.POSITIVE_INFINITY): Token[] {
  const found: Token[] = [];
  for (const { 0: word, index } of text.matchAll(tokens)) {
    if (found.length >= most) break;
    found.push({ key: stem(fold(word).trim()), start: index, end: index + word.length });
  }
  return found;
}

function weightOf(key: string): number {
  return stopWords.has(key) || stopCharacters.has(key) || key === 'user' ? commonWeight : 1;
}

/** How a model's quotes are found in a text that it was shown: literally, apart from case, white space and punctuation, or nearly. */
export function quoteFinder(shown: string): (quote: string) => FoundQuote | undefined {
  let read: Token[] | undefined;
  return (given) => {
    const whole = given.trim();
    const isLiteral = shown.includes(whole);
    // Where a model left words out, the longest part can still be found.
    const quote = isLiteral ? whole : longest(whole.split(elision));
    const wanted = tokensOf(quote, mostTokens);
    if (wanted.length === 0) return undefined;
    const isBare = wanted.every(({ start, end }) => bareWords.has(quote.slice(start, end).toLowerCase()));
    if (isBare && tokensOf(shown, wanted.length + 1).length > wanted.length) return undefined;
    if (isLiteral) return { words: bounded(quote), share: 1 };
    read ??= tokensOf(shown);
    const best = closestStretch(read, wanted);
    if (best === undefined || best.share < leastShare) return undefined;
    const start = read[best.first]?.start ?? 0;
    const end = read[best.last]?.end ?? 0;
    const tail = closing.test(quote.slice(wanted.at(-1)?.end)) ? (closing.exec(shown.slice(end, end + 3))?.[0] ?? '') : '';
    return { words: bounded(shown.slice(start, end) + tail), share: best.share * notLiteral };
  };
}

function longest(parts: string[]): string {
  return parts.reduce((best, part) => (part.length > best.length ? part : best), '');
}

/** As much of a text as a quote may hold, cut between characters so that it still stands in the text. */
function bounded(text: string): string {
  const cut = text.slice(0, longestQuote);
  return text.length > longestQuote && /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** The stretch of at most half as many tokens again as are wanted that holds most of them; the shortest of the first such. */
function closestStretch(read: Token[], wanted: Token[]): { first: number; last: number; share: number } | undefined {
  const total = wanted.reduce((sum, { key }) => sum + weightOf(key), 0);
  const room = Math.ceil(wanted.length * 1.5) + 1;
  const missing = new Map<string, number>();
  for (const { key } of wanted) missing.set(key, (missing.get(key) ?? 0) + 1);
  let held = 0;
  let best: { end: number; held: number } | undefined;
  const count = (token: Token | undefined, step: 1 | -1) => {
    const left = token && missing.get(token.key);
    if (token === undefined || left === undefined) return;
    if (step === 1 ? left > 0 : left >= 0) held += step * weightOf(token.key);
    missing.set(token.key, left - step);
  };
  for (const [end, token] of read.entries()) {
    count(token, 1);
    count(read[end - room], -1);
    if (held > (best?.held ?? 0) + 1e-9) best = { end, held };
  }
  if (best === undefined) return undefined;
  const keys = new Set(wanted.map(({ key }) => key));
  const last = best.end;
  // The stretch begins as late as it can while it still holds all of them.
  const need = new Map<string, number>();
  for (const { key } of wanted) need.set(key, (need.get(key) ?? 0) + 1);
  let first = last;
  let gained = 0;
  for (let at = last; at >= Math.max(0, last - room + 1); at -= 1) {
    const key = read[at]?.key ?? '';
    const left = keys.has(key) ? (need.get(key) ?? 0) : 0;
    if (left <= 0) continue;
    need.set(key, left - 1);
    gained += weightOf(key);
    first = at;
    if (gained >= best.held - 1e-9) break;
  }
  return { first, last, share: best.held / total };
}
