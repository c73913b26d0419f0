import { z } from 'zod';
import { type RememberAnswer, rememberAnswer } from '../core/answers.js';
import type { Call } from '../core/core.js';
import { KeepsakeError } from '../core/errors.js';
import { quotedMemory } from '../core/memory-lines.js';
import { commonArguments, labels, readMetadata } from './arguments.js';
import { attachments, readAttachment } from './attachments.js';
import { callOf } from './call.js';
import { oneLine, resultLine } from './render.js';
import { ownSpace, scopeOf } from './spaces.js';
import { asTool, type ToolContext } from './tool.js';
import { readableRemember } from './unread.js';

/** Characters of one call in all. */
const longestInput = 200_000;

const message = z.strictObject({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.string(),
  name: z.string().max(128).optional().describe('speaker'),
  at: z.string().optional(),
  attachments,
});

const input = z.strictObject({
  content: z.string().optional().describe('what to remember: a statement or a passage'),
  messages: z.array(message).min(1).max(1000).optional().describe('conversation turns in order'),
  infer: z.boolean().default(true).describe('false: store as it stands'),
  memory_id: z.string().max(128).optional().describe('correct this memory: with content, revision, or changed labels'),
  revision: z.int().min(1).max(1_000_000_000).optional().describe('bring memory_id back to it, also out of forgetting'),
  kind: z.enum(['observation', 'procedure']).optional().describe('procedure: a how-to'),
  at: z.string().optional().describe('ISO 8601: when it was said; default now'),
  occurred_at: z.string().optional().describe('ISO 8601, 2024 or 2024-03: when it happens'),
  expires_at: z.string().nullable().optional().describe('ISO 8601; null clears'),
  pinned: z.boolean().optional(),
  metadata: labels.optional().describe('free labels: text, number, boolean'),
  wait: z.boolean().default(true).describe('false: process in the background'),
  ...commonArguments,
});

type Given = z.infer<typeof input>;

/** Remembers a statement, a passage or turns of a conversation, or changes one memory. */
export default asTool({
  name: 'remember',
  title: 'Remember',
  description:
    'Call this unasked whenever the user states something worth knowing in later conversations: facts about them, preferences, plans, decisions, corrections, standing instructions. Write self-contained facts (names, dates, no "it"); personal ones as they are, those of the code base with project ".". Doubles and contradictions are settled; the answer says what was added, updated or skipped, and names close memories to correct by memory_id.',
  right: 'memory:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input,
  output: rememberAnswer,
  timeLimit: 43_000,
  async run(given, context) {
    const call = callOf(given, context);
    const came =
      given.memory_id === undefined ? await newInput(given, { context, call }) : await changeOf(given, given.memory_id, { context, call });
    const answer = readableRemember(came, context.principal);
    return { structured: answer, text: textOf(answer) };
  },
});

async function newInput(given: Given, { context, call }: { context: ToolContext; call: Call }): Promise<RememberAnswer> {
  const { content, messages, revision, expires_at } = given;
  if ((content === undefined) === (messages === undefined))
    throw new KeepsakeError('invalid_argument', 'Give exactly one of content, messages, or memory_id with what to change.');
  if (revision !== undefined) throw new KeepsakeError('invalid_argument', 'revision needs the memory_id that is to be brought back to it.');
  const turns = messages?.map((turn) => ({ ...turn, attachments: turn.attachments?.map(readAttachment) })) ?? [
    { role: 'user' as const, content: content ?? '' },
  ];
  const length = turns.reduce((sum, turn) => sum + turn.content.length, 0);
  if (length > longestInput)
    throw new KeepsakeError(
      'too_large',
      `${length} characters are more than the ${longestInput} that one call takes; split the input over several calls.`,
    );
  const metadata = readMetadata(given.metadata);
  const kept = metadata && Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));
  return context.keepsake.remember(
    {
      space: await ownSpace(given, context, 'write'),
      form: messages ? 'messages' : 'content',
      turns,
      infer: given.infer,
      kind: given.kind ?? 'observation',
      at: given.at,
      occurred_at: given.occurred_at,
      expires_at: expires_at ?? undefined,
      pinned: given.pinned,
      metadata: kept as Record<string, string | number | boolean> | undefined,
      wait: given.wait,
      quota: context.principal.quota,
    },
    call,
  );
}

async function changeOf(given: Given, memory_id: string, { context, call }: { context: ToolContext; call: Call }): Promise<RememberAnswer> {
  const { content, messages, revision, kind, occurred_at, expires_at, pinned, metadata } = given;
  const labelled = [kind, occurred_at, expires_at, pinned, metadata].some((value) => value !== undefined);
  if (messages !== undefined)
    throw new KeepsakeError('invalid_argument', 'memory_id goes with content, revision or labels, not with messages.');
  if (content === undefined && revision === undefined && !labelled) {
    throw new KeepsakeError(
      'invalid_argument',
      'memory_id alone changes nothing; add content, revision, metadata, kind, pinned, occurred_at or expires_at.',
    );
  }
  if (revision !== undefined && (content !== undefined || labelled))
    throw new KeepsakeError('invalid_argument', 'revision brings a memory back as it was; change it in a second call.');
  if (content !== undefined && content.length > longestInput)
    throw new KeepsakeError('too_large', `content has ${content.length} characters; one memory takes at most ${longestInput}.`);
  return context.keepsake.change(
    {
      scope: await scopeOf(given, context, 'write'),
      memory_id,
      content,
      revision,
      kind,
      at: given.at,
      occurred_at,
      expires_at,
      pinned,
      metadata: readMetadata(metadata),
      quota: context.principal.quota,
    },
    call,
  );
}

function textOf(answer: RememberAnswer): string {
  const lines = answer.results.map(resultLine);
  if (answer.pending) lines.push(`Saved as input ${answer.input_id}; it is processed in the background.`);
  for (const part of answer.skipped)
    lines.push(part.text ? `Skipped ${JSON.stringify(part.text)}: ${part.reason}` : `Skipped: ${part.reason}`);
  if (answer.similar) {
    lines.push('Close to what is remembered; correct one with memory_id if this replaces it:');
    lines.push(...answer.similar.map(({ id, memory }) => quotedMemory(id, memory)));
  }
  for (const note of answer.degraded ?? []) lines.push(`Degraded: ${note}`);
  return lines.map(oneLine).join('\n');
}
