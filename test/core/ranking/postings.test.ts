import { describe, expect, it } from 'vitest';
import { createPostings, createTally, together } from '../../../src/core/ranking/postings.js';

const [k1, b] = [1.2, 0.75];
const texts = ['a b', 'a a c d e f', 'b', 'c'].map((text) => text.split(' '));

function filled() {
  const postings = createPostings({ k1, b });
  for (const [slot, terms] of texts.entries()) postings.add(slot, terms);
  return postings;
}

/** BM25 as it is defined, of one term for one text. */
function bm25(term: string, text: readonly string[], all = texts): number {
  const holders = all.filter((each) => each.includes(term)).length;
  const average = all.reduce((sum, each) => sum + each.length, 0) / all.length;
  const count = text.filter((each) => each === term).length;
  const rarity = Math.log(1 + (all.length - holders + 0.5) / (holders + 0.5));
  return (rarity * (k1 + 1) * count) / (count + k1 * (1 - b + (b * text.length) / average));
}
const close = (scores: number[]) => scores.map((score) => expect.closeTo(score, 10));

describe('Postings', () => {
  it('score by BM25, each term with its weight', () => {
    const scores = filled().score(
      new Map([
        ['a', 1],
        ['c', 0.5],
        ['unknown', 1],
      ]),
    );
    expect([...scores]).toEqual(close(texts.map((text) => bm25('a', text) + bm25('c', text) / 2)));
  });

  it('know the most that a slot can score for a term, also of one that none holds', () => {
    const postings = filled();
    expect(postings.maximum('a')).toBeCloseTo(Math.log(1 + 2.5 / 2.5) * (k1 + 1));
    expect(postings.maximum('unknown')).toBeCloseTo(Math.log(1 + 4.5 / 0.5) * (k1 + 1));
    for (const text of texts) expect(bm25('a', text)).toBeLessThan(postings.maximum('a'));
  });

  it('score as if what was removed had never been there, and take no slot for filled that is empty', () => {
    const postings = filled();
    postings.add(4, ['a', 'x']);
    postings.remove(1, texts[1] ?? []);
    postings.remove(4, ['a', 'x']);
    const left = texts.filter((_, slot) => slot !== 1);
    expect([...postings.score(new Map([['a', 1]]))]).toEqual(
      close(texts.map((text, slot) => (slot === 1 ? 0 : bm25('a', text, left))).concat(0)),
    );
    expect([postings.size, postings.holders('a'), postings.has('x'), postings.has('d')]).toEqual([3, 1, false, false]);
    expect([...postings.terms()].sort()).toEqual(['a', 'b', 'c']);
  });

  it('score the same in whatever order slots were filled, and again from a dump that then grows', () => {
    const query = new Map(['a', 'b', 'c'].map((term) => [term, 1] as const));
    const backward = createPostings({ k1, b });
    for (const [slot, terms] of [...texts.entries()].reverse()) backward.add(slot, terms);
    const half = createPostings({ k1, b });
    for (const [slot, terms] of texts.slice(0, 2).entries()) half.add(slot, terms);
    const grown = createPostings({ k1, b }, half.dump());
    for (const [slot, terms] of texts.entries()) if (slot >= 2) grown.add(slot, terms);
    for (const other of [backward, grown]) expect([...other.score(query)]).toEqual([...filled().score(query)]);
  });

  it('refuse to take from a slot what it does not hold', () => {
    expect(() => filled().remove(2, ['a'])).toThrow(/does not hold/);
  });

  it('are counted up without being kept, each term as in several indexes together', () => {
    const [one, other] = [filled(), createPostings({ k1, b })];
    other.add(0, ['a', 'zebra', 'zebra']);
    const tally = createTally();
    for (const each of [one, other]) tally.add(each);
    const both = together([one, other]);
    expect(tally.size).toBe(5);
    for (const term of ['a', 'b', 'c', 'zebra', 'unknown']) expect(tally.holders(term)).toBe(both.holders(term));
    other.add(1, ['a']);
    expect([tally.size, tally.holders('a')]).toEqual([5, 3]);
  });

  it('weigh terms by how common they are in several indexes together', () => {
    const [one, other] = [filled(), filled()];
    const both = together([one, other]);
    expect([both.size, both.holders('a'), both.holders('unknown')]).toEqual([8, 4, 0]);
    expect(one.maximum('a', both)).toBeCloseTo(Math.log(1 + 4.5 / 4.5) * (k1 + 1));
    const [score = 0] = one.score(new Map([['b', 1]]), both);
    const [alone = 0] = one.score(new Map([['b', 1]]));
    expect(score / alone).toBeCloseTo(Math.log(1 + 4.5 / 4.5) / Math.log(1 + 2.5 / 2.5));
    const rare = createPostings({ k1, b });
    rare.add(0, ['zebra']);
    expect(one.maximum('zebra', together([one, rare]))).toBeLessThan(one.maximum('zebra'));
  });
});
