import { describe, expect, it } from 'vitest';
import { type Embedder, ModelError } from '../../../src/core/ports.js';
import { EndpointError } from '../../../src/models/openai/client.js';
import { unrelatedTexts, usualNoise, withMeasuredNoise } from '../../../src/models/openai/measured-noise.js';
import { crowded, noiseEmbedding } from '../../support/synthetic-embeddings.js';

const { signal } = new AbortController();

/** An embedder whose unrelated texts reach about `cosine`, its requests, and the errors that it is to raise first. */
function fakeEmbedder({ cosine, errors = [] }: { cosine: number; errors?: Error[] }): { embedder: Embedder; requests: string[][] } {
  const requests: string[][] = [];
  const embed = async (texts: string[]) => {
    requests.push(texts);
    const error = errors.shift();
    if (error) throw error;
    return texts.map((text) => Float32Array.from(crowded(noiseEmbedding, cosine)(text)));
  };
  return { embedder: withMeasuredNoise({ model: 'fake', dimension: 257, noise: usualNoise, remote: true, embed }), requests };
}

describe('the noise of an embedding model', () => {
  it.each([0, 0.4, 0.7, 0.9])('is %f where that is the cosine of unrelated texts, known with the first answer', async (cosine) => {
    const { embedder } = fakeEmbedder({ cosine });
    expect(embedder.noise).toBe(usualNoise);
    await embedder.embed(['a'], signal);
    expect(embedder.noise).toBeCloseTo(cosine, 1);
  });

  it('costs no request of its own, and texts get their own vectors', async () => {
    const { embedder, requests } = fakeEmbedder({ cosine: 0 });
    await embedder.embed([], signal);
    const first = await embedder.embed(['a', 'b'], signal);
    const second = await embedder.embed(['a', 'b'], signal);
    expect(requests).toEqual([[], ['a', 'b', ...unrelatedTexts], ['a', 'b']]);
    expect(first).toEqual(second);
  });

  it('is asked for again where the endpoint could not be reached', async () => {
    const { embedder } = fakeEmbedder({ cosine: 0.7, errors: [new EndpointError('gone', { cause: undefined })] });
    await expect(embedder.embed(['a'], signal)).rejects.toThrow('gone');
    await embedder.embed(['a'], signal);
    expect(embedder.noise).toBeCloseTo(0.7, 1);
  });

  it.each([new EndpointError('refused', { status: 500, cause: undefined }), new ModelError('answered 1 embedding for 7 texts')])(
    'remains a guess where the endpoint does not take so many texts: $message',
    async (error) => {
      const { embedder, requests } = fakeEmbedder({ cosine: 0.7, errors: [error] });
      await expect(embedder.embed(['a'], signal)).rejects.toBe(error);
      expect(await embedder.embed(['a'], signal)).toHaveLength(1);
      expect(requests.at(-1)).toEqual(['a']);
      expect(embedder.noise).toBe(usualNoise);
    },
  );
});
