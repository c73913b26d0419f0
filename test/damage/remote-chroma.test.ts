import { join } from 'node:path';
import { type CallToolResult, CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readOwner } from '../../src/store/chroma/handshake.js';
import { openLocalChroma } from '../../src/store/chroma/local-server.js';
import type { ChromaServer } from '../../src/store/chroma/server.js';
import { type BuiltHost, buildHost } from '../store/chroma/build-host.js';
import { silentLogger } from '../store/chroma/fixtures.js';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { isRunning } from '../support/process-state.js';
import { type AnswerData, type StartedServer, startServer, until } from '../support/server.js';
import { type BadProxy, startProxy } from './proxy.js';

/** A real Chroma, reached through a proxy as one that others run. */
interface Running {
  chroma: ChromaServer;
  url: string;
  pid: number;
}

let host: BuiltHost;
let usual: Running;
let fake: FakeOpenAi;
let proxy: BadProxy;
let server: StartedServer;
const chromas: Running[] = [];

async function startChroma(): Promise<Running> {
  const folder = join(await temporaryHome(), 'chroma');
  const chroma = openLocalChroma({ folder, idleSeconds: 0, compat: 'auto', hostScript: host.hostScript, logger: silentLogger });
  const { url } = await chroma.endpoint(AbortSignal.timeout(30_000));
  const started = { chroma, url, pid: (await readOwner(folder))?.pid ?? 0 };
  chromas.push(started);
  return started;
}

beforeAll(async () => {
  host = await buildHost();
  usual = await startChroma();
});
afterAll(async () => {
  for (const { chroma, pid } of chromas) {
    await chroma.close();
    await until(() => !isRunning(pid));
  }
  await host.remove();
});
beforeEach(async () => {
  fake = await startFakeOpenAi({ synonyms: { feline: 'cat', automobile: 'car', canine: 'dog' } });
  proxy = await startProxy(usual.url);
  const env = {
    KEEPSAKE_STORE: 'auto',
    CHROMA_URL: proxy.url,
    KEEPSAKE_EMBEDDING_BASE_URL: fake.url,
    KEEPSAKE_EMBEDDING_MODEL: 'fake-m3',
    KEEPSAKE_INFER: 'rules',
  };
  server = await startServer({ env });
});
afterEach(async () => {
  await server.stop();
  await proxy.close();
  await emptied(usual.url);
  await fake.close();
});

/** Milliseconds that the client waits for an answer here: several times what one takes, less than a request to Chroma may. */
const patience = 10_000;

/** Calls a tool, which must work whatever Chroma does. */
async function call(name: string, args: Record<string, unknown>): Promise<AnswerData> {
  const answer = await server.client.callTool({ name, arguments: args }, CallToolResultSchema, { timeout: patience });
  const { isError, structuredContent, content } = answer as CallToolResult;
  expect(isError ?? false, JSON.stringify(content)).toBe(false);
  return structuredContent as AnswerData;
}

const remember = (content: string) => call('remember', { content, infer: false });

async function recall(query: string): Promise<{ found: string[]; degraded: string[] | undefined }> {
  const { memories, degraded } = await call('recall', { query });
  return { found: memories.map(({ memory }) => memory), degraded };
}

const collections = (url: string) => `${url}/api/v2/tenants/default_tenant/databases/default_database/collections`;

/** Deletes every collection of a Chroma. */
async function emptied(url: string): Promise<void> {
  for (const { name } of (await (await fetch(collections(url))).json()) as { name: string }[])
    expect((await fetch(`${collections(url)}/${name}`, { method: 'DELETE' })).ok).toBe(true);
}

/** How many records all collections of a Chroma hold: one a memory, and one that says how far the space is. */
async function records(url: string): Promise<number> {
  let total = 0;
  for (const { id } of (await (await fetch(collections(url))).json()) as { id: string }[])
    total += Number(await (await fetch(`${collections(url)}/${id}/count`)).text());
  return total;
}

/** Everything that was said is found by meaning, with nothing degraded. */
async function isWhole(): Promise<boolean> {
  const answers = await Promise.all(['cat', 'car', 'dog'].map(recall));
  const found = answers.flatMap((answer) => answer.found).sort();
  return found.join() === 'automobile,canine,feline' && answers.every(({ degraded }) => degraded === undefined);
}

const page = '<html>It works!</html>';
const json = '{"message":"hello"}';
const http = (type: string, body: string) =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;

describe('a Chroma server that others run', () => {
  it.each([
    ['hangs: it takes connections and never answers', 'hang' as const, /timeout/],
    ['is too slow for a search', { delay: 2500 }, /timeout/],
    ['breaks every connection off', 'reset' as const, /could not be reached/],
    ['is a web page now', { answer: http('text/html', page) }, /is not Chroma/],
    ['is another service now that answers in JSON', { answer: http('application/json', json) }, /is not Chroma/],
  ])('that %s degrades recall and is used again when it is back', async (_, behaviour, reason) => {
    await remember('feline');
    await until(async () => (await records(usual.url)) === 2);
    await remember('canine');
    // The second write shows that the answer to the first has arrived: the server knows that there is an index to ask.
    await until(async () => (await records(usual.url)) === 3);
    proxy.become(behaviour);
    expect((await remember('automobile')).results).toMatchObject([{ event: 'ADD' }]);
    // What it finds itself is complete without the index; that it is gone shows as soon as it is asked.
    await until(async () => {
      const answers = [await recall('car'), await recall('cat')];
      expect(answers.map(({ found }) => found)).toEqual([['automobile'], ['feline']]);
      const said = /^vector index: .+; answered by words and the vectors at hand$/;
      return answers.every(({ degraded }) => degraded?.length === 1 && said.test(degraded[0] ?? '') && reason.test(degraded[0] ?? ''));
    });
    proxy.become('pass');
    await until(isWhole, 40);
  });

  it('whose collections are deleted again and again behind its back is filled again', async () => {
    for (const content of ['feline', 'automobile', 'canine']) await remember(content);
    for (let round = 0; round < 2; round += 1) {
      await until(async () => (await isWhole()) && (await records(usual.url)) === 4);
      await emptied(usual.url);
      for (const [query, memory] of [
        ['cat', 'feline'],
        ['car', 'automobile'],
      ] as const)
        expect((await recall(query)).found).toEqual([memory]);
    }
    await until(async () => (await records(usual.url)) === 4);
    await until(isWhole);
  });

  it('that was replaced by an empty one is filled anew', async () => {
    for (const content of ['feline', 'automobile']) await remember(content);
    await until(async () => (await records(usual.url)) === 3);
    const empty = await startChroma();
    proxy.lead(empty.url);
    expect((await recall('cat')).found).toEqual(['feline']);
    await remember('canine');
    await until(async () => (await records(empty.url)) === 4);
    await until(isWhole);
  });
});
