import type { Suggested } from '../core/suggestions.js';
import { searchedSpaces } from '../tools/spaces.js';
import { type Exchange, type Look, ProtocolError } from './exchange.js';
import { findPrompt } from './prompts.js';
import { templateUris } from './resource-uris.js';

/** What a client asks to be completed. */
export interface Completion {
  ref: { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string };
  argument: { name: string; value: string };
}

/** Completes arguments of prompts and parts of resource templates. Raises KeepsakeErrors and ProtocolErrors. */
export interface Completions {
  complete(completion: Completion, exchange: Exchange): Promise<{ values: string[]; total: number; hasMore: boolean }>;
}

/** Completions from what is remembered and open to the caller. */
export function createCompletions({ look }: { look: Look }): Completions {
  return {
    async complete(completion, exchange) {
      const what = suggestedFor(completion);
      const { value } = completion.argument;
      const { values, total } = await look(exchange, async (context) =>
        what === undefined
          ? { values: [], total: 0 }
          : context.keepsake.suggest({ what, value, spaces: await searchedSpaces({}, context) }),
      );
      return { values, total, hasMore: total > values.length };
    },
  };
}

/** What is suggested for an argument; undefined where nothing can be. Raises invalid_params for one that there is not. */
function suggestedFor({ ref, argument: { name } }: Completion): Suggested | undefined {
  switch (ref.type) {
    case 'ref/resource':
      return suggestedForTemplate(ref.uri, name);
    case 'ref/prompt':
      return suggestedForPrompt(ref.name, name);
    default:
      return ref satisfies never;
  }
}

function suggestedForTemplate(uri: string, argument: string): Suggested {
  const known: string[] = Object.values(templateUris);
  if (!known.includes(uri)) throw new ProtocolError('invalid_params', `Only ids in ${known.join(' and ')} can be completed.`);
  if (argument !== 'id') throw new ProtocolError('invalid_params', `${uri} has only the argument id.`);
  return 'memory';
}

function suggestedForPrompt(name: string, argument: string): Suggested | undefined {
  const prompt = findPrompt(name);
  if (prompt.arguments.some((each) => each.name === argument)) return argument === 'topic' ? 'topic' : undefined;
  const known = prompt.arguments.map((each) => each.name);
  throw new ProtocolError(
    'invalid_params',
    `${name} has ${known.length === 0 ? 'no arguments' : `only the argument ${known.join(', ')}`}.`,
  );
}
