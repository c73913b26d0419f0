import { expect, it } from 'vitest';
import type { Space, VectorIndex } from '../../src/core/ports.js';
import { createHashedEmbedder } from '../../src/models/hashed-embedding.js';
import { openExactIndex } from '../../src/store/exact-index.js';
import { unitVector } from './chroma/fixtures.js';

const ann: Space = 'user:ann';
const signal = new AbortController().signal;
const limit = 20;

/** An index beside a plain list of what it should hold. */
function watched(index: VectorIndex) {
  const held = new Map<string, Float32Array>();
  let sequence = 0;
  return {
    held,
    async change(upserts: [string, Float32Array][], deletes: string[] = []) {
      sequence += 1;
      for (const id of deletes) held.delete(id);
      for (const [id, vector] of upserts) held.set(id, vector);
      const records = upserts.map(([id, vector]) => ({ id, revision: 1, kind: 'observation' as const, vector }));
      await index.advance(ann, async () => ({ upserts: records, deletes, position: { sequence, event: '' } }), signal);
    },
    async expectNearest(query: Float32Array) {
      const all = [...held].map(([id, vector]) => ({
        id,
        similarity: vector.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0),
      }));
      const best = all.sort((a, b) => b.similarity - a.similarity).slice(0, limit);
      const hits = await index.query(ann, query, { limit, spaceSize: held.size, signal });
      expect(hits.map(({ id }) => id)).toEqual(best.map(({ id }) => id));
      for (const [place, { similarity }] of hits.entries()) expect(similarity).toBeCloseTo(best[place]?.similarity ?? Number.NaN, 6);
    },
  };
}

it.each([
  ['far from each other', (seed: number) => unitVector(64, seed)],
  // Their similarities differ by less than what a sketch rounds off.
  ['nearly the same', (seed: number) => unitVector(64, seed).map((value, place) => value / 100 + (place === 3 ? 1 : 0))],
])('answers the nearest of thousands of vectors %s, whatever was replaced and deleted', async (_, vectorOf) => {
  const index = watched(openExactIndex());
  const record = (number: number, seed = number): [string, Float32Array] => [`m${number}`, vectorOf(seed)];
  await index.change(Array.from({ length: 1500 }, (_, number) => record(number)));
  const queries = [0, 700, 1499, 9000, 9001].map(vectorOf);
  for (const query of queries) await index.expectNearest(query);
  const gone = Array.from({ length: 300 }, (_, number) => `m${number * 3}`);
  await index.change([record(1, 9001), record(1300, 9000)], gone);
  for (const query of queries) await index.expectNearest(query);
  await index.change(Array.from({ length: 900 }, (_, number) => record(2000 + number)));
  for (const query of [...queries, vectorOf(2000), vectorOf(2899)]) await index.expectNearest(query);
  await index.change([], [...index.held.keys()].slice(5));
  for (const query of queries) await index.expectNearest(query);
});

it('answers the nearest texts by the built-in embedding', async () => {
  const words = 'amber basin cedar delta ember fjord grove heron inlet jetty knoll larch marsh oasis pines quarry reef spruce'.split(' ');
  const texts = Array.from({ length: 1200 }, (_, number) => [1, 7, 31, 97].map((step) => words[Math.floor(number / step) % 18]).join(' '));
  const embed = async (text: string) => (await createHashedEmbedder().embed([`${text}`], signal))[0] ?? new Float32Array();
  const index = watched(openExactIndex());
  await index.change(
    await Promise.all(texts.map(async (text, number): Promise<[string, Float32Array]> => [`m${number}`, await embed(`${text} ${number}`)])),
  );
  for (const text of ['heron by the jetty', 'ceder', '17', 'amber basin cedar delta ember fjord grove'])
    await index.expectNearest(await embed(text));
});
