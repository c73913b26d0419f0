import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { PingRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/transports/http/refusal.js';
import { callerOf } from '../support/caller.js';
import { byName, createToy, openLocalServer } from '../support/local-http.js';
import { until } from '../support/server.js';

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

interface Sent {
  as?: string;
  session?: string;
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  path?: string;
}

/** Sends one request of the protocol as a caller. */
function send(url: string, { as = 'alice', session, method = 'POST', body, headers, path = '/mcp' }: Sent): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${as}`,
      Accept: 'application/json, text/event-stream',
      ...(session === undefined ? {} : { 'Mcp-Session-Id': session }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function beginSession(url: string, as = 'alice'): Promise<string> {
  const response = await send(url, { as, body: initialize });
  await response.text();
  const session = response.headers.get('mcp-session-id') ?? '';
  await (await send(url, { as, session, body: { jsonrpc: '2.0', method: 'notifications/initialized' } })).text();
  return session;
}

const call = (name: string, id = 2) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: {}, _meta: { progressToken: 1 } },
});
const whoAnswers = async (response: Response) => /"id\\":\\"(\w+)/.exec(await response.text())?.[1];

const errorOf = async (response: Response) => ((await response.json()) as { error: { message: string } }).error.message;

/** Reads a stream until `check` finds what it looks for in all that came. */
async function readUntil(response: Response, check: (text: string) => boolean): Promise<string> {
  const decoder = new TextDecoder();
  const reader = response.body!.getReader();
  let text = '';
  while (!check(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  reader.releaseLock();
  return text;
}

/** Opens a stream of the older transport and gives the path that it names for messages. */
async function openSse(url: string, as = 'alice'): Promise<{ stream: Response; path: string }> {
  const stream = await send(url, { as, method: 'GET', path: '/sse' });
  const text = await readUntil(stream, (all) => all.includes('\n\n'));
  return { stream, path: /data: (.*)/.exec(text)?.[1] ?? '' };
}

describe('a session', () => {
  it('answers its own caller, and everybody else as if it were not there', async () => {
    const { url } = await openLocalServer();
    const session = await beginSession(url);
    expect(await whoAnswers(await send(url, { session, body: call('whoami') }))).toBe('alice');
    const unknown = await send(url, { session: crypto.randomUUID(), body: call('whoami') });
    const nothing = await unknown.text();
    for (const request of [
      { body: call('whoami') },
      { method: 'GET' },
      { method: 'GET', headers: { 'Last-Event-ID': 'x' } },
      { method: 'DELETE' },
    ]) {
      const foreign = await send(url, { as: 'mallory', session, ...request });
      expect(foreign.status).toBe(404);
      expect((await foreign.text()).replace('null', '2')).toBe(nothing);
    }
    expect(nothing).toContain('-32001');
    expect(await whoAnswers(await send(url, { session, body: call('whoami') }))).toBe('alice');
  });

  it('of the older transport takes messages of its own caller alone', async () => {
    const { url } = await openLocalServer();
    const { stream, path } = await openSse(url);
    expect((await send(url, { as: 'mallory', path, body: call('whoami') })).status).toBe(404);
    expect((await send(url, { path: '/messages?sessionId=nobody', body: call('whoami') })).status).toBe(404);
    expect((await send(url, { path: '/messages', body: call('whoami') })).status).toBe(400);
    const session = path.split('=')[1] ?? '';
    expect((await send(url, { session, body: call('whoami') })).status).toBe(404);
    expect((await send(url, { path, body: { ...initialize, jsonrpc: '1.0' } })).status).toBe(400);
    expect((await send(url, { path, body: initialize })).status).toBe(202);
    await readUntil(stream, (text) => text.includes('serverInfo'));
    await stream.body?.cancel();
  });

  it('ends with DELETE, and its room is free again', async () => {
    const server = await openLocalServer({ limits: { sessions: 1 } });
    const session = await beginSession(server.url);
    expect((await send(server.url, { body: initialize })).status).toBe(503);
    expect((await send(server.url, { session, method: 'DELETE' })).status).toBe(200);
    expect(server.sessions()).toEqual({ streamable: 0, sse: 0 });
    expect((await send(server.url, { session, body: call('whoami') })).status).toBe(404);
    await beginSession(server.url);
  });

  it('is refused beyond those of one caller, and of all, with the time to come back', async () => {
    const server = await openLocalServer({ limits: { sessionsOfOne: 2, sessions: 3 } });
    const session = await beginSession(server.url);
    const listening = await send(server.url, { session, method: 'GET' });
    const { stream } = await openSse(server.url);
    for (const request of [{ body: initialize }, { method: 'GET', path: '/sse' }]) {
      const full = await send(server.url, request);
      expect(full.status).toBe(503);
      expect(full.headers.get('retry-after')).toBe('60');
      expect(await errorOf(full)).toMatch(/2 sessions/);
    }
    await beginSession(server.url, 'bob');
    expect(await errorOf(await send(server.url, { as: 'carol', body: initialize }))).toMatch(/no room/);
    await stream.body?.cancel();
    await until(() => server.sessions().sse === 0);
    await beginSession(server.url, 'carol');
    expect(server.sessions()).toEqual({ streamable: 3, sse: 0 });
    await listening.body?.cancel();
  });

  it('takes the place of the one that its caller has not used for longest, where it has as many as it may', async () => {
    const server = await openLocalServer({ limits: { sessionsOfOne: 2 } });
    const [first, second] = [await beginSession(server.url), await beginSession(server.url)];
    await whoAnswers(await send(server.url, { session: first, body: call('whoami') }));
    const third = await beginSession(server.url);
    expect(server.sessions().streamable).toBe(2);
    expect((await send(server.url, { session: second, body: call('whoami') })).status).toBe(404);
    for (const session of [first, third]) expect(await whoAnswers(await send(server.url, { session, body: call('whoami') }))).toBe('alice');
  });

  it('that never came about takes no room', async () => {
    const server = await openLocalServer();
    const refused = await send(server.url, { body: initialize, headers: { Accept: 'text/html' } });
    expect(refused.status).toBe(406);
    expect(await errorOf(refused)).toMatch(/accept/);
    expect(server.sessions().streamable).toBe(0);
  });

  it('ends once nobody has used it for long, but not while a stream is open', async () => {
    const server = await openLocalServer({ limits: { sessionIdle: 4000, reapEvery: 20 } });
    const idle = await beginSession(server.url);
    const listening = await beginSession(server.url);
    const stream = await send(server.url, { session: listening, method: 'GET' });
    await until(() => server.sessions().streamable === 1);
    expect((await send(server.url, { session: idle, body: call('whoami') })).status).toBe(404);
    expect(await whoAnswers(await send(server.url, { session: listening, body: call('whoami') }))).toBe('alice');
    await stream.body?.cancel();
    await until(() => server.sessions().streamable === 0);
  });

  it('does what its caller may now, not what it might when the session began', async () => {
    const rights = new Set<'memory:read' | 'memory:write'>(['memory:read', 'memory:write']);
    const { url } = await openLocalServer({ authenticate: async () => ({ ...callerOf('alice'), rights: new Set(rights) }) });
    const session = await beginSession(url);
    rights.delete('memory:write');
    expect(await (await send(url, { session, body: call('whoami') })).text()).toContain('[\\"memory:read\\"]');
  });

  it('has the project that its latest request names, and none after one that names none', async () => {
    const { url } = await openLocalServer();
    const session = await beginSession(url);
    const asked = async (headers = {}) => (await send(url, { session, body: call('whoami'), headers })).text();
    expect(await asked({ 'Keepsake-Project': 'a%2Fb' })).toContain('a/b');
    expect(await asked({ 'Keepsake-Project': 'c' })).toContain('\\"project\\":\\"c\\"');
    expect(await asked()).not.toContain('project');
  });

  it('refuses a request under the id of one that is not answered yet', async () => {
    const toy = createToy();
    const { url } = await openLocalServer({ connect: toy.connect });
    const session = await beginSession(url);
    const first = send(url, { session, body: call('wait') });
    await until(() => toy.waiting() === 1);
    const second = await send(url, { session, body: call('whoami') });
    expect(second.status).toBe(400);
    expect(await errorOf(second)).toMatch(/id/);
    toy.release();
    expect(await whoAnswers(await first)).toBe('alice');
    expect(await whoAnswers(await send(url, { session, body: call('whoami') }))).toBe('alice');
  });
});

describe('an answer whose connection broke', () => {
  it('is given when its client comes back, to nobody else and in no other session', async () => {
    const toy = createToy();
    const { url } = await openLocalServer({ connect: toy.connect });
    const session = await beginSession(url);
    const headers = { 'Mcp-Protocol-Version': '2025-11-25' };
    const broken = await send(url, { session, body: call('wait'), headers });
    const begun = await readUntil(broken, (text) => text.includes('progress'));
    const [first = '', last = ''] = [...begun.matchAll(/^id: (.*)$/gm)].map(([, id]) => id);
    expect(begun).toMatch(/^id: .*\nretry: 2000\ndata: \n\n/);
    await broken.body?.cancel();

    const resumed = await send(url, { session, method: 'GET', headers: { ...headers, 'Last-Event-ID': last } });
    toy.release();
    const rest = await resumed.text();
    expect(rest).not.toContain('progress"');
    expect(rest).toMatch(/"id":2/);

    const again = await send(url, { session, method: 'GET', headers: { ...headers, 'Last-Event-ID': first } });
    expect(again.headers.get('content-type')).toBe('text/event-stream');
    expect(await again.text()).toMatch(/notifications\/progress.*"id":2/s);

    const other = await beginSession(url);
    expect((await send(url, { session: other, method: 'GET', headers: { ...headers, 'Last-Event-ID': first } })).status).toBe(400);
    const mallory = await beginSession(url, 'mallory');
    expect(
      (await send(url, { as: 'mallory', session: mallory, method: 'GET', headers: { ...headers, 'Last-Event-ID': first } })).status,
    ).toBe(400);
    expect((await send(url, { as: 'mallory', session, method: 'GET', headers: { ...headers, 'Last-Event-ID': first } })).status).toBe(404);
  });

  it('is not waited for by an SDK client in vain', async () => {
    const toy = createToy();
    const server = await openLocalServer({ connect: toy.connect });
    const broken = new AbortController();
    const client = new Client({ name: 'test', version: '1' });
    const breakable: typeof fetch = (input, init) => {
      const isCall = typeof init?.body === 'string' && init.body.includes('"wait"');
      return fetch(input, isCall ? { ...init, signal: broken.signal } : init);
    };
    const transport = new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
      requestInit: { headers: { Authorization: 'Bearer alice' } },
      fetch: breakable,
    });
    await client.connect(transport as Parameters<Client['connect']>[0]);
    let begun = false;
    const onprogress = () => {
      begun = true;
    };
    const answer = client.callTool({ name: 'wait' }, undefined, { onprogress });
    await until(() => begun);
    broken.abort(new Error('the network is gone'));
    toy.release();
    expect(JSON.stringify(await answer)).toContain('alice');
    await client.close();
  });
});

describe('a stream', () => {
  it('is taken over by the newest connection, since the one before may be dead', async () => {
    const { url } = await openLocalServer();
    const session = await beginSession(url);
    const first = await send(url, { session, method: 'GET' });
    const second = await send(url, { session, method: 'GET' });
    expect(second.status).toBe(200);
    expect(await first.text()).toBe('');
    await second.body?.cancel();
  });

  it('goes on where a request to take it over is refused', async () => {
    const toy = createToy();
    const { url } = await openLocalServer({
      connect(peer) {
        const server = toy.connect(peer);
        server.setRequestHandler(PingRequestSchema, async () => {
          await server.sendResourceUpdated({ uri: 'test://pinged' });
          return {};
        });
        return server;
      },
    });
    const session = await beginSession(url);
    const stream = await send(url, { session, method: 'GET' });
    for (const [headers, status] of [
      [{ Accept: 'application/json' }, 406],
      [{ 'Mcp-Protocol-Version': '1.0' }, 400],
    ] as const)
      expect((await send(url, { session, method: 'GET', headers })).status).toBe(status);
    await (await send(url, { session, body: { jsonrpc: '2.0', id: 3, method: 'ping' } })).text();
    expect(await readUntil(stream, (text) => text.includes('test://pinged'))).toContain('test://pinged');
    await stream.body?.cancel();
  });

  it('is kept alive by comments, and proxies are told not to hold it back', async () => {
    const { url } = await openLocalServer({ limits: { keepAlive: 10 } });
    const session = await beginSession(url);
    for (const stream of [await send(url, { session, method: 'GET' }), await send(url, { method: 'GET', path: '/sse' })]) {
      expect(stream.headers.get('content-type')).toBe('text/event-stream');
      expect(stream.headers.get('x-accel-buffering')).toBe('no');
      expect(stream.headers.get('cache-control')).toBe('no-cache, no-transform');
      expect(stream.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await readUntil(stream, (text) => /^:/m.test(text))).toMatch(/^:/m);
      await stream.body?.cancel();
    }
  });

  it('ends when its caller is not known any more, and what it had is out of reach', async () => {
    const revoked = new Set<string>();
    const server = await openLocalServer({
      limits: { recheckEvery: 20 },
      async authenticate(authorization) {
        const caller = await byName(authorization);
        if (revoked.has(caller.id)) throw new Refusal(401, 'Revoked.');
        return caller;
      },
    });
    const { url } = server;
    const session = await beginSession(url);
    const [own, older, bobs] = [await send(url, { session, method: 'GET' }), await openSse(url), await openSse(url, 'bob')];
    revoked.add('alice');
    await expect(own.text()).rejects.toThrow(/terminated/);
    await expect(readUntil(older.stream, () => false)).rejects.toThrow(/terminated/);
    expect((await send(url, { session, body: call('whoami') })).status).toBe(401);
    await until(() => server.sessions().sse === 1);
    expect((await send(url, { as: 'bob', path: bobs.path, body: initialize })).status).toBe(202);
    await readUntil(bobs.stream, (text) => text.includes('serverInfo'));
    await bobs.stream.body?.cancel();
  });

  it('is checked once with all others of the same token', async () => {
    const asked: string[] = [];
    let isOpening = true;
    const { url } = await openLocalServer({
      limits: { recheckEvery: 20 },
      async authenticate(authorization) {
        if (!isOpening) asked.push(String(authorization));
        return byName(authorization);
      },
    });
    const streams = [await openSse(url), await openSse(url), await openSse(url), await openSse(url, 'bob')];
    isOpening = false;
    const count = (name: string) => asked.filter((each) => each === `Bearer ${name}`).length;
    await until(() => count('bob') > 2);
    expect(Math.abs(count('alice') - count('bob'))).toBeLessThanOrEqual(1);
    for (const { stream } of streams) await stream.body?.cancel();
  });

  it('goes on while whoever knows the callers cannot be asked', async () => {
    let asked = 0;
    const { url } = await openLocalServer({
      limits: { recheckEvery: 10, keepAlive: 10 },
      async authenticate(authorization) {
        asked += 1;
        if (asked > 1) throw new Refusal(503, 'The issuer is away.');
        return byName(authorization);
      },
    });
    const { stream } = await openSse(url);
    await until(() => asked > 3);
    expect(await readUntil(stream, (text) => text.includes(':\n\n'))).toContain(':');
    await stream.body?.cancel();
  });

  it('is one of a bounded number of requests that a caller has open', async () => {
    const { url } = await openLocalServer({ limits: { openRequests: 1 } });
    const { stream } = await openSse(url);
    expect((await send(url, { body: initialize })).status).toBe(429);
    await beginSession(url, 'bob');
    await stream.body?.cancel();
    await until(async () => (await send(url, { body: initialize })).status === 200);
  });

  it('that nobody reads takes no more messages', async () => {
    const { url } = await openLocalServer({ limits: { unread: -1 } });
    const { path, stream } = await openSse(url);
    expect((await send(url, { path, body: initialize })).status).toBe(503);
    await readUntil(stream, () => false).catch(() => undefined);
    expect((await send(url, { path, body: initialize })).status).toBe(404);
  });
});

describe('a server that is being closed', () => {
  it('waits for answers, refuses what is new, and ends streams in order', async () => {
    const toy = createToy();
    const server = await openLocalServer({ connect: toy.connect });
    const { url } = server;
    const session = await beginSession(url);
    const listening = await send(url, { session, method: 'GET' });
    const older = await openSse(url);
    // The connection that the last request waits on is one that the server knew before.
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new SSEClientTransport(new URL(`${url}/sse`), { requestInit: { headers: { Authorization: 'Bearer alice' } } }));
    const answer = send(url, { session, body: call('wait') });
    await until(() => toy.waiting() === 1);
    const closed = server.close(5000);
    const late = await send(url, { session, body: call('whoami', 3) }).catch((error: unknown) => error);
    if (late instanceof Response) expect(late.status).toBe(503);
    expect(server.sessions()).toEqual({ streamable: 1, sse: 2 });
    toy.release();
    expect(await whoAnswers(await answer)).toBe('alice');
    await closed;
    expect(await listening.text()).toBe('');
    expect(await readUntil(older.stream, () => false)).toBe('');
    expect(server.sessions()).toEqual({ streamable: 0, sse: 0 });
    await expect(send(url, { body: initialize })).rejects.toThrow();
    await client.close();
  });

  it('waits for calls whose answers come on another stream', async () => {
    let ended: () => void = () => undefined;
    const server = await openLocalServer({
      limits: { keepAlive: 10 },
      idle: () =>
        new Promise((resolve) => {
          ended = resolve;
        }),
    });
    const { stream } = await openSse(server.url);
    const closed = server.close(60_000);
    // More of its comments than can have been on their way.
    expect(await readUntil(stream, (text) => text.split(':\n\n').length > 5)).not.toBe('');
    expect(server.sessions().sse).toBe(1);
    ended();
    await closed;
    expect(await readUntil(stream, () => false)).toMatch(/^(:\n\n)*$/);
  });

  it('waits no longer than it is told to', async () => {
    const toy = createToy();
    const server = await openLocalServer({ connect: toy.connect });
    const session = await beginSession(server.url);
    const answer = send(server.url, { session, body: call('wait') });
    await until(() => toy.waiting() === 1);
    await server.close(10);
    expect(await (await answer).text()).not.toContain('"id":2');
  });
});
