import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf } from '../../src/core/principal.js';
import { type Exchange, ProtocolError } from '../../src/mcp/exchange.js';
import { createClientSide } from '../../src/mcp/server-2026.js';
import { type CallResult, createService, type Service } from '../../src/mcp/service.js';
import { createModernLane } from '../../src/transports/http/modern-lane.js';
import { Refusal } from '../../src/transports/http/refusal.js';
import { until } from '../support/server.js';

const revision = '2026-07-28';
const quiet = () => undefined;
const logger = { error: quiet, warn: quiet, info: quiet, debug: quiet };
const said = (text: string): CallResult => ({ content: [{ type: 'text', text }] });

/** Who cancelled a call that waited for that. */
const cancelled: string[] = [];
/** Who watches what. */
const watches = new Map<string, Set<() => void>>();
const watchersOf = (user: string, uri: string) => watches.get(`${user} ${uri}`)?.size ?? 0;
const change = (user: string, uri: string) => watches.get(`${user} ${uri}`)?.forEach((tell) => void tell());

/** Watches of a slow resource begin once this is called. */
let beginSlowWatches: () => void = () => undefined;
const slowWatches = new Promise<void>((resolve) => {
  beginSlowWatches = resolve;
});
/** What was asked to be watched. */
const asked: string[] = [];
/** Whose streams and requests have ended. */
const ended: string[] = [];

/** What a call may do besides answering, by the name of the tool. */
const calls: Record<string, (exchange: Exchange) => Promise<CallResult>> = {
  async who({ principal, client, currentProject }) {
    return said(`${principal.id} by ${client} in ${await currentProject()}`);
  },
  async steps({ progress }) {
    for (const done of [1, 2, 3]) progress?.(done, 3);
    return said(progress ? 'told' : 'nobody wants to know');
  },
  async wait({ signal, principal, progress }) {
    progress?.(0, 1);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    cancelled.push(principal.id);
    return said('too late');
  },
  async ask({ confirmation }) {
    if (!confirmation) return said('cannot ask');
    const { reply, token } = confirmation.replied ?? { reply: await confirmation.ask('Really?', 'the token'), token: '' };
    return said(`${reply} with ${token}`);
  },
};

/** The real answers to what needs no memory, with tools and watches that the tests look into. */
const service: Service = {
  ...createService({ version: '1', logger, newCallId: () => 'call', keepsake: () => Promise.reject(new Error('no memory')) }),
  async callTool(name, _given, exchange) {
    const call = calls[name];
    if (!call) throw new ProtocolError('invalid_params', `Unknown tool ${name}.`);
    return call(exchange);
  },
  async watchResource(uri, { principal: { id: user } }, onChange) {
    if (uri.includes('secret') && user !== 'alice') throw new ProtocolError('resource_not_found', `There is no resource ${uri}.`, { uri });
    asked.push(uri);
    if (uri.includes('slow')) await slowWatches;
    const key = `${user} ${uri}`;
    const tell = () => onChange();
    watches.set(key, (watches.get(key) ?? new Set()).add(tell));
    return () => void watches.get(key)?.delete(tell);
  },
};

const lane = createModernLane({
  connect: ({ principal, project }) => createClientSide({ service, principal, logger, currentProject: async () => project }),
  logger,
  streams: 66,
});

/** What stands around the lane: the caller is whom the header names. */
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const user = String(request.headers['x-user'] ?? 'nobody');
  response.once('close', () => ended.push(user));
  const peer = { principal: { ...ownerOf(user), id: user }, project: `${user}'s` };
  try {
    await lane.handle(request, response, { body: text === '' ? undefined : JSON.parse(text), peer });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    response.writeHead(error.status, error.headers).end(error.message);
  }
}

const server = createServer((request, response) => void serve(request, response));
let url: URL;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
});
afterAll(async () => {
  await lane.close();
  server.closeAllConnections();
  server.close();
});

async function connect(user: string, reply?: boolean): Promise<Client> {
  const capabilities = reply === undefined ? {} : { elicitation: { form: {} } };
  const client = new Client({ name: 'test', version: '2' }, { capabilities, versionNegotiation: { mode: { pin: revision } } });
  if (reply !== undefined)
    client.setRequestHandler('elicitation/create', () =>
      reply ? { action: 'accept', content: { confirm: true } } : { action: 'decline' },
    );
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: { 'x-user': user } } }));
  return client;
}

