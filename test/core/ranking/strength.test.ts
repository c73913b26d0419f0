import { describe, expect, it } from 'vitest';
import { type DenseArm, denseMatches, united } from '../../../src/core/ranking/fusion.js';
import { createLexicalIndex, type LexicalDocument } from '../../../src/core/ranking/lexical-index.js';
import { rank } from '../../../src/core/ranking/ranking.js';
import { matchOf } from '../../../src/core/ranking/strength.js';
import { weights } from '../../../src/core/ranking/weights.js';
import { spanOf } from '../../../src/core/time/instants.js';

function indexOf(...documents: (Partial<LexicalDocument> & { text: string })[]) {
  const index = createLexicalIndex();
  for (const [order, document] of documents.entries()) index.add(`m${order}`, { order: 2 * order, ...document });
  return index;
}

describe('The strength of a memory', () => {
  const march = spanOf('2024-03', 'UTC');
  const index = indexOf(
    { text: 'Where does the ferry go?', run: 'a', subject: 'Bob' },
    { text: 'The ferry goes on Monday', run: 'a', subject: 'Ann', span: spanOf('2024-03-04', 'UTC'), dated: true },
    { text: 'The ferry was late', subject: 'Ann', span: { start: march.end, end: march.end + 1 } },
    { text: 'It rained', subject: 'Ann', span: { start: march.end + weights.windowFade / 2, end: march.end + weights.windowFade / 2 + 1 } },
    { text: 'Bread' },
  );
  const search = { index, query: 'When does the ferry of Ann go?', windows: [march] };
  const slots = [0, 1, 2, 3, 4];

  it('is what it matches and borrows, by all that lifts it, and a share of the best in the window', () => {
    const match = matchOf(search);
    const parts = slots.map((slot) => match.partsOf(slot));
    const lifted = parts.map(({ own, context, subject, answer, question }) => (own + context) * subject * answer * question);
    const best = Math.max(...lifted.map((each, slot) => each * (parts[slot]?.window ?? 0)));
    for (const [slot, { window }] of parts.entries())
      expect(match.strengthOf(slot)).toBeCloseTo(
        (lifted[slot] ?? 0) * (1 + (weights.window - 1) * window) + weights.windowShare * best * window,
      );
    expect(parts.map(({ window }) => window)).toEqual([0, 1, 1, expect.closeTo(0.5), 0]);
    expect(best).toBeGreaterThan(0);
  });

  it('is explained by what differs from one alone', () => {
    const ranking = rank({ ...search, floor: 0 });
    const lifted = slots.map((slot) => ranking.explain(`m${slot}`).lifted);
    expect(lifted).toEqual([
      { context: expect.any(Number), question: weights.onlyAsks },
      { context: expect.any(Number), subject: weights.subject, answer: weights.answer.time, window: weights.window },
      { subject: weights.subject, window: weights.window },
      { subject: weights.subject, window: expect.closeTo(1 + (weights.window - 1) / 2) },
      {},
    ]);
    expect(ranking.explain('m4')).toEqual({ lifted: {} });
    expect(slots.map((slot) => ranking.explain(`m${slot}`).time?.rank)).toEqual([undefined, 1, 1, 3, undefined]);
  });

  it('never falls because a query names nothing but a time', () => {
    const query = { index, query: 'Ann', rest: 'Ann' };
    const [by, without] = [matchOf({ ...query, windows: [march] }), matchOf({ ...query, windows: [] })];
    for (const slot of slots) expect(by.own[slot]).toBeGreaterThanOrEqual(without.own[slot] ?? 1);
    expect(by.own[1]).toBeGreaterThanOrEqual(weights.timeAlone);
  });

  it('tells insights from the others', () => {
    const mixed = rank({ index: indexOf({ text: 'Tea', isInsight: true }, { text: 'Tea' }), query: 'tea', windows: [], floor: 0 });
    const ids = (which?: 'insights' | 'others') => mixed.best(9, which).map(({ id }) => id);
    expect([ids(), ids('insights'), ids('others')]).toEqual([['m1', 'm0'], ['m0'], ['m1']]);
  });
});

