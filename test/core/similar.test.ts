import { describe, expect, it } from 'vitest';
import type { Core } from '../../src/core/core.js';
import type { Space, VectorHit } from '../../src/core/ports.js';
import type { Memory } from '../../src/core/projection.js';
import { createLexicalIndex } from '../../src/core/ranking/lexical-index.js';
import { weights } from '../../src/core/ranking/weights.js';
import { similar } from '../../src/core/similar.js';
import type { Vectors } from '../../src/core/vectors.js';

const hit = (id: string): VectorHit => ({ id, revision: 1, similarity: 0.5 });

/** A space of that many memories, ten of which are about tulips and two about a cello. */
function viewOf(size: number) {
  const lexical = createLexicalIndex();
  const memories = new Map<string, Memory>();
  for (let number = 0; number < size; number++) {
    const about = number < 10 ? 'A tulip' : number < 12 ? 'The cello' : 'Bread';
    lexical.add(`m${number}`, { text: `${about} ${number}.`, order: 2 * number });
    memories.set(`m${number}`, { id: `m${number}` } as Memory);
  }
  return { lexical, projection: { memories } };
}

type Asked = { space: Space; compared?: string[]; limit?: number };

/** What is asked of the vector side, and what comes of it, for a query of these words. */
async function ask(
  query: string,
  {
    spaces = { 'user:ann': 20 },
    knows = 'spellings',
    signal = new AbortController().signal,
    ...vectors
  }: Partial<Vectors> & {
    spaces?: Record<string, number>;
    knows?: 'spellings' | 'meanings';
    signal?: AbortSignal;
  } = {},
) {
  const views = new Map(Object.entries(spaces).map(([space, size]) => [space, viewOf(size)]));
  const asked: Asked[] = [];
  const degraded = new Set<string>();
  const core = {
    spaces: { open: (space: Space) => ({ space, read: async (use: (view: unknown) => unknown) => use(views.get(space)) }) },
    vectors: {
      scale: { noise: 0, knows, weight: 0.5 },
      embedQuery: async () => new Float32Array(1),
      compare: async (space: Space, memories: Memory[]) => {
        asked.push({ space, compared: memories.map(({ id }) => id) });
        return [hit('compared')];
      },
      search: async ({ space }: { space: Space }, _: Float32Array, limit: number) => {
        asked.push({ space, limit });
        return { hits: [hit(`found in ${space}`)] };
      },
      ...vectors,
    },
  } as unknown as Core;
  const found = await similar(core, { query, words: query, spaces: [...views.keys()] as Space[] }, { signal, degraded });
  return {
    asked,
    degraded: [...degraded],
    found: Object.fromEntries([...found].map(([space, hits]) => [space, hits.map(({ id }) => id)])),
  };
}

/** No more than can be made in a moment. */
const many = Math.min(weights.many, 20_000);
const byIndex = { space: 'user:ann', limit: weights.denseHits };

describe('The dense candidates of a search', () => {
  it('are the nearest that the index of each space knows', async () => {
    const { asked, found, degraded } = await ask('tulip', { spaces: { 'user:ann': 20, 'project:shop': 20 } });
    expect(asked).toEqual([byIndex, { ...byIndex, space: 'project:shop' }]);
    expect(found).toEqual({ 'user:ann': ['found in user:ann'], 'project:shop': ['found in project:shop'] });
    expect(degraded).toEqual([]);
    expect(weights.denseHits).toBeGreaterThanOrEqual(50);
  });

  it('are what words found, compared by the built-in embedding, from many memories on', async () => {
    const { asked, found } = await ask('tulip', { spaces: { 'user:ann': many } });
    expect(asked.map(({ compared }) => compared?.sort())).toEqual([Array.from({ length: 10 }, (_, number) => `m${number}`)]);
    expect(found).toEqual({ 'user:ann': ['compared'] });
    expect((await ask('tulip', { spaces: { 'user:ann': many - 1 } })).asked).toEqual([byIndex]);
  });

  it('are of what words found the best few', async () => {
    const { asked } = await ask('tulip bread', { spaces: { 'user:ann': many } });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.compared).toHaveLength(weights.byWords);
    expect(asked[0]?.compared).toEqual(expect.arrayContaining(['m0', 'm9']));
  });

  it('are asked of the index where words found little, and where a model knows what they mean', async () => {
    const spaces = { 'user:ann': many };
    expect((await ask('cello', { spaces })).asked).toEqual([byIndex]);
    expect((await ask('quark', { spaces })).asked).toEqual([byIndex]);
    expect((await ask('tulip', { spaces, knows: 'meanings' })).asked).toEqual([byIndex]);
  });

  it('are missing where the query cannot be embedded, and that is said', async () => {
    const embedQuery = () => Promise.reject(new Error('the endpoint is down'));
    const { asked, found, degraded } = await ask('tulip', { embedQuery });
    expect([asked, found]).toEqual([[], {}]);
    expect(degraded).toEqual(['embedding: the endpoint is down; answered by words alone']);
    const ended = AbortSignal.abort(new Error('the call is over'));
    await expect(ask('tulip', { embedQuery, signal: ended })).rejects.toThrow('the call is over');
  });

  it('say what the index was missing', async () => {
    const search = async () => ({ hits: [hit('m1')], degraded: 'index: behind' });
    const { found, degraded } = await ask('tulip', { search });
    expect(found).toEqual({ 'user:ann': ['m1'] });
    expect(degraded).toEqual(['index: behind']);
  });
});
