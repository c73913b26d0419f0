import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isToken } from '../../src/access/token-secret.js';
import { temporaryHome } from '../support/home.js';
import { runCommand } from './run.js';

let home = '';
beforeAll(async () => {
  home = await temporaryHome();
});

const token = (...args: string[]) => runCommand(['token', ...args], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' });
const stored = async () =>
  (JSON.parse(await readFile(join(home, 'tokens.json'), 'utf8')) as { tokens: { id: string; hash: string; user: string }[] }).tokens;

describe('token', () => {
  it('shows a new token once, keeps its hash alone, lists it without either, and revokes it', async () => {
    const grants = ['--grant', 'project:ship:write', '--grant', 'project:a:b', '--grant', 'project:*'];
    const added = await token(
      'add',
      '--user',
      'Ann',
      '--scopes',
      'memory:read,metrics:read',
      ...grants,
      '--expires',
      '90d',
      '--note',
      'laptop',
    );
    expect(added.code).toBe(0);
    const [, secret = '', id = ''] = /^(ks_(\w{12})_[\w-]{43})\n$/.exec(added.stdout) ?? [];
    const granted = 'memory:read metrics:read, project:ship:write, project:a:b:read, project:*:read';
    expect(added.stderr).toBe(
      `This is a token of Ann, for ${granted}; it is not shown again. End it with: keepsake-mcp token revoke ${id}\n`,
    );

    const file = await readFile(join(home, 'tokens.json'), 'utf8');
    expect(file).not.toContain(secret);
    expect((await stat(join(home, 'tokens.json'))).mode & 0o777).toBe(0o600);
    const hash = (await stored())[0]?.hash ?? '';
    expect(isToken(secret, hash)).toBe(true);

    const listed = await token('list');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(
      new RegExp(
        `^${id}  Ann  memory:read metrics:read, project:ship:write, project:a:b:read, project:\\*:read, expires 20\\d\\d-\\S+Z, laptop\n$`,
      ),
    );
    expect(JSON.parse((await token('list', '--json')).stdout)).toEqual([
      {
        id,
        user: 'Ann',
        scopes: ['memory:read', 'metrics:read'],
        grants: [
          { space: 'project:ship', write: true },
          { space: 'project:a:b', write: false },
          { space: 'project:*', write: false },
        ],
        note: 'laptop',
        created_at: expect.any(String),
        expires_at: expect.any(String),
      },
    ]);

    expect(await token('revoke', id)).toMatchObject({
      code: 0,
      stdout: `${id} is revoked; servers that run refuse it within two seconds.\n`,
    });
    expect(await token('revoke', id)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`there is no token ${id}`) });
    expect(await stored()).toEqual([]);
  });

  it('answers programs with an object, and takes an OAuth subject instead of making a token', async () => {
    const made = JSON.parse((await token('add', '--user', '*', '--json')).stdout) as Record<string, unknown>;
    expect(made).toMatchObject({
      user: '*',
      scopes: ['memory:read', 'memory:write', 'memory:delete'],
      grants: [],
      token: expect.stringMatching(/^ks_/),
    });
    const mapped = JSON.parse((await token('add', '--user', 'ann', '--subject', 'auth0|7', '--json')).stdout) as Record<string, unknown>;
    expect(mapped).toMatchObject({ user: 'ann', subject: 'auth0|7' });
    expect(mapped).not.toHaveProperty('token');
    expect(await token('add', '--user', 'bob', '--subject', 'auth0|7')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${mapped.id} is for this subject already`),
    });
    expect((await token('list')).stdout).toContain('OAuth subject auth0|7');
    for (const each of [made, mapped]) expect((await token('revoke', String(each.id), '--json')).code).toBe(0);
  });

  it('grants a space whose name ends in what looks like an access, with the access behind it', async () => {
    const grants = ['--grant', 'project:ship:writer:read', '--grant', 'project:reed', '--grant', 'project:ship:deck'];
    const made = JSON.parse((await token('add', '--user', 'ann', ...grants, '--json')).stdout) as { id: string; grants: unknown };
    expect(made.grants).toEqual(['project:ship:writer', 'project:reed', 'project:ship:deck'].map((space) => ({ space, write: false })));
    expect((await token('revoke', made.id)).code).toBe(0);
  });

  it('loses nothing when many are added at once', async () => {
    const users = ['a', 'b', 'c', 'd', 'e', 'f'];
    const added = await Promise.all(users.map((user) => token('add', '--user', user)));
    expect(added.map(({ code }) => code)).toEqual(users.map(() => 0));
    expect((await stored()).map(({ user }) => user).sort()).toEqual(users);
  });

  it('says what was wrong, and changes nothing', async () => {
    const before = await readFile(join(home, 'tokens.json'), 'utf8');
    const wrong: [string[], RegExp][] = [
      [['add'], /--user: say whose token it is/],
      [['add', '--user', 'x'.repeat(129)], /KEEPSAKE_USER: .* is not usable/],
      [['add', '--user', 'ann', '--scopes', 'memory:all'], /--scopes: allowed are memory:read, memory:write, memory:delete, metrics:read/],
      [['add', '--user', 'ann', '--scopes', ','], /--scopes: allowed are/],
      [['add', '--user', 'ann', '--grant', 'ship'], /--grant: allowed are project:NAME/],
      [['add', '--user', 'ann', '--grant', 'user:*:read'], /--grant: allowed are project:NAME/],
      [['add', '--user', 'ann', '--grant', 'project:.'], /--grant: project needs a name/],
      [['add', '--user', 'ann', '--grant', 'project:ship:wrtie'], /--grant: project:ship:wrtie ends in neither .* did you mean :write\?/],
      [['add', '--user', 'ann', '--grant', 'user:bob:Reed'], /--grant: user:bob:Reed ends in neither .* did you mean :read\?/],
      [['add', '--user', 'ann', '--expires', 'soon'], /--expires: give days such as 90d/],
      [['add', '--user', 'ann', '--expires', '2001-01-01'], /--expires: this is past already/],
      [['add', 'ann'], /usage: keepsake-mcp token add$/],
      [['revoke'], /usage: keepsake-mcp token revoke ID$/],
      [['add', '--scope', 'x'], /unknown option '--scope'; did you mean --scopes\?$/],
      [['lst'], /token lst is not known; did you mean token list\?$/],
      [['grow'], /token grow is not known; known are add, list and revoke/],
      [['list', 'a', 'b'], /usage: keepsake-mcp token list$/],
    ];
    const ended = await Promise.all(wrong.map(([args]) => token(...args)));
    for (const [index, { code, stdout, stderr }] of ended.entries()) {
      expect(stderr.trimEnd()).toMatch(wrong[index]?.[1] ?? /never/);
      expect({ code, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 2, stdout: '', lines: 1 });
    }
    expect(await readFile(join(home, 'tokens.json'), 'utf8')).toBe(before);
  });

  it('works on the file that is configured, does not mend a damaged one, and makes none to revoke from', async () => {
    const path = join(await temporaryHome(), 'team', 'tokens.json');
    expect((await token('revoke', 'nobody', '--tokens', path)).code).toBe(1);
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
    expect((await token('list', '--tokens', path)).stdout).toBe(`There are no tokens in ${path}.\n`);
    expect((await token('add', '--user', 'ann', '--tokens', path)).code).toBe(0);
    await writeFile(path, '{"format":1,"tokens":[');
    for (const args of [['list'], ['add', '--user', 'bob'], ['revoke', 'x']])
      expect(await token(...args, '--tokens', path)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/cannot be used: it is no valid JSON; .* make the tokens anew before the server starts/),
      });
    expect(await readFile(path, 'utf8')).toBe('{"format":1,"tokens":[');
  });

  it('leaves --user of other commands what it was, and keeps its own flags from them', async () => {
    const env = { KEEPSAKE_HOME: await temporaryHome(), KEEPSAKE_STORE: 'embedded' };
    expect((await runCommand(['stats', '--user', 'ann'], env)).code).toBe(0);
    expect(await runCommand(['stats', '--note', 'x'], env)).toMatchObject({
      code: 2,
      stderr: 'keepsake-mcp: --note does not go with stats\n',
    });
  });
});
