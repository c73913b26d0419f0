import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/logger.js';
import type { RequestReport } from '../../src/transports/http/options.js';
import { Refusal } from '../../src/transports/http/refusal.js';
import { byName, openLocalServer } from '../support/local-http.js';
import { sendRaw } from '../support/raw-http.js';
import { until } from '../support/server.js';

const reports: RequestReport[] = [];
const logged: { request_id?: string; status?: number }[] = [];
let url: string;
let host: string;

beforeAll(async () => {
  const server = await openLocalServer({
    origins: ['https://app.example'],
    publicUrls: ['https://memory.example'],
    limits: { bodySize: 20_000, bodyTime: 300, linger: 100, depth: 8 },
    pages: {
      '/open': { open: true, answer: async () => ({ status: 200, type: 'text/plain', body: 'open' }) },
      '/closed': { open: false, answer: async (caller) => ({ status: 200, type: 'text/plain', body: `closed to all but ${caller?.id}` }) },
      '/broken': { open: true, answer: () => Promise.reject(new Error('the secret of the page')) },
    },
    admit({ id }) {
      if (id === 'greedy') throw new Refusal(429, 'Wait.', { 'Retry-After': '7' });
    },
    authorize({ id }) {
      if (id === 'reader') throw new Refusal(403, 'Not you.', { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' });
    },
    onRequest: (report) => reports.push(report),
    logger: createLogger('debug', (line) => logged.push(JSON.parse(line))),
  });
  url = server.url;
  host = new URL(url).host;
});

const alice = { Authorization: 'Bearer alice' };
const json = { ...alice, 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
const ping = { jsonrpc: '2.0', id: 5, method: 'ping' };
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const every = ['/mcp', '/sse', '/messages', '/open', '/closed', '/nowhere'];
const uuidForm = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

function request(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}${path}`, init);
}

const post = (body: unknown, headers: Record<string, string> = {}) =>
  request('/mcp', { method: 'POST', headers: { ...json, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });

/** Checks what every refusal has in common, and gives its error. */
async function refused(response: Response, status: number): Promise<{ id: unknown; code: number; message: string }> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('x-request-id')).toMatch(uuidForm);
  return refusedBody(await response.text());
}

function refusedBody(body: string): { id: unknown; code: number; message: string } {
  const answer = JSON.parse(body) as { jsonrpc: string; id: unknown; error: { code: number; message: string } };
  expect(answer).toEqual({ jsonrpc: '2.0', id: answer.id, error: { code: expect.any(Number), message: expect.any(String) } });
  expect(body).not.toMatch(/\n|<html| at \w+ \(|node:/);
  return { id: answer.id, ...answer.error };
}

describe('every path', () => {
  it.each(every)('%s refuses a Host that is not the server, before anything else', async (path) => {
    for (const evil of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      `evil.example:${new URL(url).port}`,
      '127.0.0.1@evil',
      '',
      'localhost:99999',
      '[::1',
      'localhost/',
    ]) {
      const answer = await sendRaw(url, `GET ${path} HTTP/1.1\r\nHost: ${evil}\r\nConnection: close\r\n\r\n`);
      expect([answer.status, evil]).toEqual([403, evil]);
      refusedBody(answer.body);
    }
  });

  it.each(every)('%s refuses to guess between two Hosts, or none', async (path) => {
    const two = await sendRaw(url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
    const none = await sendRaw(url, `GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`);
    const old = await sendRaw(url, `GET ${path} HTTP/1.0\r\n\r\n`);
    expect([two.status, none.status, old.status]).toEqual([400, 400, 400]);
    refusedBody(none.body);
  });

  it.each(every)('%s refuses a whole URL as its target that names another server', async (path) => {
    const answer = await sendRaw(url, `GET http://evil.example${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(answer.status).toBe(403);
  });

  it.each(every)('%s refuses pages of foreign origins, of this machine too', async (path) => {
    for (const origin of [
      'https://evil.example',
      'null',
      'http://localhost:1',
      `https://${host}`,
      'http://memory.example',
      'file://',
      `${url}, https://evil.example`,
    ]) {
      const answer = await request(path, { headers: { Origin: origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(null);
      await refused(answer, 403);
    }
  });

  it.each(['/mcp', '/sse', '/messages', '/closed'])('%s asks who the caller is', async (path) => {
    const method = path === '/messages' ? 'POST' : 'GET';
    const answer = await request(path, { method });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    await refused(answer, 401);
  });
});

describe('a request', () => {
  it.each(['localhost', '127.0.0.1:1', '[::1]:7700', 'LOCALHOST', 'memory.example', 'memory.example:443'])(
    'is taken for Host %s',
    async (name) => {
      const answer = await sendRaw(url, `GET /open HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
      expect(answer.status).toBe(200);
    },
  );

  it('is taken from pages of the own URLs without any leave for others to read it', async () => {
    for (const origin of [url, `http://localhost:${new URL(url).port}`, 'https://memory.example']) {
      const answer = await request('/open', { headers: { Origin: origin } });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('access-control-allow-origin')).toBe(null);
    }
  });

  it('is taken from pages of a listed origin, which may read the answer', async () => {
    const headers = { Origin: 'https://app.example' };
    const preflight = await request('/mcp', {
      method: 'OPTIONS',
      headers: { ...headers, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,mcp-session-id' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, DELETE');
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/Authorization.*Mcp-Protocol-Version.*Mcp-Session-Id/);
    const answer = await post(initialize, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(answer.headers.get('access-control-expose-headers')).toContain('Mcp-Session-Id');
    expect(answer.headers.get('vary')).toBe('Origin');
    await answer.text();
    const denied = await request('/mcp', { headers });
    expect(denied.headers.get('access-control-allow-origin')).toBe('https://app.example');
    await refused(denied, 401);
  });

  it('of other pages gets no leave by preflight', async () => {
    const preflight = { 'Access-Control-Request-Method': 'POST' };
    await refused(await request('/mcp', { method: 'OPTIONS', headers: { ...preflight, Origin: 'https://evil.example' } }), 403);
    await refused(await request('/mcp', { method: 'OPTIONS', headers: { ...preflight, Origin: url } }), 405);
  });

  it('for a path or method that is not served is told so', async () => {
    for (const path of ['/', '/MCP', '/mcp/', '/mcp/../mcp%00', '//mcp', '/%6dcp', '/constructor', '/__proto__'])
      await refused(await request(path), 404);
    for (const [path, method, allow] of [
      ['/mcp', 'PUT', 'GET, POST, DELETE'],
      ['/sse', 'POST', 'GET'],
      ['/messages', 'GET', 'POST'],
      ['/open', 'POST', 'GET, HEAD'],
    ] as const) {
      const answer = await request(path, { method });
      expect(answer.headers.get('allow')).toBe(allow);
      await refused(answer, 405);
    }
    const star = await sendRaw(url, `OPTIONS * HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(star.status).toBe(404);
  });

  it('of a caller beyond its rate, or without the right, is refused with what fixes it', async () => {
    const greedy = await post(ping, { Authorization: 'Bearer greedy' });
    expect(greedy.headers.get('retry-after')).toBe('7');
    expect(await refused(greedy, 429)).toMatchObject({ id: null });
    const reader = await post(ping, { Authorization: 'Bearer reader' });
    expect(reader.headers.get('www-authenticate')).toContain('insufficient_scope');
    expect(await refused(reader, 403)).toMatchObject({ id: 5, message: 'Not you.' });
  });

  it('that fails inside says nothing of what happened', async () => {
    expect(await refused(await request('/broken'), 500)).toEqual({
      id: null,
      code: -32603,
      message: expect.not.stringContaining('secret'),
    });
  });

  it('for a page needs a caller unless the page is open', async () => {
    expect(await (await request('/open')).text()).toBe('open');
    expect(await (await request('/closed', { headers: alice })).text()).toBe('closed to all but alice');
    expect((await request('/open', { method: 'HEAD' })).status).toBe(200);
  });

  it('is reported once it has been answered, without what it said', async () => {
    reports.length = 0;
    const body = { jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'recall', arguments: { query: 'my secret' } } };
    const answer = await post(body);
    await until(() => reports.length === 1);
    expect(reports).toEqual([
      {
        requestId: answer.headers.get('x-request-id'),
        route: '/mcp',
        method: 'POST',
        status: 400,
        milliseconds: expect.any(Number),
        principal: 'alice',
        called: 'tools/call recall',
      },
    ]);
  });
});

describe('a body', () => {
  it('must be JSON by its type', async () => {
    for (const type of ['text/plain', 'text/plain; a=application/json', 'application/jsonx', '', 'application/json; charset=utf-16'])
      await refused(await post(ping, { 'Content-Type': type }), 415);
    await refused(await post(ping, { 'Content-Encoding': 'gzip' }), 415);
    expect((await post(initialize, { 'Content-Type': 'Application/JSON; charset="UTF-8"' })).status).toBe(200);
  });

  it('must be JSON by its words', async () => {
    for (const text of ['', '{', '{"a":1}}', 'nul', "{'a':1}", '\u0000', '[1,', '"\\x"'])
      expect(await refused(await post(text), 400)).toMatchObject({ id: null, code: -32700 });
    const broken = await request('/mcp', { method: 'POST', headers: json, body: Buffer.from([0x22, 0xff, 0x22]) });
    expect(await refused(broken, 400)).toMatchObject({ code: -32700 });
  });

  it('must be one message of the protocol', async () => {
    for (const body of [
      [],
      [ping],
      [initialize, ping],
      null,
      5,
      'ping',
      {},
      { id: 5 },
      { jsonrpc: '1.0', id: 5, method: 'ping' },
      { ...ping, method: 5 },
    ])
      expect((await refused(await post(JSON.stringify(body)), 400)).code).toBe(-32600);
    expect(await refused(await post({ ...ping, jsonrpc: '1.0' }), 400)).toMatchObject({ id: 5 });
    for (const version of ['2025-11-25', '2026-07-28'])
      expect((await refused(await post([ping], { 'Mcp-Protocol-Version': version }), 400)).message).toMatch(/Batches/);
  });

  it('must not nest deeper than the limit', async () => {
    const nested = (depth: number) => ({ ...ping, params: JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) });
    expect((await refused(await post(nested(7)), 400)).message).toMatch(/session/);
    expect((await refused(await post(nested(8)), 400)).message).toMatch(/8 levels/);
    expect((await refused(await post('['.repeat(10_000)), 400)).message).toMatch(/8 levels/);
  });

  it('must not be larger than the limit, whether it says so or not', async () => {
    await refused(await post({ ...ping, params: { a: 'a'.repeat(20_000) } }), 413);
    const chunks = `${(2000).toString(16)}\r\n${'a'.repeat(2000)}\r\n`.repeat(11);
    const head = `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer alice\r\nContent-Type: application/json\r\n`;
    const endless = await sendRaw(url, `${head}Transfer-Encoding: chunked\r\n\r\n${chunks}`);
    expect(endless.status).toBe(413);
    refusedBody(endless.body);
    const announced = await sendRaw(url, `${head}Content-Length: 999999999\r\n\r\n{`);
    expect(announced.status).toBe(413);
  });

  it('must arrive in time', async () => {
    const head = `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer alice\r\nContent-Type: application/json\r\n`;
    const slow = await sendRaw(url, `${head}Content-Length: 100\r\n\r\n{`, {
      async more(write, received) {
        const drip = setInterval(() => write(' '), 20);
        await until(() => received().includes('408'));
        clearInterval(drip);
      },
    });
    expect(slow.status).toBe(408);
    refusedBody(slow.body);
  });

  it('is not asked for of a caller who is not let in', async () => {
    const head = (token: string) =>
      `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${token}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nConnection: close\r\n`;
    const unknown = await sendRaw(url, `${head('nobody')}Content-Length: 10000\r\n\r\n`);
    expect(unknown.text).toMatch(/^HTTP\/1.1 401/);
    const body = JSON.stringify(ping);
    const known = await sendRaw(url, `${head('Bearer alice')}Content-Length: ${body.length}\r\n\r\n`, {
      async more(write, received) {
        await until(() => received().startsWith('HTTP/1.1 100'));
        write(body);
      },
    });
    expect(known.text).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 400/);
    expect((await sendRaw(url, `GET /open HTTP/1.1\r\nHost: ${host}\r\nExpect: gold\r\nConnection: close\r\n\r\n`)).status).toBe(417);
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['no request at all', 'hello\r\n\r\n', 400],
    ['a broken header', 'GET /open HTTP/1.1\r\nHost: localhost\r\nbroken header\r\n\r\n', 400],
    ['two lengths', 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['a length and chunks', 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['too many headers', `GET /open HTTP/1.1\r\nHost: localhost\r\n${'X: y\r\n'.repeat(10_000)}\r\n`, 431],
    [
      'a chunk of no size',
      `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer alice\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n`,
      400,
    ],
  ])('is refused like the rest: %s', async (_, bytes, status) => {
    const answer = await sendRaw(url, bytes);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    refusedBody(answer.body);
    const id = answer.headers['x-request-id'];
    expect(id).toMatch(uuidForm);
    if (!reports.some(({ requestId }) => requestId === id))
      expect(logged).toContainEqual(expect.objectContaining({ request_id: id, status }));
  });

  it('does not disturb requests that were sent before it on the same connection', async () => {
    const get = `GET /open HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const answers = await sendRaw(url, `${get}${get}GET /open HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(answers.text.match(/HTTP\/1.1 200 OK/g)).toHaveLength(3);
  });

  it('in any bytes is answered or dropped, and the server goes on', async () => {
    const part = fc.constantFrom(
      'POST ',
      'GET ',
      '/mcp',
      '/messages?sessionId=',
      ' HTTP/1.1\r\n',
      'Host: localhost\r\n',
      'Authorization: Bearer alice\r\n',
      'Content-Type: application/json\r\n',
      'Content-Length: 2\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Mcp-Session-Id: ',
      '\r\n\r\n',
      '{}',
      '0\r\n\r\n',
      '\0',
      'ÿ',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(part, fc.string({ maxLength: 5 })), { maxLength: 15 }), async (parts) => {
        const answer = await sendRaw(url, `${parts.join('')}\r\nConnection: close\r\n\r\n\r\nX`);
        if (answer.text !== '') expect([200, 400, 401, 403, 404, 405, 406, 408, 413, 415, 417, 431]).toContain(answer.status);
      }),
      { numRuns: 150 },
    );
    expect((await request('/open')).status).toBe(200);
  });
});

describe('a message of revision 2026-07-28', () => {
  const meta = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } };

  it.each([
    ['by its own words', { ...ping, params: meta }, {}],
    ['by a revision that is not known yet', { ...ping, params: meta }, {}],
    ['by server/discover', { jsonrpc: '2.0', id: 1, method: 'server/discover' }, {}],
    ['by its header', { ...ping, method: 'tools/list' }, { 'Mcp-Protocol-Version': '2026-07-28' }],
  ])('is known %s, and needs no session', async (_, body, headers) => {
    const answer = await post(body, { ...headers, 'Keepsake-Project': 'caf%C3%A9' });
    expect(await answer.json()).toEqual({ modern: 'alice', project: 'café' });
    expect(answer.headers.get('x-request-id')).toMatch(uuidForm);
  });

  it('is not made of a handshake or an older revision', async () => {
    expect((await post(initialize, { 'Mcp-Protocol-Version': '2026-07-28' })).headers.get('mcp-session-id')).toMatch(uuidForm);
    await refused(await post(ping, { 'Mcp-Protocol-Version': '2025-11-25' }), 400);
    await refused(await request('/mcp', { headers: { ...json, 'Mcp-Protocol-Version': '2026-07-28' } }), 405);
  });

  it('passes the same gates as any other', async () => {
    expect((await refused(await post({ ...ping, params: meta }, { Authorization: 'Bearer reader' }), 403)).id).toBe(5);
    await refused(await post({ ...ping, params: meta }, { Authorization: '' }), 401);
  });
});

describe('the header Keepsake-Project', () => {
  it.each(['%', '%ff', '%00', '.', '*', 'a'.repeat(129)])('%j is refused', async (project) => {
    expect((await refused(await post(initialize, { 'Keepsake-Project': project }), 400)).message).toContain('Keepsake-Project');
  });
});

it('holds nothing of a client that is gone before it is known', async () => {
  const told: number[] = [];
  let asked = 0;
  let letIn: () => void = () => undefined;
  const { url: own } = await openLocalServer({
    limits: { openRequests: 1 },
    onRequest: ({ status }) => told.push(status),
    async authenticate(authorization) {
      asked += 1;
      if (asked === 1)
        await new Promise<void>((resolve) => {
          letIn = resolve;
        });
      return byName(authorization);
    },
  });
  const gone = new AbortController();
  const first = fetch(`${own}/sse`, { headers: alice, signal: gone.signal });
  await until(() => asked === 1);
  gone.abort();
  await expect(first).rejects.toThrow();
  await until(() => told.length === 1);
  letIn();
  const second = await fetch(`${own}/sse`, { headers: alice });
  expect(second.status).toBe(200);
  expect(told).toEqual([499]);
  await second.body?.cancel();
});

it('asks again for the caller of each request', async () => {
  const asked: (string | undefined)[] = [];
  const server = await openLocalServer({
    authenticate(authorization) {
      asked.push(authorization);
      return byName(authorization);
    },
  });
  for (const name of ['ann', 'bob', 'ann'])
    await (
      await fetch(`${server.url}/mcp`, {
        method: 'POST',
        headers: { ...json, Authorization: `Bearer ${name}` },
        body: JSON.stringify(initialize),
      })
    ).text();
  expect(asked).toEqual(['Bearer ann', 'Bearer bob', 'Bearer ann']);
});
