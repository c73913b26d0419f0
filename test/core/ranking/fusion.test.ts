import { describe, expect, it } from 'vitest';
import { createLexicalIndex, type LexicalIndex } from '../../../src/core/ranking/lexical-index.js';
import { defaultFloor, type Ranked, rank } from '../../../src/core/ranking/ranking.js';
import {
  conceptEmbedding,
  crowded,
  nearest,
  noiseEmbedding,
  type SyntheticEmbedding,
  seededRandom,
} from '../../support/synthetic-embeddings.js';

/** What a model of an unknown family is given; most of the embeddings here reach another level. */
const noise = 0.3;
const weight = 0.5;
const scale = { noise, weight, knows: 'meanings' as const };
/** Candidates of a search. */
const candidates = 60;

interface Memories {
  index: LexicalIndex;
  texts: ReadonlyMap<string, string>;
}

/** Memories that were not said in one call, so that none lends another anything. */
function memoriesOf(texts: readonly string[]): Memories {
  const index = createLexicalIndex();
  for (const [order, text] of texts.entries()) index.add(`m${order}`, { text, order: 2 * order });
  return { index, texts: new Map(texts.map((text, order) => [`m${order}`, text])) };
}

function createSearch(
  { index, texts }: Memories,
  embedding?: SyntheticEmbedding,
): (query: string, options?: { floor: number }) => Ranked[] {
  const vectors = embedding && new Map([...texts].map(([id, text]) => [id, embedding(text)]));
  return (query, { floor } = { floor: 0 }) => {
    const hits = embedding && vectors ? nearest(vectors, embedding(query), candidates) : [];
    return rank({ index, query, windows: [], dense: embedding && { hits, ...scale }, floor }).best(10);
  };
}

/** A word that is far from every other, so that no rule of spelling or stemming brings two together. */
function inventWord(random: () => number): string {
  const pick = (letters: string) => letters[Math.floor(random() * letters.length)] ?? '';
  return Array.from({ length: 5 }, () => pick('bdfgklmnprtvz') + pick('aou')).join('');
}

/**
 * Memories of six concepts out of sixty, and a query for each that asks for three of its concepts, in other words
 * where words alone are not to know one. `words` and `embedding` are the shares of the concepts that each side knows.
 */
