import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, expect, it } from 'vitest';
import { beginSession, envelope, inside, openPlace, type Place, type Reply, statelessHeaders } from './place.js';

type Name = 'alice' | 'bob';

const secret = 'xylophone';
const atOnce = 24;
let place: Place<Name>;
let session: string;
let bobs: string;
let sizeBefore: number;

beforeAll(async () => {
  place = await openPlace<Name>({ alice: { user: 'alice' }, bob: { user: 'bob' } });
  bobs = await place.remember('bob', `Bob hides the ${secret} in the cellar.`);
  await place.remember('alice', 'Alice waters the orchid.');
  session = await beginSession(place.server.url, place.tokens.alice);
  sizeBefore = await residentSize();
});

/** Mebibytes that the server holds in memory. */
async function residentSize(): Promise<number> {
  const status = await readFile(`/proc/${place.server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** Numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number) => Math.floor(next() * most);
  return { chance: (share: number) => next() < share, below, one: <T>(of: readonly T[]): T => of[below(of.length)] as T };
}
type Random = ReturnType<typeof createRandom>;

const messages = (): [string, Record<string, unknown>][] => [
  ['tools/call', { name: 'recall', arguments: { query: 'orchid', limit: 3, filters: { kind: 'observation' } } }],
  ['tools/call', { name: 'recall', arguments: { profile: true, as_of: '2024-05-01', project: '*' } }],
  ['tools/call', { name: 'remember', arguments: { memory_id: bobs, pinned: true } }],
  [
    'tools/call',
    { name: 'remember', arguments: { messages: [{ role: 'user', content: 'I live in Bern.', at: '2024-05-01' }], metadata: { a: 1 } } },
  ],
  ['tools/call', { name: 'forget', arguments: { memory_ids: [bobs], reason: 'wrong' } }],
  ['tools/call', { name: 'forget', arguments: { confirm: 'abc-0123', erase: true } }],
  ['tools/call', { name: 'memory_history', arguments: { query: 'orchid', events: ['ADD'], limit: 5, cursor: 'e30' } }],
  ['tools/list', { cursor: 'x' }],
  ['resources/list', {}],
  ['resources/read', { uri: 'keepsake://recent' }],
  ['resources/read', { uri: `keepsake://memory/${bobs}` }],
  ['resources/subscribe', { uri: `keepsake://memory/${bobs}` }],
  ['resources/unsubscribe', { uri: 'keepsake://recent' }],
  ['resources/templates/list', {}],
  ['prompts/list', {}],
  ['prompts/get', { name: 'recall_about', arguments: { topic: 'orchid' } }],
  ['completion/complete', { ref: { type: 'ref/resource', uri: 'keepsake://memory/{id}' }, argument: { name: 'id', value: bobs } }],
  ['initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }],
  ['notifications/initialized', {}],
  ['notifications/progress', { progressToken: 1, progress: 1 }],
  ['logging/setLevel', { level: 'debug' }],
  ['server/discover', {}],
  ['ping', {}],
];

/** What fits nowhere. Numbers that JSON.stringify cannot write stand in marks. */
const odd: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  '@1e999@',
  '@-1e999@',
  '',
  ' ',
  '.',
  '*',
  '..',
  '../../etc/passwd',
  '\0',
  '\u202e',
  '\ud800',
  'bob',
  'user:bob',
  'keepsake://profile',
  'NaN',
  '9999-12-31T23:59:59Z',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '%00%0d%0a',
  'x'.repeat(3000),
  '{"a":',
  [],
  {},
  [[[]]],
  [null, 1, 'x'],
  { eq: { eq: 1 } },
  { $ne: 1 },
  '@{"__proto__":{"a":1}}@',
  '@{"constructor":null}@',
];
const names = [
  'user_id',
  'project',
  '__proto',
  'constructor',
  'toString',
  'filters',
  'metadata',
  'cursor',
  '_meta',
  'memory_id',
  'requestState',
  'task',
];

/** A copy of a value in which something is another, missing, or more. */
function mutated(random: Random, value: unknown): unknown {
  if (random.chance(0.12)) return random.one(odd);
  if (Array.isArray(value)) return value.map((each) => mutated(random, each));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, each]) => (random.chance(0.05) ? [] : [[name, mutated(random, each)] as const]));
  const more = random.chance(0.2) ? [[random.one(names), random.one(odd)] as const] : [];
  return Object.fromEntries([...entries, ...more]);
}

