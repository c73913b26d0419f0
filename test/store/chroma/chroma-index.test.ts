import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ChromaClient } from 'chromadb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type IndexChange, nowhere, type Space, type VectorIndex } from '../../../src/core/ports.js';
import { openChromaIndex } from '../../../src/store/chroma/chroma-index.js';
import { ChromaRequestError } from '../../../src/store/chroma/client.js';
import { collectionName, shardOf, spaceKey } from '../../../src/store/chroma/collections.js';
import { openLocalChroma } from '../../../src/store/chroma/local-server.js';
import { type ChromaServer, openRemoteChroma } from '../../../src/store/chroma/server.js';
import { type BuiltHost, buildHost } from './build-host.js';
import { silentLogger, unitVector } from './fixtures.js';

interface Request {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}
type Fault = { status: number; message: string } | 'cut' | undefined;

const signal = new AbortController().signal;
const ann: Space = 'user:ann';
const identity = { historyId: 'history', model: 'text-embedding-3-small', dimension: 8 };
const name = collectionName(identity, shardOf(ann));
let host: BuiltHost;
let home: string;
let chroma: ChromaServer;
let chromaUrl: string;
let proxy: Server;
let proxyUrl: string;
/** Everything that went through the proxy, and what it shall do wrong. */
let requests: Request[];
let fault: (request: Request) => Fault;

