import { grantedSpace, isExpired, type TokenEntry, tokenEntry, usualScopes } from '../access/token-entry.js';
import { changeTokens, readTokens } from '../access/token-file.js';
import { newToken } from '../access/token-secret.js';
import { exclusively } from '../app.js';
import { type Config, ConfigError } from '../config.js';
import { momentArgument } from '../core/arguments.js';
import { messageOf } from '../core/errors.js';
import { rights } from '../core/principal.js';
import { plain, styled } from './terminal.js';
import { tokensPath } from './tokens-path.js';

/** What `token` is run with; flags by name without dashes. */
export interface TokenOptions {
  /** add, list or revoke. */
  action: string;
  /** Which one is revoked. */
  id?: string | undefined;
  flags: Readonly<Record<string, unknown>>;
  json: boolean;
}

/**
 * Adds, lists or revokes those who may use the server over HTTP. A new token is printed once, alone on stdout, and kept
 * nowhere. Resolves with the exit code: 1 where there is nothing to revoke. Raises ConfigError for what cannot be
 * added, and TokenFileError.
 */
export async function token(config: Config, { action, id, flags, json }: TokenOptions): Promise<number> {
  const path = tokensPath(config);
  switch (action) {
    case 'add':
      if (id !== undefined) throw new ConfigError(`token add takes no ${id}; say whose it is with --user NAME`);
      return add(path, flags, { zone: config.zone, json });
    case 'list':
      return list(path, json);
    case 'revoke':
      if (id === undefined) throw new ConfigError('token revoke needs the ID of a token; token list shows them');
      return revoke(path, id, json);
    default:
      throw new ConfigError(`token ${action} is not known; known are add, list and revoke`);
  }
}

async function add(path: string, flags: TokenOptions['flags'], { zone, json }: { zone: string; json: boolean }): Promise<number> {
  const { id, text, hash } = newToken();
  const subject = textOf(flags.subject);
  const entry = entryOf({
    id,
    ...(subject === undefined ? { hash } : { subject }),
    ...grantsOf(flags, zone),
    created_at: new Date().toISOString(),
  });
  await changeTokens(
    path,
    (work) => exclusively(path, work),
    (tokens) => {
      const other = tokens.find((each) => subject !== undefined && each.subject === subject);
      if (other) throw new ConfigError(`--subject: ${other.id} is for this subject already; revoke it first`);
      return { tokens: [...tokens, entry], answer: undefined };
    },
  );
  const secret = subject === undefined ? text : undefined;
  if (json) return print({ ...shown(entry), ...(secret === undefined ? {} : { token: secret }) });
  process.stdout.write(`${secret ?? id}\n`);
  process.stderr.write(
    secret === undefined
      ? `OAuth access tokens of this subject are ${entry.user}'s from now on; end it with: keepsake-mcp token revoke ${id}\n`
      : `This is the token; it is not shown again. End it with: keepsake-mcp token revoke ${id}\n`,
  );
  return 0;
}

async function list(path: string, json: boolean): Promise<number> {
  const entries = (await readTokens(path)) ?? [];
  if (json) return print(entries.map(shown));
  const lines = entries.map((entry) => {
    const { scopes, grants, subject, expires_at, note } = entry;
    const about = [
      scopes.join(' '),
      ...grants.map(({ space, write }) => `${space}:${write ? 'write' : 'read'}`),
      ...(subject === undefined ? [] : [`OAuth subject ${subject}`]),
      ...(expires_at === undefined ? [] : [`${isExpired(entry, Date.now()) ? 'expired' : 'expires'} ${expires_at}`]),
      ...(note === undefined ? [] : [note]),
    ];
    return `${styled('bold', entry.id)}  ${plain(entry.user)}  ${styled('dim', plain(about.join(', ')))}`;
  });
  process.stdout.write(`${lines.join('\n') || `There are no tokens in ${path}.`}\n`);
  return 0;
}

async function revoke(path: string, id: string, json: boolean): Promise<number> {
  const gone = await changeTokens(
    path,
    (work) => exclusively(path, work),
    (tokens) => {
      const answer = tokens.find((entry) => entry.id === id);
      return { tokens: answer ? tokens.filter((entry) => entry !== answer) : tokens, answer };
    },
  );
  if (!gone) {
    process.stderr.write(`keepsake-mcp: there is no token ${plain(id)} in ${path}; token list shows them\n`);
    return 1;
  }
  if (json) return print(shown(gone));
  process.stdout.write(`${id} is revoked; servers that run refuse it within two seconds.\n`);
  return 0;
}

function print(value: unknown): number {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
  return 0;
}

/** An entry as people and programs may see it. */
function shown({ hash: _, ...entry }: TokenEntry): Omit<TokenEntry, 'hash'> {
  return entry;
}

const textOf = (flag: unknown) => (typeof flag === 'string' ? flag : undefined);

function entryOf(content: Record<string, unknown>): TokenEntry {
  const parsed = tokenEntry.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(`--${issue?.path[0] === 'scopes' ? 'scopes' : String(issue?.path[0])}: ${issue?.message ?? 'not understood'}`);
}

/** What an entry says of its user, read from the flags of `add`. Raises ConfigError. */
function grantsOf(flags: TokenOptions['flags'], zone: string): Record<string, unknown> {
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
  const [, space = '', access = 'read'] = /^(.+?)(?::(read|write))?$/s.exec(text) ?? [];
  try {
    const found = grantedSpace(space);
    if (found !== undefined) return { space: found, write: access === 'write' };
  } catch (error) {
    throw new ConfigError(`--grant: ${messageOf(error)}`, { cause: error });
  }
  throw new ConfigError('--grant: allowed are project:NAME, project:* and user:NAME, with :read or :write behind it');
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
