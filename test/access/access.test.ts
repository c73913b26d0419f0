import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Access, type AccessOptions, openAccess } from '../../src/access/access.js';
import { networkOf } from '../../src/access/network.js';
import { createRateLimiter } from '../../src/access/rate-limiter.js';
import { newToken } from '../../src/access/token-secret.js';
import { createLogger } from '../../src/logger.js';
import { rightFor } from '../../src/mcp/service.js';
import { Refusal } from '../../src/transports/http/refusal.js';
import { temporaryHome } from '../support/home.js';
import { startFakeIssuer } from './fake-issuer.js';

/** A door with these entries beside their ids; those without a subject get a token. */
async function door(
  entries: Record<string, unknown>[],
  more: Partial<AccessOptions> = {},
): Promise<{ access: Access; tokens: string[]; log: string[] }> {
  const path = join(await temporaryHome(), 'tokens.json');
  const made = entries.map((entry) => {
    const { id, text, hash } = newToken();
    const usual = { id, scopes: ['memory:read', 'memory:write'], grants: [], created_at: '2024-05-01T10:00:00.000Z' };
    return { text, entry: { ...usual, ...('subject' in entry ? {} : { hash }), ...entry } };
  });
  if (made.length > 0) await writeFile(path, JSON.stringify({ format: 1, tokens: made.map(({ entry }) => entry) }));
  const log: string[] = [];
  const access = await openAccess({
    tokens: path,
    tokensRequired: false,
    user: 'me',
    url: () => 'https://memory.example',
    rate: 600,
    quota: 0,
    rightFor,
    logger: createLogger('debug', (line) => log.push(line)),
    ...more,
  });
  return { access, tokens: made.map(({ text }) => text), log };
}

/** How a request is refused. */
async function refusal(work: () => unknown): Promise<{ status: number; challenge: string; message: string; wait: string | undefined }> {
  const error = await Promise.resolve()
    .then(work)
    .then(
      () => undefined,
      (raised: unknown) => raised,
    );
  if (!(error instanceof Refusal)) throw new Error(`not refused: ${String(error)}`);
  const { status, message, headers } = error;
  return { status, message, challenge: headers['WWW-Authenticate'] ?? '', wait: headers['Retry-After'] };
}

/** Of the client, as far as that is not the point. */
const address = '192.0.2.1';
const bearer = (token = '') => `Bearer ${token}`;

