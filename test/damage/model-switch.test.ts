import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeOpenAi, type FakeOpenAiOptions, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { type StartedServer, startServer, until } from '../support/server.js';
import { examined } from './doctor.js';

/**
 * Two models for which the same words mean other things: what is near for one is far for the other, so a vector of
 * one that is compared with a vector of the other finds the wrong memory.
 */
const meanings = {
  first: { bark: 'dog', woof: 'dog', rind: 'tree' },
  second: { bark: 'dog', rind: 'dog', woof: 'tree' },
};
const memories = ['woof', 'rind'];
/** What each model takes "bark" for. */
const meant = { first: 'woof', second: 'rind' };

let home: string;
let endpoints: FakeOpenAi[];
let servers: StartedServer[];

beforeEach(async () => {
  home = await temporaryHome();
  [endpoints, servers] = [[], []];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all(endpoints.map((endpoint) => endpoint.close()));
});

async function endpoint(options: FakeOpenAiOptions): Promise<FakeOpenAi> {
  const started = await startFakeOpenAi(options);
  endpoints.push(started);
  return started;
}

function environment(fake: FakeOpenAi, model: string, store: string): Record<string, string> {
  return { KEEPSAKE_STORE: store, KEEPSAKE_EMBEDDING_BASE_URL: fake.url, KEEPSAKE_EMBEDDING_MODEL: model, KEEPSAKE_INFER: 'rules' };
}

async function start(fake: FakeOpenAi, model: string, store: string): Promise<StartedServer> {
  const server = await startServer({ home, env: environment(fake, model, store) });
  servers.push(server);
  return server;
}

async function stop(server: StartedServer): Promise<void> {
  servers.splice(servers.indexOf(server), 1);
  await server.stop();
}

async function recall(server: StartedServer, query: string): Promise<{ found: string[]; degraded: string[] | undefined }> {
  const { structured, isError, text } = await server.call('recall', { query });
  expect(isError, text).toBe(false);
  return { found: structured.memories.map(({ memory }) => memory), degraded: structured.degraded };
}

/** Texts that a model was asked to embed and that are memories. */
const embedded = (fake: FakeOpenAi) =>
  fake.embeddingCalls.flatMap(({ body }) => body.input as string[]).filter((text) => memories.includes(text));

async function fill(server: StartedServer): Promise<void> {
  for (const content of memories) await server.call('remember', { content, infer: false });
}

const settled = (server: StartedServer, found: string) =>
  until(async () => {
    const answer = await recall(server, 'bark');
    return answer.degraded === undefined && answer.found.join() === found;
  });

describe('another embedding model', () => {
  it.each([
    ['of the same length', 64, 'embedded'],
    ['of another length', 48, 'embedded'],
    ['of the same length, over Chroma,', 64, 'chroma'],
  ])(
    '%s never sees the vectors of the last one, answers by words at once, and is known again when it is switched back',
    async (_, dimension, store) => {
      const [first, second] = [await endpoint({ synonyms: meanings.first }), await endpoint({ synonyms: meanings.second, dimension })];
      const before = await start(first, 'first-m3', store);
      await fill(before);
      await settled(before, meant.first);
      // The index itself holds the old vectors now.
      expect((await examined(home, environment(first, 'first-m3', store))).store).toMatchObject({ data: { vectors: 2, behind: 0 } });
      await stop(before);

      second.fail('server_error', Number.POSITIVE_INFINITY);
      const switched = await start(second, 'second-m3', store);
      // The new model does not answer yet: words alone do, and the old vectors are not asked.
      expect(await recall(switched, 'woof')).toEqual({ found: ['woof'], degraded: [expect.stringMatching(/^embedding: /)] });
      expect((await recall(switched, 'bark')).found).toEqual([]);
      await second.restart();
      await until(async () => {
        const { found } = await recall(switched, 'bark');
        expect([[], [meant.second]]).toContainEqual(found);
        return found.length > 0;
      });
      await settled(switched, meant.second);
      await until(() => new Set(embedded(second)).size === memories.length);
      await stop(switched);

      const asked = embedded(first).length;
      const back = await start(first, 'first-m3', store);
      await settled(back, meant.first);
      // A process that begins may ask how long the model's vectors are, with one text, if no query has told it before.
      expect(embedded(first).length - asked).toBeLessThanOrEqual(1);
      const { store: report } = await examined(home, environment(first, 'first-m3', store));
      expect(report?.text).toContain('2 embedding models (first-m3-64, second-m3-');
    },
  );

  it('under the old name is not mixed with the old one once its vectors have another length', async () => {
    const before = await endpoint({ synonyms: meanings.first });
    const first = await start(before, 'same-m3', 'embedded');
    await fill(first);
    await settled(first, meant.first);
    await stop(first);

    const after = await endpoint({ synonyms: meanings.second, dimension: 48 });
    const second = await start(after, 'same-m3', 'embedded');
    await until(async () => {
      const { found } = await recall(second, 'bark');
      expect([[], [meant.second]]).toContainEqual(found);
      return found.length > 0;
    });
    await settled(second, meant.second);
    expect(readdirSync(join(home, 'cache')).sort()).toEqual(['same-m3-48', 'same-m3-64']);
  });

  it('under the old name that takes over while a server runs is refused with a clear sentence, and used after a restart', async () => {
    const fake = await endpoint({ synonyms: meanings.first });
    const server = await start(fake, 'same-m3', 'embedded');
    await fill(server);
    await settled(server, meant.first);
    fake.fail('wrong_width', Number.POSITIVE_INFINITY);
    const { found, degraded } = await recall(server, 'woof');
    expect(found).toEqual(['woof']);
    expect(degraded).toEqual([expect.stringContaining('same-m3 answered an embedding of width 65 after 64')]);
    expect((await recall(server, 'bark')).found).toEqual([]);
    const added = await server.call('remember', { content: 'meow', infer: false });
    expect(added.structured).toMatchObject({ results: [{ event: 'ADD' }], degraded: [expect.stringContaining('of width 65 after 64')] });
    await stop(server);
    const next = await start(fake, 'same-m3', 'embedded');
    await settled(next, meant.first);
    expect((await recall(next, 'meow')).found).toEqual(['meow']);
  });
});
