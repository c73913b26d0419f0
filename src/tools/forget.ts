import { z } from 'zod';
import { type ForgetAnswer, forgetAnswer } from '../core/answers.js';
import { cut } from '../core/cut.js';
import { KeepsakeError } from '../core/errors.js';
import type { ForgetRequest } from '../core/forget.js';
import { flagNote, quotedMemory } from '../core/memory-lines.js';
import { cleanText, commonArguments, labels } from './arguments.js';
import { callOf } from './call.js';
import { scopeOf } from './spaces.js';
import { asTool, type Confirmation, type Reply } from './tool.js';
import { readableForget } from './unread.js';

/** Memories that the text of an answer lists; all of them are in the data. */
const mostLines = 20;
/** Characters of a question to the user. */
const longestQuestion = 4000;
const howToConfirm = 'To carry it out: forget';

const input = z.strictObject({
  memory_ids: z.array(z.string().max(128)).min(1).max(1000).optional().describe('forget exactly these'),
  query: z.string().max(4000).optional().describe('preview what matches; forgets nothing yet'),
  all: z.boolean().optional().describe('preview everything, narrowed by agent_id, run_id, filters'),
  confirm: z.string().max(200).optional().describe('confirm_token: carry out its preview'),
  limit: z.int().min(1).max(100).default(10).describe('of query'),
  filters: labels.optional().describe("as recall's"),
  erase: z.boolean().default(false).describe('also remove the text for good'),
  reason: z.string().max(2000).optional(),
  ...commonArguments,
});

/** Forgets memories, reversibly or for good. */
export default asTool({
  name: 'forget',
  title: 'Forget',
  description:
    'Call this when the user asks you to forget something, or a memory is wrong and nothing replaces it (to replace it, use remember with memory_id). By memory_ids at once; by query or all a preview comes first, carried out with confirm. Forgetting can be undone with remember memory_id + revision; erase cannot.',
  right: 'memory:delete',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input,
  output: forgetAnswer,
  timeLimit: 40_000,
  async run(given, context) {
    const { user_id: _user, project: _project, ...request } = given;
    const chosen = [given.memory_ids, given.query, given.all || undefined, given.confirm].filter((value) => value !== undefined);
    if (chosen.length !== 1) throw new KeepsakeError('invalid_argument', 'Give exactly one of memory_ids, query, all: true, or confirm.');
    const call = callOf(given, context);
    const reason = request.reason === undefined ? undefined : cleanText(request.reason);
    const scope = await scopeOf(given, context, 'write');
    const forget = async (what: Partial<ForgetRequest>): Promise<Said> => {
      const { answer: whole, left } = await context.keepsake.forget({ ...request, reason, ...what, scope }, call);
      const answer = readableForget(whole, context.principal);
      return { answer, text: textOf(answer, { left, given }) };
    };
    const { answer, text } = await confirmed(forget, context.confirmation);
    return { structured: answer, text };
  },
});

/** An answer in data and words. */
interface Said {
  answer: ForgetAnswer;
  text: string;
}

/** Has the client's user confirm what needs it; where nobody can be asked, another call does. */
async function confirmed(forget: (what: Partial<ForgetRequest>) => Promise<Said>, confirmation: Confirmation | undefined): Promise<Said> {
  const carriedOut = (confirm: string, reply: Reply, preview?: Said): Said | Promise<Said> => {
    if (reply === 'accepted') return forget({ confirm, memory_ids: undefined, query: undefined, all: undefined });
    if (reply === 'declined') return { answer: { forgotten: [], not_found: [] }, text: 'The user declined: nothing was forgotten.' };
    return preview ?? forget({});
  };
  const { replied } = confirmation ?? {};
  if (replied) return carriedOut(replied.token, replied.reply);
  const preview = await forget({});
  const { confirm_token: token } = preview.answer;
  if (!confirmation || token === undefined) return preview;
  return carriedOut(token, await confirmation.ask(questionOf(preview.text), token), preview);
}

/** The text of a preview without what a program is to do next. */
function questionOf(preview: string): string {
  const lines = preview.split('\n').filter((line) => !line.startsWith(howToConfirm));
  return cut(`${lines.join('\n')}\nCarry it out?`, longestQuestion);
}

function textOf(answer: ForgetAnswer, { left, given }: { left: number; given: z.infer<typeof input> }): string {
  const { forgotten, not_found, confirm_token, count = forgotten.length } = answer;
  const lines: string[] = [];
  const list = (memories: { id: string; memory: string; flags?: unknown }[]) => {
    const note = (flags: unknown) => (flags ? ` (${flagNote})` : '');
    lines.push(
      ...memories.slice(0, mostLines).map(({ id, memory, flags }) => (memory ? quotedMemory(id, memory) + note(flags) : `[mem:${id}]`)),
    );
    if (memories.length > mostLines) lines.push(`and ${count - mostLines} more`);
  };
  if (answer.count === undefined || forgotten.length > 0) {
    const erased = forgotten.length > 0 && forgotten.every(({ memory }) => memory === '');
    lines.push(`${erased ? 'Erased for good' : 'Forgotten'}: ${count}.`);
    list(forgotten);
  } else {
    const what = count === 1 ? '1 memory' : `${count} memories`;
    lines.push(`${what} would be ${given.erase ? 'erased for good' : 'forgotten'}; nothing has happened yet.`);
    list(answer.candidates ?? []);
  }
  if (left > 0) lines.push(`${left} more stay: another agent or run stated them too.`);
  if (not_found.length > 0) {
    const more = not_found.length > mostLines ? ` and ${not_found.length - mostLines} more` : '';
    lines.push(`Not found, already forgotten, or changed since: ${not_found.slice(0, mostLines).join(', ')}${more}`);
  }
  if (answer.same_text) lines.push(`These say the same and stay: ${answer.same_text.join(', ')}`);
  if (confirm_token) {
    const confirmation = JSON.stringify({ confirm: confirm_token, user_id: given.user_id, project: given.project });
    lines.push(`${howToConfirm} ${confirmation} before ${answer.expires_at}.`);
  }
  return lines.join('\n');
}
