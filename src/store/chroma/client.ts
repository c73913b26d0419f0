import { AsyncLocalStorage } from 'node:async_hooks';
import type { ChromaClient } from 'chromadb';
import { messageOf } from '../../core/errors.js';
import { firstSignal } from '../../core/first-signal.js';
import type { ChromaEndpoint } from './server.js';

/** How long one request may take, in milliseconds; writes of many programs wait for each other in the server. */
const requestTimeout = 20_000;

/** A request that Chroma refused, with its HTTP status, or that never reached it, without one. */
export class ChromaRequestError extends Error {
  readonly status: number | undefined;

  constructor(message: string, options: ErrorOptions & { status?: number } = {}) {
    super(message, options);
    this.name = 'ChromaRequestError';
    this.status = options.status;
  }
}

/** The signal of the operation that a request belongs to; the client itself knows only one signal for all of its requests. */
const operationSignal = new AsyncLocalStorage<AbortSignal>();

/** Runs an operation whose requests all end when the signal aborts. */
export function withSignal<T>(signal: AbortSignal, operation: () => Promise<T>): Promise<T> {
  return operationSignal.run(signal, operation);
}

/**
 * A client for this endpoint whose requests are bounded in time and raise ChromaRequestError, or the signal's reason.
 * Loads the chromadb package; makes no request.
 */
export async function createChromaClient(endpoint: ChromaEndpoint): Promise<ChromaClient> {
  const { ChromaClient, CloudClient } = await import('chromadb');
  const { url, apiKey, tenant, database, headers = {} } = endpoint;
  const place = { ...(tenant !== undefined && { tenant }), ...(database !== undefined && { database }) };
  const client = apiKey === undefined ? new ChromaClient({ ...place, headers }) : new CloudClient({ ...place, apiKey });
  // The client has no option for either: an address with a path, and a fetch that neither hangs nor hides causes.
  const { apiClient } = client as unknown as {
    apiClient: { setConfig(config: { baseUrl: string; fetch: typeof fetch; headers: Record<string, string> }): void };
  };
  apiClient.setConfig({ baseUrl: url, fetch: boundedFetch, headers });
  return client;
}

/** The whole answer is read here, so that a connection lost in the middle of a body is reported like any other. */
const boundedFetch: typeof fetch = async (input, init) => {
  const caller = operationSignal.getStore();
  const timeout = AbortSignal.timeout(requestTimeout);
  const signal = caller === undefined ? timeout : firstSignal(caller, timeout);
  const [response, body] = await fetch(input, { ...init, signal })
    .then(async (answer) => [answer, await answer.arrayBuffer()] as const)
    .catch((error: unknown) => {
      caller?.throwIfAborted();
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      throw new ChromaRequestError(`Chroma could not be reached: ${messageOf(cause)}`, { cause });
    });
  const { status, headers, ok } = response;
  if (!ok) throw new ChromaRequestError(`Chroma answered ${status}: ${messageIn(Buffer.from(body).toString())}`, { status });
  const { origin, pathname } = new URL(input instanceof Request ? input.url : input);
  if (!isChromas(pathname, body)) throw new ChromaRequestError(`what answers at ${origin} is not Chroma`);
  return new Response(body.byteLength > 0 ? body : null, { status, headers });
};

/**
 * Whether an answer to a request that reads could be Chroma's. Another service at its address says yes to everything,
 * and the client would take that for an empty collection. Each change of an index reads first.
 */
function isChromas(path: string, body: ArrayBuffer): boolean {
  const request = /\/(get|query|count)$/.exec(path)?.[1];
  if (request === undefined) return true;
  const answer = parsed(Buffer.from(body).toString());
  return request === 'count' ? typeof answer === 'number' : Array.isArray((answer as { ids?: unknown } | null | undefined)?.ids);
}

/** A text as JSON, undefined when it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function messageIn(text: string): string {
  const { message, error } = (parsed(text) ?? {}) as { message?: string; error?: string };
  return message ?? error ?? text.slice(0, 300);
}
