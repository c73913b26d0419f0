import { z } from 'zod';
import { messageOf } from '../core/errors.js';
import type { Space } from '../core/ports.js';
import { rights } from '../core/principal.js';
import { projectSpace, userSpace } from '../core/space.js';

/** What a token or an OAuth user may do where nothing else is said. */
export const usualScopes = rights.filter((right) => right.startsWith('memory:'));

/** The space of that written name, `project:*` being every project; undefined where there is no such space. Raises invalid_argument. */
export function grantedSpace(text: string): Space | undefined {
  const [, type, name = ''] = /^(user|project):(.*)$/s.exec(text) ?? [];
  if (type === 'project') return name === '*' ? 'project:*' : projectSpace(name);
  // A user of that name would be taken for everybody.
  return type === 'user' && name !== '*' ? userSpace(name) : undefined;
}

const checked = (check: (text: string) => unknown) =>
  z.string().superRefine((text, context) => {
    try {
      if (check(text) === undefined) context.addIssue({ code: 'custom', message: 'it is no user:NAME, project:NAME or project:*' });
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) });
    }
  });

const grant = z.strictObject({
  space: checked(grantedSpace).transform((text) => grantedSpace(text) as Space),
  write: z.boolean(),
});

/** An instant, ISO 8601 in UTC as JSON writes it. */
const instant = z.iso.datetime();

/** Who is let in, and to what. */
export const tokenEntry = z
  .strictObject({
    /** Names it for people and programs; part of the token, no secret. */
    id: z.string().regex(/^[0-9a-z]{12}$/),
    /** SHA-256 of the token, in hex. */
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    /** Instead of a hash: the `sub` of the OAuth access tokens that this entry is for. */
    subject: z.string().min(1).max(256).optional(),
    /** Whose token it is; "*": the user that each call names. */
    user: checked(userSpace).transform((name) => name.normalize('NFC')),
    scopes: z.array(z.enum(rights)).min(1),
    grants: z.array(grant).max(1000).default([]),
    note: z.string().max(200).optional(),
    created_at: instant,
    expires_at: instant.optional(),
  })
  .refine(({ hash, subject }) => (hash === undefined) !== (subject === undefined), 'it needs either a hash or a subject');
/** Who is let in, and to what. */
export type TokenEntry = z.infer<typeof tokenEntry>;

/** What the file of tokens holds. */
export const tokenFile = z
  .strictObject({ format: z.literal(1), tokens: z.array(tokenEntry) })
  .refine(({ tokens }) => new Set(tokens.map(({ id }) => id)).size === tokens.length, 'two of its entries have the same id');

/** Whether an entry has ended, at an instant in milliseconds since 1970. */
export function isExpired({ expires_at }: TokenEntry, now: number): boolean {
  return expires_at !== undefined && Date.parse(expires_at) <= now;
}
