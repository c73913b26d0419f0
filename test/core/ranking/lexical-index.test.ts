import { describe, expect, it } from 'vitest';
import { createLexicalIndex, type LexicalDocument } from '../../../src/core/ranking/lexical-index.js';
import { rank } from '../../../src/core/ranking/ranking.js';

const texts = [
  'Ann lives in Oslo',
  'Bob plays the violin in Oslo',
  'The server runs on port 8080',
  'Ann adopted a cat named Kumquat',
  'Hiking in the mountains is fun',
];
const documents = texts.map((text, order): [string, LexicalDocument] => [
  `m${order}`,
  {
    text,
    order,
    run: order === 4 ? undefined : order < 3 ? 'first' : 'second',
    subject: order % 2 ? 'Bob' : 'Ann',
    entities: order === 4 ? ['Jotunheimen'] : undefined,
  },
]);

function ownScores(index: ReturnType<typeof createLexicalIndex>, query: string): Record<string, number> {
  const { own } = index.score(query);
  return Object.fromEntries(
    [...own].flatMap((score, slot) => {
      const id = index.idAt(slot);
      return id === '' ? [] : [[id, score]];
    }),
  );
}

function ranked(index: ReturnType<typeof createLexicalIndex>, query: string) {
  return rank({ index, query, windows: [], floor: Number.MIN_VALUE }).best(100);
}

function everything(index: ReturnType<typeof createLexicalIndex>): unknown {
  const queries = ['Oslo violin', 'where does Ann live', 'port 8080', 'kumkuat', 'Jotunheimen hike', 'unknown words'];
  return queries.map((query) => ({
    own: ownScores(index, query),
    ranked: ranked(index, query),
    subjects: index.subjectCount,
    named: [...index.subjectsNamed('Ann and Bob').values()].sort(),
  }));
}

describe('A lexical index', () => {
  it('gives each memory the share of the query that it covers', () => {
    const index = createLexicalIndex();
    for (const [id, document] of documents) index.add(id, document);
    const scores = ownScores(index, 'violin Oslo');
    expect(scores.m1).toBeGreaterThan(scores.m0 ?? 0);
    expect(scores.m0).toBeGreaterThan(0);
    expect(scores.m2).toBe(0);
    expect(Math.max(...Object.values(scores))).toBeLessThanOrEqual(1);
  });

  it('counts words of the query that no memory knows against every memory', () => {
    const index = createLexicalIndex();
    for (const [id, document] of documents) index.add(id, document);
    expect(ownScores(index, 'violin zebra quark').m1).toBeLessThan(ownScores(index, 'violin').m1 ?? 0);
  });

  it('counts a pair of ideographs that no memory holds by half: most are halves of two words', () => {
    const index = createLexicalIndex();
    for (const [id, document] of documents) index.add(id, document);
    const withPair = ownScores(index, 'kumquat 电脑').m3 ?? 0;
    expect(withPair).toBeLessThan(ownScores(index, 'kumquat zebra quark').m3 ?? 0);
    expect(withPair).toBeGreaterThan(ownScores(index, 'kumquat zebra quark xylem').m3 ?? 1);
  });

  it('weighs an identifier above the everyday words around it', () => {
    const index = createLexicalIndex();
    for (const [id, document] of documents) index.add(id, document);
    index.add('same', { text: 'ERR-4711 again', order: 20 });
    index.add('words', { text: 'The nightly build of the gateway fails on the staging machine with ERR-4712', order: 30 });
    const scores = ownScores(index, 'why does the nightly gateway build fail with ERR-4711 on the staging machine');
    expect(scores.same).toBeGreaterThan(scores.words ?? 1);
  });

  it('finds a memory by its entities and its subject', () => {
    const index = createLexicalIndex();
    for (const [id, document] of documents) index.add(id, document);
    expect(ownScores(index, 'Jotunheimen').m4).toBeGreaterThan(0);
    expect(ownScores(index, 'Ann').m2).toBeGreaterThan(0);
  });

  it('understands a misspelt word, but weighs it less', () => {
    const index = createLexicalIndex();
    for (const [id, document] of documents) index.add(id, document);
    const [right, wrong] = [ownScores(index, 'kumquat').m3 ?? 0, ownScores(index, 'kumqaut').m3 ?? 0];
    expect(wrong).toBeGreaterThan(0);
    expect(wrong).toBeLessThan(right);
    expect(ownScores(index, 'banana').m3).toBe(0);
  });

  it('forgets a removed memory as if it had never been there', () => {
    const index = createLexicalIndex();
    for (const [id, document] of documents) index.add(id, document);
    const before = everything(index);
    index.add('x', { text: 'Zebra crossing in Oslo with violin and kumquats', order: 1.5, run: 'first', subject: 'Zoe' });
    index.add('y', { text: 'Another zebra', order: 9 });
    index.add('z', { text: 'Zebras and violins', order: 10 });
    index.add('m0', { text: 'Ann moved to Bergen', order: 0, run: 'second', subject: 'Ann' });
    expect(everything(index)).not.toEqual(before);
    index.remove('y');
    index.remove('z');
    index.remove('x');
    index.remove('never added');
    index.add('m0', documents[0]?.[1] as LexicalDocument);
    expect(everything(index)).toEqual(before);
    for (const [id] of documents) index.remove(id);
    expect(index.size).toBe(0);
    expect(ranked(index, 'Oslo zebra')).toEqual([]);
  });

  it('gives the same whatever the order of adding', () => {
    const [forward, backward] = [createLexicalIndex(), createLexicalIndex()];
    for (const [id, document] of documents) forward.add(id, document);
    for (const [id, document] of [...documents].reverse()) backward.add(id, document);
    const sorted = (index: ReturnType<typeof createLexicalIndex>) => JSON.stringify(ranked(index, 'Ann Oslo cat'));
    expect(sorted(backward)).toBe(sorted(forward));
  });
});
