import type { RememberAnswer } from '../core/answers.js';
import rememberTool from '../tools/remember.js';
import { printReply } from './answer.js';
import { type Run, UsageError } from './command.js';
import { rememberedPage, whoGoesOn } from './memory-page.js';
import { stdinText } from './stdin-text.js';
import { toolArguments } from './tool-arguments.js';
import { withCommandCalls } from './tool-calls.js';

/** Characters that are read from stdin at most; the tool says how many it takes. */
const mostRead = 1_000_000;
const changes = ['revision', 'kind', 'pinned', 'unpinned', 'occurred-at', 'expires-at', 'metadata'];

/**
 * Remembers a text, from the arguments or from stdin, or changes one memory, and prints what came of it. Resolves with
 * the exit code 0. Raises UsageError and KeepsakeErrors.
 */
export async function remember({ config, args, flags, json, signal }: Run, version: string): Promise<number> {
  const isChange = flags['memory-id'] !== undefined && changes.some((name) => flags[name] !== undefined);
  const content = await contentOf(args, { isChange, signal });
  const { verbatim, unpinned, 'no-wait': noWait } = flags;
  if (unpinned && flags.pinned) throw new UsageError('--pinned and --unpinned: give one of them');
  const given = {
    ...toolArguments(flags, ['verbatim', 'unpinned', 'no-wait']),
    ...(content === undefined ? {} : { content }),
    ...(verbatim ? { infer: false } : {}),
    ...(unpinned ? { pinned: false } : {}),
    ...(flags['expires-at'] === 'never' ? { expires_at: null } : {}),
    ...(noWait ? { wait: false } : {}),
  };
  return withCommandCalls(config, { version, signal }, async ({ call }) => {
    const piped = (text: string) => text.replace('; it is processed in the background.', () => `. ${whoGoesOn}`);
    printReply(await call<RememberAnswer>(rememberTool, given), { json, page: rememberedPage, piped });
    return 0;
  });
}

async function contentOf(
  args: readonly string[],
  { isChange, signal }: { isChange: boolean; signal: AbortSignal },
): Promise<string | undefined> {
  const isPiped = args.length === 0 && !isChange && !process.stdin.isTTY;
  if (!isPiped && !(args.length === 1 && args[0] === '-')) return args.length === 0 && isChange ? undefined : required(args.join(' '));
  const tooLong = 'what came on stdin is too long for one call; import takes whole files';
  return required((await stdinText({ most: mostRead, tooLong, signal })).trim());
}

function required(text: string): string {
  if (text.trim() !== '') return text;
  throw new UsageError('usage: keepsake-mcp remember TEXT, or - for the text from stdin');
}
