import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, open } from 'node:fs/promises';
import { hasCode } from './error-code.js';
import { withLock } from './lock.js';

/** A 32-byte key as a latin1 string, to be used in maps. */
type Key = string;

/** A vector under its 32-byte key. */
export interface VectorEntry {
  key: Buffer;
  vector: Float32Array;
}

/**
 * A file of vectors of one length that several processes share. Records are all of one size: a 32-byte key, the
 * vector as float32 in little-endian order, and the first 8 bytes of the SHA-256 of both, by which a record that was
 * torn or replaced is recognised. A record whose key is all zero is free.
 */
export interface VectorFile {
  /** The vectors under these 32-byte keys, undefined where there is none. */
  get(keys: Buffer[]): Promise<(Float32Array | undefined)[]>;
  /** Adds what is not there yet, in free records first. */
  put(entries: VectorEntry[]): Promise<void>;
  /** Overwrites the records of all keys but these with zeros, synced before it resolves. */
  keepOnly(keys: Buffer[]): Promise<void>;
  /** How many records the file has, and how many of them this process believes to be free. */
  size(): Promise<{ records: number; free: number }>;
}

const keyBytes = 32;
const checkBytes = 8;
const free: Key = '\0'.repeat(keyBytes);
/** Bytes read at once when a file is loaded. */
const chunkBytes = 1 << 20;

function check(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest().subarray(0, checkBytes);
}

function encode(key: Buffer, vector: Float32Array): Buffer {
  const content = Buffer.concat([key, Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)]);
  return Buffer.concat([content, check(content)]);
}

function keyOf(record: Buffer): Key {
  return record.toString('latin1', 0, keyBytes);
}

function decode(record: Buffer): Float32Array | undefined {
  const content = record.subarray(0, -checkBytes);
  if (!check(content).equals(record.subarray(-checkBytes))) return undefined;
  return new Float32Array(Uint8Array.from(content.subarray(keyBytes)).buffer);
}

/**
 * Opens the file at `path` for vectors of `dimension` numbers; it is made at the first put. Which records there are is
 * loaded at the first use and kept current by reading what other processes appended; writes lock `path`.lock.
 */
