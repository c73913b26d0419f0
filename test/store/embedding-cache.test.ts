import { appendFile, mkdtemp, open as openFile, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddingCache } from '../../src/store/embedding-cache.js';

const recordBytes = 32 + 3 * 4 + 8;
let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepsake-cache-'));
  path = join(folder, 'bge-m3-3', 'user-ann.vec');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const open = (options: { model?: string; dimension?: number } = {}) =>
  openEmbeddingCache({ folder, model: options.model ?? 'bge-m3', dimension: () => options.dimension ?? 3 });
const vector = (...numbers: number[]) => Float32Array.from(numbers);
const entry = (text: string, ...numbers: number[]) => ({ text, vector: vector(...numbers) });
const records = async () => (await stat(path)).size / recordBytes;

describe('an embedding cache', () => {
  it('gives back what was put, bit by bit, also to another process', async () => {
    const cache = open();
    expect(await cache.get('user:ann', ['a'])).toEqual([undefined]);
    await cache.put('user:ann', [entry('a', 0.1, -2, Number.MIN_VALUE), entry('b', 4, 5, 6)]);
    for (const any of [cache, open()]) {
      expect(await any.get('user:ann', ['b', 'c', 'a'])).toEqual([vector(4, 5, 6), undefined, vector(0.1, -2, Number.MIN_VALUE)]);
    }
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('takes a vector that is a window on a larger buffer', async () => {
    await open().put('user:ann', [{ text: 'a', vector: vector(9, 1, 2, 3, 9).subarray(1, 4) }]);
    expect(await open().get('user:ann', ['a'])).toEqual([vector(1, 2, 3)]);
  });

  it('keeps spaces, models and dimensions apart', async () => {
    await open().put('user:ann', [entry('a', 1, 2, 3), entry('a', 1, 2)]);
    expect(await open().get('user:bob', ['a'])).toEqual([undefined]);
    await open().put('user:bob', [entry('a', 1, 2, 3)]);
    expect(await readFile(path.replace('ann', 'bob'))).not.toEqual(await readFile(path));
    expect(await open().get('project:ann', ['a'])).toEqual([undefined]);
    expect(await open({ model: 'BGE-M3' }).get('user:ann', ['a'])).toEqual([undefined]);
    expect(await open({ dimension: 2 }).get('user:ann', ['a'])).toEqual([vector(1, 2)]);
    expect(await open({ dimension: 4 }).get('user:ann', ['a'])).toEqual([undefined]);
  });

  it('sees what another process puts later', async () => {
    const [one, two] = [open(), open()];
    await one.put('user:ann', [entry('a', 1, 2, 3)]);
    expect(await two.get('user:ann', ['a', 'b'])).toEqual([vector(1, 2, 3), undefined]);
    await one.put('user:ann', [entry('b', 4, 5, 6)]);
    expect(await two.get('user:ann', ['b'])).toEqual([vector(4, 5, 6)]);
  });

  it('uses the only dimension an earlier process found while its own is unknown', async () => {
    await open().put('user:ann', [entry('a', 1, 2, 3)]);
    expect(await open({ dimension: 0 }).get('user:ann', ['a'])).toEqual([vector(1, 2, 3)]);
    await open().put('user:ann', [entry('a', 1, 2)]);
    expect(await open({ dimension: 0 }).get('user:ann', ['a'])).toEqual([undefined]);
  });

  it('stores a text once, whoever puts it', async () => {
    await Promise.all([1, 2, 3, 4].map(() => open().put('user:ann', [entry('a', 1, 2, 3), entry('a', 1, 2, 3)])));
    expect(await records()).toBe(1);
  });

  it('loses nothing when many put at once', async () => {
    const texts = Array.from({ length: 40 }, (_, index) => `text ${index}`);
    await Promise.all(texts.map((text, index) => open().put('user:ann', [entry(text, index, 0, 1)])));
    expect(await open().get('user:ann', texts)).toEqual(texts.map((_, index) => vector(index, 0, 1)));
    expect(await records()).toBe(40);
  });

  it('reads files larger than its buffer, whole or here and there', async () => {
    const long = (first: number) => Float32Array.from({ length: 3000 }, (_, index) => first + index);
    const texts = Array.from({ length: 90 }, (_, index) => `text ${index}`);
    await open().put(
      'user:ann',
      texts.map((text, index) => ({ text, vector: long(index) })),
    );
    expect(await open({ dimension: 3000 }).get('user:ann', texts)).toEqual(texts.map((_, index) => long(index)));
    const apart = [80, 7, 8, 9, 7, 40, 0];
    const some = await open({ dimension: 3000 }).get(
      'user:ann',
      apart.map((index) => `text ${index}`),
    );
    expect(some).toEqual(apart.map(long));
  });
});

describe('erasing from an embedding cache', () => {
  it('leaves neither vector nor hash, in no model and no dimension, and nothing else is touched', async () => {
    const texts = [entry('secret', 7, 7, 7), entry('other', 4, 5, 6)];
    await open().put('user:ann', texts);
    await open({ model: 'other' }).put('user:ann', [entry('secret', 8, 8)]);
    const reader = open();
    await reader.get('user:ann', ['secret']);
    const before = await readFile(path);
    await open().keepOnly('user:ann', ['other', 'never stored']);
    const after = await readFile(path);
    expect(after.subarray(0, recordBytes)).toEqual(Buffer.alloc(recordBytes));
    expect(after.subarray(recordBytes)).toEqual(before.subarray(recordBytes));
    expect(await readFile(join(folder, 'other-2', 'user-ann.vec'))).toEqual(Buffer.alloc(32 + 8 + 8));
    expect(await reader.get('user:ann', ['secret', 'other'])).toEqual([undefined, vector(4, 5, 6)]);
  });

  it('makes room that is used again, by one who knew of it before or not', async () => {
    const [one, two] = [open(), open()];
    await one.put('user:ann', [entry('a', 1, 1, 1), entry('b', 2, 2, 2)]);
    await two.get('user:ann', ['a']);
    await one.keepOnly('user:ann', ['b']);
    await open().put('user:ann', [entry('c', 3, 3, 3)]);
    await one.put('user:ann', [entry('d', 4, 4, 4)]);
    await two.put('user:ann', [entry('a', 5, 5, 5)]);
    expect(await records()).toBe(4);
    expect(await open().get('user:ann', ['a', 'b', 'c', 'd'])).toEqual([
      vector(5, 5, 5),
      vector(2, 2, 2),
      vector(3, 3, 3),
      vector(4, 4, 4),
    ]);
  });

  it('makes room that every sweeper finds, however much others have changed since it looked', async () => {
    const [one, two] = [open(), open()];
    await one.put('user:ann', [entry('a', 1, 1, 1), entry('b', 2, 2, 2), entry('c', 3, 3, 3)]);
    await two.get('user:ann', ['a']);
    await one.keepOnly('user:ann', ['c']);
    expect(await one.size('user:ann')).toEqual({ records: 3, free: 2 });
    expect(await two.size('user:ann')).toEqual({ records: 3, free: 0 });
    await two.keepOnly('user:ann', ['c']);
    expect(await two.size('user:ann')).toEqual({ records: 3, free: 2 });
    await two.put('user:ann', [entry('d', 4, 4, 4), entry('e', 5, 5, 5)]);
    expect(await records()).toBe(3);
    expect(await one.get('user:ann', ['c'])).toEqual([vector(3, 3, 3)]);
  });

  it('never lets another text answer from the room of an erased one', async () => {
    const reader = open();
    await open().put('user:ann', [entry('a', 1, 1, 1)]);
    await reader.get('user:ann', ['a']);
    await open().keepOnly('user:ann', []);
    await open().put('user:ann', [entry('b', 2, 2, 2)]);
    expect(await records()).toBe(1);
    expect(await reader.get('user:ann', ['a'])).toEqual([undefined]);
  });

  it('also cuts a torn end, which may hold what is erased', async () => {
    await open().put('user:ann', [entry('a', 1, 2, 3)]);
    await appendFile(path, (await readFile(path)).subarray(0, recordBytes - 1));
    await open().keepOnly('user:ann', []);
    expect(await readFile(path)).toEqual(Buffer.alloc(recordBytes));
  });

  it('of a space without vectors makes no file', async () => {
    await open().put('user:ann', [entry('a', 1, 2, 3)]);
    await open().keepOnly('user:bob', []);
    expect((await readdir(join(folder, 'bge-m3-3'))).filter((name) => name.includes('bob'))).toEqual([]);
  });
});

describe('pruning an embedding cache', () => {
  it('removes the files of spaces that are gone, in every model, and no others', async () => {
    for (const space of ['user:ann', 'user:bob', 'project:ann'] as const)
      for (const model of ['bge-m3', 'other']) await open({ model }).put(space, [entry('a', 1, 2, 3)]);
    await open().prune(['user:ann', 'project:never-stored']);
    for (const model of ['bge-m3', 'other']) {
      expect((await readdir(join(folder, `${model}-3`))).sort()).toEqual(['user-ann.vec', 'user-ann.vec.lock']);
      expect(await open({ model }).get('user:ann', ['a'])).toEqual([vector(1, 2, 3)]);
    }
  });

  it('leaves a process that knew them able to go on', async () => {
    const cache = open();
    await cache.put('user:ann', [entry('a', 1, 2, 3), entry('b', 4, 5, 6)]);
    await open().prune([]);
    expect(await cache.get('user:ann', ['a'])).toEqual([undefined]);
    expect(await cache.size('user:bob')).toEqual({ records: 0, free: 0 });
    await cache.put('user:ann', [entry('b', 4, 5, 6)]);
    expect(await open().get('user:ann', ['a', 'b'])).toEqual([undefined, vector(4, 5, 6)]);
  });
});

describe('a damaged embedding cache', () => {
  it('loses a torn end and goes on', async () => {
    await open().put('user:ann', [entry('a', 1, 2, 3)]);
    await appendFile(path, Buffer.alloc(recordBytes - 1, 1));
    const cache = open();
    expect(await cache.get('user:ann', ['a'])).toEqual([vector(1, 2, 3)]);
    await cache.put('user:ann', [entry('b', 4, 5, 6)]);
    expect(await records()).toBe(2);
    expect(await open().get('user:ann', ['a', 'b'])).toEqual([vector(1, 2, 3), vector(4, 5, 6)]);
  });

  it('never answers a half-written vector, and writes it anew in its place', async () => {
    await open().put('user:ann', [entry('a', 1, 2, 3), entry('b', 4, 5, 6)]);
    const file = await openFile(path, 'r+');
    await file.write(Buffer.alloc(4), 0, 4, 32 + 4);
    await file.close();
    expect(await open().get('user:ann', ['a', 'b'])).toEqual([undefined, vector(4, 5, 6)]);
    await open().put('user:ann', [entry('a', 1, 2, 3)]);
    expect(await records()).toBe(2);
    expect(await open().get('user:ann', ['a'])).toEqual([vector(1, 2, 3)]);
  });

  it('is only a miss when its file is cut or deleted while in use', async () => {
    const cache = open();
    await cache.put('user:ann', [entry('a', 1, 2, 3), entry('b', 4, 5, 6)]);
    await truncate(path, recordBytes);
    expect(await cache.get('user:ann', ['a', 'b'])).toEqual([vector(1, 2, 3), undefined]);
    await rm(path);
    expect(await cache.get('user:ann', ['a'])).toEqual([undefined]);
    await cache.put('user:ann', [entry('c', 7, 8, 9)]);
    expect(await open().get('user:ann', ['c'])).toEqual([vector(7, 8, 9)]);
  });
});