describe('with tokens', () => {
  it('a request is its user, with the scopes and spaces of its token', async () => {
    const grants = [{ space: 'project:ship', write: true }];
    const { access, tokens, log } = await door(
      [
        { user: 'ann', grants },
        { user: '*', scopes: ['memory:read'] },
      ],
      { quota: 5 },
    );
    expect(await access.isOpen()).toBe(false);
    const ann = await access.authenticate(bearer(tokens[0]), address);
    expect(ann).toEqual({
      id: expect.stringMatching(/^token:\w{12}$/),
      user: 'ann',
      anyUser: false,
      rights: new Set(['memory:read', 'memory:write']),
      spaces: grants,
      quota: 5,
    });
    expect(await access.authenticate(`bearer   ${tokens[1]}`, address)).toMatchObject({ user: undefined, anyUser: true, spaces: [] });
    for (const token of tokens) expect(JSON.stringify([ann, log])).not.toContain(token);
  });

  it('no, a wrong, an unknown and an expired token are refused, the unknown one like the wrong one', async () => {
    const { access, tokens } = await door([{ user: 'ann' }, { user: 'ann', expires_at: '2024-06-01T00:00:00.000Z' }]);
    expect(await refusal(() => access.authenticate(undefined, address))).toEqual({
      status: 401,
      challenge: 'Bearer realm="Keepsake", scope="memory:read memory:write memory:delete"',
      message: 'This needs a token; send it as Authorization: Bearer TOKEN.',
      wait: undefined,
    });
    const [good = ''] = tokens;
    const wrong = await refusal(() => access.authenticate(bearer(`${good.slice(0, -4)}AAAA`), address));
    expect(wrong).toMatchObject({ status: 401, challenge: expect.stringContaining('error="invalid_token"') });
    expect(await refusal(() => access.authenticate(bearer(newToken().text), address))).toEqual(wrong);
    expect(await refusal(() => access.authenticate(bearer(tokens[1]), address))).toMatchObject({
      status: 401,
      message: expect.stringMatching(/expired/),
    });
    for (const header of ['', 'Bearer', `Basic ${good}`, good, `Bearer ${good} ${good}`])
      expect(await refusal(() => access.authenticate(header, address))).toMatchObject({
        status: 401,
        challenge: 'Bearer realm="Keepsake", scope="memory:read memory:write memory:delete"',
        message: 'The Authorization header must be Bearer TOKEN, with one token.',
      });
    for (const header of ['Bearer ks_', 'Bearer a.b.c'])
      expect(await refusal(() => access.authenticate(header, address))).toMatchObject({ status: 401 });
  });

  it('many failed tries from one address are answered no more; a good token from there still is, and other addresses are not touched', async () => {
    const { access, tokens } = await door([{ user: 'ann' }]);
    const statuses: number[] = [];
    for (let count = 0; count < 200; count += 1)
      statuses.push((await refusal(() => access.authenticate(bearer(newToken().text), `2001:db8::${count}`))).status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(200);
    const last = await refusal(() => access.authenticate(bearer('ks_'), '2001:db8::ffff'));
    expect(last).toMatchObject({ status: 429, wait: '1' });
    expect(await access.authenticate(bearer(tokens[0]), '2001:db8::1')).toMatchObject({ user: 'ann' });
    expect(await refusal(() => access.authenticate(bearer('ks_'), '192.0.2.7'))).toMatchObject({ status: 401 });
    expect(await refusal(() => access.authenticate(undefined, '2001:db8::1'))).toMatchObject({ status: 401 });
  });

  it('each caller has a rate of its own', async () => {
    const { access, tokens } = await door([{ user: 'ann' }, { user: 'ann' }], { rate: 3 });
    const [one, other] = [await access.authenticate(bearer(tokens[0]), address), await access.authenticate(bearer(tokens[1]), address)];
    for (let count = 0; count < 3; count += 1) access.admit(one, {});
    expect(await refusal(() => access.admit(one, {}))).toMatchObject({
      status: 429,
      wait: '20',
      message: 'More than 3 requests a minute; wait 20 s.',
    });
    access.admit(other, {});
  });

  it('a message needs the right for what it does, and the refusal names what to ask for', async () => {
    const { access, tokens } = await door([
      { user: 'ann', scopes: ['memory:read'] },
      { user: 'ann', scopes: ['metrics:read'] },
    ]);
    const [reader, watcher] = [
      await access.authenticate(bearer(tokens[0]), address),
      await access.authenticate(bearer(tokens[1]), address),
    ];
    const calls = (name: unknown) => ({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } });
    for (const name of ['recall', 'memory_history', 'nonsense', 7]) access.authorize(reader, calls(name));
    expect(await refusal(() => access.authorize(reader, calls('forget')))).toEqual({
      status: 403,
      challenge:
        'Bearer realm="Keepsake", error="insufficient_scope", scope="memory:read memory:delete", error_description="This needs the scope memory:delete, which the token lacks; use one that has it."',
      message: 'This needs the scope memory:delete, which the token lacks; use one that has it.',
      wait: undefined,
    });
    expect(await refusal(() => access.authorize(reader, [calls('recall'), calls('remember')]))).toMatchObject({ status: 403 });
    for (const method of ['initialize', 'ping', 'tools/list', 'server/discover', 'notifications/initialized'])
      access.authorize(watcher, { method });
    const reading = [
      'resources/list',
      'resources/read',
      'resources/subscribe',
      'prompts/get',
      'completion/complete',
      'subscriptions/listen',
    ];
    for (const method of reading) {
      access.authorize(reader, { method });
      expect(await refusal(() => access.authorize(watcher, { method })), method).toMatchObject({ status: 403 });
    }
    for (const nonsense of [undefined, null, 7, 'x', [], {}, { method: 7 }, { method: 'tools/call', params: null }])
      access.authorize(watcher, nonsense);
    access.demand(watcher, 'metrics:read');
    expect(await refusal(() => access.demand(reader, 'metrics:read'))).toMatchObject({ status: 403 });
    expect(await refusal(() => access.demand(undefined, 'metrics:read'))).toMatchObject({ status: 401 });
  });
});

describe('without tokens and OAuth', () => {
  it('what a proxy brings is refused, and told what to do', async () => {
    const { access } = await door([]);
    const everybody = await access.authenticate(undefined, address);
    access.admit(everybody, { host: 'localhost' });
    for (const header of ['x-forwarded-for', 'forwarded', 'via'])
      expect(await refusal(() => access.admit(everybody, { [header]: '192.0.2.1' }))).toMatchObject({
        status: 403,
        message: expect.stringContaining('keepsake-mcp token add'),
      });
  });

  it('anybody is the owner, whatever they send', async () => {
    const { access } = await door([]);
    expect(await access.isOpen()).toBe(true);
    expect(await access.authenticate(undefined, address)).toMatchObject({ id: 'owner', user: 'me', spaces: 'all' });
    expect(await access.authenticate('Bearer x', address)).toMatchObject({ id: 'owner' });
    expect(access.pages).toEqual({});
  });
});

