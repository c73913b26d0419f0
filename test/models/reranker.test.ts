import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ModelError } from '../../src/core/ports.js';
import { createHttpReranker, type RerankerOptions } from '../../src/models/reranker.js';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { until } from '../support/server.js';

let fake: FakeOpenAi;
beforeEach(async () => {
  fake = await startFakeOpenAi({ apiKey: 'sk-right' });
});
afterEach(() => fake.close());

const texts = ['Taxes are due in May.', 'My cat is called Minka.', 'The cat sleeps on the sofa.'];
const query = 'what is my cat called';
const reranker = (options: Partial<RerankerOptions> = {}) =>
  createHttpReranker({ url: fake.rerankUrls.common, apiKey: 'sk-right', model: 'judge', timeout: 5000, ...options });
const score = (options: Partial<RerankerOptions> = {}, signal = new AbortController().signal) =>
  reranker(options).score(query, texts, signal);
const failure = (options: Partial<RerankerOptions> = {}, signal?: AbortSignal) =>
  score(options, signal).then(
    () => expect.unreachable(),
    (error: unknown) => error as ModelError,
  );

describe.each(['common', 'dashScope'] as const)('a reranker that speaks the %s form', (form) => {
  const options = () => ({ url: fake.rerankUrls[form] });

  it('scores each text in the order in which the texts were given', async () => {
    const scores = await score(options());
    expect(scores).toHaveLength(3);
    expect(scores[1]).toBeGreaterThan(scores[2]!);
    expect(scores[2]).toBeGreaterThan(scores[0]!);
    expect(fake.requests).toHaveLength(1);
    expect(fake.requests[0]?.headers).toMatchObject({ authorization: 'Bearer sk-right', 'content-type': 'application/json' });
  });

  it('takes scores of any sign and size, and those that are equal', async () => {
    fake.onRerank((_, document) => (document.startsWith('Taxes') ? -11.5 : 8.25));
    expect(await score(options())).toEqual([-11.5, 8.25, 8.25]);
  });

  it.each([
    ['wrong_count', /judge scored 2 of 3 texts in 2 results/],
    ['extra_result', /judge scored 3 of 3 texts in 4 results/],
    ['out_of_range', /judge scored 2 of 3 texts in 3 results/],
    ['double_index', /judge scored 2 of 3 texts in 3 results/],
    ['fraction_index', /judge scored 2 of 3 texts in 3 results/],
    ['nan_score', /no list of relevance scores/],
    ['huge_score', /no list of relevance scores/],
    ['web_page', /no list of relevance scores/],
    ['broken_body', /no list of relevance scores/],
    ['flood', /answered more than 1000000 bytes/],
    ['half_body', /could not be reached or broke off/],
    ['disconnect', /could not be reached or broke off/],
    ['rate_limit', /answered 429: Rate limit reached\.$/],
    ['server_error', /answered 500: The server had an error/],
  ] as const)('refuses an answer with %s, and asks only once', async (fault, message) => {
    fake.fail(fault);
    const error = await failure(options());
    expect(error).toBeInstanceOf(ModelError);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^(judge|http:\/\/127\.0\.0\.1:\d+\/\S+) /);
    expect(fake.requests).toHaveLength(1);
  });

  it('names the setting of a wrong key without the key, though the endpoint repeats it', async () => {
    const { message } = await failure({ ...options(), apiKey: 'sk-wrong' });
    expect(message).toMatch(/answered 401: Incorrect API key provided.* \(check KEEPSAKE_RERANK_API_KEY\)$/);
    expect(message).not.toContain('sk-wrong');
  });

  it.each(['hang', 'stall'] as const)('gives up in time on an endpoint that meets a %s', async (fault) => {
    fake.fail(fault);
    expect((await failure({ ...options(), timeout: 50 })).message).toBe(`${options().url} did not answer within 50 ms`);
  });
});

describe('a reranker', () => {
  it('asks in the common form for all of the texts', async () => {
    await score();
    expect(fake.requests[0]?.body).toEqual({ model: 'judge', query, documents: texts, top_n: 3 });
  });

  it('asks in the form of DashScope where the path is that of its text-rerank, and does not want the texts back', async () => {
    await score({ url: fake.rerankUrls.dashScope });
    const { body } = fake.requests[0]!;
    expect(body).toEqual({ model: 'judge', input: { query, documents: texts }, parameters: { top_n: 3, return_documents: false } });
  });

  it('sends no Authorization header without a key, whatever the environment holds', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-environment');
    await failure({ apiKey: undefined });
    vi.unstubAllEnvs();
    expect(fake.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('names the URL of a wrong path, and none of its query string', async () => {
    const { message } = await failure({ url: `${fake.url}?code=hidden` });
    expect(message).toBe(
      `${fake.url} answered 404: Invalid URL (POST /v1***) (check KEEPSAKE_RERANK_MODEL, and KEEPSAKE_RERANK_URL, which usually ends in /rerank)`,
    );
  });

  it('repeats nothing of the texts where a refusal sends them back', async () => {
    fake.fail('validation');
    const { message } = await failure();
    expect(message).toBe(`${fake.rerankUrls.common} answered 422`);
  });

  it('ends with the call', async () => {
    fake.fail('hang');
    const call = new AbortController();
    const answer = failure({ timeout: 60_000 }, call.signal);
    await until(() => fake.requests.length === 1);
    call.abort();
    expect((await answer).message).toMatch(/did not answer before the call ended/);
  });

  it('asks nobody when the call is over already', async () => {
    expect(await failure({}, AbortSignal.abort())).toBeInstanceOf(ModelError);
    expect(fake.requests).toHaveLength(0);
  });

  it('says that nobody listens', async () => {
    await fake.stop();
    expect((await failure()).message).toMatch(/could not be reached.*ECONNREFUSED/);
  });

  it('follows a redirect, but takes no key to another host', async () => {
    const received: IncomingMessage['headers'][] = [];
    const elsewhere = createServer((request, response) => {
      received.push(request.headers);
      response.end(JSON.stringify({ results: texts.map((_, index) => ({ index, relevance_score: index })) }));
    });
    const here = createServer((_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/rerank` }).end();
    });
    try {
      for (const server of [elsewhere, here]) await once(server.listen(0, '127.0.0.1'), 'listening');
      expect(await score({ url: `http://127.0.0.1:${(here.address() as AddressInfo).port}/rerank` })).toEqual([0, 1, 2]);
      expect(received).toHaveLength(1);
      expect(received[0]?.authorization).toBeUndefined();
    } finally {
      for (const server of [elsewhere, here]) {
        server.close();
        server.closeAllConnections();
      }
    }
  });
});
