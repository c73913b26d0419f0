import { beforeAll, describe, expect, it } from 'vitest';
import { ownerOf } from '../src/core/principal.js';
import { createLogger } from '../src/logger.js';
import { createService } from '../src/mcp/service.js';
import { currentRequestId, inRequest } from '../src/transports/http/request-id.js';
import { runCommand } from './cli/run.js';
import { temporaryHome } from './support/home.js';
import { connectHttp, type StartedHttpServer, startHttpServer } from './support/http.js';
import { until } from './support/server.js';

let server: StartedHttpServer;
let annsToken: string;
let watcher: string;

async function newToken(home: string, ...flags: string[]): Promise<string> {
  const { stdout } = await runCommand(['token', 'add', ...flags], { KEEPSAKE_HOME: home });
  return stdout.trim();
}

const asked = (path: string, token?: string) =>
  fetch(server.url + path, { headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });

const lines = () =>
  server
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

beforeAll(async () => {
  const home = await temporaryHome();
  annsToken = await newToken(home, '--user', 'ann');
  watcher = await newToken(home, '--user', 'prometheus', '--scopes', 'metrics:read');
  server = await startHttpServer({ home, env: { KEEPSAKE_LOG_LEVEL: 'info' } });
});

describe('a server that is watched', () => {
  it('is alive and ready for anybody who asks', async () => {
    const alive = await asked('/healthz');
    expect([alive.status, await alive.json()]).toEqual([200, { status: 'alive' }]);
    const ready = await asked('/readyz');
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', log: 'writable', index: 'reached' }]);
  });

  it('shows its metrics to a token with the scope, and to no other', async () => {
    expect((await asked('/metrics')).status).toBe(401);
    const refused = await asked('/metrics', annsToken);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([403, expect.stringContaining('metrics:read')]);
    const shown = await asked('/metrics', watcher);
    expect(shown.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await shown.text();
    expect(text).toContain('keepsake_http_requests_total{route="/metrics",method="GET",status="4xx"} 2');
    expect(text).toContain('keepsake_sessions{transport="streamable"} 0');
  });

  it('counts the sessions that are open', async () => {
    const streamable = await connectHttp(server, { token: annsToken });
    const sse = await connectHttp(server, { token: annsToken, transport: 'sse' });
    const text = await (await asked('/metrics', watcher)).text();
    expect(text).toContain('keepsake_sessions{transport="streamable"} 1');
    expect(text).toContain('keepsake_sessions{transport="sse"} 1');
    await Promise.all([streamable.close(), sse.close()]);
  });

  it('logs a line a request: who, what and how long, but nothing that was said and no token', async () => {
    const client = await connectHttp(server, { token: annsToken });
    await client.callTool({ name: 'remember', arguments: { content: 'The zeppelin landed.', infer: false } });
    await client.callTool({ name: 'recall', arguments: { query: 'zeppelin' } });
    const line = await until(() => lines().find(({ called }) => called === 'tools/call recall') ?? false);
    expect(line).toEqual({
      time: expect.any(String),
      level: 'info',
      message: 'request',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      method: 'POST',
      route: '/mcp',
      status: 200,
      ms: expect.any(Number),
      principal: expect.any(String),
      called: 'tools/call recall',
    });
    expect(server.log()).not.toMatch(/zeppelin/i);
    // The secret itself may hold the sign that parts a token.
    for (const token of [annsToken, watcher]) expect(server.log()).not.toContain(token.split('_').slice(2).join('_'));
  });

  it('gives each request the id that its line has, and repeats neither its query string nor a made-up method', async () => {
    const secret = 'swordfish '.repeat(20);
    const response = await fetch(`${server.url}/mcp?token=swordfish`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${annsToken}`, Accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: secret }),
    });
    const id = response.headers.get('x-request-id');
    await response.text();
    const line = await until(() => lines().find(({ request_id }) => request_id === id) ?? false);
    expect(line).toMatchObject({ route: '/mcp', status: response.status });
    expect(server.log()).not.toContain('swordfish');
  });

  it('does not log probes that are answered as they should be', async () => {
    const { headers } = await asked('/healthz');
    await asked('/nowhere');
    await until(() => lines().find(({ route }) => route === 'other') ?? false);
    expect(lines().find(({ request_id }) => request_id === headers.get('x-request-id'))).toBeUndefined();
  });

  it('keeps stdout empty, and ends in order', async () => {
    expect(await server.stop()).toBe(0);
    expect(server.stdout()).toBe('');
  });
});

it('a call of a tool that fails for no known reason is logged with the id of its request', async () => {
  const written: string[] = [];
  const service = createService({
    version: '1.2.3',
    logger: createLogger('info', (line) => written.push(line)),
    newCallId: () => 'call-1',
    keepsake: () => Promise.reject(new Error('the disk is on fire')),
    requestId: currentRequestId,
  });
  const exchange = { principal: ownerOf('ann'), signal: new AbortController().signal, currentProject: async () => undefined };
  await inRequest('request-1', () => service.callTool('recall', { query: 'tea' }, exchange));
  expect(written.map((line) => JSON.parse(line))).toMatchObject([
    { message: 'tool call failed', tool: 'recall', call_id: 'call-1', request_id: 'request-1', reason: 'the disk is on fire' },
  ]);
});