const textOf = ({ content }: { content: object[] }) => content.map((part) => (part as { text: string }).text).join();

/** A request by hand; `params` stand beside what the revision asks for. */
function post(method: string, params: object, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': revision,
    'io.modelcontextprotocol/clientInfo': { name: 'bare', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': revision,
      'Mcp-Method': method,
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { _meta: meta, ...params } }),
    ...(signal && { signal }),
  });
}

describe('a request', () => {
  it('is answered for who sent it, in the project that was named', async () => {
    const [alice, bob] = await Promise.all([connect('alice'), connect('bob')]);
    expect(alice.getProtocolEra()).toBe('modern');
    const answers = await Promise.all([alice, bob].map((client) => client.callTool({ name: 'who' })));
    expect(answers.map(textOf)).toEqual(["alice by test/2 in alice's", "bob by test/2 in bob's"]);
    expect((await alice.listTools()).tools.map(({ name }) => name)).toEqual(service.listTools().map(({ name }) => name));
    await expect(alice.callTool({ name: 'nothing' })).rejects.toMatchObject({ code: -32602 });
    await Promise.all([alice.close(), bob.close()]);
  });

  it('tells how far it is to a client that asked for it', async () => {
    const client = await connect('alice');
    const heard: number[] = [];
    const answer = await client.callTool({ name: 'steps' }, { onprogress: ({ progress }) => void heard.push(progress) });
    expect(textOf(answer)).toBe('told');
    expect(heard.slice(0, 2)).toEqual([1, 2]);
    expect(textOf(await client.callTool({ name: 'steps' }))).toBe('nobody wants to know');
    await client.close();
  });

  it.each([
    [undefined, 'cannot ask'],
    [true, 'accepted with the token'],
    [false, 'declined with the token'],
  ])('asks its user, who replies %s', async (reply, answer) => {
    const client = await connect('alice', reply);
    expect(textOf(await client.callTool({ name: 'ask' }))).toBe(answer);
    await client.close();
  });

  it('is cancelled by closing its stream', async () => {
    const client = await connect('bob');
    const ending = new AbortController();
    const call = client.callTool({ name: 'wait' }, { signal: ending.signal, onprogress: () => ending.abort(new Error('enough')) });
    await expect(call).rejects.toThrow('enough');
    await until(() => cancelled.includes('bob'));
    await client.close();
  });

  it('is refused where headers and body differ, and where it is none of this revision', async () => {
    expect(await (await post('tools/call', { name: 'who' }, { 'Mcp-Name': 'ask' })).json()).toMatchObject({ error: { code: -32020 } });
    const missing = await post('tools/list', {}, { 'Mcp-Method': 'tools/call' });
    expect([missing.status, await missing.json()]).toMatchObject([400, { error: { code: -32020 } }]);
    const old = await post('tools/list', { _meta: {} });
    expect([old.status, await old.json()]).toMatchObject([400, { error: { code: -32602 } }]);
    const future = await post('tools/list', {}, { 'MCP-Protocol-Version': '2031-01-01' });
    expect([future.status, await future.json()]).toMatchObject([400, { error: { code: expect.any(Number) } }]);
    const get = await fetch(url, { headers: { 'MCP-Protocol-Version': revision } });
    expect(get.status).toBeGreaterThanOrEqual(400);
  });
});

