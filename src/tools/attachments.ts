import { z } from 'zod';
import { KeepsakeError } from '../core/errors.js';
import type { AttachedBytes } from '../core/ports.js';

/** The attachments of a message, as they are given. */
export const attachments = z
  .array(z.strictObject({ mime_type: z.string(), data: z.string().describe('base64') }))
  .optional()
  .describe('images, audio');

type Given = NonNullable<z.infer<typeof attachments>>[number];

/** The bytes of what was attached. Raises invalid_argument for what is neither image nor audio, empty, or no base64. */
export function readAttachment({ mime_type, data }: Given): AttachedBytes {
  // What follows the type, such as codecs=opus, changes nothing here.
  const [type = ''] = mime_type.toLowerCase().split(/\s*;/);
  if (!/^(?:image|audio)\/[a-z0-9.+-]{1,60}$/.test(type)) {
    const given = JSON.stringify(mime_type.slice(0, 60));
    throw new KeepsakeError('invalid_argument', `attachments.mime_type: give image/... or audio/..., such as image/png, not ${given}.`);
  }
  return { mime_type: type === 'image/jpg' ? 'image/jpeg' : type, data: decoded(data) };
}

/** Decodes base64 with or without padding, line breaks and the head of a data URL. */
function decoded(text: string): Uint8Array {
  const digits = text
    .replace(/^data:[^,]{0,200};base64,/i, '')
    .replace(/\s+/g, '')
    .replace(/={1,2}$/, '');
  const data = Buffer.from(digits, 'base64');
  // What Node does not know it leaves out, so only what comes back the same was base64.
  if (data.length === 0 || data.toString('base64').replace(/=+$/, '') !== digits)
    throw new KeepsakeError('invalid_argument', 'attachments.data: give the bytes of the image or recording in base64.');
  return data;
}
