import { z } from 'zod';
import { type HistoryAnswer, historyAnswer } from '../core/answers.js';
import { eventNames } from '../core/events.js';
import { commonArguments } from './arguments.js';
import { callOf } from './call.js';
import { eventLine } from './render.js';
import { scopeOf } from './spaces.js';
import { asTool } from './tool.js';

const input = z.strictObject({
  memory_id: z.string().max(128).optional().describe("one memory's life, oldest first; without it: all changes, newest first"),
  query: z.string().max(4000).optional().describe('words the event must hold; finds forgotten memories too'),
  events: z.array(z.enum(eventNames)).max(8).optional().describe('default: those that change a memory'),
  since: z.string().optional().describe('ISO 8601'),
  until: z.string().optional(),
  limit: z.int().min(1).max(200).default(50),
  cursor: z.string().max(4000).optional(),
  ...commonArguments,
});

/** Shows what happened to a memory, or to all. */
export default asTool({
  name: 'memory_history',
  title: 'Memory history',
  description:
    'Call this when the user asks what was remembered, changed or forgotten, when and why, or where a memory came from, and to find the revision to restore. Shows every change with the words it came from, the client, the reason and the call, which keepsake-mcp undo CALL takes back.',
  right: 'memory:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input,
  output: historyAnswer,
  timeLimit: 20_000,
  async run(given, context) {
    const { user_id: _user, project: _project, ...request } = given;
    const answer = await context.keepsake.history({ ...request, scope: await scopeOf(given, context, 'read') }, callOf(given, context));
    return { structured: answer, text: historyText(answer) };
  },
});

/** The events of an answer, one a line. */
export function historyText(answer: HistoryAnswer): string {
  const lines = answer.events.length === 0 ? ['Nothing of this is in the history.'] : answer.events.map(eventLine);
  return [...lines, ...(answer.next_cursor ? [`More: cursor ${answer.next_cursor}`] : [])].join('\n');
}
