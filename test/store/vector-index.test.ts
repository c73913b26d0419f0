import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type IndexChange, type IndexPosition, nowhere, type Space, type VectorIndex, type VectorRecord } from '../../src/core/ports.js';
import { openChromaIndex } from '../../src/store/chroma/chroma-index.js';
import { shardOf } from '../../src/store/chroma/collections.js';
import { openLocalChroma } from '../../src/store/chroma/local-server.js';
import type { ChromaServer } from '../../src/store/chroma/server.js';
import { openExactIndex } from '../../src/store/exact-index.js';
import { type BuiltHost, buildHost } from './chroma/build-host.js';
import { silentLogger, unitVector } from './chroma/fixtures.js';

const dimension = 16;
const signal = new AbortController().signal;
const ann: Space = 'user:ann';

/** What the suite needs of an implementation: a fresh index each time, all of them closed at the end. */
interface Subject {
  open(): VectorIndex;
  close(): Promise<void>;
}

async function chromaSubject(): Promise<Subject> {
  const host: BuiltHost = await buildHost();
  const home = await mkdtemp(join(tmpdir(), 'keepsake-index-'));
  const server: ChromaServer = openLocalChroma({
    folder: join(home, 'chroma'),
    idleSeconds: 0,
    compat: 'auto',
    hostScript: host.hostScript,
    logger: silentLogger,
  });
  let opened = 0;
  return {
    open: () =>
      openChromaIndex({
        historyId: `history-${opened++}`,
        model: 'Test/Model',
        dimension,
        server,
        lockFolder: join(home, 'locks'),
        logger: silentLogger,
      }),
    async close() {
      await server.close();
      await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      await host.remove();
    },
  };
}

function record(id: string, seed: number, revision = 1): VectorRecord {
  return { id, revision, kind: 'observation', vector: unitVector(dimension, seed) };
}

function positionAt(sequence: number): IndexPosition {
  return { sequence, event: `event-${sequence}` };
}

function change(sequence: number, parts: Partial<IndexChange>): IndexChange {
  return { upserts: [], deletes: [], position: positionAt(sequence), ...parts };
}

function apply(index: VectorIndex, space: Space, parts: IndexChange): Promise<IndexPosition> {
  return index.advance(space, () => Promise.resolve(parts), signal);
}

function find(index: VectorIndex, space: Space, seed: number, options: { limit?: number; spaceSize?: number } = {}) {
  return index.query(space, unitVector(dimension, seed), { limit: 3, spaceSize: 3, signal, ...options });
}

/** The position that a space has reached. */
function positionOf(index: VectorIndex, space: Space): Promise<IndexPosition> {
  return index.advance(space, () => Promise.resolve(undefined), signal);
}

const subjects: [string, () => Promise<Subject>][] = [
  ['the built-in exact index', () => Promise.resolve({ open: openExactIndex, close: () => Promise.resolve() })],
  ['the Chroma index', chromaSubject],
];

