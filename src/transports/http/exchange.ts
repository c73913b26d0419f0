import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../../core/principal.js';

/** One request over HTTP on its way through the server. */
export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Host of the request's target, where that is a whole URL. */
  readonly authority: string | undefined;
  readonly path: string;
  readonly query: string;
  /** Known once the caller is authenticated. */
  principal?: Principal;
  /** Known once it has been read: JSON of any kind. */
  body?: unknown;
  /** Whether the response goes on until one side ends it, rather than until there is an answer. */
  isStream: boolean;
}

const current = new AsyncLocalStorage<string>();

/** Id of the request over HTTP that the running code works for, if there is one. */
export function currentRequestId(): string | undefined {
  return current.getStore();
}

/** Runs what is done for a request, which finds its id in currentRequestId. */
export function inRequest<T>(requestId: string, work: () => T): T {
  return current.run(requestId, work);
}

/** The member `id` of a message of the protocol, where it has a usable one. */
export function idOf(message: unknown): string | number | null {
  const { id } = asObject(message);
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

/** Method of a message of the protocol, with the tool's name behind a blank; undefined for an answer. */
export function calledBy(message: unknown): string | undefined {
  const { method, params } = asObject(message);
  if (typeof method !== 'string') return undefined;
  const { name } = asObject(params);
  return method === 'tools/call' && typeof name === 'string' ? `${method} ${name}` : method;
}

/** The members of a JSON object; none of anything else. */
export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
