import { isObject, revisionKey } from './message.js';

/**
 * What a line says of the revision that its sender speaks: a `probe` asks which there are, and any may follow;
 * undefined where it is no request.
 */
export function openingOf(line: string): 'probe' | 'modern' | 'legacy' | undefined {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    // No message, which is not answered.
    return undefined;
  }
  if (!isObject(message) || typeof message.method !== 'string' || message.id === undefined) return undefined;
  if (message.method === 'server/discover') return 'probe';
  const meta = isObject(message.params) ? message.params._meta : undefined;
  return isObject(meta) && revisionKey in meta ? 'modern' : 'legacy';
}