describe.each(subjects)('%s', (_, openSubject) => {
  let subject: Subject;
  let index: VectorIndex;
  beforeAll(async () => {
    subject = await openSubject();
  });
  afterAll(() => subject?.close());
  beforeEach(() => {
    index = subject.open();
  });

  it('starts empty, at the position before everything', async () => {
    expect(await positionOf(index, ann)).toEqual(nowhere);
    expect(await find(index, ann, 1)).toEqual([]);
    expect(await index.count(signal)).toBe(0);
  });

  it('finds the nearest first, with their cosine and revision', async () => {
    await apply(index, ann, change(3, { upserts: [record('a', 1), record('b', 2, 4), record('c', 3)] }));
    const hits = await find(index, ann, 2);
    expect(hits).toHaveLength(3);
    expect(hits[0]).toMatchObject({ id: 'b', revision: 4 });
    expect(hits[0]?.similarity).toBeCloseTo(1, 5);
    const cosine = unitVector(dimension, 2).reduce((sum, value, i) => sum + value * (unitVector(dimension, 3)[i] ?? 0), 0);
    expect(hits.find(({ id }) => id === 'c')?.similarity).toBeCloseTo(cosine, 5);
    const similarities = hits.map(({ similarity }) => similarity);
    expect(similarities).toEqual([...similarities].sort((x, y) => y - x));
  });

  it('answers no more than the limit', async () => {
    await apply(index, ann, change(3, { upserts: [record('a', 1), record('b', 2), record('c', 3)] }));
    expect((await find(index, ann, 3, { limit: 1 })).map(({ id }) => id)).toEqual(['c']);
  });

  it('never answers its own bookkeeping, however near it is', async () => {
    await apply(index, ann, change(1, { upserts: [record('a', 1)] }));
    const vector = new Float32Array(dimension);
    vector[0] = 1;
    for (const spaceSize of [1, 100]) {
      expect((await index.query(ann, vector, { limit: 10, spaceSize, signal })).map(({ id }) => id)).toEqual(['a']);
    }
  });

  it('shows a change its position and keeps the new one', async () => {
    const seen: IndexPosition[] = [];
    for (const sequence of [5, 9]) {
      const reached = await index.advance(
        ann,
        (position) => {
          seen.push(position);
          return Promise.resolve(change(sequence, { upserts: [record('a', sequence)] }));
        },
        signal,
      );
      expect(reached).toEqual(positionAt(sequence));
    }
    expect(seen).toEqual([nowhere, { sequence: 5, event: 'event-5' }]);
    expect(await positionOf(index, ann)).toEqual({ sequence: 9, event: 'event-9' });
  });

  it('moves on when nothing but the position changes', async () => {
    await apply(index, ann, change(7, {}));
    expect(await positionOf(index, ann)).toEqual({ sequence: 7, event: 'event-7' });
    expect(await index.count(signal)).toBe(0);
  });

  it('replaces a record in place', async () => {
    await apply(index, ann, change(1, { upserts: [record('a', 1)] }));
    await apply(index, ann, change(2, { upserts: [record('a', 2, 2)] }));
    const hits = await find(index, ann, 2);
    expect(hits).toEqual([{ id: 'a', revision: 2, similarity: expect.closeTo(1, 5) }]);
    expect(await index.count(signal)).toBe(1);
  });

  it('deletes, and does not mind ids that are not there', async () => {
    await apply(index, ann, change(2, { upserts: [record('a', 1), record('b', 2)] }));
    await apply(index, ann, change(3, { deletes: ['a', 'nobody'] }));
    expect((await find(index, ann, 1)).map(({ id }) => id)).toEqual(['b']);
    await apply(index, ann, change(4, { deletes: ['b'], upserts: [record('c', 3), record('d', 4)] }));
    expect((await find(index, ann, 1)).map(({ id }) => id).sort()).toEqual(['c', 'd']);
    expect(await index.count(signal)).toBe(2);
  });

  it('keeps spaces apart that lie side by side and use the same ids', async () => {
    const neighbour = Array.from({ length: 99 }, (_, number) => `user:neighbour${number}` as const).find(
      (other) => shardOf(other) === shardOf(ann),
    );
    const bob = neighbour as Space;
    await apply(index, ann, change(1, { upserts: [record('same', 1)] }));
    await apply(index, bob, change(2, { upserts: [record('same', 2), record('other', 1)] }));
    for (const spaceSize of [1, 50]) {
      expect(await find(index, ann, 1, { spaceSize })).toEqual([{ id: 'same', revision: 1, similarity: expect.closeTo(1, 5) }]);
    }
    expect(await positionOf(index, ann)).toEqual({ sequence: 1, event: 'event-1' });
    await apply(index, bob, change(3, { deletes: ['same', 'other'] }));
    expect(await find(index, bob, 1)).toEqual([]);
    expect(await index.count(signal)).toBe(1);
  });

  it('finds every record of a small space beside a large one', async () => {
    const large = Array.from({ length: 99 }, (_, number) => `user:large${number}` as Space).find(
      (other) => shardOf(other) === shardOf(ann),
    ) as Space;
    await apply(index, large, change(1, { upserts: Array.from({ length: 600 }, (_, number) => record(`l${number}`, 1000 + number)) }));
    await apply(index, ann, change(1, { upserts: [record('a', 1), record('b', 2), record('c', 3)] }));
    // What the caller believes of the size chooses the way to ask, never the answer.
    for (const spaceSize of [3, 600]) {
      expect((await find(index, ann, 1000, { spaceSize })).map(({ id }) => id).sort()).toEqual(['a', 'b', 'c']);
    }
  });

  it('lists the revisions of a space, its own bookkeeping and other spaces left out', async () => {
    expect(await index.records(ann, signal)).toEqual(new Map());
    const neighbour = Array.from({ length: 99 }, (_, number) => `user:neighbour${number}` as Space).find(
      (other) => shardOf(other) === shardOf(ann),
    ) as Space;
    await apply(index, neighbour, change(1, { upserts: [record('theirs', 4)] }));
    await apply(index, ann, change(3, { upserts: [record('a', 1), record('b', 2, 4), record('c', 3)] }));
    await apply(index, ann, change(5, { upserts: [record('a', 5, 2)], deletes: ['c'] }));
    expect(await index.records(ann, signal)).toEqual(
      new Map([
        ['a', 2],
        ['b', 4],
      ]),
    );
  });

  it('takes more records at once than one request holds', async () => {
    const upserts = Array.from({ length: 700 }, (_, number) => record(`m${number}`, number));
    await apply(index, ann, change(700, { upserts }));
    expect(await index.count(signal)).toBe(700);
    expect([...(await index.records(ann, signal)).keys()].sort()).toEqual(upserts.map(({ id }) => id).sort());
    for (const number of [0, 299, 300, 599, 699]) {
      expect((await find(index, ann, number, { limit: 1, spaceSize: 700 }))[0]?.id).toBe(`m${number}`);
    }
    await apply(index, ann, change(701, { deletes: upserts.slice(0, 650).map(({ id }) => id) }));
    expect(await index.count(signal)).toBe(50);
  });

  it('loses no change when many are made at once', async () => {
    const step = (number: number) =>
      index.advance(
        ann,
        ({ sequence }) => Promise.resolve({ upserts: [record(`m${number}`, number)], deletes: [], position: positionAt(sequence + 1) }),
        signal,
      );
    await Promise.all(Array.from({ length: 12 }, (_, number) => step(number)));
    expect(await positionOf(index, ann)).toEqual({ sequence: 12, event: 'event-12' });
    expect(await index.count(signal)).toBe(12);
  });

  it('leaves everything as it was when a change fails', async () => {
    await apply(index, ann, change(1, { upserts: [record('a', 1)] }));
    const broken = index.advance(ann, () => Promise.reject(new Error('the model is down')), signal);
    await expect(broken).rejects.toThrow('the model is down');
    const short = { ...record('b', 2), vector: new Float32Array(3) };
    await expect(apply(index, ann, change(2, { upserts: [record('c', 3), short] }))).rejects.toThrow('3 components');
    expect(await positionOf(index, ann)).toEqual({ sequence: 1, event: 'event-1' });
    expect((await find(index, ann, 1)).map(({ id }) => id)).toEqual(['a']);
  });

  it('refuses a query of another length', async () => {
    await apply(index, ann, change(1, { upserts: [record('a', 1)] }));
    await expect(index.query(ann, new Float32Array(3), { limit: 1, spaceSize: 1, signal })).rejects.toThrow('3 components');
  });

  it('ends a call whose signal is aborted and writes nothing for it', async () => {
    const reason = new Error('too late');
    await expect(index.query(ann, unitVector(dimension, 1), { limit: 1, spaceSize: 1, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    const controller = new AbortController();
    const advance = index.advance(
      ann,
      () => {
        controller.abort(reason);
        return Promise.resolve(change(1, { upserts: [record('a', 1)] }));
      },
      controller.signal,
    );
    await expect(advance).rejects.toBe(reason);
    expect(await positionOf(index, ann)).toEqual(nowhere);
    expect(await index.count(signal)).toBe(0);
  });

  it('clears everything, positions included, and can be filled again', async () => {
    await apply(index, ann, change(1, { upserts: [record('a', 1)] }));
    await apply(index, 'project:keepsake', change(1, { upserts: [record('p', 2)] }));
    await index.clear(signal);
    expect(await index.count(signal)).toBe(0);
    expect(await positionOf(index, ann)).toEqual(nowhere);
    expect(await find(index, ann, 1)).toEqual([]);
    await apply(index, ann, change(1, { upserts: [record('a', 1)] }));
    expect((await find(index, ann, 1)).map(({ id }) => id)).toEqual(['a']);
  });

  it('says what it is', async () => {
    expect(await index.describe()).toMatch(/^built-in exact index|^Chroma \d+\.\d+\.\d+ \(binding .+\) at http:\/\/127\.0\.0\.1:\d+$/);
  });
});
