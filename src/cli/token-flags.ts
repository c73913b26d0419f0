import { grantedSpace, type TokenEntry, tokenEntry, usualScopes } from '../access/token-entry.js';
import { ConfigError } from '../config.js';
import { momentArgument } from '../core/arguments.js';
import { messageOf } from '../core/errors.js';
import { rights } from '../core/principal.js';
import { distance } from '../core/ranking/spelling.js';

/** Flags of `token add` by name without dashes. */
export type TokenFlags = Readonly<Record<string, unknown>>;

/** The entry that flags ask for: of a new token with this hash, or of the OAuth subject that they name. Raises ConfigError. */
export function entryOf(flags: TokenFlags, { id, hash, zone }: { id: string; hash: string; zone: string }): TokenEntry {
  const subject = textOf(flags.subject);
  const parsed = tokenEntry.safeParse({
    id,
    ...(subject === undefined ? { hash } : { subject }),
    ...grantsOf(flags, zone),
    created_at: new Date().toISOString(),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(`--${String(issue?.path[0])}: ${issue?.message ?? 'not understood'}`);
}

const textOf = (flag: unknown) => (typeof flag === 'string' ? flag : undefined);

/** What an entry says of its user, read from the flags. Raises ConfigError. */
function grantsOf(flags: TokenFlags, zone: string): Record<string, unknown> {
  const user = textOf(flags.user);
  if (user === undefined) throw new ConfigError('--user: say whose token it is; "*" is for a program that names the user in each call');
  const scopes =
    textOf(flags.scopes)
      ?.split(/[\s,]+/)
      .filter(Boolean) ?? usualScopes;
  const unknown = scopes.find((scope) => !rights.some((right) => right === scope));
  if (unknown !== undefined || scopes.length === 0) throw new ConfigError(`--scopes: allowed are ${rights.join(', ')}`);
  const grants = (Array.isArray(flags.grant) ? flags.grant : []).map((grant) => grantOf(String(grant)));
  const expires = textOf(flags.expires);
  const note = textOf(flags.note);
  return {
    user,
    scopes: [...new Set(scopes)],
    grants,
    ...(expires === undefined ? {} : { expires_at: expiryOf(expires, zone) }),
    ...(note === undefined ? {} : { note }),
  };
}

/** A space to be granted, to read unless `:write` follows its name. */
function grantOf(text: string): { space: string; write: boolean } {
  const [, space = '', access] = /^(.+?)(?::(read|write))?$/s.exec(text) ?? [];
  if (access === undefined) refuseMisspelt(text);
  try {
    const found = grantedSpace(space);
    if (found !== undefined) return { space: found, write: access === 'write' };
  } catch (error) {
    throw new ConfigError(`--grant: ${messageOf(error)}`, { cause: error });
  }
  throw new ConfigError('--grant: allowed are project:NAME, project:* and user:NAME, with :read or :write behind it');
}

/** Raises ConfigError where the last part of what names no access looks like one: names may have colons, too. */
function refuseMisspelt(text: string): void {
  const [, last = ''] = /^(?:user|project):.+:([a-z]{1,10})$/is.exec(text) ?? [];
  const meant = ['read', 'write'].find((access) => distance(last.toLowerCase(), access) <= 2);
  if (meant === undefined) return;
  throw new ConfigError(
    `--grant: ${text} ends in neither :read nor :write; did you mean :${meant}? If that is the name, put :read or :write behind it`,
  );
}

const day = 24 * 3600 * 1000;

/** A number of days, or an instant as tools take it. */
function expiryOf(text: string, zone: string): string {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const instant = days === undefined ? momentOf(text, zone) : Date.now() + Number(days) * day;
  if (instant <= Date.now()) throw new ConfigError('--expires: this is past already');
  return new Date(instant).toISOString();
}

function momentOf(text: string, zone: string): number {
  try {
    return momentArgument('--expires', text, { zone, edge: 'end' });
  } catch (error) {
    throw new ConfigError('--expires: give days such as 90d, or a date such as 2030-01-31', { cause: error });
  }
}
