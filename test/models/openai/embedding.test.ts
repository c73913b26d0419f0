import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Embedder, ModelError } from '../../../src/core/ports.js';
import { createOpenAiClient } from '../../../src/models/openai/client.js';
import { createOpenAiEmbedder } from '../../../src/models/openai/embedding.js';
import { type EmbeddingFault, type FakeOpenAi, type FakeOpenAiOptions, startFakeOpenAi } from '../../support/fake-openai.js';

let fake: FakeOpenAi;
afterEach(() => fake.close());

const signal = new AbortController().signal;
const lengthOf = (vector: Float32Array) => Math.hypot(...vector);
const cosine = (left?: Float32Array, right?: Float32Array) => left!.reduce((sum, value, index) => sum + value * right![index]!, 0);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `text ${index}`);

async function setUp(options: FakeOpenAiOptions = {}, batchLimit?: number): Promise<Embedder> {
  fake = await startFakeOpenAi(options);
  const client = createOpenAiClient({ baseUrl: fake.url, timeout: 5_000, retryDelay: 1 });
  return createOpenAiEmbedder({ client, model: 'text-embedding-3-small', batchLimit });
}
const sizes = () => fake.embeddingCalls.map(({ body }) => (body.input as string[]).length);

describe('an embedder', () => {
  it('answers one unit vector a text, in the order of the texts, in one request for floats', async () => {
    const embedder = await setUp({ synonyms: { puppy: 'dog' } });
    const [dog, puppy, tax] = await embedder.embed(['the dog barks', 'the puppy barks', 'quarterly tax return'], signal);
    expect(sizes()).toEqual([3]);
    expect(fake.embeddingCalls[0]?.body).toMatchObject({ model: 'text-embedding-3-small', encoding_format: 'float' });
    expect(lengthOf(dog!)).toBeCloseTo(1, 5);
    expect(cosine(dog, puppy)).toBeCloseTo(1, 5);
    expect(cosine(dog, tax)).toBeLessThan(0.5);
    expect(dog).toBeInstanceOf(Float32Array);
  });

  it('knows its width after the first answer', async () => {
    const embedder = await setUp({ dimension: 8 });
    expect(embedder.dimension).toBe(0);
    await embedder.embed(['a'], signal);
    expect(embedder.dimension).toBe(8);
  });

  it('sends nothing for no texts', async () => {
    const embedder = await setUp();
    await expect(embedder.embed([], signal)).resolves.toEqual([]);
    expect(fake.requests).toHaveLength(0);
  });

  it('leaves out the format where it is refused, and remembers it', async () => {
    const embedder = await setUp({ refuses: ['encoding_format'] });
    const [vector] = await embedder.embed(['one two'], signal);
    await embedder.embed(['three'], signal);
    expect(lengthOf(vector!)).toBeCloseTo(1, 5);
    expect(fake.embeddingCalls.map(({ body }) => body.encoding_format)).toEqual(['float', undefined, undefined]);
  });

  it('reads base64 that came unasked as the same vector', async () => {
    const embedder = await setUp();
    const [floats] = await embedder.embed(['one two three'], signal);
    fake.fail('base64');
    const [decoded] = await embedder.embed(['one two three'], signal);
    expect(decoded).toEqual(floats);
  });

  it('splits into the number that the endpoint names, and remembers it', async () => {
    const embedder = await setUp({ batchLimit: 10 });
    const vectors = await embedder.embed(numbered(23), signal);
    await embedder.embed(numbered(11), signal);
    expect(sizes()).toEqual([23, 10, 10, 3, 10, 1]);
    expect(vectors[22]).toEqual((await embedder.embed(['text 22'], signal))[0]);
  });

  it('starts with a limit that is known', async () => {
    const embedder = await setUp({ batchLimit: 4 }, 4);
    await embedder.embed(numbered(6), signal);
    expect(sizes()).toEqual([4, 2]);
  });

  it('halves a batch until its tokens are taken, without remembering it', async () => {
    const embedder = await setUp({ textLimit: 3_000 });
    await embedder.embed(['a', 'b', 'c', 'd '.repeat(2_500)], signal);
    expect(sizes()).toEqual([4, 2, 2, 1, 1, 1]);
    await embedder.embed(numbered(4), signal);
    expect(sizes().at(-1)).toBe(4);
  });

  it('cuts texts to 6,000 characters and never through a character', async () => {
    const embedder = await setUp();
    await embedder.embed([`${'x'.repeat(5_999)}😀${'y'.repeat(100)}`], signal);
    const [text] = fake.embeddingCalls[0]!.body.input as string[];
    expect(text).toHaveLength(6_000);
    expect(text?.isWellFormed()).toBe(true);
  });

  it.each([
    ['wrong_count', /answered 1 embeddings for 2 texts/],
    ['wrong_width', /width 65 after 64/],
    ['zero', /empty, zero or not finite/],
  ] as [EmbeddingFault, RegExp][])('refuses %s', async (fault, message) => {
    const embedder = await setUp();
    await embedder.embed(['first'], signal);
    fake.fail(fault);
    const failure = await embedder.embed(['one', 'two'], signal).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ModelError);
    expect(failure).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('refuses what is no list of vectors', async () => {
    const embedder = await setUp();
    fake.fail('web_page');
    await expect(embedder.embed(['one'], signal)).rejects.toThrow(/no list of number vectors/);
  });

  it('does not split for a wrong key', async () => {
    const embedder = await setUp({ apiKey: 'sk-test' });
    await expect(embedder.embed(numbered(4), signal)).rejects.toThrow(/401/);
    expect(sizes()).toEqual([4]);
  });

  it('raises ModelError when the endpoint is gone', async () => {
    const embedder = await setUp();
    await fake.stop();
    await expect(embedder.embed(['one'], signal)).rejects.toBeInstanceOf(ModelError);
  });
});

describe("refusals in other servers' words", () => {
  it.each([
    [413, '{"error":"batch size 5 > maximum allowed batch size 2","error_type":"Validation"}', [5, 2, 2, 1]],
    [400, '{"code":20015,"message":"input batch size 5 should be less than or equal to 3","data":null}', [5, 3, 2]],
    [422, '{"detail":"too many inputs"}', [5, 3, 2]],
    [413, 'Payload Too Large', [5, 3, 2]],
  ])('%i %s', async (status, refusal, expected) => {
    fake = await startFakeOpenAi();
    const seen: number[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { length } = JSON.parse(body).input as string[];
      seen.push(length);
      const refused = length > expected[1]!;
      response.writeHead(refused ? status : 200, { 'content-type': 'application/json' });
      response.end(refused ? refusal : JSON.stringify({ data: Array.from({ length }, () => ({ embedding: [1, 2] })) }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const client = createOpenAiClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, timeout: 5_000 });
      await createOpenAiEmbedder({ client, model: 'bge-m3' }).embed(numbered(5), signal);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    expect(seen).toEqual(expected);
  });
});
