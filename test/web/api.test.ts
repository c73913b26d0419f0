import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Activity, Fault, Health, Overview, SessionAnswer } from '../../src/web/api.js';
import { inside, openPlace, type Place, type Reply } from '../security/place.js';
import type { AnswerData } from '../support/server.js';

type Caller = 'ann' | 'bob' | 'reader' | 'writer' | 'gateway' | 'watcher';
let place: Place<Caller>;

beforeAll(async () => {
  place = await openPlace<Caller>({
    ann: { user: 'ann', grants: [{ space: 'project:web', write: true }] },
    bob: { user: 'bob', grants: [{ space: 'project:web', write: false }] },
    reader: { user: 'ann', scopes: ['memory:read'] },
    writer: { user: 'ann', scopes: ['memory:write'] },
    gateway: { user: '*' },
    watcher: { user: 'ann', scopes: ['memory:read', 'metrics:read'] },
  });
  await remember('ann', 'The site is built with Astro.', { project: 'web' });
});

const post = (who: Caller | undefined, name: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Reply> =>
  place.send({
    token: who && place.tokens[who],
    path: `/api/${name}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
  });

async function asked<T>(who: Caller, name: string, body: unknown = {}): Promise<T> {
  const reply = await post(who, name, body);
  expect(reply.text).not.toMatch(inside);
  if (reply.status !== 200) throw new Error(reply.text);
  return JSON.parse(reply.text) as T;
}

async function refused(reply: Promise<Reply>): Promise<[number, string, string]> {
  const { status, text, headers } = await reply;
  expect(headers['content-type']).toBe('application/json');
  expect(text).not.toMatch(inside);
  const { error } = JSON.parse(text) as Fault;
  return [status, error.code, error.message];
}

const remember = async (who: Caller, content: string, given: Record<string, unknown> = {}) =>
  (await asked<AnswerData>(who, 'remember', { content, infer: false, ...given })).results[0]?.id ?? '';

/** Every entry of all pages. */
async function feed(who: Caller, limit = 100): Promise<Activity['entries']> {
  const entries: Activity['entries'] = [];
  let cursor: string | undefined;
  do {
    const page = await asked<Activity>(who, 'activity', { limit, looking: true, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    entries.push(...page.entries);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return entries;
}

describe('the pages of the dashboard', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', 'index.html'],
    ['/dashboard.js', 'text/javascript; charset=utf-8', 'dashboard.js'],
    ['/style.css', 'text/css; charset=utf-8', 'style.css'],
  ])('%s is given to anybody, under a strict policy, and once', async (path, type, name) => {
    const { status, headers, text } = await place.send({ method: 'GET', path });
    expect([status, headers['content-type']]).toEqual([200, type]);
    expect(text).toBe(await readFile(new URL(`../../dist/web/${name}`, import.meta.url), 'utf8'));
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const head = await place.send({ method: 'HEAD', path });
    expect([head.status, head.text, head.headers.etag, head.headers['content-length']]).toEqual([
      200,
      '',
      headers.etag,
      headers['content-length'],
    ]);
    for (const known of [headers.etag, `"other", W/${headers.etag}`, '*']) {
      const again = await place.send({ method: 'GET', path, headers: { 'If-None-Match': known } });
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', headers.etag]);
      expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
    }
    expect((await place.send({ method: 'GET', path, headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
    expect((await place.send({ method: 'POST', path, body: '{}' })).status).toBe(405);
  });

  it('hold no word of any memory', async () => {
    await remember('ann', 'The zeppelin landed in Friedrichshafen.');
    for (const path of ['/', '/?q=zeppelin', '/dashboard.js', '/style.css']) {
      expect((await place.send({ method: 'GET', path, token: place.tokens.ann })).text).not.toContain('zeppelin');
    }
  });
});

describe('the calls of the dashboard', () => {
  it('run the tools, with their arguments and their answers', async () => {
    const id = await remember('ann', 'Ann sails on Lake Constance.');
    const { memories } = await asked<AnswerData>('ann', 'recall', { query: 'sails', explain: true });
    expect(memories[0]).toMatchObject({ id, why: { lexical: { rank: 1 } } });
    await asked('ann', 'remember', { memory_id: id, content: 'Ann sails on Lake Geneva.' });
    const { events } = await asked<AnswerData>('ann', 'memory_history', { memory_id: id });
    expect(events.map(({ event }) => event)).toEqual(['ADD', 'UPDATE']);
    expect(events[0]?.source?.client).toMatch(/^keepsake-dashboard\/\d/);
    expect((await asked<AnswerData>('ann', 'forget', { memory_ids: [id] })).forgotten).toHaveLength(1);
    await asked('ann', 'remember', { memory_id: id, revision: 1 });
    const { confirm_token } = await asked<AnswerData>('ann', 'forget', { memory_ids: [id], erase: true });
    expect((await asked<AnswerData>('ann', 'forget', { confirm: confirm_token })).forgotten).toHaveLength(1);
    expect((await refused(post('ann', 'remember', { memory_id: id, revision: 1 }))).slice(0, 2)).toEqual([409, 'memory_erased']);
    expect((await refused(post('ann', 'forget', { confirm: confirm_token }))).slice(0, 2)).toEqual([409, 'confirm_invalid']);
  });

  it('say who is looking, and at what', async () => {
    const of = (who: Caller) => asked<SessionAnswer>(who, 'session');
    expect(await of('ann')).toEqual({
      version: expect.stringMatching(/^\d/),
      user: 'ann',
      rights: ['memory:read', 'memory:write', 'memory:delete'],
      spaces: [
        { space: 'user:ann', mayWrite: true },
        { space: 'project:web', mayWrite: true },
      ],
    });
    expect((await of('bob')).spaces).toEqual([
      { space: 'user:bob', mayWrite: true },
      { space: 'project:web', mayWrite: false },
    ]);
    expect(await of('writer')).toMatchObject({ rights: ['memory:write'], spaces: [] });
    const gateway = await of('gateway');
    expect(gateway).not.toHaveProperty('user');
    expect(gateway.spaces).toContainEqual({ space: 'user:ann', mayWrite: true });
    expect(gateway.spaces).not.toContainEqual(expect.objectContaining({ space: 'project:web' }));
    const named = await post('ann', 'session', {}, { 'Keepsake-Project': 'web' });
    expect(JSON.parse(named.text)).toMatchObject({ project: 'web' });
    const foreign = await post('ann', 'session', {}, { 'Keepsake-Project': 'secret' });
    expect((JSON.parse(foreign.text) as SessionAnswer).spaces.map(({ space }) => space)).toEqual(['user:ann', 'project:web']);
    expect((await feed('gateway')).some(({ space }) => space === 'project:web')).toBe(false);
  });

  it('draw a picture of a space', async () => {
    await remember('ann', 'The site runs on Kubernetes.', { project: 'web', metadata: { area: 'site' } });
    const gone = await remember('ann', 'The site runs on Nomad.', { project: 'web' });
    await asked('ann', 'remember', { memory_id: gone, content: 'The site once ran on Nomad.', project: 'web' });
    await asked('ann', 'forget', { memory_ids: [gone], project: 'web' });
    const { months, ...rest } = await asked<Overview>('bob', 'overview', { project: 'web' });
    expect(rest).toMatchObject({ space: 'project:web', live: 2, kinds: { observation: 2 }, forgotten: 1, subjects: [{ memories: 2 }] });
    expect(months).toEqual([{ month: new Date().toISOString().slice(0, 7), added: 3, changed: 1, forgotten: 1 }]);
    expect(await asked<Overview>('gateway', 'overview', { user_id: 'nobody' })).toMatchObject({ live: 0, months: [], subjects: [] });
  });

  it('tell how the server fares, of the own spaces alone', async () => {
    const health = await asked<Health>('bob', 'health');
    expect(health).toMatchObject({ status: 'well', problems: [] });
    expect(health.stats.spaces.map(({ space }) => space)).toEqual(['user:bob', 'project:web']);
  });
});

describe('the activity', () => {
  it('shows who read and changed what in the spaces that a caller may read, newest first, and with live texts alone', async () => {
    const id = await remember('bob', 'Bob keeps <b>bees</b>.');
    const hidden = await remember('bob', 'Bob hides the honey.');
    await asked('bob', 'recall', { query: 'bees' });
    await asked('bob', 'forget', { memory_ids: [hidden] });
    const own = (await feed('bob')).filter(({ space }) => space === 'user:bob');
    expect(own.map(({ did, memories, count }) => ({ did, memories, count }))).toEqual([
      { did: 'DELETE', memories: [{ id: hidden }], count: 1 },
      { did: 'read', memories: [{ id, memory: 'Bob keeps <b>bees</b>.' }], count: 1 },
      { did: 'ADD', memories: [{ id: hidden }], count: 1 },
      { did: 'ADD', memories: [{ id, memory: 'Bob keeps <b>bees</b>.' }], count: 1 },
    ]);
    expect(own[0]).toMatchObject({ client: expect.stringMatching(/^keepsake-dashboard/), call_id: expect.any(String) });
    expect((await feed('bob')).some(({ space }) => space === 'user:ann')).toBe(false);
    expect((await feed('ann')).some(({ space }) => space === 'user:bob')).toBe(false);
    expect((await feed('bob')).some(({ space }) => space === 'project:web')).toBe(true);
  });

  it('tells of what people looked at here only where that is asked for, and nobody has recalled it', async () => {
    const id = await remember('bob', 'Bob rides a tandem.');
    await asked('bob', 'recall', { query: 'tandem' });
    await asked('bob', 'memory_history', { memory_id: id });
    const { entries } = await asked<Activity>('bob', 'activity');
    expect(entries[0]).toMatchObject({ did: 'ADD', memories: [{ id }] });
    expect((await feed('bob'))[0]).toMatchObject({ did: 'read', memories: [{ id }] });
    const recalled = { last_recalled_at: { gt: '2000-01-01' }, id };
    expect((await asked<AnswerData>('bob', 'recall', { filters: recalled })).memories).toEqual([]);
    await place.call('stateless', 'bob', 'recall', { query: 'tandem' });
    expect((await asked<AnswerData>('bob', 'recall', { filters: recalled })).memories).toMatchObject([{ id }]);
    expect((await asked<Activity>('bob', 'activity')).entries[0]).toMatchObject({ did: 'read' });
  });

  it('loses and doubles nothing between pages, however they are cut', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => remember('ann', `Ann owns kite number ${index}.`, index % 2 ? { project: 'web' } : {})),
    );
    await asked('ann', 'recall', { query: 'kite', limit: 30 });
    await asked('ann', 'recall', { query: 'kite', project: 'web' });
    const whole = await feed('ann');
    expect(whole.length).toBeGreaterThan(14);
    expect(whole.map(({ at }) => at)).toEqual(
      whole
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    for (const limit of [1, 3, 7]) expect(await feed('ann', limit)).toEqual(whole);
  });

  it('makes one entry of what one call did in one way', async () => {
    const messages = ['Ann paints on Mondays.', 'Ann swims on Tuesdays.'].map((content) => ({ role: 'user', content }));
    await asked('ann', 'remember', { messages, infer: false });
    const [latest] = await feed('ann');
    expect(latest).toMatchObject({ did: 'ADD', count: 2, space: 'user:ann' });
    expect(latest?.memories).toHaveLength(2);
  });

  it('refuses the cursor of another caller', async () => {
    const { next_cursor } = await asked<Activity>('ann', 'activity', { limit: 1 });
    expect((await refused(post('ann', 'activity', { cursor: next_cursor, looking: true }))).slice(0, 2)).toEqual([400, 'cursor_invalid']);
    expect((await refused(post('reader', 'activity', { cursor: next_cursor }))).slice(0, 2)).toEqual([400, 'cursor_invalid']);
    expect((await refused(post('ann', 'activity', { cursor: 'x' }))).slice(0, 2)).toEqual([400, 'cursor_invalid']);
  });

  it('finds the spaces of reads that earlier versions noted without them', async () => {
    const id = await remember('bob', 'Bob plays the oboe.');
    const path = join(place.server.home, 'access', 'access.jsonl');
    const before = await readFile(path, 'utf8');
    const line = { at: new Date().toISOString(), client: 'old/1', call_id: 'old-call', memory_ids: [id, 'unknown'] };
    await writeFile(path, `${before}${JSON.stringify(line)}\n{"at":"no time","call_id":"x","memory_ids":["${id}"]}\n{"torn`);
    const found = (entries: Activity['entries']) => entries.filter(({ call_id }) => call_id === 'old-call');
    expect(found(await feed('bob'))).toMatchObject([{ space: 'user:bob', client: 'old/1', count: 1, memories: [{ id }] }]);
    expect(found(await feed('ann'))).toEqual([]);
  });
});

