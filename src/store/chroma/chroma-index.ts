import { join } from 'node:path';
import type { Collection, Metadata } from 'chromadb';
import {
  type IndexChange,
  type IndexPosition,
  type Logger,
  nowhere,
  type Space,
  type VectorHit,
  type VectorIndex,
  type VectorRecord,
} from '../../core/ports.js';
import { faultPoint } from '../fault-point.js';
import { type Lock, withLock } from '../lock.js';
import { collectionName, shardCount, shardOf, spaceKey } from './collections.js';
import { openConnection } from './connection.js';
import type { ChromaServer } from './server.js';

/** Records in one request, and results of one query: Chroma Cloud's limits. */
const batchSize = 300;
/** Records in one page of a listing by a server of our own: fewer or more take it longer. */
const ownListSize = 2000;
/** How long a live process may hold a space before others take it over, in milliseconds: a batch of embeddings takes its time. */
const stealAfter = 60_000;
/** From this share of a collection on a space is queried without a filter. */
const largeShare = 0.25;
/** How long a collection's size is believed, in milliseconds; it only chooses between two ways to query. */
const sizeLifetime = 30_000;

/** An index in Chroma. */
export interface ChromaIndexOptions {
  /** Random, made with the home: keeps homes apart that share a server. */
  historyId: string;
  model: string;
  dimension: number;
  server: ChromaServer;
  /** Where the processes of this home take turns; made when missing. */
  lockFolder: string;
  logger: Logger;
}

/** The collection that an advance began with was replaced by a new, empty one: what it wrote is gone. */
class ReplacedError extends Error {}

/**
 * A vector index in Chroma, local, remote or Chroma Cloud. Holds vectors and revisions, never text. Requests that fail
 * with a lost connection are repeated within the signal; a collection that Chroma cannot read any more is made anew,
 * empty. Raises ChromaUnavailableError, ChromaRequestError or the signal's reason.
 */
