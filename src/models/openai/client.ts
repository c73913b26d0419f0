import { setTimeout as sleep } from 'node:timers/promises';
import type OpenAI from 'openai';
import { messageOf } from '../../core/errors.js';
import { firstSignal } from '../../core/first-signal.js';
import { ModelError } from '../../core/ports.js';
import { type ModelOutcome, type OnModelRequest, outcomeOf, timedRequest } from '../model-request.js';

/** An endpoint that could not be reached or refused. */
export class EndpointError extends ModelError {
  /** The HTTP status, undefined where none came. */
  readonly status: number | undefined;
  /** The endpoint's own words, empty where there are none. */
  readonly said: string;

  constructor(message: string, { status, said = '', cause }: { status?: number | undefined; said?: string | undefined; cause: unknown }) {
    super(message, { cause });
    this.name = 'EndpointError';
    this.status = status;
    this.said = said;
  }
}

/** Where an endpoint is and how patient to be with it. */
export interface OpenAiClientOptions {
  /** With its version, like http://localhost:11434/v1; default OpenAI itself. */
  baseUrl?: string | undefined;
  /** Without it no Authorization header is sent. */
  apiKey?: string | undefined;
  /** Milliseconds that one attempt may take, its body included. */
  timeout: number;
  /** Milliseconds before the first retry where the endpoint names none, doubled for the second; default 500. */
  retryDelay?: number | undefined;
  /** Told of every request, retries and refused ones included. */
  onRequest?: OnModelRequest | undefined;
}

/** Says how a request ended; of the answer, the tokens that it tells under `usage` are read. */
export type Told = (outcome: ModelOutcome, answer: unknown) => void;

/** One OpenAI-compatible endpoint. */
export interface OpenAiClient {
  readonly baseUrl: string;
  /**
   * Runs `send` once, and up to twice more after 408, 429, 5xx or a lost connection. Raises EndpointError for the
   * last failure and ModelError when `signal` ends it.
   */
  request<T>(send: (sdk: OpenAI, options: { signal: AbortSignal }) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** As `request`, for an answer that goes on when `send` is done: the request is over once its reader calls `told`. */
  begin<T>(send: (sdk: OpenAI, options: { signal: AbortSignal }) => Promise<T>, signal: AbortSignal): Promise<{ answer: T; told: Told }>;
}

const retries = 2;
/** A longer Retry-After is not waited for: the input is safe and is processed later. */
const longestWait = 60_000;

/** Makes a client without connecting; the SDK is loaded by the first request. */
export function createOpenAiClient(options: OpenAiClientOptions): OpenAiClient {
  const { baseUrl = 'https://api.openai.com/v1', timeout, retryDelay = 500 } = options;
  let loading: Promise<OpenAI> | undefined;

  const client: OpenAiClient = {
    baseUrl,
    async request(send, signal) {
      const { answer, told } = await client.begin(send, signal);
      told('ok', answer);
      return answer;
    },
    async begin(send, signal) {
      loading ??= loadSdk(options, baseUrl);
      const sdk = await loading;
      for (let attempt = 0; ; attempt += 1) {
        // The SDK's own time limit ends with the response's headers; this one covers its body too.
        const limit = AbortSignal.timeout(timeout);
        const told = timedRequest(options.onRequest);
        try {
          signal.throwIfAborted();
          return { answer: await send(sdk, { signal: firstSignal(signal, limit) }), told };
        } catch (error) {
          told(signal.aborted ? 'abandoned' : outcomeOf(isHttpError(error) ? error.status : undefined));
          if (signal.aborted) throw ended(baseUrl, signal);
          const wait = retryable(error) ? waitAfter(error, retryDelay * 2 ** attempt) : undefined;
          if (attempt === retries || wait === undefined || wait > longestWait) {
            throw limit.aborted
              ? new EndpointError(`${baseUrl} did not answer within ${timeout} ms`, { cause: error })
              : endpointError(error, baseUrl);
          }
          await sleep(wait, undefined, { signal }).catch(() => {
            throw ended(baseUrl, signal);
          });
        }
      }
    },
  };
  return client;
}

async function loadSdk(options: OpenAiClientOptions, baseURL: string): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    baseURL,
    // The SDK insists on some key; the header below takes it away again.
    apiKey: options.apiKey ?? 'none',
    adminAPIKey: null,
    // Its retries sleep through an abort, and its log would go to stdout.
    maxRetries: 0,
    logLevel: 'off',
    fetch: fetchWithReadableErrors,
    ...(options.apiKey === undefined && { defaultHeaders: { Authorization: null } }),
    // OPENAI_ORG_ID and OPENAI_PROJECT_ID are no other endpoint's business.
    ...(options.baseUrl !== undefined && { organization: null, project: null }),
  });
}

/** Brings error bodies to OpenAI's form: of {"message": ...} or {"detail": ...} the SDK would keep nothing. */
async function fetchWithReadableErrors(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.status < 400) return response;
  const body = await response.text();
  const { status, headers } = response;
  return new Response(hasError(body) ? body : JSON.stringify({ error: { message: body.slice(0, 1_000) } }), { status, headers });
}

function hasError(body: string): boolean {
  try {
    return Boolean(JSON.parse(body)?.error);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function ended(baseUrl: string, signal: AbortSignal): ModelError {
  return new ModelError(`${baseUrl} did not answer before the call ended`, { cause: signal.reason });
}

/** What is used of the SDK's APIError; told by shape, since the SDK is loaded late. */
type HttpError = Error & { status: number; headers: Headers; code?: string | null };

function isHttpError(error: unknown): error is HttpError {
  return (
    error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    'headers' in error &&
    error.headers instanceof Headers
  );
}

/** No HTTP error means no answer or half of one: a lost connection, a time-out, a broken body. */
function retryable(error: unknown): boolean {
  if (!isHttpError(error)) return true;
  if (error.headers.get('x-should-retry') === 'false' || error.code === 'insufficient_quota') return false;
  return error.status === 408 || error.status === 429 || error.status >= 500;
}

/** Milliseconds to wait: retry-after-ms (OpenAI), Retry-After in seconds or as a date (RFC 9110, 10.2.3), else `usual`. */
function waitAfter(error: unknown, usual: number): number {
  if (!isHttpError(error)) return usual;
  const milliseconds = Number(error.headers.get('retry-after-ms') ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const after = error.headers.get('retry-after') ?? '';
  const seconds = after === '' ? Number.NaN : Number(after);
  if (seconds >= 0) return seconds * 1000;
  const date = Date.parse(after);
  return Number.isNaN(date) ? usual : Math.max(0, date - Date.now());
}

function endpointError(error: unknown, baseUrl: string): EndpointError {
  if (!isHttpError(error)) {
    return new EndpointError(`${baseUrl} could not be reached or broke off: ${messageOf(rootOf(error))}`, { cause: error });
  }
  const { status } = error;
  // The SDK's message begins with the status.
  const said = error.message.replace(/^\d{3} /, '').slice(0, 500);
  return new EndpointError(`${baseUrl} answered ${status}: ${said}${hints[status] ?? ''}`, { status, said, cause: error });
}

const hints: Record<number, string> = {
  401: ' (check the API key)',
  403: ' (check the API key)',
  404: ' (check the name of the model, and the base URL, which usually ends in /v1)',
};

/** The error at the bottom; of a name with several addresses, such as localhost, the first that failed. */
export function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError) return rootOf(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;
}
