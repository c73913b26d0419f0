import { base64url, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FakeIssuer, startFakeIssuer } from '../access/fake-issuer.js';
import { runCommand } from '../cli/run.js';
import { until } from '../support/server.js';
import { beginSession, doors, envelope, eras, messageOf, openPlace, type Place, type Reply, statelessHeaders } from './place.js';

type Name = 'alice' | 'subject' | 'other' | 'expired' | 'revoked' | 'reader' | 'writer' | 'deleter' | 'watcher';

let place: Place<Name>;
let issuer: FakeIssuer;

beforeAll(async () => {
  issuer = await startFakeIssuer({ audience: 'https://memory.example/mcp' });
  place = await openPlace<Name>(
    {
      alice: { user: 'alice' },
      subject: { user: 'Zoë', subject: 'zoe\u0308', hash: undefined, scopes: ['memory:read'] },
      other: { user: 'alice' },
      expired: { user: 'alice', expires_at: '2024-06-01T00:00:00.000Z' },
      revoked: { user: 'alice' },
      reader: { user: 'alice', scopes: ['memory:read'] },
      writer: { user: 'alice', scopes: ['memory:write'] },
      deleter: { user: 'alice', scopes: ['memory:delete'] },
      watcher: { user: 'alice', scopes: ['metrics:read'] },
    },
    { KEEPSAKE_OAUTH_ISSUER: issuer.url, KEEPSAKE_PUBLIC_URL: 'https://memory.example' },
  );
});

const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const discover = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: envelope } });