describe('what was erased', () => {
  it('appears nowhere any more', async () => {
    const id = await remember('ann', 'Ann has a xylophone.');
    await asked('ann', 'recall', { query: 'xylophone' });
    const { confirm_token } = await asked<AnswerData>('ann', 'forget', { memory_ids: [id], erase: true });
    await asked('ann', 'forget', { confirm: confirm_token });
    const calls = [
      ['overview', {}],
      ['activity', { limit: 100 }],
      ['health', {}],
      ['session', {}],
      ['recall', { query: 'xylophone', min_score: 0 }],
      ['memory_history', { memory_id: id }],
    ] as const;
    for (const [name, body] of calls) expect((await post('ann', name, body)).text).not.toMatch(/"[^"]*has a xylophone/);
  });
});

describe('a call that is not allowed', () => {
  it('is refused without a token, or with a wrong one, before its body is read', async () => {
    for (const name of ['session', 'recall', 'remember', 'forget', 'memory_history', 'overview', 'activity', 'health']) {
      const [status, code] = await refused(post(undefined, name, 'no JSON'));
      expect([status, code]).toEqual([401, 'unauthorized']);
    }
    expect((await refused(post(undefined, 'session', {}, { Authorization: 'Bearer ks_wrong' }))).slice(0, 2)).toEqual([
      401,
      'unauthorized',
    ]);
  });

  it("is refused for another user's space and a project that is not granted, in the words of the tools", async () => {
    const words = async (who: Caller, tool: string, given: Record<string, unknown>) => {
      const { text } = await place.call('stateless', who, tool, given);
      return text.replace(/ \[space_refused\]$/, '');
    };
    for (const where of [{ user_id: 'ann' }, { project: 'secret' }]) {
      const said = await words('bob', 'recall', where);
      for (const name of ['recall', 'overview', 'memory_history'])
        expect(await refused(post('bob', name, where))).toEqual([403, 'space_refused', said]);
    }
    const readOnly = { content: 'Bob was here.', project: 'web' };
    expect(await refused(post('bob', 'remember', readOnly))).toEqual([403, 'space_refused', await words('bob', 'remember', readOnly)]);
  });

  it('is refused to a token that lacks the right for it', async () => {
    for (const name of ['recall', 'memory_history', 'overview', 'activity', 'health'])
      expect(await refused(post('writer', name))).toEqual([403, 'space_refused', expect.stringMatching(/lacks the scope memory:read\.$/)]);
    for (const [name, right] of [
      ['remember', 'write'],
      ['forget', 'delete'],
    ] as const)
      expect(await refused(post('reader', name, {}))).toEqual([403, 'space_refused', expect.stringContaining(`the scope memory:${right}`)]);
    const hidden = await remember('ann', 'Ann likes plums.');
    const reply = await asked<AnswerData>('writer', 'remember', { content: 'Ann likes plums!', infer: false });
    expect(reply.results[0]).toMatchObject({ id: hidden, event: 'NONE' });
  });

  it('is refused to a caller that speaks for anybody and names nobody', async () => {
    expect((await refused(post('gateway', 'overview'))).slice(0, 2)).toEqual([400, 'invalid_argument']);
  });
});

