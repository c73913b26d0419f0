import { type Exchange, ProtocolError, type RunTool } from './exchange.js';

/** What prompts/list says of one prompt. */
export interface ListedPrompt {
  name: string;
  title: string;
  description: string;
  arguments: { name: string; description: string; required: boolean }[];
}

/** What prompts/get answers. */
export interface PromptAnswer {
  description: string;
  messages: { role: 'user' | 'assistant'; content: { type: 'text'; text: string } }[];
}

/** The prompts of the server. Raises ProtocolErrors. */
export interface Prompts {
  list(): ListedPrompt[];
  get(name: string, given: Record<string, string>, exchange: Exchange): Promise<PromptAnswer>;
}

/** The prompts, made of answers of tools. */
export function createPrompts(_: { run: RunTool }): Prompts {
  return {
    list: () => [],
    async get(name) {
      throw new ProtocolError('invalid_params', `There is no prompt ${name}.`);
    },
  };
}
