import type { RecallAnswer } from '../core/answers.js';
import recallTool from '../tools/recall.js';
import { printReply } from './answer.js';
import { type Run, UsageError } from './command.js';
import { withNextPage } from './command-words.js';
import { recalledPage } from './memory-page.js';
import { toolArguments } from './tool-arguments.js';
import { withCommandCalls } from './tool-calls.js';

/** Tokens of an answer's text, which on a pipe is what is printed: as many as the tool allows. */
const mostTokens = 20_000;

/**
 * Searches the memories and prints what was found. Resolves with the exit code 0, also where nothing was. Raises
 * UsageError and KeepsakeErrors.
 */
export async function recall({ config, args, flags, json, signal }: Run, version: string): Promise<number> {
  if (args.length === 0 && !flags.profile)
    throw new UsageError('usage: keepsake-mcp recall QUERY, or --profile for the standing picture; list shows all');
  const given = {
    max_tokens: mostTokens,
    ...toolArguments(flags, ['no-rerank']),
    ...(flags['no-rerank'] ? { rerank: false } : {}),
    ...(args.length > 0 ? { query: args.join(' ') } : {}),
  };
  return withCommandCalls(config, { version, signal }, async ({ call }) => {
    const page = (answer: RecallAnswer) => recalledPage(answer, { now: Date.now(), nothing: 'Nothing is remembered about this.' });
    printReply(await call<RecallAnswer>(recallTool, given), { json, page, piped: withNextPage });
    return 0;
  });
}