function createSet({ words, embedding, seed }: { words: number; embedding: number; seed: number }) {
  const random = seededRandom(seed);
  const concepts = Array.from({ length: 60 }, (_, number) => {
    const said = inventWord(random);
    const asked = random() < words ? said : inventWord(random);
    return { said, asked, concept: random() < embedding ? `concept ${number}` : undefined };
  });
  const conceptOf = new Map(concepts.flatMap(({ said, asked, concept }) => [said, asked].map((word) => [word, concept] as const)));
  const drawn = Array.from({ length: 240 }, () => {
    const left = [...concepts];
    return Array.from({ length: 6 }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
  });
  return {
    memories: memoriesOf(drawn.map((of) => of.map(({ said }) => said).join(' '))),
    queries: drawn.map((of) =>
      of
        .slice(0, 3)
        .map(({ asked }) => asked)
        .join(' '),
    ),
    embedding: conceptEmbedding((word) => conceptOf.get(word)),
  };
}

/** Share of the queries, in points, whose memory is among the first ten. */
function recallAt10(queries: readonly string[], search: (query: string) => readonly { id: string }[]): number {
  const found = queries.filter((query, number) =>
    search(query)
      .slice(0, 10)
      .some(({ id }) => id === `m${number}`),
  );
  return (100 * found.length) / queries.length;
}

describe('The fusion of words and embedding', () => {
  it.each([
    { words: 0.8, embedding: 0.3, seed: 1 },
    { words: 0.5, embedding: 0.5, seed: 2 },
    { words: 0.3, embedding: 0.6, seed: 3 },
    { words: 0.1, embedding: 0.6, seed: 4 },
  ])('finds no less than the better side where words know $words and the embedding $embedding of the concepts', (shares) => {
    const { memories, queries, embedding } = createSet(shares);
    for (const kind of [embedding, crowded(embedding, 0.7)]) {
      const vectors = new Map([...memories.texts].map(([id, text]) => [id, kind(text)]));
      const words = recallAt10(queries, createSearch(memories));
      const dense = recallAt10(queries, (query) => nearest(vectors, kind(query), candidates));
      const both = recallAt10(queries, createSearch(memories, kind));
      expect(both).toBeGreaterThanOrEqual(Math.max(words, dense));
    }
  });

  it.each([
    { name: 'all over the place', embedding: noiseEmbedding },
    { name: 'crowded about .7', embedding: crowded(noiseEmbedding, 0.7) },
    { name: 'crowded about .95', embedding: crowded(noiseEmbedding, 0.95) },
  ])('loses less than two points to an embedding that is noise, $name', ({ embedding }) => {
    // Of one set a few queries would decide.
    const sets = [5, 6, 7, 8, 9, 10].map((seed) => createSet({ words: 0.5, embedding: 0, seed }));
    const mean = (kind?: SyntheticEmbedding) => {
      const recalls = sets.map(({ memories, queries }) => recallAt10(queries, createSearch(memories, kind)));
      return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
    };
    expect(mean() - mean(embedding)).toBeLessThan(2);
  });

  const table = { attorney: 'law', lawyer: 'law', testament: 'will', will: 'will', drafted: 'writing', wrote: 'writing' };
  const synonyms = conceptEmbedding((word) => new Map(Object.entries(table)).get(word) ?? word);
  const story = ['The attorney drafted a testament'];
  const fillers = createSet({ words: 1, embedding: 0, seed: 6 }).memories.texts.values();
  const home = memoriesOf([...story, ...fillers]);

  it.each([
    { name: 'a centred', embedding: synonyms },
    { name: 'a crowded', embedding: crowded(synonyms, 0.7) },
  ])('finds over the floor what shares no word with the query, with $name embedding', ({ embedding }) => {
    const query = 'lawyer wrote will';
    expect(createSearch(home)(query, { floor: defaultFloor })).toEqual([]);
    expect(createSearch(home, embedding)(query, { floor: defaultFloor }).map(({ id }) => id)).toEqual(['m0']);
  });

  it.each([0, 0.3, 0.7, 0.95])(
    'finds nothing over the floor for an unrelated query where unrelated texts reach a cosine of %f',
    (cosine) => {
      const search = createSearch(home, crowded(synonyms, cosine));
      for (const query of ['quantum chromodynamics lattice', 'tomorrow football rehearsal', 'xylophone'])
        expect(search(query, { floor: defaultFloor })).toEqual([]);
    },
  );

  it('gives what words alone speak for the same score with and without an embedding', () => {
    const { index } = home;
    const query = 'attorney';
    const hits = Array.from({ length: candidates }, (_, number) => ({ id: `m${number + 1}`, similarity: 0.9 - number / 100 }));
    const [alone] = rank({ index, query, windows: [], floor: defaultFloor }).best(1);
    const beside = rank({ index, query, windows: [], dense: { hits, ...scale }, floor: 0 }).best(index.size);
    expect(alone?.id).toBe('m0');
    expect(beside.find(({ id }) => id === 'm0')?.score).toBeCloseTo(alone?.score ?? 0);
  });

  it('takes a few memories that are all similar for what is asked, and a great many for the level of the model', () => {
    const alike = (count: number) => {
      const { index } = memoriesOf(Array.from({ length: count }, (_, number) => `filler${number}`));
      const hits = Array.from({ length: Math.min(count, candidates) }, (_, number) => ({ id: `m${number}`, similarity: 0.7 }));
      return rank({ index, query: 'xylophone', windows: [], dense: { hits, ...scale }, floor: defaultFloor }).total;
    };
    expect(alike(1)).toBe(1);
    expect(alike(3)).toBe(3);
    expect(alike(300)).toBe(0);
  });

  it('ranks texts that an embedding cannot tell apart at all', () => {
    const hits = Array.from({ length: candidates }, (_, number) => ({ id: `m${number}`, similarity: 1 }));
    const { index } = home;
    const [first, ...others] = rank({ index, query: 'attorney', windows: [], dense: { hits, ...scale }, floor: 0 }).best(index.size);
    expect(first?.id).toBe('m0');
    expect(others.every(({ score }) => score >= 0 && score < defaultFloor)).toBe(true);
  });
});