/** A real Chroma behind a proxy, as a remote server with an address that has a path. */
beforeAll(async () => {
  host = await buildHost();
  home = await mkdtemp(join(tmpdir(), 'keepsake-remote-'));
  chroma = openLocalChroma({
    folder: join(home, 'chroma'),
    idleSeconds: 0,
    compat: 'auto',
    hostScript: host.hostScript,
    logger: silentLogger,
  });
  chromaUrl = (await chroma.endpoint(signal)).url;
  proxy = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const request: Request = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: body.toString('latin1'),
    };
    requests.push(request);
    const wrong = fault(request);
    if (wrong === 'cut') return outgoing.destroy();
    if (wrong !== undefined) {
      outgoing.writeHead(wrong.status, { 'content-type': 'application/json' });
      return outgoing.end(JSON.stringify({ error: 'InternalError', message: wrong.message }));
    }
    const answer = await fetch(chromaUrl + request.path.replace('/behind/a/path', ''), {
      method: request.method,
      headers: { 'content-type': 'application/json' },
      ...(body.length > 0 && { body }),
    });
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' });
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/behind/a/path`;
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await chroma.close();
  await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  await host.remove();
});
beforeEach(() => {
  requests = [];
  fault = () => undefined;
});

function open(options: Parameters<typeof openRemoteChroma>[0] = {}): VectorIndex {
  const server = openRemoteChroma({ url: proxyUrl, ...options });
  return openChromaIndex({ ...identity, server, lockFolder: join(home, 'locks'), logger: silentLogger });
}

afterEach(async () => {
  fault = () => undefined;
  await open().clear(signal);
});

function record(id: string, seed: number, revision = 1) {
  return { id, revision, kind: 'observation' as const, vector: unitVector(8, seed) };
}

function write(index: VectorIndex, change: Partial<IndexChange>) {
  return index.advance(
    ann,
    () => Promise.resolve({ upserts: [], deletes: [], position: { sequence: 1, event: 'event' }, ...change }),
    signal,
  );
}

function find(index: VectorIndex, spaceSize = 1) {
  return index.query(ann, unitVector(8, 1), { limit: 1, spaceSize, signal });
}

/** Goes wrong on the first `times` requests whose path ends so. */
function failing(path: RegExp, wrong: Exclude<Fault, undefined>, times = 1): void {
  let left = times;
  fault = (request) => (path.test(request.path) && left-- > 0 ? wrong : undefined);
}

describe('the Chroma index on a remote server', () => {
  it('reaches an address with a path, and sends headers, tenant and database', async () => {
    await open({ headers: { authorization: 'Bearer secret' }, tenant: 'default_tenant', database: 'default_database' }).count(signal);
    expect(requests[0]?.headers.authorization).toBe('Bearer secret');
    expect(requests[0]?.path).toMatch(/^\/behind\/a\/path\/api\/v2\/tenants\/default_tenant\/databases\/default_database\//);
  });

  it('takes tenant and database from an API key that names them', async () => {
    const index = open({ apiKey: 'ck-1' });
    await write(index, { upserts: [record('a', 1)] });
    expect((await find(index))[0]?.id).toBe('a');
    expect(requests.every(({ headers }) => headers['x-chroma-token'] === 'ck-1')).toBe(true);
    expect(requests.some(({ path }) => path.endsWith('/auth/identity'))).toBe(true);
  });

  it('says what it is', async () => {
    expect(await open().describe()).toBe(`Chroma 1.0.0 at ${proxyUrl}`);
  });

  it('keeps each request within 300 records, and the position in the last one', async () => {
    await write(open(), { upserts: Array.from({ length: 650 }, (_, number) => record(`m${number}`, number)) });
    const bodies = requests.filter(({ path }) => path.endsWith('/upsert')).map(({ body }) => JSON.parse(body) as { ids: string[] });
    expect(bodies.map(({ ids }) => ids.length)).toEqual([300, 300, 51]);
    expect(bodies.map(({ ids }) => ids.findIndex((id) => id.startsWith('position-')))).toEqual([-1, -1, 50]);
    requests = [];
    expect((await open().records(ann, signal)).size).toBe(650);
    expect(requests.filter(({ path }) => path.endsWith('/get')).map(({ body }) => (JSON.parse(body) as { limit: number }).limit)).toEqual([
      300, 300, 300,
    ]);
  });

  it('never sends a document, nor the name of a space', async () => {
    const index = open();
    await write(index, { upserts: [record('a', 1)] });
    await find(index);
    for (const { path, body } of requests) expect(`${path}${body}`).not.toMatch(/"documents":\s*\[|user:ann/);
  });

  it('asks with a filter for a small share of a collection, and without one for a large', async () => {
    const index = open();
    await write(index, { upserts: Array.from({ length: 400 }, (_, number) => record(`m${number}`, number)) });
    for (const spaceSize of [400, 4]) {
      requests = [];
      await index.query(ann, unitVector(8, 1), { limit: 10, spaceSize, signal });
      const query = requests.find(({ path }) => path.includes('/query'));
      expect(query?.body.includes('"where":{"space"')).toBe(spaceSize === 4);
    }
  });

  it('repeats what a lost connection interrupted', async () => {
    const index = open();
    failing(/\/upsert$/, 'cut');
    await write(index, { upserts: [record('a', 1)] });
    failing(/\/query/, 'cut', 2);
    expect((await find(index))[0]?.id).toBe('a');
  });

  it('gives up with the cause when the server stays away', async () => {
    fault = () => 'cut';
    const gone = find(open());
    await expect(gone).rejects.toThrow(ChromaRequestError);
    await expect(gone).rejects.toThrow(/^Chroma could not be reached: /);
  });

  it('asks again when the collection is so new that it has no file yet', async () => {
    const index = open();
    await write(index, { upserts: [record('a', 1)] });
    failing(/\/query/, { status: 500, message: 'Error creating hnsw segment reader: Nothing found on disk' }, 2);
    expect((await find(index))[0]?.id).toBe('a');
  });

  it('finds a collection again that another program made anew, empty', async () => {
    const index = open();
    await write(index, { upserts: [record('a', 1)] });
    await open().clear(signal);
    expect(await find(index)).toEqual([]);
    expect(await write(index, { upserts: [record('b', 1)], position: { sequence: 2, event: 'event' } })).toEqual({
      sequence: 2,
      event: 'event',
    });
    expect((await find(index))[0]?.id).toBe('b');
  });

  it('starts a change over when its collection is replaced meanwhile, so that no position covers what is gone', async () => {
    const index = open();
    await write(index, { upserts: [record('a', 1)] });
    const seen: number[] = [];
    await index.advance(
      ann,
      async ({ sequence }) => {
        seen.push(sequence);
        if (seen.length === 1) await open().clear(signal);
        return {
          upserts: sequence === 0 ? [record('a', 1), record('b', 2)] : [record('b', 2)],
          deletes: [],
          position: { sequence: 2, event: 'event' },
        };
      },
      signal,
    );
    expect(seen).toEqual([1, 0]);
    expect(await index.count(signal)).toBe(2);
  });

  it('takes a position that an earlier version marked without an event for none', async () => {
    const index = open();
    await write(index, { upserts: [record('a', 1)] });
    const direct = new ChromaClient({ host: '127.0.0.1', port: Number(new URL(chromaUrl).port) });
    const collection = await direct.getCollection({ name });
    const { ids } = await collection.get({ where: { kind: { $eq: 'position' } } });
    await collection.delete({ ids });
    await collection.add({
      ids,
      embeddings: [Array.from(unitVector(8, 2))],
      metadatas: [{ space: spaceKey(ann), kind: 'position', revision: 0, generation: 1, sequence: 1 }],
    });
    expect(await index.advance(ann, () => Promise.resolve(undefined), signal)).toEqual(nowhere);
    expect(await index.records(ann, signal)).toEqual(new Map([['a', 1]]));
  });

  it('drops a collection that Chroma cannot read any more, once, and goes on with an empty one', async () => {
    const [first, second] = [open(), open()];
    await write(first, { upserts: [record('a', 1)] });
    await find(second);
    const broken = requests.find(({ path }) => path.endsWith('/upsert'))?.path.replace(/\/upsert$/, '') as string;
    requests = [];
    const message =
      'Error executing plan: Error sending backfill request to compactor: Error deserializing pickle file: eval error at offset 7: EOF';
    fault = ({ path }) => (path.startsWith(broken) ? { status: 500, message } : undefined);
    expect(await Promise.all([find(first), find(second)])).toEqual([[], []]);
    expect(requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
    expect(await first.advance(ann, () => Promise.resolve(undefined), signal)).toEqual(nowhere);
  });

  it('makes a collection anew that was made with another distance', async () => {
    const direct = new ChromaClient({ host: '127.0.0.1', port: Number(new URL(chromaUrl).port) });
    await direct.createCollection({ name, embeddingFunction: null, configuration: { hnsw: { space: 'l2' } } });
    await write(open(), { upserts: [record('a', 1)] });
    const made = await direct.getCollection({ name });
    expect(made.configuration.hnsw).toMatchObject({
      space: 'cosine',
      ef_construction: 200,
      max_neighbors: 32,
      ef_search: 300,
      sync_threshold: 1000,
    });
  });

  it('never shares a collection with another history, model or dimension', () => {
    const names = [
      identity,
      { ...identity, historyId: 'other' },
      { ...identity, model: 'text-embedding-3_small' },
      { ...identity, dimension: 9 },
      { ...identity, model: `${'very/long:'.repeat(30)}a` },
      { ...identity, model: `${'very/long:'.repeat(30)}b` },
    ].map((options) => collectionName(options, 7));
    expect(new Set(names).size).toBe(names.length);
    for (const one of names) expect(one).toMatch(/^[a-z0-9][a-z0-9._-]{1,126}[a-z0-9]$/);
  });

  it('ends a request that hangs when its caller gives up', async () => {
    const index = open();
    await write(index, { upserts: [record('a', 1)] });
    const controller = new AbortController();
    const reason = new Error('enough');
    const hanging = createServer(() => controller.abort(reason));
    hanging.listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const stuck = open({ url: `http://127.0.0.1:${(hanging.address() as AddressInfo).port}` });
    await expect(stuck.query(ann, unitVector(8, 1), { limit: 1, spaceSize: 1, signal: controller.signal })).rejects.toBe(reason);
    hanging.closeAllConnections();
    hanging.close();
  });
});
