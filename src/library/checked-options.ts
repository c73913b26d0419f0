import { z } from 'zod';
import { defined } from '../core/facts.js';
import { commonArguments, readArguments } from '../tools/arguments.js';

/** What a method that is no tool's understands, by its name; a signal is understood by all. */
const schemas = {
  call: z.strictObject(commonArguments),
  chat: z.strictObject({ ...commonArguments, wait: z.boolean().optional() }),
  flush: z.strictObject({ timeout: z.number().nonnegative().optional() }),
  reset: z.strictObject({ user_id: commonArguments.user_id, project: commonArguments.project }),
};

/**
 * Reads options, all but the signal, as a tool's arguments are read. Raises invalid_argument, also for what is not known:
 * it may have been meant to narrow what is done.
 */
export function checkedOptions<M extends keyof typeof schemas>(
  method: M,
  { signal: _, ...options }: { signal?: AbortSignal | undefined },
): z.infer<(typeof schemas)[M]> {
  return readArguments(schemas[method], defined(options));
}