/** What comes back at every door, and at the one without sessions. */
async function atEveryDoor(more: { token?: string; headers?: Record<string, string>; query?: string }): Promise<Reply[]> {
  const { query = '', ...sent } = more;
  const at = (path: string) => (query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`);
  const replies = doors.map(([method, path]) =>
    place.send({ ...sent, method, path: at(path), ...(method === 'POST' ? { body: ping } : {}) }),
  );
  const headers = { ...statelessHeaders('server/discover'), ...sent.headers };
  return Promise.all([...replies, place.send({ ...sent, headers, path: at('/mcp'), body: discover })]);
}

function expectRefused(replies: Reply[]): void {
  for (const { status, headers, text } of replies) {
    expect([status, headers['content-type']]).toEqual([401, 'application/json']);
    expect(headers['www-authenticate']).toMatch(/^Bearer realm="Keepsake", resource_metadata="https:/);
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(text)).toEqual({ jsonrpc: '2.0', id: null, error: { code: -32000, message: expect.any(String) } });
  }
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
}

it('no door opens without a token in the header for it', async () => {
  const { alice } = place.tokens;
  expectRefused(await atEveryDoor({}));
  for (const name of ['access_token', 'token', 'authorization', 'bearer_token'])
    expectRefused(await atEveryDoor({ query: `${name}=${alice}` }));
  for (const headers of [{ Cookie: `access_token=${alice}` }, { 'X-Api-Key': alice }, { 'Proxy-Authorization': `Bearer ${alice}` }])
    expectRefused(await atEveryDoor({ headers }));
});

it('no door opens to a token that is wrong, expired, revoked, for others, of others or without a proof', async () => {
  await runCommand(['token', 'revoke', place.tokens.revoked.split('_')[1] ?? ''], { KEEPSAKE_HOME: place.server.home });
  await until(async () => (await place.send({ token: place.tokens.revoked, body: ping })).status === 401);
  const good = await issuer.token();
  const [, payload = ''] = good.split('.');
  const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload))) as Record<string, unknown>;
  const { privateKey } = await generateKeyPair('ES256');
  const forged = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: '0', typ: 'at+jwt' });
  const wrong = [
    `${place.tokens.alice.slice(0, -4)}AAAA`,
    place.tokens.expired,
    place.tokens.revoked,
    await issuer.token({ aud: 'https://elsewhere.example/mcp' }),
    await issuer.token({ iss: 'https://elsewhere.example' }),
    `${base64url.encode(JSON.stringify({ alg: 'none', typ: 'at+jwt' }))}.${payload}.`,
    await forged.sign(privateKey),
  ];
  for (const token of wrong) expectRefused(await atEveryDoor({ token }));
  for (const token of [good, ...wrong]) expect(place.server.log()).not.toContain(token);
  expect((await place.send({ token: good, headers: statelessHeaders('server/discover'), body: discover })).status).toBe(200);
});

it('an entry for an OAuth user holds for both normal forms of its name', async () => {
  for (const sub of ['zoe\u0308', 'zo\u00eb']) {
    const token = await issuer.token({ sub, scope: 'memory:read memory:write' });
    const params = { _meta: envelope, name: 'remember', arguments: { content: 'I live in Bern.' } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    expect((await place.send({ token, headers: statelessHeaders('tools/call', 'remember'), body })).status).toBe(403);
  }
});

describe.each(eras)('a token without a scope, %s,', (era) => {
  const called = (name: string, given: Record<string, unknown>) => ['tools/call', { name, arguments: given }] as const;
  const reading = [
    called('recall', {}),
    called('memory_history', {}),
    ['resources/list', {}],
    ['resources/templates/list', {}],
    ['resources/read', { uri: 'keepsake://profile' }],
    ['resources/subscribe', { uri: 'keepsake://profile' }],
    ['prompts/list', {}],
    ['prompts/get', { name: 'remember_session' }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'recall_about' }, argument: { name: 'topic', value: '' } }],
    ['subscriptions/listen', { notifications: { resourceSubscriptions: ['keepsake://profile'] } }],
  ] as const;
  const writing = [called('remember', { content: 'I live in Bern.' }), called('remember', { memory_id: 'x', pinned: true })];
  const deleting = [called('forget', { all: true }), called('forget', { memory_ids: ['x'] }), called('forget', { confirm: 'x' })];

  it('is refused whatever needs it, with what to ask for', async () => {
    const refused = [
      ...(['writer', 'deleter', 'watcher'] as const).flatMap((who) => reading.map((request) => [who, request, 'memory:read'] as const)),
      ...(['reader', 'deleter', 'watcher'] as const).flatMap((who) => writing.map((request) => [who, request, 'memory:write'] as const)),
      ...(['reader', 'writer', 'watcher'] as const).flatMap((who) => deleting.map((request) => [who, request, 'memory:delete'] as const)),
    ];
    for (const [who, [method, params], scope] of refused) {
      const reply = await place.ask(era, who, method, params);
      expect([reply.status, who, method]).toEqual([403, who, method]);
      expect(reply.headers['www-authenticate']).toContain('error="insufficient_scope"');
      expect(messageOf(reply).error?.message).toContain(`needs the scope ${scope}`);
    }
  });

  it('does what it has the scope for', async () => {
    for (const [who, [method, params]] of [
      ['reader', called('recall', {})],
      ['writer', called('remember', { content: 'I live in Bern.' })],
      ['deleter', called('forget', { all: true })],
    ] as const)
      expect((await place.ask(era, who, method, params)).status).toBe(200);
    for (const who of ['reader', 'writer', 'deleter', 'watcher'] as const)
      expect(messageOf(await place.ask(era, who, 'tools/list')).result?.tools).toHaveLength(4);
  });
});

it('metrics are shown to whoever may see them alone, and tell of nobody', async () => {
  for (const who of ['alice', 'reader', 'writer', 'deleter'] as const)
    expect((await place.send({ token: place.tokens[who], method: 'GET', path: '/metrics' })).status).toBe(403);
  const { status, text } = await place.send({ token: place.tokens.watcher, method: 'GET', path: '/metrics' });
  expect(status).toBe(200);
  expect(text).not.toMatch(/alice|Bern|ks_/);
});

describe("another caller's session", () => {
  const hello = { jsonrpc: '2.0', id: 1, method: 'ping' };
  const body = JSON.stringify(hello);

  it('is not there for anybody else, another token of the same user included', async () => {
    const { alice, other, reader } = place.tokens;
    const session = await beginSession(place.server.url, alice);
    const own = await place.send({ token: alice, headers: { 'Mcp-Session-Id': session }, body });
    const event = /^id: (.*)$/m.exec(own.text)?.[1] ?? '';
    expect(event).not.toBe('');
    for (const token of [other, reader, await issuer.token({ sub: 'alice' })])
      for (const sent of [
        { body },
        { method: 'GET' },
        { method: 'GET', headers: { 'Last-Event-ID': event } },
        { method: 'DELETE' },
        { body, path: `/messages?sessionId=${session}` },
        { body, path: `/mcp?sessionId=${session}` },
      ]) {
        const as = (id: string) => place.send({ token, ...sent, headers: { ...sent.headers, 'Mcp-Session-Id': id } });
        const [foreign, unknown] = [await as(session), await as(crypto.randomUUID())];
        expect([foreign.status, foreign.text]).toEqual([404, unknown.text]);
      }
    const foreignEvents = await beginSession(place.server.url, other);
    const replay = { method: 'GET', headers: { 'Mcp-Session-Id': foreignEvents, 'Last-Event-ID': event } };
    expect((await place.send({ token: other, ...replay })).status).toBe(400);
    for (const id of [`${session}, ${session}`, session.toUpperCase().replace(/^\d+$/, 'X'), `${session}x`, `"${session}"`])
      if (id !== session) expect((await place.send({ token: alice, headers: { 'Mcp-Session-Id': id }, body })).status).toBe(404);
    expect(messageOf(await place.send({ token: alice, headers: { 'Mcp-Session-Id': session }, body })).result).toEqual({});
  });

  it('of the older transport takes no messages of anybody else', async () => {
    const { alice, other } = place.tokens;
    const stopped = new AbortController();
    const stream = await fetch(`${place.server.url}/sse`, { headers: { Authorization: `Bearer ${alice}` }, signal: stopped.signal });
    const { value } = (await stream.body?.getReader().read()) ?? {};
    const path = /data: (\/messages\S+)/.exec(new TextDecoder().decode(value))?.[1] ?? '';
    expect((await place.send({ token: other, path, body })).status).toBe(404);
    expect((await place.send({ token: alice, path: `${path}x`, body })).status).toBe(404);
    expect((await place.send({ token: alice, path, body })).status).toBe(202);
    stopped.abort();
  });
});