describe('a stream of changes', () => {
  /** Listens and writes down what is told. */
  async function listen(user: string, ...resourceSubscriptions: string[]) {
    const client = await connect(user);
    const told: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void told.push(params.uri));
    const subscription = await client.listen({ resourceSubscriptions });
    return { client, told, subscription };
  }

  it('tells each caller of its own resources alone, and ends its watches with itself', async () => {
    const alice = await listen('alice', 'keepsake://recent', 'keepsake://memory/secret');
    const bob = await listen('bob', 'keepsake://recent', 'keepsake://memory/secret');
    expect(alice.subscription.honoredFilter.resourceSubscriptions).toEqual(['keepsake://recent', 'keepsake://memory/secret']);
    expect(bob.subscription.honoredFilter.resourceSubscriptions).toEqual(['keepsake://recent']);
    expect(watchersOf('bob', 'keepsake://memory/secret')).toBe(0);
    change('alice', 'keepsake://memory/secret');
    change('alice', 'keepsake://recent');
    change('bob', 'keepsake://recent');
    await until(() => alice.told.length > 1 && bob.told.length > 0);
    expect([alice.told, bob.told]).toEqual([['keepsake://memory/secret', 'keepsake://recent'], ['keepsake://recent']]);
    await alice.subscription.close();
    await until(() => watchersOf('alice', 'keepsake://recent') === 0 && watchersOf('alice', 'keepsake://memory/secret') === 0);
    expect(watchersOf('bob', 'keepsake://recent')).toBe(1);
    await bob.client.close();
    await until(() => watchersOf('bob', 'keepsake://recent') === 0);
    await alice.client.close();
  });

  it('watches a hundred resources at most', async () => {
    const { client, subscription } = await listen('alice', ...Array.from({ length: 120 }, (_, index) => `keepsake://memory/${index}`));
    expect(subscription.honoredFilter.resourceSubscriptions).toHaveLength(100);
    await client.close();
  });

  it.each([
    { notifications: null },
    { notifications: { resourceSubscriptions: 'keepsake://recent' } },
    { notifications: { resourceSubscriptions: [1] } },
    {},
  ])('is refused with the parameters %j', async (params) => {
    const response = await post('subscriptions/listen', params);
    expect(await response.json()).toMatchObject({ error: { code: -32602 } });
    expect([...watches.keys()].filter((key) => key.startsWith('nobody'))).toEqual([]);
  });

  it('leaves no watch behind that was still to begin when its client went', async () => {
    const ending = new AbortController();
    const params = { notifications: { resourceSubscriptions: ['keepsake://slow'] } };
    const response = post('subscriptions/listen', params, { 'x-user': 'dave' }, ending.signal);
    await until(() => asked.includes('keepsake://slow'));
    ending.abort();
    await expect(response).rejects.toThrow();
    await until(() => ended.includes('dave'));
    beginSlowWatches();
    await until(() => watches.has('dave keepsake://slow'));
    await until(() => watchersOf('dave', 'keepsake://slow') === 0);
  });

  it('is one of 64 at most of one caller, until one of them is closed', async () => {
    const params = { notifications: { resourceSubscriptions: ['keepsake://recent'] } };
    const endings = Array.from({ length: 64 }, () => new AbortController());
    const open = (ending?: AbortController) => post('subscriptions/listen', params, { 'x-user': 'carol' }, ending?.signal);
    const streams = await Promise.all(endings.map(open));
    expect(streams.map(({ status }) => status)).toEqual(Array(64).fill(200));
    const refused = await open();
    expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('close one')]);
    endings[0]?.abort();
    await until(() => watchersOf('carol', 'keepsake://recent') === 63);
    const again = new AbortController();
    expect((await open(again)).status).toBe(200);
    for (const ending of [...endings, again]) ending.abort();
    await until(() => watchersOf('carol', 'keepsake://recent') === 0);
  });

  it('is refused where all callers together have as many as the server bears', async () => {
    const params = { notifications: { resourceSubscriptions: ['keepsake://recent'] } };
    const ending = new AbortController();
    const open = (user: string) => post('subscriptions/listen', params, { 'x-user': user }, ending.signal);
    const streams = await Promise.all(Array.from({ length: 66 }, (_, index) => open(index < 33 ? 'erin' : 'frank')));
    expect(streams.map(({ status }) => status)).toEqual(Array(66).fill(200));
    const refused = await open('grace');
    expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('no room')]);
    ending.abort();
    await until(() => watchersOf('erin', 'keepsake://recent') + watchersOf('frank', 'keepsake://recent') === 0);
  });

  it('is ended in order when the lane closes', async () => {
    const { client, subscription } = await listen('alice', 'keepsake://recent');
    await lane.close();
    await expect(subscription.closed).resolves.toBe('graceful');
    await until(() => watchersOf('alice', 'keepsake://recent') === 0);
    await client.close();
  });
});
