import { dirname } from 'node:path';
import { isExpired, type TokenEntry } from '../access/token-entry.js';
import { changeTokens, readTokens } from '../access/token-file.js';
import { newToken } from '../access/token-secret.js';
import { exclusively } from '../app.js';
import { type Config, ConfigError } from '../config.js';
import { becomeOwnerOf } from './home-owner.js';
import { relative, shownMoment } from './moments.js';
import { programName } from './program-name.js';
import { type Cell, table } from './table.js';
import { isForPeople, plain, styled } from './terminal.js';
import { entryOf, type TokenFlags } from './token-flags.js';
import { tokensPath } from './tokens-path.js';

/** What `token` is run with; flags by name without dashes. */
export interface TokenOptions {
  asked: { action: 'add'; flags: TokenFlags } | { action: 'list' } | { action: 'revoke'; id: string };
  json: boolean;
}

/**
 * Adds, lists or revokes those who may use the server over HTTP. A new token is printed once, alone on stdout, and kept
 * nowhere. Resolves with the exit code: 1 where there is nothing to revoke. Raises ConfigError for what cannot be
 * added, and TokenFileError.
 */
export async function token(config: Config, { asked, json }: TokenOptions): Promise<number> {
  const path = tokensPath(config);
  becomeOwnerOf(dirname(path));
  switch (asked.action) {
    case 'add':
      return add(path, asked.flags, { zone: config.zone, json });
    case 'list':
      return list(path, json);
    case 'revoke':
      return revoke(path, asked.id, json);
  }
}

async function add(path: string, flags: TokenFlags, { zone, json }: { zone: string; json: boolean }): Promise<number> {
  const { id, text, hash } = newToken();
  const entry = entryOf(flags, { id, hash, zone });
  const { subject } = entry;
  await changeTokens(path, exclusively, (tokens) => {
    const other = tokens.find((each) => subject !== undefined && each.subject === subject);
    if (other) throw new ConfigError(`--subject: ${other.id} is for this subject already; revoke it first`);
    return { tokens: [...tokens, entry], answer: undefined };
  });
  const secret = subject === undefined ? text : undefined;
  if (json) return print({ ...shown(entry), ...(secret === undefined ? {} : { token: secret }) });
  process.stdout.write(`${secret ?? id}\n`);
  const whose = entry.user === '*' ? 'any user' : plain(entry.user);
  const about =
    secret === undefined
      ? `OAuth access tokens of this subject are those of ${whose} from now on, for ${grantedBy(entry)}.`
      : `This is a token of ${whose}, for ${grantedBy(entry)}; it is not shown again.`;
  process.stderr.write(`${about} End it with: ${programName()} token revoke ${id}\n`);
  return 0;
}

async function list(path: string, json: boolean): Promise<number> {
  const entries = (await readTokens(path)) ?? [];
  if (json) return print(entries.map(shown));
  if (isForPeople() && entries.length > 0) {
    process.stdout.write(`${page(entries)}\n`);
    return 0;
  }
  const lines = entries.map((entry) => {
    const { subject, expires_at, note } = entry;
    const about = [
      grantedBy(entry),
      ...(subject === undefined ? [] : [`OAuth subject ${subject}`]),
      ...(expires_at === undefined ? [] : [`${isExpired(entry, Date.now()) ? 'expired' : 'expires'} ${expires_at}`]),
      ...(note === undefined ? [] : [note]),
    ];
    return `${styled('bold', entry.id)}  ${plain(entry.user)}  ${styled('dim', plain(about.join(', ')))}`;
  });
  process.stdout.write(`${lines.join('\n') || `There are no tokens in ${path}.`}\n`);
  return 0;
}

function page(entries: TokenEntry[]): string {
  const rows = entries.map((entry): Cell[] => {
    const { id, user, subject, expires_at: expires, note } = entry;
    const isOver = isExpired(entry, Date.now());
    return [
      [{ text: id, style: 'bold' }],
      user === '*' ? [{ text: 'any user', style: 'yellow' }] : user,
      [
        { text: grantedBy(entry) },
        ...(subject === undefined ? [] : [{ text: `OAuth subject ${subject}` }]),
        ...(note === undefined ? [] : [{ text: note, style: 'dim' as const }]),
      ],
      expires === undefined
        ? [{ text: 'never', style: 'dim' }]
        : [{ text: shownMoment(expires) }, { text: relative(expires, Date.now()), style: isOver ? 'red' : 'dim' }],
    ];
  });
  return table(['ID', 'User', 'May', 'Expires'], rows, { flexible: 2 });
}

/** What an entry lets its holder do: its scopes, and the spaces besides the user's own. */
function grantedBy({ scopes, grants }: TokenEntry): string {
  return plain([scopes.join(' '), ...grants.map(({ space, write }) => `${space}:${write ? 'write' : 'read'}`)].join(', '));
}

async function revoke(path: string, id: string, json: boolean): Promise<number> {
  const gone = await changeTokens(path, exclusively, (tokens) => {
    const answer = tokens.find((entry) => entry.id === id);
    return { tokens: answer ? tokens.filter((entry) => entry !== answer) : tokens, answer };
  });
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
