import { z } from 'zod';
import { type Embedder, ModelError } from '../../core/ports.js';
import { EndpointError, type OpenAiClient } from './client.js';
import { usualNoise } from './measured-noise.js';

/** 8,191 tokens is what OpenAI's models take, and a character of Chinese can cost more than one token. */
const longestText = 6_000;
/** A text that is refused even at this length is refused for another reason. */
const shortestCut = 250;

const vectorShape = z.union([z.string(), z.custom<number[]>((value) => Array.isArray(value) && value.every(Number.isFinite))]);
const answerShape = z.object({ data: z.array(z.object({ index: z.number().int().nullish(), embedding: vectorShape })) });

/**
 * Embeds through /embeddings: one request for all texts, split only where the endpoint refuses their number, which is
 * remembered. `batchLimit` is that number where it is known beforehand.
 */
export function createOpenAiEmbedder(options: { client: OpenAiClient; model: string; batchLimit?: number | undefined }): Embedder {
  const { client, model } = options;
  let batchLimit = options.batchLimit ?? Number.POSITIVE_INFINITY;
  let sendsFormat = true;
  let dimension = 0;

  async function embed(texts: string[], signal: AbortSignal): Promise<Float32Array[]> {
    if (texts.length === 0) return [];
    if (texts.length > batchLimit) return embedInParts(texts, batchLimit, signal);
    const formatted = sendsFormat;
    try {
      return await request(texts, formatted, signal);
    } catch (error) {
      if (!(error instanceof EndpointError && [400, 413, 422].includes(error.status ?? 0))) throw error;
      if (formatted && /encoding.?format/i.test(error.said)) {
        sendsFormat = false;
        return embed(texts, signal);
      }
      return embedSmaller(texts, error, signal);
    }
  }

  async function embedSmaller(texts: string[], refusal: EndpointError, signal: AbortSignal): Promise<Float32Array[]> {
    const { said } = refusal;
    const tooLong = /token|context.?(length|size|window)|too long/i.test(said);
    const tooMany = /batch|size|limit|too (many|large|big)|at most|maximum|array|larger|exceed/i.test(said);
    if (!tooLong && !tooMany && refusal.status !== 413) throw refusal;
    if (texts.length > 1) {
      const size = numberUnder(texts.length, said) ?? Math.ceil(texts.length / 2);
      // How many tokens a request holds depends on its texts, how many texts it may hold does not.
      if (!tooLong) batchLimit = Math.min(batchLimit, size);
      return embedInParts(texts, size, signal);
    }
    const [text = ''] = texts;
    if (text.length < shortestCut) throw refusal;
    return embed([cut(text, Math.floor(text.length / 2))], signal);
  }

  async function embedInParts(texts: string[], size: number, signal: AbortSignal): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += size) vectors.push(...(await embed(texts.slice(start, start + size), signal)));
    return vectors;
  }

  async function request(texts: string[], formatted: boolean, signal: AbortSignal): Promise<Float32Array[]> {
    const body = { model, input: texts, ...(formatted && { encoding_format: 'float' }) };
    // Not embeddings.create: without a format it asks for base64 and decodes whatever comes.
    const sent = client.request((sdk, requestOptions) => sdk.post('/embeddings', { body, ...requestOptions }), signal);
    const answer = answerShape.safeParse(await sent).data;
    if (answer === undefined) {
      throw new ModelError(`${client.baseUrl} answered something that is no list of number vectors; the base URL usually ends in /v1`);
    }
    const vectors = answer.data.map(({ index, embedding }, position) => ({ index: index ?? position, embedding }));
    const distinct = new Set(vectors.map(({ index }) => index)).size;
    if (vectors.length !== texts.length || distinct !== texts.length) {
      throw new ModelError(`${model} answered ${distinct} embeddings for ${texts.length} texts`);
    }
    return vectors.sort((left, right) => left.index - right.index).map(({ embedding }) => checked(unitVector(embedding)));
  }

  function checked(vector: Float32Array | undefined): Float32Array {
    if (vector === undefined) throw new ModelError(`${model} answered an embedding that is empty, zero or not finite`);
    if (dimension !== 0 && vector.length !== dimension) {
      throw new ModelError(`${model} answered an embedding of width ${vector.length} after ${dimension}`);
    }
    dimension = vector.length;
    return vector;
  }

  return {
    model,
    get dimension() {
      return dimension;
    },
    noise: usualNoise,
    remote: true,
    embed: (texts, signal) =>
      embed(
        texts.map((text) => cut(text, longestText)),
        signal,
      ),
  };
}

/** Shortens to `length` UTF-16 units without leaving half of a surrogate pair. */
function cut(text: string, length: number): string {
  return text.slice(0, length).toWellFormed();
}

/** The last bound that a refusal names, if it is less than the `count` that was refused. */
function numberUnder(count: number, said: string): number | undefined {
  const bounds = said.matchAll(/(?:than|than or equal to|exceed\w*|at most|up to|max\w*|limit\w*|<=?|>)[^\d]{0,40}(\d+)/gi);
  return [...bounds].map(([, digits]) => Number(digits)).findLast((number) => number >= 1 && number < count);
}

/** The vector at length 1; undefined when it has no direction. Base64 holds little-endian float32, as OpenAI sends it. */
function unitVector(embedding: string | number[]): Float32Array | undefined {
  const components = typeof embedding === 'string' ? fromBase64(embedding) : embedding;
  const length = Math.hypot(...components);
  return length > 0 && length < Number.POSITIVE_INFINITY ? Float32Array.from(components, (component) => component / length) : undefined;
}

function fromBase64(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readFloatLE(index * 4));
}
