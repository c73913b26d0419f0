import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Embedder, VectorIndex } from '../../src/core/ports.js';
import { createSpaces, type OpenSpace } from '../../src/core/spaces.js';
import { createHashedEmbedder } from '../../src/models/hashed-embedding.js';
import { openEmbeddingCache } from '../../src/store/embedding-cache.js';
import { openExactIndex } from '../../src/store/exact-index.js';
import { createVectors, type VectorSide } from '../../src/store/vectors.js';
import { temporaryHome } from '../support/home.js';
import { until } from '../support/server.js';
import { silentLogger } from './chroma/fixtures.js';
import { openLog } from './log-fixtures.js';

const never = new AbortController().signal;
const origin = { call_id: 'call' };

let home: string;
let sides: VectorSide[];
let warnings: unknown[];
/** What the index and the embedder are to fail with, as long as it is set. */
let indexFault: Error | undefined;
let embedFault: Error | undefined;
let embedded: string[];

beforeEach(async () => {
  home = await temporaryHome();
  sides = [];
  warnings = [];
  embedded = [];
  indexFault = undefined;
  embedFault = undefined;
});
afterEach(async () => {
  for (const side of sides) await side.close();
});

/** One process: a space, its vectors, and the index behind them. */
function openProcess(index: VectorIndex = openExactIndex()): { space: OpenSpace; vectors: VectorSide; index: VectorIndex } {
  const failing: VectorIndex = {
    ...index,
    advance: (...given) => (indexFault ? Promise.reject(indexFault) : index.advance(...given)),
    query: (...given) => (indexFault ? Promise.reject(indexFault) : index.query(...given)),
  };
  const built = createHashedEmbedder();
  const embedder: Embedder = {
    ...built,
    embed: (texts, signal) => {
      if (embedFault) return Promise.reject(embedFault);
      embedded.push(...texts);
      return built.embed(texts, signal);
    },
  };
  const vectors = createVectors({
    embedder,
    weight: 0.5,
    cache: openEmbeddingCache({ folder: home, model: embedder.model, dimension: () => embedder.dimension }),
    openIndex: () => (indexFault ? Promise.reject(indexFault) : Promise.resolve(failing)),
    logger: { ...silentLogger, warn: (message) => warnings.push(message) },
  });
  sides.push(vectors);
  let events = 0;
  const spaces = createSpaces({
    history: openLog(home).log,
    clock: { now: Date.now },
    ids: { memory: () => '', event: () => `event-${sides.length}-${++events}` },
    device: 'desk',
    zone: 'UTC',
    onChange: (changed) => vectors.changed(changed),
  });
  return { space: spaces.open('user:ann'), vectors, index };
}

function add(space: OpenSpace, ...texts: string[]): Promise<unknown> {
  return space.commit(origin, () => ({
    drafts: texts.map((text) => ({
      event: 'ADD' as const,
      memory_id: text,
      revision: 1,
      base: 0,
      state: { text, kind: 'observation' as const, said_at: '2024-01-01T00:00:00.000Z' },
    })),
    answer: undefined,
  }));
}

function forget(space: OpenSpace, id: string): Promise<unknown> {
  return space.commit(origin, () => ({ drafts: [{ event: 'DELETE', memory_id: id, revision: 1, base: 1 }], answer: undefined }));
}

async function nearest({ vectors, space }: { vectors: VectorSide; space: OpenSpace }, text: string) {
  const { hits, degraded } = await vectors.search(space, await vectors.embedQuery(text, never), 3, never);
  return { id: hits[0]?.id, degraded };
}

/** Waits until the index itself holds so many vectors. */
function holds(index: VectorIndex, count: number): Promise<true> {
  return until(async () => (await index.count(never)) === count);
}