export function openChromaIndex(options: ChromaIndexOptions): VectorIndex {
  const { server, dimension, lockFolder } = options;
  const names = Array.from({ length: shardCount }, (_, shard) => collectionName(options, shard));
  const connection = openConnection(options);
  const sizes = new Map<string, { size: number; until: number }>();
  const nameOf = (space: Space) => names[shardOf(space)] as string;

  async function write(space: Space, change: IndexChange, { collection, lock }: { collection: WriteTo; lock: Lock }): Promise<void> {
    for (const { vector } of change.upserts) checkDimension(vector, dimension);
    const key = spaceKey(space);
    const guarded = async (operation: (collection: Collection) => Promise<unknown>) => {
      if (!(await lock.held())) throw new ReplacedError('Another process took over the space.');
      await collection(operation);
    };
    for (const ids of chunks(change.deletes, batchSize)) {
      await guarded((to) => to.delete({ ids: ids.map((id) => recordId(key, id)) }));
    }
    // The position goes in the same request as the last records: it must never stand without what it covers.
    const records = [...change.upserts.map((record) => rowOf(key, record)), positionRow(key, change.position, dimension)];
    for (const rows of chunks(records, batchSize)) {
      await guarded((to) =>
        to.upsert({
          ids: rows.map(({ id }) => id),
          embeddings: rows.map(({ vector }) => vector as unknown as number[]),
          metadatas: rows.map(({ metadata }) => metadata),
        }),
      );
    }
    sizes.delete(nameOf(space));
  }

  async function advance(
    space: Space,
    make: (position: IndexPosition) => Promise<IndexChange | undefined>,
    { lock, signal }: { lock: Lock; signal: AbortSignal },
  ): Promise<IndexPosition> {
    const id = positionId(spaceKey(space));
    let began: string | undefined;
    const collection: WriteTo = (operation) =>
      connection.collection(nameOf(space), signal, (current) => {
        began ??= current.id;
        if (current.id !== began) throw new ReplacedError('The collection was replaced meanwhile.');
        return operation(current);
      });
    const { metadatas } = await collection((from) => from.get({ ids: [id], include: ['metadatas'] }));
    const position = positionIn(metadatas[0] ?? {});
    const change = await make({ ...position });
    signal.throwIfAborted();
    if (change === undefined) return position;
    faultPoint('index');
    await write(space, change, { collection, lock });
    faultPoint('indexed');
    return { ...change.position };
  }

  async function sizeOf(name: string, signal: AbortSignal): Promise<number> {
    const known = sizes.get(name);
    if (known !== undefined && known.until > performance.now()) return known.size;
    const size = await connection.collection(name, signal, (collection) => collection.count());
    sizes.set(name, { size, until: performance.now() + sizeLifetime });
    return size;
  }

  async function nearest(
    space: Space,
    search: { vector: number[]; fetch: number; filtered: boolean; signal: AbortSignal },
  ): Promise<VectorHit[]> {
    const { vector, fetch, filtered, signal } = search;
    const key = spaceKey(space);
    const result = await connection.collection(nameOf(space), signal, (collection) =>
      collection.query({
        queryEmbeddings: [vector],
        nResults: fetch,
        include: ['metadatas', 'distances'],
        ...(filtered && { where: { space: { $eq: key } } }),
      }),
    );
    return (result.ids[0] ?? []).flatMap((id, row) => {
      const metadata = result.metadatas[0]?.[row];
      const distance = result.distances[0]?.[row];
      if (metadata?.space !== key || metadata.kind === 'position' || typeof distance !== 'number') return [];
      return [{ id: memoryId(id), revision: Number(metadata.revision), similarity: 1 - distance }];
    });
  }

  return {
    async describe() {
      const { version, endpoint } = await connection.describe(AbortSignal.timeout(70_000));
      return `Chroma ${version}${endpoint.about === undefined ? '' : ` (${endpoint.about})`} at ${endpoint.url}`;
    },

    async advance(space, make, signal) {
      for (let attempt = 1; ; attempt++) {
        try {
          const folder = join(lockFolder, `${nameOf(space)}-${spaceKey(space)}`);
          return await withLock(folder, (lock) => advance(space, make, { lock, signal }), { stealAfter, signal });
        } catch (error) {
          // What was written is gone or was overtaken: the position tells anew what is wanted.
          if (!(error instanceof ReplacedError) || attempt === 3) throw error;
        }
      }
    },

    async query(space, vector, { limit, spaceSize, signal }) {
      checkDimension(vector, dimension);
      const wanted = Math.min(limit, batchSize - 1);
      const search = { vector: Array.from(vector), signal };
      const share = Math.min(1, spaceSize / Math.max(1, await sizeOf(nameOf(space), signal)));
      // A filter costs time with every record that it lets pass, so where most are of this space more are fetched instead.
      if (share >= largeShare && share * batchSize >= Math.min(2 * wanted, 0.8 * batchSize)) {
        // The fewer others there are, the fewer can be near: each record fetched in vain costs the server as much as a hit.
        const spare = Math.min(1, 3 * (1 - share));
        const fetch = Math.min(batchSize, Math.ceil(((1 + spare) * wanted) / share) + shardCount);
        const hits = await nearest(space, { ...search, fetch, filtered: false });
        if (hits.length >= Math.min(wanted, spaceSize)) return hits.slice(0, wanted);
      }
      const hits = await nearest(space, { ...search, fetch: wanted + 1, filtered: true });
      return hits.slice(0, wanted);
    },

    async records(space, signal) {
      const key = spaceKey(space);
      const records = new Map<string, number>();
      const listSize = server.discard === undefined ? batchSize : ownListSize;
      for (let offset = 0; ; offset += listSize) {
        const { ids, metadatas } = await connection.collection(nameOf(space), signal, (collection) =>
          collection.get({ where: { space: { $eq: key } }, include: ['metadatas'], limit: listSize, offset }),
        );
        for (const [row, id] of ids.entries()) {
          const metadata = metadatas[row];
          if (metadata?.kind !== 'position') records.set(memoryId(id), Number(metadata?.revision));
        }
        if (ids.length < listSize) return records;
      }
    },

    async count(signal) {
      const counts = names.map((name) =>
        connection.existing(name, signal, async (collection) => {
          const positions = await collection.get({ where: { kind: { $eq: 'position' } }, include: [] });
          return (await collection.count()) - positions.ids.length;
        }),
      );
      return (await Promise.all(counts)).reduce<number>((total, count) => total + (count ?? 0), 0);
    },

    async clear(signal) {
      sizes.clear();
      await connection.clear(names, signal);
    },

    close: () => server.close(),
  };
}

/** Runs an operation on the collection that an advance began with. */
type WriteTo = <T>(operation: (collection: Collection) => Promise<T>) => Promise<T>;

function rowOf(key: string, { id, vector, kind, revision }: VectorRecord) {
  return { id: recordId(key, id), vector, metadata: { space: key, kind, revision } };
}

/** Marks how far a space is indexed; its vector is any of length 1. */
function positionRow(key: string, { sequence, event }: IndexPosition, dimension: number) {
  const vector = new Float32Array(dimension);
  vector[0] = 1;
  return { id: positionId(key), vector, metadata: { space: key, kind: 'position', revision: 0, sequence, event } };
}

/** Earlier versions marked no event: where they stood says nothing. */
function positionIn({ sequence, event }: Metadata): IndexPosition {
  return typeof sequence === 'number' && typeof event === 'string' ? { sequence, event } : nowhere;
}

function positionId(key: string): string {
  return `position-${key}`;
}

/** Memories keep their ids when logs are merged, so the space is part of a record's id. */
function recordId(key: string, id: string): string {
  return `${key}.${id}`;
}

function memoryId(recordId: string): string {
  return recordId.slice(recordId.indexOf('.') + 1);
}

function chunks<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

function checkDimension(vector: Float32Array, dimension: number): void {
  if (vector.length !== dimension) throw new Error(`A vector of ${vector.length} components was given to an index of ${dimension}.`);
}
