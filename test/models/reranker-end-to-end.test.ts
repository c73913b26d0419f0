import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { type Answer, type StartedServer, startServer } from '../support/server.js';

let fake: FakeOpenAi;
let server: StartedServer;

/** A server with the fake's reranker and more memories about tea than the head of a search holds. */
beforeEach(async () => {
  fake = await startFakeOpenAi({ apiKey: 'sk-judge' });
  server = await startServer({
    env: { KEEPSAKE_RERANK_MODEL: 'judge', KEEPSAKE_RERANK_URL: fake.rerankUrls.common, KEEPSAKE_RERANK_API_KEY: 'sk-judge' },
  });
  const messages = Array.from({ length: 60 }, (_, number) => ({ role: 'user', content: `My tea number ${number} is green tea.` }));
  await server.call('remember', { infer: false, messages });
});
afterEach(async () => {
  await server.stop();
  await fake.close();
});

const query = 'green tea';
const texts = ({ structured }: Answer) => structured.memories.map(({ memory }) => memory);
const numberOf = (text: string) => Number(/\d+/.exec(text)?.[0]);

/** All pages of the search; `afterFirst` happens between the first and the second. */
async function paged(limit: number, afterFirst: () => void = () => undefined): Promise<Answer[]> {
  const pages = [await server.call('recall', { query, limit })];
  afterFirst();
  for (let cursor = nextOf(pages); cursor !== undefined; cursor = nextOf(pages)) {
    pages.push(await server.call('recall', { query, limit, cursor }));
  }
  return pages;
}

function nextOf(pages: Answer[]): string | undefined {
  return pages.at(-1)?.structured.next_cursor;
}

describe('recall with a reranker', () => {
  it('gives the best fifty in its order and the rest in that of the ranking, whatever the size of the pages', async () => {
    fake.fail('server_error', 1, 'rerank');
    const ranked = texts(await server.call('recall', { query, limit: 100 }));
    fake.onRerank((_, document) => numberOf(document));
    const whole = texts(await server.call('recall', { query, limit: 100 }));
    expect(whole.slice(0, 50)).toEqual(ranked.slice(0, 50).sort((a, b) => numberOf(b) - numberOf(a)));
    expect(whole.slice(50)).toEqual(ranked.slice(50));
    const asked = fake.rerankCalls.length;
    // A model that judged otherwise the second time would give hits twice.
    const pages = await paged(12, () => fake.onRerank((_, document) => -numberOf(document)));
    expect(pages.flatMap(texts)).toEqual(whole);
    expect(fake.rerankCalls).toHaveLength(asked + 1);
  });

  it('changes the order alone: hits, scores and their number stay', async () => {
    fake.fail('server_error', 1, 'rerank');
    const ranked = await server.call('recall', { query, limit: 100 });
    const reranked = await server.call('recall', { query, limit: 100 });
    const scores = ({ structured }: Answer) => structured.memories.map(({ id, score }) => `${id} ${score}`).sort();
    expect(reranked.structured.degraded).toBeUndefined();
    expect(reranked.structured.total).toBe(ranked.structured.total);
    expect(scores(reranked)).toEqual(scores(ranked));
  });

  it('says on every page of the head that it had to do without, and logs neither key nor text', async () => {
    fake.fail('server_error', Number.POSITIVE_INFINITY, 'rerank');
    const pages = await paged(30);
    expect(pages.map(({ structured }) => structured.degraded)).toEqual([
      [expect.stringMatching(/^reranker: http\S+ answered 500: .*; ranked without it$/)],
      ['reranker: it did not order the first page; ranked without it'],
    ]);
    expect(new Set(pages.flatMap(texts)).size).toBe(60);
    expect(server.log()).not.toMatch(/sk-judge|green tea/);
  });

  it('answers in time where the reranker does not', async () => {
    fake.fail('hang', 1, 'rerank');
    const { structured } = await server.call('recall', { query });
    expect(structured.degraded).toEqual([expect.stringMatching(/^reranker: \S+ did not answer within 2000 ms; ranked without it$/)]);
    expect(structured.memories).toHaveLength(10);
  });

  it('asks nobody for a listing, nor for what may be forgotten', async () => {
    await server.call('recall', {});
    const { structured } = await server.call('forget', { query });
    expect(structured.candidates).not.toHaveLength(0);
    expect(fake.rerankCalls).toHaveLength(0);
  });
});
