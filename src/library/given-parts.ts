import { KeepsakeError } from '../core/errors.js';
import type { InjectedModels, OpenOptions } from './open-options.js';

/** The method by which each model of the caller's own works. */
const methods: Record<keyof InjectedModels, string> = {
  extractor: 'extract',
  decider: 'decide',
  reflector: 'reflect',
  embedder: 'embed',
  reranker: 'score',
  chat: 'stream',
};

function requireMethods(name: string, part: unknown, wanted: readonly string[]): void {
  if (part === undefined) return;
  const lacking = wanted.find((method) => typeof (part as Record<string, unknown> | null)?.[method] !== 'function');
  if (lacking !== undefined) throw new KeepsakeError('invalid_argument', `openKeepsake needs ${name} with a method ${lacking}.`);
}

/**
 * Refuses parts of the caller's own that cannot do what they are for: it would show in the middle of a call, or not at
 * all. Raises invalid_argument.
 */
export function requireParts({ client, clock, models = {}, logger }: OpenOptions): void {
  if (client !== undefined && (typeof client !== 'string' || client === ''))
    throw new KeepsakeError('invalid_argument', 'openKeepsake needs client as a text that is not empty.');
  requireMethods('clock', clock, ['now']);
  requireMethods('logger', logger, ['debug', 'info', 'warn', 'error']);
  const unknown = Object.keys(models).find((name) => !Object.hasOwn(methods, name));
  if (unknown !== undefined) {
    const known = Object.keys(methods).join(', ');
    throw new KeepsakeError('invalid_argument', `openKeepsake knows no model ${JSON.stringify(unknown)}; known are ${known}.`);
  }
  for (const [name, method] of Object.entries(methods)) requireMethods(`models.${name}`, models[name as keyof InjectedModels], [method]);
}