/** A text in which some characters are others. */
function scratched(random: Random, text: string): string {
  const at = random.below(text.length);
  const bit = random.one(['', '"', '{', '}', '[', ']', ',', ':', '\\', '\u0000', '\u00e9', '9', '-', text.slice(at, at + 20)]);
  return random.chance(0.2) ? text.slice(0, at) : text.slice(0, at) + bit + text.slice(at + random.below(3));
}

/** One request that came of a valid one. */
function fuzzed(random: Random) {
  const [method, params] = random.one(messages());
  const isStateless = random.chance(0.5);
  const given = isStateless ? { _meta: random.chance(0.1) ? mutated(random, envelope) : envelope, ...params } : params;
  const message = {
    jsonrpc: '2.0',
    id: random.chance(0.9) ? 1 : random.one(odd),
    method: random.chance(0.95) ? method : random.one(odd),
    params: mutated(random, given),
  };
  const text = JSON.stringify(message).replace(/"@((?:[^"\\]|\\.)*)@"/g, (_, raw: string) => JSON.parse(`"${raw}"`) as string);
  const body = random.chance(0.1) ? scratched(random, text) : text;
  const headers: Record<string, string> = isStateless ? statelessHeaders(method, params.name ?? params.uri) : { 'Mcp-Session-Id': session };
  if (random.chance(0.1))
    headers[
      random.one([
        'Mcp-Session-Id',
        'Mcp-Protocol-Version',
        'Mcp-Method',
        'Keepsake-Project',
        'Last-Event-ID',
        'Accept',
        'Content-Type',
        'Origin',
        'X-Forwarded-For',
      ])
    ] = random.one(['', 'x', 'null', '*', '%00', '2031-01-01', '*/*', 'text/plain', 'https://evil.example', '\u00ff', session]);
  if (method === 'initialize') delete headers['Mcp-Session-Id'];
  const path = random.chance(0.93)
    ? '/mcp'
    : random.one([
        '/messages',
        `/messages?sessionId=${session}`,
        '/mcp?x=%',
        '/mcp/',
        '/sse',
        '/metrics',
        '/healthz',
        '/readyz',
        '/%2e%2e/',
      ]);
  const httpMethod = random.chance(0.97) ? 'POST' : random.one(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'GET', 'PROPFIND']);
  return { path, method: httpMethod, headers, body };
}

/** Sends a request and reads at most a moment of a stream that goes on. */
function sendFuzzed({ path, method, headers, body }: ReturnType<typeof fuzzed>): Promise<Reply> {
  const { hostname, port } = new URL(place.server.url);
  // Its end would be the end of what the others need.
  const given = method === 'DELETE' || method === 'GET' ? { ...headers, 'Mcp-Session-Id': 'x' } : headers;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        path,
        method,
        headers: {
          Authorization: `Bearer ${place.tokens.alice}`,
          Accept: 'application/json, text/event-stream',
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
          ...given,
        },
      },
      (response) => {
        let text = '';
        const done = () => {
          clearTimeout(moment);
          response.destroy();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        };
        const moment = setTimeout(done, path === '/sse' || method === 'GET' ? 20 : 3000);
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', done).on('error', done);
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Sends bytes as the whole of a connection, and reads what comes back, at most a moment of what goes on. */
async function sendBytes(bytes: string): Promise<{ text: string }> {
  const { hostname, port } = new URL(place.server.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  // The server may hang up while it is written to.
  socket.on('error', () => socket.destroy());
  const moment = setTimeout(() => socket.destroy(), 500);
  socket.end(bytes, 'latin1');
  await once(socket, 'close');
  clearTimeout(moment);
  return { text };
}

/** Checks that nothing came out that should not, and that what was refused was refused in order. */
function expectClean({ status, headers, text }: Reply, what: string): void {
  if (status >= 500 || inside.test(text) || text.includes(secret) || text.includes('[internal]') || text.includes('ks_'))
    throw new Error(`${what}\n${status} ${text.slice(0, 1000)}`);
  expect(headers['x-request-id'], what).toMatch(/^[0-9a-f-]{36}$/);
  if (status < 400 || text === '') return;
  expect(headers['content-type'], what).toMatch(/^application\/json/);
  expect(JSON.parse(text), what).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number), message: expect.any(String) } });
}

