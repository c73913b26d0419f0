import type { Embedder } from '../core/ports.js';
import { breathe } from './breathe.js';

const dimension = 512;

/** Words that say little about a text's subject, at a fifth of the weight of others. */
const commonWords = new Set(
  (
    'a an the and or but if of to in on at by for with from as is am are was were be been being do does did have has had i me my you your he ' +
    'him his she her it its we us our they them their this that these those there not no so than then too very can will would could should ' +
    'what which who when where why how about into out up down der die das und ist ich ein eine le la les de et un une el los y en que je il'
  ).split(' '),
);
const commonWeight = 0.2;
const wordWeight = 1;
const gramWeight = 0.35;
const characterWeight = 0.5;
const pairWeight = 1;

const ideographs = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** A run of ideographs or kana, or a word of any other script. */
const words =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}])+/gu;

/** FNV-1a over UTF-16 units, with the seed mixed into the offset basis (Fowler, Noll, Vo). */
function hash(text: string, seed: number): number {
  let value = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value ^= value >>> 15;
  return Math.imul(value, 0x2c1b3c6d) >>> 0;
}

function featuresOf(text: string): Map<string, { count: number; weight: number }> {
  const features = new Map<string, { count: number; weight: number }>();
  const add = (feature: string, weight: number) => {
    const known = features.get(feature);
    if (known) known.count += 1;
    else features.set(feature, { count: 1, weight });
  };
  for (const [word] of text.normalize('NFKC').toLowerCase().matchAll(words)) {
    if (ideographs.test(word)) {
      const characters = [...word];
      characters.forEach((character, at) => {
        add(character, characterWeight);
        const next = characters[at + 1];
        if (next !== undefined) add(character + next, pairWeight);
      });
      continue;
    }
    const common = commonWords.has(word) ? commonWeight : 1;
    add(`=${word}`, wordWeight * common);
    const bounded = `<${word.slice(0, 64)}>`;
    for (const size of [3, 4]) {
      for (let at = 0; at + size <= bounded.length; at += 1) add(bounded.slice(at, at + size), gramWeight * common);
    }
  }
  return features;
}

/**
 * Hashes each feature to two signed places (feature hashing: Weinberger et al. 2009) with sublinear counts; a text
 * without any word gets the first unit vector.
 */
function embedText(text: string): Float32Array {
  const vector = new Float32Array(dimension);
  for (const [feature, { count, weight }] of featuresOf(text)) {
    const value = weight * (1 + Math.log(count));
    for (const seed of [0, 0x9e3779b9]) {
      const bits = hash(feature, seed);
      const place = bits % dimension;
      vector[place] = (vector[place] ?? 0) + (bits >>> 31 ? value : -value);
    }
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) return vector.fill(1, 0, 1);
  return vector.map((value) => value / length);
}

/**
 * The built-in embedding: words, their beginnings and endings, and ideographs hashed into 512 places. It needs no
 * model and no network, and equal texts give equal vectors on every machine. It raises nothing.
 */
export function createHashedEmbedder(): Embedder {
  return {
    model: 'keepsake-hash-1',
    dimension,
    noise: 0.06,
    remote: false,
    async embed(texts) {
      const vectors: Float32Array[] = [];
      for (const text of texts) {
        vectors.push(embedText(text));
        await breathe();
      }
      return vectors;
    },
  };
}
