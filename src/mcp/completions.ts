import type { Keepsake } from '../core/keepsake.js';
import type { Exchange } from './exchange.js';

/** What a client asks to be completed. */
export interface Completion {
  ref: { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string };
  argument: { name: string; value: string };
}

/** Completes arguments of prompts and parts of resource templates. Raises ProtocolErrors. */
export interface Completions {
  complete(completion: Completion, exchange: Exchange): Promise<{ values: string[]; total: number; hasMore: boolean }>;
}

/** Completions from what is remembered and open to the caller. */
export function createCompletions(_: { keepsake: () => Promise<Keepsake> }): Completions {
  return { complete: async () => ({ values: [], total: 0, hasMore: false }) };
}
