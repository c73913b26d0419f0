import { describe, expect, test } from 'vitest';
import { createHashedEmbedder } from '../../src/models/hashed-embedding.js';

const embedder = createHashedEmbedder();

async function cosine(a: string, b: string): Promise<number> {
  const [left = new Float32Array(), right = new Float32Array()] = await embedder.embed([a, b], AbortSignal.timeout(1_000));
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

describe('the built-in embedding', () => {
  test.each([
    '',
    ' ',
    '🙂',
    'a',
    'I like tea',
    '我喜欢喝茶',
    'שלום עולם',
    'привет мир',
    '\ud800',
    'the of and',
    'x'.repeat(200_000),
    '字 '.repeat(50_000),
  ])('gives one unit vector of 512 finite numbers', async (text) => {
    const [vector = new Float32Array()] = await embedder.embed([text], AbortSignal.timeout(1_000));
    expect(vector).toHaveLength(embedder.dimension);
    expect(vector.every(Number.isFinite)).toBe(true);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });
  test('answers in order, one vector a text', async () => {
    const texts = ['tea', 'coffee', 'tea'];
    const vectors = await embedder.embed(texts, AbortSignal.timeout(1_000));
    expect(vectors).toHaveLength(3);
    expect(vectors[0]).toEqual(vectors[2]);
    expect(vectors[0]).not.toEqual(vectors[1]);
    expect(await embedder.embed([], AbortSignal.timeout(1_000))).toEqual([]);
  });
  test('is the same in every version of its name', async () => {
    const [vector = new Float32Array()] = await embedder.embed(['tea 茶'], AbortSignal.timeout(1_000));
    const places = [...vector.entries()].filter(([, value]) => value !== 0).map(([place, value]) => [place, Number(value.toFixed(3))]);
    expect({ model: embedder.model, places }).toMatchSnapshot();
  });
  test('case, width and form make no difference', async () => {
    expect(await cosine('I Like TEA', 'i like ｔｅａ')).toBeCloseTo(1, 5);
    expect(await cosine('Café', 'Cafe\u0301')).toBeCloseTo(1, 5);
  });
  test.each([
    ['I enjoy running in the park', 'my runner friends like parks', 'the invoice is due tomorrow'],
    ['我喜欢喝绿茶', '绿茶很好喝', '明天要开会'],
    ['Я живу в Москве', 'Москва большая', 'Мне нравится чай'],
    ['the deploymnt failed', 'deployment failure', 'my cat sleeps'],
  ])('%j is nearer to %j than to %j', async (text, near, far) => {
    expect(await cosine(text, near)).toBeGreaterThan((await cosine(text, far)) + 0.1);
  });
  test('unrelated sentences commonly stay below its noise', async () => {
    const sentences = [
      'My sister plays the violin',
      'The database runs on port 5433',
      'Our landlord raised the rent',
      'He prefers dark coffee',
      '我在上海工作',
      'Never use tabs here',
    ];
    const pairs = sentences.flatMap((a, at) => sentences.slice(at + 1).map((b) => cosine(a, b)));
    const cosines = (await Promise.all(pairs)).sort((a, b) => a - b);
    expect(cosines[Math.floor(cosines.length * 0.8)]).toBeLessThan(embedder.noise);
  });
});
