import type { Reply } from '../tools/tool.js';

/** The form in which a client's user confirms: one field, since some clients hang on a form without any. */
export const confirmationForm = {
  type: 'object' as const,
  properties: { confirm: { type: 'boolean' as const, title: 'Yes, carry it out', description: 'No leaves everything as it is.' } },
  required: ['confirm'],
};

/** What a filled form says; one that was closed is no consent. */
export function replyOf({ action, content }: { action: string; content?: Record<string, unknown> | undefined }): Reply {
  return action === 'accept' && content?.confirm === true ? 'accepted' : 'declined';
}