describe('A match by similarity', () => {
  const many = indexOf(...Array.from({ length: 200 }, (_, number) => ({ text: `Note ${number}` })));
  const weight = 0.4;
  const match = (similarities: number[], scale: Partial<DenseArm> = {}) => {
    const hits = similarities.map((similarity, number) => ({ id: `m${number}`, similarity }));
    return [...denseMatches({ hits, noise: 0.2, knows: 'meanings', weight, ...scale }, many)].slice(0, similarities.length);
  };
  const falling = (count: number, from: number, to: number) =>
    Array.from({ length: count }, (_, number) => from + ((to - from) * number) / (count - 1));

  it('of spellings is what lies above their measured noise, whatever the others reach', () => {
    const expected = (similarity: number) => expect.closeTo((weight * (similarity - 0.2)) / 0.8);
    expect(match([1, 0.6, 0.2, 0.1], { knows: 'spellings' })).toEqual([expected(1), expected(0.6), 0, 0]);
    expect(match([0.9, ...falling(40, 0.5, 0.4)], { knows: 'spellings' }).slice(0, 2)).toEqual([expected(0.9), expected(0.5)]);
  });

  it('by a model is what lies above its unrelated hits, once there are enough to tell them', () => {
    const many = falling(60, 0.8, 0.4);
    expect(match(many)[0]).toBeCloseTo((weight * (0.8 - 0.4)) / (1 - 0.4));
    expect(match(many).at(-1)).toBe(0);
    expect(match([0.8])[0]).toBeCloseTo((weight * (0.8 - 0.2)) / (1 - 0.2));
    const few = match(falling(16, 0.8, 0.4));
    expect(few[0]).toBeCloseTo((weight * (0.8 - 0.3)) / (1 - 0.3));
    // Of a small space the better half may be related, and that few hits tell little.
    const small = indexOf(...Array.from({ length: 10 }, (_, number) => ({ text: `Note ${number}` })));
    const hits = falling(10, 0.8, 0.35).map((similarity, number) => ({ id: `m${number}`, similarity }));
    const level = 0.2 + ((0.6 - 0.2) * 4) / weights.enoughHits;
    expect(denseMatches({ hits, noise: 0.2, knows: 'meanings', weight }, small)[0]).toBeCloseTo((weight * (0.8 - level)) / (1 - level), 5);
  });

  it('by a model counts more the farther the best stands out, up to twice, and not among few', () => {
    const [level, room] = [0.4, 0.6];
    const trusted = (best: number, count = 60) => (match([best, ...falling(count - 1, 0.44, level)])[0] ?? 0) / ((best - level) / room);
    expect(trusted(0.5)).toBeCloseTo(weight);
    expect(trusted(0.58)).toBeGreaterThan(1.4 * weight);
    expect(trusted(0.58)).toBeLessThan(1.6 * weight);
    expect(trusted(0.9)).toBeCloseTo(weights.mostConfidence * weight);
    const few = match([0.9, ...falling(weights.enoughHits - 2, 0.44, 0.4)])[0] ?? 0;
    expect(few).toBeLessThan(weight);
  });

  it('does not depend on the order of the hits, nor on ids that the index does not hold', () => {
    const similarities = falling(60, 0.8, 0.4);
    const hits = similarities.map((similarity, number) => ({ id: `m${number}`, similarity }));
    const arm = { noise: 0.2, knows: 'meanings' as const, weight };
    const asGiven = denseMatches({ ...arm, hits }, many);
    expect(denseMatches({ ...arm, hits: [{ id: 'gone', similarity: 1 }, ...hits].reverse() }, many)).toEqual(asGiven);
  });

  it('adds its share of what words leave open', () => {
    expect([...united(Float64Array.of(0, 0.5, 1), Float64Array.of(0.4, 0.4, 0.4))]).toEqual([0.4, 0.7, 1]);
  });
});