describe('a call that is not understood', () => {
  it.each([
    ['overview', { space: 'user:ann' }, 400, /^Unknown argument space; known are user_id, project\.$/],
    ['overview', { project: '*' }, 400, /needs a name here/],
    ['overview', { user_id: '' }, 400, /1 to 128 characters/],
    ['overview', { user_id: 'a\u0000b' }, 400, /control characters/],
    ['activity', { limit: 0 }, 400, /^limit/],
    ['activity', { limit: 1e9 }, 400, /^limit/],
    ['activity', { cursor: 7 }, 400, /^cursor/],
    ['session', { user_id: 'ann' }, 400, /^Unknown argument/],
    ['health', [], 400, /expected object/],
    ['recall', { filters: { kind: { like: 1 } } }, 400, /like/],
    ['memory_history', { memory_id: 'nowhere' }, 404, /no memory "nowhere"/],
    ['nothing', {}, 404, /nothing at this path/],
    ['__proto__', {}, 404, /nothing at this path/],
    ['session/', {}, 404, /nothing at this path/],
  ])('%s with %j is answered %i', async (name, body, status, message) => {
    const [found, , said] = await refused(post('ann', name, body));
    expect([found, said]).toEqual([status, expect.stringMatching(message)]);
  });

  it('is refused where a form or another page could have sent it', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])
      expect((await refused(post('ann', 'session', '{}', { 'Content-Type': type })))[0]).toBe(415);
    for (const Origin of ['https://evil.example', 'null', 'http://127.0.0.1:1'])
      expect((await refused(post('ann', 'session', {}, { Origin })))[0]).toBe(403);
    expect((await refused(post('ann', 'session', {}, { Host: 'evil.example' })))[0]).toBe(403);
    expect((await post('ann', 'session', {}, { Origin: place.server.url })).status).toBe(200);
    expect((await refused(place.send({ method: 'GET', path: '/api/session', token: place.tokens.ann })))[0]).toBe(405);
  });

  it('is refused where its body is no JSON, too deep or too large', async () => {
    expect((await refused(post('ann', 'recall', '{"query":')))[0]).toBe(400);
    expect((await refused(post('ann', 'recall', `${'['.repeat(100)}${']'.repeat(100)}`)))[0]).toBe(400);
    const large = { content: 'x'.repeat(9_000_000) };
    expect((await refused(post('ann', 'remember', large))).slice(0, 2)).toEqual([413, 'too_large']);
    expect((await refused(post('ann', 'remember', { content: 'x'.repeat(200_001) })))[0]).toBeGreaterThanOrEqual(400);
  });
});

it('labels its routes boundedly, counts the calls of tools, and logs nothing that was said', async () => {
  await post('ann', `made-up-${Math.random()}`);
  await post('ann', 'recall', { query: 'palimpsest', method: 'spoofed' });
  const { text } = await place.send({ method: 'GET', path: '/metrics', token: place.tokens.watcher });
  const routes = [...text.matchAll(/keepsake_http_requests_total\{route="([^"]+)"/g)].map(([, route]) => route);
  expect(new Set(routes)).toEqual(
    new Set(routes.filter((route) => /^(?:other|\/|\/(?:mcp|metrics|dashboard\.js|style\.css)|\/api\/[a-z_]+)$/.test(route ?? ''))),
  );
  expect(routes).toContain('other');
  expect(text).toMatch(/keepsake_tool_calls_total\{tool="recall",outcome="ok"\} \d/);
  expect(place.server.log()).not.toMatch(/palimpsest|made-up|zeppelin|spoofed/);
});