/** Works on so many things, some of them at a time. */
async function inLanes(count: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const lane = async () => {
    for (; left > 0; ) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

it('of 9,000 mutated messages none gets what it should not, and each refusal is in order', async () => {
  const random = createRandom(20_261_121);
  await inLanes(9000, async () => {
    const sent = fuzzed(random);
    const reply = await sendFuzzed(sent);
    const opened = reply.headers['mcp-session-id'];
    expectClean(reply, JSON.stringify(sent));
    if (opened !== undefined && opened !== session)
      await place.send({ token: place.tokens.alice, method: 'DELETE', headers: { 'Mcp-Session-Id': opened } });
  });
}, 120_000);

it('of 1,000 requests in bytes of any kind each is answered in order, or dropped', async () => {
  const random = createRandom(7);
  const { alice } = place.tokens;
  const firsts = [
    ...[
      'GET /healthz',
      'GET /readyz',
      'HEAD /healthz',
      'GET /mcp',
      'POST /mcp',
      'GET /sse',
      'POST /messages',
      'GET /metrics',
      'DELETE /mcp',
    ],
    ...[
      'OPTIONS *',
      'GET http://localhost/healthz',
      'GET http://evil.example/mcp',
      'CONNECT evil.example:1',
      'PRI *',
      'GET',
      'BREW /mcp',
      'GET /\u00ff',
    ],
  ];
  const versions = [' HTTP/1.1', ' HTTP/1.1', ' HTTP/1.1', ' HTTP/1.1', ' HTTP/1.0', ' HTTP/2.0', ''];
  const lines = [
    ...['Host: localhost', 'Host: evil.example', 'Host:', `Authorization: Bearer ${alice}`, 'Authorization: Basic eDp5', 'Origin: null'],
    ...['Content-Type: application/json', 'Accept: */*', 'Content-Length: 2', 'Content-Length: -1', 'Content-Length: 99999999999999999999'],
    ...['Transfer-Encoding: chunked', 'Transfer-Encoding: gzip, chunked', 'Connection: upgrade\r\nUpgrade: h2c', 'Connection: close'],
    ...['Expect: 100-continue', 'Expect: gold', 'Mcp-Session-Id: \u00ff', ' folded', 'no header', `X: ${'y'.repeat(20_000)}`],
    ...['a:\r\n'.repeat(3000).trimEnd(), 'X: \0', 'X: a\nb', ': x', 'X : y'],
  ];
  const bodies = [
    '',
    '{}',
    '[]',
    '2\r\n{}\r\n0\r\n\r\n',
    'fffffffffffffffff\r\n',
    '\0',
    '\u00ff',
    'GET /healthz HTTP/1.1\r\n\r\n',
    '{"jsonrpc":"2.0"',
  ];
  await inLanes(1000, async () => {
    const usual = [...(random.chance(0.9) ? ['Host: localhost'] : []), ...(random.chance(0.5) ? [`Authorization: Bearer ${alice}`] : [])];
    const more = Array.from({ length: random.below(4) }, () => random.one(lines));
    const bytes = [random.one(firsts) + random.one(versions), ...usual, ...more, '', random.one(bodies)].join('\r\n');
    const { text } = await sendBytes(bytes);
    const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
    const status = Number(head.split(' ')[1]);
    if (text === '' || status === 100) return;
    const headers = Object.fromEntries(head.split('\r\n').map((line) => line.toLowerCase().split(': ', 2)));
    // Another answer may follow on the same connection.
    const length = Number(headers['content-length'] ?? body.length);
    expectClean({ status, headers, text: Buffer.from(body).subarray(0, length).toString() }, JSON.stringify(bytes));
  });
});

it('the server goes on as before: alive, of a bounded size, without a word of it in its log', async () => {
  expect(place.server.child.exitCode).toBe(null);
  expect((await place.call('stateless', 'bob', 'recall', { query: secret })).text).toContain(secret);
  expect((await place.call('with sessions', 'alice', 'memory_history', {})).data.events.length).toBeGreaterThan(0);
  expect((await residentSize()) - sizeBefore).toBeLessThan(400);
  const log = place.server.log();
  for (const token of Object.values(place.tokens)) expect(log).not.toContain(token);
  for (const word of [secret, 'orchid', 'Bern']) expect(log).not.toContain(word);
  expect(log).not.toContain('"level":"error"');
});
