import type { Right } from '../core/principal.js';

/** Methods of the protocol that show what is remembered, by the part before the slash. */
const readers = ['resources', 'prompts', 'completion', 'subscriptions'];

/**
 * The rights that a message of the protocol needs, or several in one body; `rightFor` gives that of a tool. What is no
 * message needs none: whoever reads it will say so.
 */
export function neededRights(message: unknown, rightFor: (toolName: string) => Right | undefined): Right[] {
  // The transport refuses batches before it asks; a transport that takes them must not open a way round the rights.
  if (Array.isArray(message)) return message.flatMap((each) => neededRights(each, rightFor));
  if (typeof message !== 'object' || message === null || !('method' in message) || typeof message.method !== 'string') return [];
  const { method } = message;
  if (method === 'tools/call') {
    const name = 'params' in message ? (message.params as { name?: unknown } | null)?.name : undefined;
    return typeof name === 'string' ? [rightFor(name) ?? []].flat() : [];
  }
  return readers.includes(method.split('/')[0] ?? '') ? ['memory:read'] : [];
}
