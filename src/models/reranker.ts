import { z } from 'zod';
import { messageOf } from '../core/errors.js';
import { firstSignal } from '../core/first-signal.js';
import { ModelError, type Reranker } from '../core/ports.js';
import { type OnModelRequest, outcomeOf, timedRequest } from './model-request.js';
import { rootOf } from './openai/client.js';

/** Where a reranker is and how patient to be with it. */
export interface RerankerOptions {
  /** The full URL, like https://api.jina.ai/v1/rerank. */
  url: string;
  /** Without it no Authorization header is sent. */
  apiKey?: string | undefined;
  model: string;
  /** Milliseconds that a request may take, its answer's body included. */
  timeout: number;
  /** Told of every request. */
  onRequest?: OnModelRequest | undefined;
}

/** Bytes of an answer: fifty texts that are sent back, each character as \uXXXX, take a third of it. */
const longestAnswer = 1_000_000;
/** Characters of an endpoint's own words in an error. */
const longestSaid = 300;

const resultsShape = z.array(z.object({ index: z.number(), relevance_score: z.number() }));

/** How one family of endpoints is asked, and where its answer holds the results. */
interface Dialect {
  body(model: string, query: string, documents: readonly string[]): object;
  answer: z.ZodType<z.infer<typeof resultsShape>>;
}

/** Jina, Cohere, SiliconFlow, vLLM and others; also DashScope under /compatible-api. */
const common: Dialect = {
  body: (model, query, documents) => ({ model, query, documents, top_n: documents.length }),
  answer: z.object({ results: resultsShape }).transform(({ results }) => results),
};

/** DashScope's own, under /api/v1/services/rerank/text-rerank/text-rerank. */
const dashScope: Dialect = {
  body: (model, query, documents) => ({
    model,
    input: { query, documents },
    parameters: { top_n: documents.length, return_documents: false },
  }),
  answer: z.object({ output: z.object({ results: resultsShape }) }).transform(({ output }) => output.results),
};

/** What endpoints that refuse say of it, each in its own field; an answer without one is not quoted, it may repeat the texts. */
const refusalShape = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ detail: z.string() }).transform(({ detail }) => detail),
  z.object({ error: z.string() }).transform(({ error }) => error),
]);

/**
 * A reranker behind HTTP, asked once a search: a second attempt would come too late. The URL's path tells which of the
 * two forms it speaks. Errors hold neither the key nor the URL's query string, and of a refusal only its message.
 */
export function createHttpReranker({ url, apiKey, model, timeout, onRequest }: RerankerOptions): Reranker {
  const { origin, pathname, search } = new URL(url);
  const place = origin + pathname;
  const dialect = pathname.includes('text-rerank') ? dashScope : common;

  async function post(body: object, signal: AbortSignal): Promise<{ status: number; text: string | undefined }> {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(apiKey && { authorization: `Bearer ${apiKey}` }),
    };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
    return { status: response.status, text: await boundedText(response) };
  }

  function refusal(status: number, text: string): ModelError {
    const said = (refusalShape.safeParse(parsed(text)).data ?? '').replace(/\s+/g, ' ').trim();
    const secrets = [apiKey ?? '', search].filter((secret) => secret !== '');
    const quoted = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), said).slice(0, longestSaid);
    return new ModelError(`${place} answered ${status}${quoted && `: ${quoted}`}${hints[status] ?? ''}`);
  }

  return {
    model,
    async score(query, texts, signal) {
      const limit = AbortSignal.timeout(timeout);
      const told = timedRequest(onRequest);
      let answer: Awaited<ReturnType<typeof post>>;
      try {
        answer = await post(dialect.body(model, query, texts), firstSignal(signal, limit));
      } catch (error) {
        told(signal.aborted ? 'abandoned' : 'failed');
        if (signal.aborted) throw new ModelError(`${place} did not answer before the call ended`, { cause: signal.reason });
        const fault = limit.aborted
          ? `did not answer within ${timeout} ms`
          : `could not be reached or broke off: ${messageOf(rootOf(error))}`;
        throw new ModelError(`${place} ${fault}`, { cause: error });
      }
      const { status, text } = answer;
      told(outcomeOf(status), parsed(text ?? ''));
      if (status < 200 || status > 299) throw refusal(status, text ?? '');
      if (text === undefined) throw new ModelError(`${place} answered more than ${longestAnswer} bytes`);
      const results = dialect.answer.safeParse(parsed(text)).data;
      if (!results) throw new ModelError(`${place} answered something that is no list of relevance scores`);
      return scoresOf(results, texts.length, model);
    },
  };
}

const hints: Record<number, string> = {
  401: ' (check KEEPSAKE_RERANK_API_KEY)',
  403: ' (check KEEPSAKE_RERANK_API_KEY)',
  404: ' (check KEEPSAKE_RERANK_MODEL, and KEEPSAKE_RERANK_URL, which usually ends in /rerank)',
};

/** The results in the order of the texts, each of which must have one. */
function scoresOf(results: z.infer<typeof resultsShape>, count: number, model: string): number[] {
  const byIndex = new Map(results.map(({ index, relevance_score }) => [index, relevance_score]));
  const scores = Array.from({ length: count }, (_, index) => byIndex.get(index)).filter((score) => score !== undefined);
  if (results.length !== count || scores.length !== count) {
    throw new ModelError(`${model} scored ${scores.length} of ${count} texts in ${results.length} results`);
  }
  return scores;
}

/** The body of a response, or undefined where it is longer than an answer may be; the rest of it is not read. */
async function boundedText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > longestAnswer) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
