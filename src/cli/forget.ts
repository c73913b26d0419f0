import type { ForgetAnswer } from '../core/answers.js';
import forgetTool from '../tools/forget.js';
import { printReply } from './answer.js';
import { type Flags, type Run, UsageError } from './command.js';
import { forgottenPage } from './memory-page.js';
import { programName } from './program-name.js';
import { canAsk, confirmed } from './question.js';
import { toolArguments } from './tool-arguments.js';
import { type ToolReply, withCommandCalls } from './tool-calls.js';

/** The command that carries a preview out; a token is good in the space that it was made in. */
function confirmation(token: string, { project }: Flags): string {
  const scope = typeof project === 'string' ? ` --project ${/^[\w.-]+$/.test(project) ? project : JSON.stringify(project)}` : '';
  return `${programName()} forget --confirm ${token}${scope}`;
}

/**
 * Forgets memories by their ids at once; what a query or --all names, and whatever is to be erased, is shown first and
 * asked about, or carried out by the token of its preview. Resolves with the exit code: 0, also where the answer was no, 1 where none of the ids is known, 2 where
 * nobody could be asked and nobody had said --yes. Raises UsageError and KeepsakeErrors.
 */
export async function forget({ config, args, flags, json, signal }: Run, version: string): Promise<number> {
  const named = [args.length > 0, flags.query !== undefined, flags.all === true, flags.confirm !== undefined].filter(Boolean).length;
  if (named !== 1) throw new UsageError('usage: keepsake-mcp forget ID..., or --query WORDS, or --all, or --confirm TOKEN');
  // An empty query lists everything: words that a script lost must not forget it.
  if (typeof flags.query === 'string' && flags.query.trim() === '') throw new UsageError('--query needs words; --all means everything');
  const given = { ...toolArguments(flags, ['yes']), ...(args.length > 0 ? { memory_ids: args } : {}) };
  return withCommandCalls(config, { version, signal }, async ({ call }) => {
    const print = (reply: ToolReply<ForgetAnswer>) =>
      printReply(reply, {
        json,
        page: (answer) => forgottenPage(answer, { now: Date.now(), erase: flags.erase === true }),
        piped: (text, { confirm_token: token }) =>
          token === undefined
            ? text
            : text.replace(/^To carry it out: forget \{.*\} before/m, () => `To carry it out: ${confirmation(token, flags)} before`),
      });
    const first = await call<ForgetAnswer>(forgetTool, given);
    const { confirm_token: confirm, not_found, forgotten, count = 0 } = first.structured;
    if (confirm === undefined) {
      print(first);
      return forgotten.length === 0 && not_found.length > 0 ? 1 : 0;
    }
    if (!flags.yes) {
      // A program gets one answer; a person sees what the question is about.
      if (!canAsk()) {
        print(first);
        process.stderr.write('Nothing was forgotten: without a terminal nobody can be asked. Add --yes, or give its token to --confirm.\n');
        return 2;
      }
      if (!json) print(first);
      const what = count === 1 ? 'it' : `these ${count.toLocaleString('en')}`;
      const question = flags.erase ? `Erase ${what} for good? Nothing brings the text back.` : `Forget ${what}?`;
      if (!(await confirmed(question, signal))) {
        if (json) print({ structured: { forgotten: [], not_found: [] }, text: '' });
        else process.stderr.write('Nothing was forgotten.\n');
        return 0;
      }
    }
    const scope = toolArguments({ ...(flags.project !== undefined && { project: flags.project }) });
    const done = await call<ForgetAnswer>(forgetTool, { ...scope, confirm });
    print({ ...done, structured: { ...done.structured, not_found: [...new Set([...not_found, ...done.structured.not_found])] } });
    return 0;
  });
}
