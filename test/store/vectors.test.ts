import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Core } from '../../src/core/core.js';
import { erase } from '../../src/core/erase.js';
import { type Embedder, type EmbeddingCache, type IndexChange, nowhere, type VectorIndex } from '../../src/core/ports.js';
import { createSpaces, type OpenSpace } from '../../src/core/spaces.js';
import { createHashedEmbedder } from '../../src/models/hashed-embedding.js';
import { openAttachments } from '../../src/store/attachments.js';
import { mostRecords } from '../../src/store/cache-sweeper.js';
import { openEmbeddingCache } from '../../src/store/embedding-cache.js';
import { openErasures } from '../../src/store/erasures.js';
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
/** What an embedding waits for. */
let embedding: Promise<unknown>;

beforeEach(async () => {
  home = await temporaryHome();
  sides = [];
  warnings = [];
  embedded = [];
  indexFault = undefined;
  embedFault = undefined;
  embedding = Promise.resolve();
});
afterEach(async () => {
  for (const side of sides) await side.close();
});

/** One process: a space, its vectors, and the index behind them. */
function openProcess(
  index: VectorIndex = openExactIndex(),
  { remote = true } = {},
): { space: OpenSpace; vectors: VectorSide; index: VectorIndex } {
  const failing: VectorIndex = {
    ...index,
    advance: (...given) => (indexFault ? Promise.reject(indexFault) : index.advance(...given)),
    query: (...given) => (indexFault ? Promise.reject(indexFault) : index.query(...given)),
  };
  const built = createHashedEmbedder();
  const embedder: Embedder = {
    ...built,
    remote,
    embed: async (texts, signal) => {
      if (embedFault) throw embedFault;
      embedded.push(...texts);
      await embedding;
      return built.embed(texts, signal);
    },
  };
  const vectors = createVectors({
    embedder,
    cache: openCache(),
    erasures: openErasures(join(home, 'erasing')),
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

function openCache(): EmbeddingCache {
  const { model, dimension } = createHashedEmbedder();
  return openEmbeddingCache({ folder: home, model, dimension: () => dimension });
}

/** An index with what it was told to change. */
function watched(index = openExactIndex()): { index: VectorIndex; changes: IndexChange[] } {
  const changes: IndexChange[] = [];
  const advance: VectorIndex['advance'] = (space, make, signal) =>
    index.advance(
      space,
      async (position) => {
        const change = await make(position);
        if (change) changes.push(change);
        return change;
      },
      signal,
    );
  return { index: { ...index, advance }, changes };
}

/** Erases memories of revision 1, whose ids are their texts. */
function eraseAll({ space, vectors }: { space: OpenSpace; vectors: VectorSide }, ...ids: string[]): Promise<unknown> {
  const attachments = openAttachments({ folder: join(home, 'attachments'), lockFolder: join(home, 'locks') });
  const core = { vectors, attachments, clock: { now: Date.now } } as unknown as Core;
  const memories = ids.map((id) => ({ id, revision: 1 }));
  return erase(core, space, { memories, reason: undefined, call: { id: 'call', signal: never } });
}

/** Which of these texts the cache has a vector of. */
async function cached(...texts: string[]): Promise<string[]> {
  const vectors = await openCache().get('user:ann', texts);
  return texts.filter((_, index) => vectors[index]);
}

async function idsIn(index: VectorIndex): Promise<string[]> {
  return [...(await index.records('user:ann', never)).keys()].sort();
}

const state = { kind: 'observation' as const, said_at: '2024-01-01T00:00:00.000Z' };

function add(space: OpenSpace, ...texts: string[]): Promise<unknown> {
  return space.commit(origin, () => ({
    drafts: texts.map((text) => ({
      event: 'ADD' as const,
      memory_id: text,
      revision: 1,
      base: 0,
      state: { ...state, text },
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

  it('is caught up with by a process that resumes at a checkpoint and finds nothing new in the log', async () => {
    const { space } = openProcess();
    indexFault = new Error('not yet');
    await add(space, ...Array.from({ length: 2000 }, (_, number) => `shelf ${number}`));
    await space.checkpoint();
    indexFault = undefined;
    const next = openProcess();
    expect(await next.space.read((view) => view.lexical.size)).toBe(2000);
    await holds(next.index, 2000);
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

describe('the log that an index follows', () => {
  it('may be replaced with its numbers kept: only what changed is indexed', async () => {
    const { index, changes } = watched();
    const process = openProcess(index);
    await add(process.space, 'cello', 'harbour', 'organ');
    await holds(index, 3);
    await eraseAll(process, 'harbour');
    await add(process.space, 'violin');
    await until(async () => (await idsIn(index)).join() === 'cello,organ,violin');
    expect(changes.map(({ upserts, deletes }) => [upserts.map(({ id }) => id), deletes])).toEqual([
      [['cello', 'harbour', 'organ'], []],
      [[], ['harbour']],
      [['violin'], []],
    ]);
  });

  it('may be another one, with other events under the same numbers: the index starts anew and keeps nothing strange', async () => {
    const index = openExactIndex();
    const before = openProcess(index);
    await add(before.space, 'cello', 'harbour');
    await holds(index, 2);
    await rm(join(home, 'user-ann.jsonl'));
    await add(openProcess().space, 'cello', 'organ', 'violin');
    await openProcess(index).space.read(() => undefined);
    await until(async () => (await idsIn(index)).join() === 'cello,organ,violin');
  });

  it('may be an older copy: what was said since is gone from the index, too', async () => {
    const index = openExactIndex();
    const before = openProcess(index);
    await add(before.space, 'cello');
    const copy = await readFile(join(home, 'user-ann.jsonl'));
    await add(before.space, 'harbour');
    await holds(index, 2);
    await writeFile(join(home, 'user-ann.jsonl'), copy);
    await openProcess(index).space.read(() => undefined);
    await until(async () => (await idsIn(index)).join() === 'cello');
  });

  it('is followed from its beginning where the index does not say how far it is', async () => {
    const index = openExactIndex();
    const vector = (await createHashedEmbedder().embed(['stranger'], never))[0]!;
    const upserts = [{ id: 'stranger', revision: 1, kind: 'observation' as const, vector }];
    await index.advance('user:ann', () => Promise.resolve({ upserts, deletes: [], position: nowhere }), never);
    const { space } = openProcess(index);
    await add(space, 'cello');
    await until(async () => (await idsIn(index)).join() === 'cello');
  });
});

describe('an erase', () => {
  it('leaves no vector in cache and index, and keeps those of what can come back', async () => {
    const process = openProcess();
    await add(process.space, 'cello', 'harbour', 'organ');
    await holds(process.index, 3);
    await forget(process.space, 'organ');
    await eraseAll(process, 'cello');
    expect(await cached('cello', 'harbour', 'organ')).toEqual(['harbour', 'organ']);
    expect(await idsIn(process.index)).toEqual(['harbour']);
    expect(await readdir(join(home, 'erasing'))).toEqual([]);
  });

  it('is not undone by a process that was computing the vector when it came', async () => {
    const [reader, eraser] = [openProcess(), openProcess()];
    let go: (value?: unknown) => void = () => undefined;
    embedding = new Promise((resolve) => {
      go = resolve;
    });
    await add(reader.space, 'cello', 'harbour');
    await until(() => embedded.filter((text) => text === 'cello').length > 0);
    await eraseAll(eraser, 'cello');
    go();
    await until(async () => (await idsIn(reader.index)).join() === 'harbour');
    expect(await cached('cello', 'harbour')).toEqual(['harbour']);
  });

  it('that a crash cut off between log and caches is completed by the next start', async () => {
    const process = openProcess();
    await add(process.space, 'cello', 'harbour');
    await holds(process.index, 2);
    // The process ends where the caches would have been cleaned.
    const { willErase } = process.vectors;
    process.vectors.willErase = async (space) => {
      await willErase(space);
      return () => Promise.resolve();
    };
    await eraseAll(process, 'cello');
    await processEnded();
    expect(await cached('cello')).toEqual(['cello']);
    const next = openProcess();
    await next.vectors.finishErasing(() => next.space);
    expect(await cached('cello', 'harbour')).toEqual(['harbour']);
    expect(await readdir(join(home, 'erasing'))).toEqual([]);
  });

  it('that another process is in the middle of keeps its note', async () => {
    const [one, two] = [openProcess(), openProcess()];
    await add(one.space, 'cello');
    const finish = await one.vectors.willErase(one.space);
    await two.vectors.finishErasing(() => two.space);
    expect(await readdir(join(home, 'erasing'))).toHaveLength(1);
    await finish(never);
    expect(await readdir(join(home, 'erasing'))).toEqual([]);
  });

  it('does not begin where it cannot be noted', async () => {
    const process = openProcess();
    await add(process.space, 'cello');
    await writeFile(join(home, 'erasing'), 'in the way');
    await expect(eraseAll(process, 'cello')).rejects.toMatchObject({ code: 'log_unavailable' });
    expect(await process.space.read((view) => view.projection.memories.get('cello')?.status)).toBe('live');
  });
});

/** Makes the notes of this process look like those of one that has ended. */
async function processEnded(): Promise<void> {
  for (const note of await readdir(join(home, 'erasing'))) {
    const [epoch = ''] = await readdir(join(home, 'erasing', note, 'lock'));
    const path = join(home, 'erasing', note, 'lock', epoch);
    const [pid, , place] = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, [pid, 'an earlier run', place].join('\n'));
  }
}

describe('the embedding cache', () => {
  it('does not outgrow its bound, whatever is embedded and superseded', async () => {
    const { space, vectors, index } = openProcess();
    await add(space, 'cello');
    await holds(index, 1);
    const fill = async (name: string, count: number) => {
      await vectors.embed(
        'user:ann',
        Array.from({ length: count }, (_, number) => `${name} ${number}`),
        never,
      );
      await add(space, name);
    };
    await fill('first', 900);
    await holds(index, 2);
    expect(await cached('first 0')).toEqual(['first 0']);
    await fill('second', 900);
    await until(async () => (await cached('first 0', 'second 0')).length === 0);
    await holds(index, 3);
    expect(await cached('cello', 'first', 'second')).toEqual(['cello', 'first', 'second']);
    const records = async () => (await openCache().size('user:ann')).records;
    const full = await records();
    for (const name of ['third', 'fourth', 'fifth', 'sixth']) await fill(name, 700);
    await holds(index, 7);
    expect(await records()).toBe(full);
    expect(full).toBeLessThan(mostRecords(7) + 900);
  });

  it('may fail: everything goes on without it', async () => {
    await writeFile(join(home, `${createHashedEmbedder().model}-${createHashedEmbedder().dimension}`), 'in the way');
    const process = openProcess();
    await add(process.space, 'cello');
    await holds(process.index, 1);
    await until(async () => (await nearest(process, 'cello')).id === 'cello');
    expect(warnings).toContain('embedding cache cannot be written');
  });
});

describe('a rebuild', () => {
  const quiet = { complete: true, onProgress: () => undefined, signal: never };

  it('makes index and cache anew from the log alone, without asking the model again', async () => {
    const process = openProcess();
    await add(process.space, 'cello', 'harbour');
    await holds(process.index, 2);
    await forget(process.space, 'harbour');
    await until(async () => (await idsIn(process.index)).join() === 'cello');
    const upserts = [
      { id: 'stranger', revision: 1, kind: 'observation' as const, vector: (await openCache().get('user:ann', ['cello']))[0]! },
    ];
    await process.index.advance('user:ann', (position) => Promise.resolve({ upserts, deletes: [], position }), never);
    await openCache().put('user:gone', [{ text: 'old', vector: upserts[0]!.vector }]);
    await process.vectors.embed('user:ann', ['superseded'], never);
    embedded = [];
    const progress: unknown[] = [];
    await process.vectors.rebuild([process.space], { ...quiet, onProgress: (...step) => progress.push(step) });
    expect(await idsIn(process.index)).toEqual(['cello']);
    expect(await cached('cello', 'harbour', 'superseded')).toEqual(['cello', 'harbour']);
    expect(await openCache().get('user:gone', ['old'])).toEqual([undefined]);
    expect(embedded).toEqual([]);
    expect(progress).toEqual([
      ['user:ann', 0, 1],
      ['user:ann', 1, 1],
    ]);
  });

  it('throws nothing away while the model does not give what the cache lacks', async () => {
    const process = openProcess();
    await add(process.space, 'cello', 'harbour');
    await holds(process.index, 2);
    await openCache().keepOnly('user:ann', ['cello']);
    embedFault = new Error('overloaded');
    await expect(process.vectors.rebuild([process.space], quiet)).rejects.toThrow('overloaded');
    expect(await idsIn(process.index)).toEqual(['cello', 'harbour']);
  });

  it('that was interrupted is completed by whoever uses the index next', async () => {
    const process = openProcess();
    const texts = Array.from({ length: 1200 }, (_, number) => `shelf ${number}`);
    await add(process.space, ...texts);
    await holds(process.index, 1200);
    const ending = new AbortController();
    const stopped = new Error('interrupted');
    const onProgress = (_: unknown, done: number) => {
      if (done > 0) ending.abort(stopped);
    };
    await expect(process.vectors.rebuild([process.space], { ...quiet, onProgress, signal: ending.signal })).rejects.toBe(stopped);
    expect(await process.index.count(never)).toBe(500);
    await openProcess(process.index).space.read(() => undefined);
    await holds(process.index, 1200);
  });

  it('by another process is noticed by one that only searches', async () => {
    const process = openProcess();
    await add(process.space, 'cello', 'harbour');
    await holds(process.index, 2);
    await until(async () => (await nearest(process, 'cello')).id === 'cello');
    await process.index.advance('user:ann', () => Promise.resolve({ upserts: [], deletes: ['harbour'], position: nowhere }), never);
    const now = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => now + 60_000);
    try {
      await nearest(process, 'cello');
      await holds(process.index, 2);
    } finally {
      vi.restoreAllMocks();
    }
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

  it('makes the vectors that are missing where that costs no request, and keeps them nowhere but in the index', async () => {
    const process = openProcess(openExactIndex(), { remote: false });
    await add(process.space, 'cello');
    expect(await nearest(process, 'cello')).toEqual({ id: 'cello', degraded: undefined });
    await process.vectors.embed('user:ann', ['cello'], never);
    await holds(process.index, 1);
    expect(await cached('cello')).toEqual([]);
  });

  it('does not fail where vectors that are made here do: it says what it lacks, and is whole once they are there', async () => {
    const process = openProcess(openExactIndex(), { remote: false });
    await add(process.space, 'cello');
    await process.vectors.catchUp(process.space, never);
    const vector = await process.vectors.embedQuery('cello', never);
    const search = () => process.vectors.search(process.space, vector, 5, never);
    process.vectors.released(process.space);
    embedFault = new Error('out of room');
    expect(await search()).toEqual({ hits: [], degraded: 'vector index: out of room; answered by words and the vectors at hand' });
    embedFault = undefined;
    indexFault = new Error('no index');
    expect(await search()).toMatchObject({ hits: [{ id: 'cello' }], degraded: expect.stringMatching(/^vector index: no index/) });
    indexFault = undefined;
    expect((await search()).hits).toMatchObject([{ id: 'cello' }]);
    await until(async () => (await search()).degraded === undefined);
  });

  it('finds what was changed and restored, by what it says now, while the index stands where it was', async () => {
    const index = openExactIndex();
    let stands = false;
    const advance: VectorIndex['advance'] = (...given) => (stands ? Promise.reject(new Error('no room')) : index.advance(...given));
    const process = openProcess({ ...index, advance });
    await add(process.space, 'cello', 'harbour', 'organ');
    await holds(index, 3);
    await until(async () => (await nearest(process, 'organ')).id === 'organ');
    stands = true;
    await process.vectors.embed('user:ann', ['violin', 'lighthouse'], never);
    await process.space.commit(origin, () => ({
      drafts: [
        { event: 'DELETE', memory_id: 'organ', revision: 1, base: 1 },
        { event: 'UPDATE', memory_id: 'cello', revision: 2, base: 1, state: { ...state, text: 'violin' } },
        { event: 'RESTORE', memory_id: 'organ', revision: 2, base: 1, restored: 1, state: { ...state, text: 'lighthouse' } },
      ],
      answer: undefined,
    }));
    for (const [text, id] of Object.entries({ violin: 'cello', lighthouse: 'organ', harbour: 'harbour' }))
      expect((await nearest(process, text)).id).toBe(id);
    expect(await index.records('user:ann', never)).toEqual(
      new Map([
        ['cello', 1],
        ['harbour', 1],
        ['organ', 1],
      ]),
    );
  });

  it('says so while vectors of a model that is asked for them are still to come', async () => {
    const process = openProcess(openExactIndex(), { remote: true });
    const vector = await process.vectors.embedQuery('cello', never);
    let come: () => void = () => undefined;
    embedding = new Promise<void>((resolve) => {
      come = resolve;
    });
    await add(process.space, 'cello');
    const search = () => process.vectors.search(process.space, vector, 3, never);
    expect(await search()).toEqual({
      hits: [],
      degraded: 'vector index: it is still being filled; answered by words and the vectors at hand',
    });
    come();
    await until(async () => (await search()).degraded === undefined);
    expect((await search()).hits.map(({ id }) => id)).toEqual(['cello']);
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

describe('the similarity', () => {
  it('of a model counts for more than that of the built-in embedding, which knows spellings alone', () => {
    const [model, builtIn] = [true, false].map((remote) => openProcess(openExactIndex(), { remote }).vectors.scale);
    expect(model).toMatchObject({ knows: 'meanings' });
    expect(builtIn).toMatchObject({ knows: 'spellings' });
    expect(builtIn?.weight).toBeGreaterThan(0);
    expect(model?.weight).toBeGreaterThan(2 * (builtIn?.weight ?? 1));
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
