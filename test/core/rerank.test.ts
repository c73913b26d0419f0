import { describe, expect, it } from 'vitest';
import { ModelError, type Reranker } from '../../src/core/ports.js';
import { headLength, keptOrder, keptOrderShape, notReranked, type Reranking, reordered, rerank } from '../../src/core/rerank.js';

const signal = new AbortController().signal;
const query = 'tea';

/** A reranker that finds each text as relevant as `judge` says, and what it was shown. */
function judging(judge: (text: string, place: number) => number): Reranker & { shown: { query: string; texts: readonly string[] }[] } {
  const shown: { query: string; texts: readonly string[] }[] = [];
  return {
    model: 'judge',
    shown,
    score: async (query, texts) => {
      shown.push({ query, texts });
      return texts.map(judge);
    },
  };
}
const failing: Reranker = { model: 'broken', score: () => Promise.reject(new ModelError('http://judge answered 500')) };
const asked = (reranker: Reranker | undefined, texts: string[], wanted?: boolean) => rerank({ reranker }, { wanted, query, texts, signal });
/** What the next page makes of what the cursor keeps. */
const onNextPage = (reranking: Reranking) => keptOrderShape.parse(keptOrder(reranking));

describe('reranking', () => {
  const texts = ['milk', 'green tea', 'black tea'];
  const byTea = () => judging((text) => (text.endsWith('tea') ? 1 : 0));

  it('orders the hits by relevance, equal ones as they were ranked', async () => {
    const reranking = await asked(byTea(), texts);
    expect(reranking).toEqual({ order: [1, 2, 0], scores: [0, 1, 1] });
    expect(reordered(texts, reranking)).toEqual(['green tea', 'black tea', 'milk']);
  });

  it('moves the first fifty hits alone, and shows the reranker no others', async () => {
    const many = Array.from({ length: headLength + 10 }, (_, place) => `text ${place}`);
    const reranker = judging((_, place) => place);
    const result = reordered(many, await asked(reranker, many));
    expect(headLength).toBe(50);
    expect(reranker.shown[0]?.texts).toEqual(many.slice(0, headLength));
    expect(result.slice(0, headLength)).toEqual(many.slice(0, headLength).reverse());
    expect(result.slice(headLength)).toEqual(many.slice(headLength));
  });

  it('shows at most 1,000 characters of a text and of the query', async () => {
    const reranker = judging(() => 0);
    await rerank({ reranker }, { wanted: undefined, query: 'q'.repeat(4000), texts: ['x'.repeat(100_000), 'y'], signal });
    expect(reranker.shown[0]?.texts.map((text) => text.length)).toEqual([1000, 1]);
    expect(reranker.shown[0]?.query).toHaveLength(1000);
  });

  it('is left out where the caller does not want it or there is nothing to order', async () => {
    const reranker = byTea();
    expect(await asked(reranker, texts, false)).toBe(notReranked);
    expect(await asked(reranker, ['green tea'])).toBe(notReranked);
    expect(await asked(reranker, [])).toBe(notReranked);
    expect(reranker.shown).toEqual([]);
    expect(reordered(texts, notReranked)).toEqual(texts);
  });

  it('without a reranker says so only to a caller who asked for one', async () => {
    expect(await asked(undefined, texts)).toBe(notReranked);
    expect(await asked(undefined, texts, true)).toEqual({
      order: [],
      scores: [],
      degraded: 'reranker: none is configured; ranked without it',
    });
  });

  it('that fails leaves the order as it was and says why', async () => {
    const reranking = await asked(failing, texts);
    expect(reranking.degraded).toBe('reranker: http://judge answered 500; ranked without it');
    expect(reordered(texts, reranking)).toEqual(texts);
  });

  it('ends with the call instead of answering for it', async () => {
    const ended = AbortSignal.abort(new Error('the call is over'));
    await expect(rerank({ reranker: failing }, { wanted: undefined, query, texts, signal: ended })).rejects.toThrow('the call is over');
  });
});

describe('the cursor of a reranked search', () => {
  const texts = Array.from({ length: headLength }, (_, place) => `text ${place}`);
  const reversing = judging((_, place) => place);

  it('keeps the order of the whole head in a letter each', async () => {
    const reranking = await asked(reversing, texts);
    expect(keptOrder(reranking)).toMatch(/^[A-Za-x]{50}$/);
    expect(onNextPage(reranking)).toEqual({ order: reranking.order, scores: [] });
  });

  it('keeps that the reranker was missing, so that the next page says it too', async () => {
    expect(onNextPage(await asked(failing, texts))).toMatchObject({
      order: [],
      degraded: expect.stringMatching(/^reranker: .*without it$/),
    });
  });

  it('keeps nothing of a search without a reranker', () => {
    expect(keptOrder(notReranked)).toBeUndefined();
  });

  it('gives each hit once although some of the head are gone', async () => {
    const left = texts.slice(0, 20);
    expect(reordered(left, onNextPage(await asked(reversing, texts)))).toEqual([...left].reverse());
  });

  it.each(['AA', 'AC', 'A!', 'B', 'ABy', 'A'.repeat(51)])('is refused where its order is %s', (kept) => {
    expect(keptOrderShape.safeParse(kept).success).toBe(false);
  });
});
