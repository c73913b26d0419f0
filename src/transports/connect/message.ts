import { isObject, revisionKey } from '../message.js';

/** What a message carries of parameters, as far as a forwarder looks at them. */
export type Params = Record<string, unknown> & { _meta?: unknown };

/** A message that is answered. */
export interface Request {
  jsonrpc: '2.0';
  id: string | number;
  method: string;
  params?: Params;
}

/** A message that is not answered. */
export interface Notification {
  jsonrpc: '2.0';
  method: string;
  params?: Params;
}

/** The fault in a failed answer. */
export interface Fault {
  code: number;
  message: string;
  data?: unknown;
}

/** What a request is answered with. */
export type Answer = { jsonrpc: '2.0'; id: string | number } & ({ result: Params } | { error: Fault });

/** One message of JSON-RPC; what else it holds passes as it is. */
export type Message = Request | Notification | Answer;

/** The message that a text holds; undefined for anything else. */
export function messageIn(text: string): Message | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What is no message is not answered.
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const isKnown = typeof value.method === 'string' || (hasId(value) && ('result' in value || 'error' in value));
  return isKnown ? (value as unknown as Message) : undefined;
}

/** Whether a message wants an answer. */
export function isRequest(message: Message): message is Request {
  return 'method' in message && hasId(message);
}

/** Whether a message is an answer. */
export function isAnswer(message: Message): message is Answer {
  return !('method' in message);
}

/** The revision that a message names itself, as from 2026-07-28 on each request does; undefined for one of a session. */
export function revisionOf({ params }: Request): string | undefined {
  const revision = isObject(params?._meta) ? params._meta[revisionKey] : undefined;
  return typeof revision === 'string' ? revision : undefined;
}

/** The id of the request that a cancelling notification names. */
export function cancelledId({ params }: Notification): string | number | undefined {
  const id = params?.requestId;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

/** Tells the client that a resource has changed, or may have. */
export function updated(uri: string): Notification {
  return { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } };
}

function hasId(value: object): boolean {
  return 'id' in value && (typeof value.id === 'string' || typeof value.id === 'number');
}