export function openVectorFile(path: string, dimension: number): VectorFile {
  const recordBytes = keyBytes + dimension * Float32Array.BYTES_PER_ELEMENT + checkBytes;
  const chunkRecords = Math.max(1, Math.floor(chunkBytes / recordBytes));
  /** Where keys were last seen; what is read there is checked again, for another process may have changed it. */
  const recordOf = new Map<Key, number>();
  const freeRecords = new Set<number>();
  let known = 0;
  let waiting: VectorEntry[] = [];
  let joined: Promise<void> | undefined;
  let lastPut: Promise<void> = Promise.resolve();

  async function withFile<T>(flags: number, work: (file: FileHandle) => Promise<T>): Promise<T> {
    const file = await open(path, flags, 0o600);
    try {
      return await work(file);
    } finally {
      await file.close();
    }
  }

  /** Calls `visit` for every complete record from number `first` on; resolves with how many there are in all. */
  async function scan(file: FileHandle, first: number, visit: (key: Key, record: number) => void): Promise<number> {
    const total = Math.floor((await file.stat()).size / recordBytes);
    const buffer = Buffer.allocUnsafe(Math.min(chunkRecords, Math.max(0, total - first)) * recordBytes);
    for (let start = first; start < total; start += chunkRecords) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start * recordBytes);
      const end = Math.min(total, start + Math.floor(bytesRead / recordBytes));
      for (let record = start; record < end; record++) visit(keyOf(buffer.subarray((record - start) * recordBytes)), record);
    }
    return total;
  }

  function note(key: Key, record: number): void {
    if (key === free) freeRecords.add(record);
    else recordOf.set(key, record);
  }

  async function refresh(file: FileHandle): Promise<void> {
    known = Math.max(known, await scan(file, known, note));
  }

  async function readRecord(file: FileHandle, record: number): Promise<Buffer> {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(recordBytes), 0, recordBytes, record * recordBytes);
    return buffer.subarray(0, bytesRead);
  }

  /** Records by their numbers; those that lie side by side, as what was put together does, are read together. */
  async function readRecords(file: FileHandle, records: number[]): Promise<Map<number, Buffer>> {
    const found = new Map<number, Buffer>();
    const sorted = [...new Set(records)].sort((a, b) => a - b);
    for (let at = 0; at < sorted.length; ) {
      const first = sorted[at] ?? 0;
      let count = 1;
      while (count < chunkRecords && sorted[at + count] === first + count) count += 1;
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(count * recordBytes), 0, count * recordBytes, first * recordBytes);
      for (let each = 0; (each + 1) * recordBytes <= bytesRead; each += 1)
        found.set(first + each, buffer.subarray(each * recordBytes, (each + 1) * recordBytes));
      at += count;
    }
    return found;
  }

  /** The record to write a key to; undefined if its vector is already there. Only under the lock. */
  async function recordToWrite(file: FileHandle, key: Key): Promise<number | undefined> {
    const own = recordOf.get(key);
    if (own !== undefined) {
      const content = await readRecord(file, own);
      if (keyOf(content) === key) return decode(content) ? undefined : own;
    }
    for (const record of freeRecords) {
      freeRecords.delete(record);
      if (keyOf(await readRecord(file, record)) === free) return record;
    }
    return known++;
  }

  /** Runs `work` as the only writer, on a file without a torn end. */
  async function write(flags: number, work: (file: FileHandle) => Promise<void>): Promise<void> {
    await withLock(`${path}.lock`, () =>
      withFile(flags, async (file) => {
        const { size } = await file.stat();
        if (size % recordBytes !== 0) await file.truncate(size - (size % recordBytes));
        await work(file);
      }),
    );
  }

  async function writeWaiting(): Promise<void> {
    const entries = waiting;
    [waiting, joined] = [[], undefined];
    await write(constants.O_RDWR | constants.O_CREAT, async (file) => {
      await refresh(file);
      for (const { key, vector } of entries) {
        const record = await recordToWrite(file, key.toString('latin1'));
        if (record === undefined) continue;
        await file.write(encode(key, vector), 0, recordBytes, record * recordBytes);
        recordOf.set(key.toString('latin1'), record);
      }
    });
  }

  return {
    async get(keys) {
      try {
        return await withFile(constants.O_RDONLY, async (file) => {
          await refresh(file);
          const places = keys.map((key) => recordOf.get(key.toString('latin1')));
          const records = await readRecords(
            file,
            places.filter((place) => place !== undefined),
          );
          return keys.map((key, index) => {
            const record = records.get(places[index] ?? -1);
            return record?.subarray(0, keyBytes).equals(key) ? decode(record) : undefined;
          });
        });
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error;
        return keys.map(() => undefined);
      }
    },

    async size() {
      try {
        await withFile(constants.O_RDONLY, refresh);
        return { records: known, free: freeRecords.size };
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error;
        return { records: 0, free: 0 };
      }
    },

    put(entries) {
      waiting.push(...entries);
      // Whoever comes while another write is under way joins the next one, so that many calls share one lock.
      joined ??= lastPut.then(writeWaiting, writeWaiting);
      lastPut = joined;
      return joined;
    },

    async keepOnly(keys) {
      const kept = new Set(keys.map((key) => key.toString('latin1')));
      try {
        await access(path);
        await write(constants.O_RDWR, async (file) => {
          const found: number[] = [];
          recordOf.clear();
          freeRecords.clear();
          known = await scan(file, 0, (key, record) => {
            if (key === free || kept.has(key)) note(key, record);
            else found.push(record);
          });
          for (const record of found) await file.write(Buffer.alloc(recordBytes), 0, recordBytes, record * recordBytes);
          await file.sync();
          for (const record of found) freeRecords.add(record);
        });
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error;
      }
    },
  };
}