describe('with OAuth', () => {
  it('a user is who the token names, and an entry for that subject says more of it, and less', async () => {
    const issuer = await startFakeIssuer();
    const grants = [{ space: 'project:ship', write: false }];
    const { access, tokens } = await door(
      [
        { user: 'static' },
        { user: 'Bob', subject: 'bob', grants, scopes: ['memory:read', 'memory:delete'] },
        { user: 'eve', subject: 'eve', expires_at: '2024-06-01T00:00:00.000Z' },
      ],
      { oauth: { issuer: issuer.url, audience: 'keepsake' } },
    );
    const ann = await access.authenticate(bearer(await issuer.token()), address);
    expect(ann).toMatchObject({
      id: 'oauth:ann',
      user: 'ann',
      anyUser: false,
      spaces: [],
      rights: new Set(['memory:read', 'memory:write']),
    });
    const bob = await access.authenticate(bearer(await issuer.token({ sub: 'bob' })), address);
    expect(bob).toMatchObject({
      id: expect.stringMatching(/^subject:\w{12}$/),
      user: 'Bob',
      spaces: grants,
      rights: new Set(['memory:read']),
    });
    expect(await access.authenticate(bearer(tokens[0]), address)).toMatchObject({ user: 'static' });
    expect(await refusal(async () => access.authenticate(bearer(await issuer.token({ sub: 'eve' })), address))).toMatchObject({
      status: 401,
    });
  });

  it('refusals name the page that says where tokens come from, which is there for both paths', async () => {
    const issuer = await startFakeIssuer({ audience: 'https://memory.example/mcp' });
    const { access } = await door([], { oauth: { issuer: issuer.url } });
    expect(await access.isOpen()).toBe(false);
    const page = 'https://memory.example/.well-known/oauth-protected-resource/mcp';
    expect((await refusal(() => access.authenticate(undefined, address))).challenge).toBe(
      `Bearer realm="Keepsake", resource_metadata="${page}", scope="memory:read memory:write memory:delete"`,
    );
    const wrong = await refusal(async () => access.authenticate(bearer(await issuer.token({ aud: 'elsewhere' })), address));
    expect(wrong).toMatchObject({ status: 401, challenge: expect.stringContaining(`resource_metadata="${page}"`) });
    expect(wrong.challenge).toContain('error="invalid_token"');
    expect(await access.authenticate(bearer(await issuer.token()), address)).toMatchObject({ user: 'ann' });
    expect(Object.keys(access.pages)).toEqual(['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp']);
    for (const each of Object.values(access.pages)) {
      expect(each.open).toBe(true);
      expect(JSON.parse((await each.answer(undefined)).body)).toEqual({
        resource: 'https://memory.example/mcp',
        authorization_servers: [issuer.url],
        scopes_supported: ['memory:read', 'memory:write', 'memory:delete'],
        bearer_methods_supported: ['header'],
        resource_name: 'Keepsake',
      });
    }
  });

  it('an issuer that is down is no fault of the token', async () => {
    const issuer = await startFakeIssuer();
    issuer.fail(true);
    const { access, tokens } = await door([{ user: 'ann' }], { oauth: { issuer: issuer.url, audience: 'keepsake' } });
    const token = await issuer.token();
    expect(await refusal(() => access.authenticate(bearer(token), address))).toMatchObject({ status: 503, challenge: '', wait: '5' });
    expect(await access.authenticate(bearer(tokens[0]), address)).toMatchObject({ user: 'ann' });
  });
});

describe('a rate', () => {
  it('is a minute worth at once, and fills again as time passes', () => {
    let now = 0;
    const { take } = createRateLimiter({ perMinute: 60, now: () => now });
    for (let count = 0; count < 60; count += 1) expect(take('a')).toBe(0);
    expect(take('a')).toBe(1);
    now = 999;
    expect(take('a')).toBe(1);
    now = 1000;
    expect(take('a')).toBe(0);
    now = 600_000;
    for (let count = 0; count < 60; count += 1) expect(take('a')).toBe(0);
    expect(take('a')).toBe(1);
  });

  it('of 0 is no limit', () => {
    const { take } = createRateLimiter({ perMinute: 0 });
    for (let count = 0; count < 1000; count += 1) expect(take('a')).toBe(0);
  });

  it('forgets the senders that were silent for longest, so that its memory is bounded', () => {
    const { take } = createRateLimiter({ perMinute: 1, now: () => 0 });
    take('first');
    take('busy');
    for (let count = 0; count < 9999; count += 1) {
      take(`sender ${count}`);
      expect(take('busy')).toBe(60);
    }
    expect(take('first')).toBe(0);
  });
});

it('an address of IPv6 is told by its network, one of IPv4 by itself however it is written', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
  expect(networkOf('2001:db8:1:2::6')).toBe('2001:db8:1:2');
  expect(networkOf('2001:db8::6')).toBe('2001:db8:0:0');
  expect(networkOf('::1')).toBe('0:0:0:0');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0');
  expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('')).toBe('');
});