describe('the index', () => {
  it('follows the log behind the answers, deletions included', async () => {
    const { space, index } = openProcess();
    await add(space, 'cello', 'harbour');
    await holds(index, 2);
    await forget(space, 'cello');
    await holds(index, 1);
  });

  it('takes in many memories, and asks for the embedding of none twice', async () => {
    const { space, index } = openProcess();
    const texts = Array.from({ length: 1200 }, (_, number) => `shelf ${number}`);
    await add(space, ...texts);
    await holds(index, 1200);
    expect(embedded.sort()).toEqual(texts.sort());
    const next = openProcess();
    await next.space.read(() => undefined);
    await holds(next.index, 1200);
    expect(embedded).toHaveLength(1200);
  });

  it('is followed by a process that only reads', async () => {
    const [writer, reader] = [openProcess(), openProcess()];
    await add(writer.space, 'cello');
    await reader.space.read(() => undefined);
    await holds(reader.index, 1);
  });

  it('is filled again after it was emptied, and no answer lacks anything meanwhile', async () => {
    const process = openProcess();
    await add(process.space, 'cello', 'harbour');
    await holds(process.index, 2);
    await until(async () => (await nearest(process, 'cello')).id === 'cello');
    await process.index.clear(never);
    expect(await nearest(process, 'cello')).toEqual({ id: 'cello', degraded: undefined });
    await holds(process.index, 2);
  });
});

describe('a search', () => {
  it('compares what is not in the index yet', async () => {
    const process = openProcess();
    await process.vectors.embed('user:ann', ['cello'], never);
    await add(process.space, 'cello');
    expect(process.vectors.index()).toBeUndefined();
    expect(await nearest(process, 'cello')).toEqual({ id: 'cello', degraded: undefined });
  });

  it('does not find what was forgotten, though the index still holds it', async () => {
    const process = openProcess();
    await add(process.space, 'cello');
    await holds(process.index, 1);
    indexFault = new Error('gone');
    await forget(process.space, 'cello');
    expect((await nearest(process, 'cello')).id).toBeUndefined();
  });

  it('goes on with the vectors at hand while the index fails, says so, and is whole again afterwards', async () => {
    const process = openProcess();
    await add(process.space, 'cello');
    await holds(process.index, 1);
    await until(async () => (await nearest(process, 'cello')).id === 'cello');
    indexFault = new Error('the server is gone');
    await process.vectors.embed('user:ann', ['harbour'], never);
    await add(process.space, 'harbour');
    const degraded = 'vector index: the server is gone; answered by words and the vectors at hand';
    for (const text of ['cello', 'harbour']) expect(await nearest(process, text)).toEqual({ id: text, degraded });
    indexFault = undefined;
    await holds(process.index, 2);
    await until(async () => (await nearest(process, 'harbour')).degraded === undefined);
    expect(warnings).toEqual(['vector index lags behind']);
  });

  it('says so as long as there are more memories than it can compare without the index', async () => {
    const process = openProcess();
    indexFault = new Error('not yet');
    await add(process.space, ...Array.from({ length: 2001 }, (_, number) => `shelf ${number}`));
    expect((await nearest(process, 'shelf 3')).degraded).toMatch(/^vector index: /);
  });

  it('ends with its call', async () => {
    const process = openProcess();
    await add(process.space, 'cello');
    await holds(process.index, 1);
    await until(async () => (await nearest(process, 'cello')).id === 'cello');
    indexFault = new Error('gone');
    const ended = new Error('the client left');
    await expect(process.vectors.search(process.space, new Float32Array(512), 3, AbortSignal.abort(ended))).rejects.toBe(ended);
  });
});

describe('the embedding model', () => {
  it('may fail: what it missed is embedded when it is back', async () => {
    embedFault = new Error('overloaded');
    const { space, index } = openProcess();
    await add(space, 'cello');
    await until(() => warnings.length > 0);
    expect(embedded).toEqual([]);
    embedFault = undefined;
    await holds(index, 1);
    expect(embedded).toEqual(['cello']);
  });
});

describe('the end', () => {
  it('comes although the index does not answer any more', async () => {
    const { space, vectors } = openProcess({
      ...openExactIndex(),
      advance: (_, __, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    await add(space, 'cello');
    await until(() => vectors.index());
    await vectors.close();
  });

  it('gives the index the time to take in what is waiting', async () => {
    const { space, vectors, index } = openProcess({ ...openExactIndex(), close: () => Promise.resolve() });
    await add(space, 'cello');
    await until(() => vectors.index());
    await add(space, 'harbour');
    await vectors.close();
    expect(await index.count(never)).toBe(2);
  });
});
