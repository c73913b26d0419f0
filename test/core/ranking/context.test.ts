import { describe, expect, it } from 'vitest';
import { contextAt } from '../../../src/core/ranking/context.js';
import { createLexicalIndex, type LexicalDocument } from '../../../src/core/ranking/lexical-index.js';
import { rank } from '../../../src/core/ranking/ranking.js';
import { weights } from '../../../src/core/ranking/weights.js';

const { previous, next, beforePrevious, answersQuestion, runShare } = weights;

/** What each of some memories borrows, told the own match of each and what the runs cover. */
function borrowed(documents: Partial<LexicalDocument>[], own: number[], runs: number[] = [0, 0]): number[] {
  const index = createLexicalIndex();
  for (const [order, document] of documents.entries()) index.add(`m${order}`, { text: 'Well.', order, ...document });
  const match = { own: Float64Array.from(own), runs: Float64Array.from(runs), index };
  return documents.map((_, slot) => contextAt(slot, match));
}
const runOf = (...texts: string[]) => texts.map((text, order) => ({ text, run: 'a', subject: order % 2 ? 'Bob' : 'Ann' }));
const five = runOf('One.', 'Two.', 'Three.', 'Four.', 'Five.');

describe('What a memory borrows', () => {
  it('is a share of the match of the memory before it, of the one after it and of the one before the last', () => {
    expect(borrowed(five, [0, 0, 1, 0, 0])).toEqual([0, next, 0, previous, beforePrevious]);
    expect(borrowed(five, [0.5, 0, 0, 0, 1])).toEqual([0, previous / 2, beforePrevious / 2, next, 0]);
    expect(Math.min(previous, next, beforePrevious, answersQuestion, runShare)).toBeGreaterThan(0);
  });

  it('is more where the memory before asks and somebody else speaks', () => {
    const [, answer] = borrowed(runOf('Where is it?', 'On the shelf.'), [1, 0]);
    expect(answer).toBeCloseTo(previous + answersQuestion);
    const [, goesOn] = borrowed([{ text: 'Where is it?', run: 'a' }, { run: 'a' }], [1, 0]);
    expect(goesOn).toBeCloseTo(previous);
    const [, , later] = borrowed(runOf('Where is it?', 'Hm.', 'On the shelf.'), [1, 0, 0]);
    expect(later).toBeCloseTo(beforePrevious);
  });

  it('is a share of what the whole run covers, but the run alone speaks for none of its memories', () => {
    expect(borrowed(five, [0, 0, 0, 0, 0.5], [1])).toEqual([0, 0, 0, next / 2 + runShare, runShare]);
  });

  it('is nothing of another run, nor of another call', () => {
    expect(borrowed([{ run: 'a' }, { run: 'b' }, { run: 'a' }], [0, 1, 0])).toEqual([0, 0, 0]);
    expect(borrowed([{ order: 1 }, { order: 2 }, { order: 4 }], [0, 1, 0])).toEqual([next, 0, 0]);
    expect(borrowed([{ run: 'a' }, {}, {}], [0, 0, 1], [1])).toEqual([0, next, 0]);
  });

  it('puts first, of what matches alike, the one whose conversation is about the rest of the query', () => {
    const index = createLexicalIndex();
    const said = [
      ['about', 'cello', 'The concert in Porto was sold out.'],
      ['about', 'cello', 'Hm.'],
      ['about', 'cello', 'Well.'],
      ['about', 'cello', 'My ticket was expensive.'],
      ['other', 'bus', 'My ticket was expensive!'],
    ] as const;
    for (const [order, [, run, text]] of said.entries()) index.add(`m${order}`, { text, run, order });
    const found = rank({ index, query: 'ticket for the concert in Porto', windows: [], floor: 0 }).best(5);
    const places = ['m3', 'm4'].map((wanted) => found.findIndex(({ id }) => id === wanted));
    expect(places[0]).toBeLessThan(places[1] ?? -1);
  });
});
