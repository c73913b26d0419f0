import { membersOf } from '../message.js';

/** The member `id` of a message of the protocol, where it has a usable one. */
export function idOf(message: unknown): string | number | null {
  const { id } = membersOf(message);
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

/** Method of a message of the protocol, with the tool's name behind a blank; undefined for an answer. */
export function calledBy(message: unknown): string | undefined {
  const { method, params } = membersOf(message);
  if (typeof method !== 'string') return undefined;
  const { name } = membersOf(params);
  return method === 'tools/call' && typeof name === 'string' ? `${method} ${name}` : method;
}
