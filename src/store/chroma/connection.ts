import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChromaClient, Collection } from 'chromadb';
import type { Logger } from '../../core/ports.js';
import { withLock } from '../lock.js';
import { unlessAborted } from './abort.js';
import { ChromaRequestError, createChromaClient, withSignal } from './client.js';
import { dropCollection, findCollection, openCollection } from './collections.js';
import { faultOf } from './faults.js';
import type { ChromaEndpoint, ChromaServer } from './server.js';

/** How often one operation is tried before its error is given out; the pauses between add up to about two seconds. */
const attempts = 7;

/** A live client with the collections that it has opened. */
interface Session {
  endpoint: ChromaEndpoint;
  client: ChromaClient;
  collections: Map<string, Promise<Collection>>;
}

/** Chroma as an index sees it: operations on named collections, which outlive the loss of server, connection or collection. */
export interface ChromaConnection {
  /** Runs an idempotent operation on a collection, which is made when missing. */
  collection<T>(name: string, signal: AbortSignal, operation: (collection: Collection) => Promise<T>): Promise<T>;
  /** The same on a collection that is not made; undefined when it is missing. */
  existing<T>(name: string, signal: AbortSignal, operation: (collection: Collection) => Promise<T>): Promise<T | undefined>;
  /** Drops these collections; a local server that then holds none is emptied, files and all. */
  clear(names: string[], signal: AbortSignal): Promise<void>;
  describe(signal: AbortSignal): Promise<{ version: string; endpoint: ChromaEndpoint }>;
}

/**
 * Connects at the first operation. A collection that Chroma cannot read any more is dropped; if even that fails, a
 * server of our own is emptied. Both happen under a lock in `lockFolder`. Raises ChromaUnavailableError,
 * ChromaRequestError or the signal's reason.
 */
export function openConnection({
  server,
  lockFolder,
  logger,
}: {
  server: ChromaServer;
  lockFolder: string;
  logger: Logger;
}): ChromaConnection {
  let current: Session | undefined;

  async function session(signal: AbortSignal): Promise<Session> {
    const endpoint = await server.endpoint(signal);
    if (current?.endpoint.url !== endpoint.url) current = { endpoint, client: await createChromaClient(endpoint), collections: new Map() };
    return current;
  }

  /** Opened once for all callers, so under nobody's signal. */
  function opened({ client, collections }: Session, name: string): Promise<Collection> {
    const known = collections.get(name);
    if (known !== undefined) return known;
    const collection = withSignal(new AbortController().signal, () => openCollection(client, name));
    collections.set(name, collection);
    collection.catch(() => collections.get(name) === collection && collections.delete(name));
    return collection;
  }

  /** Runs an operation until it succeeds or fails for good; `name` is the collection that a fault may concern. */
  async function persist<T>(name: string, signal: AbortSignal, operation: (session: Session) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      const used = await session(signal);
      try {
        return await withSignal(signal, () => operation(used));
      } catch (error) {
        const fault = faultOf(error);
        if (fault === undefined || attempt === attempts) throw error;
        logger.debug('trying Chroma again', { fault, attempt, reason: String(error) });
        // What is still "transient" after some time stays so: a collection whose files are gone.
        if (fault === 'dead' || (fault === 'transient' && attempt === attempts - 1 && server.discard !== undefined))
          await repair(used, name, signal);
        if (fault === 'unreachable') server.failed(used.endpoint);
        if (fault === 'missing') used.collections.delete(name);
        await pause(30 * 2 ** (attempt - 1), undefined, { signal });
      }
    }
  }

  /** Drops a dead collection once, however many processes meet it. */
  async function repair(used: Session, name: string, signal: AbortSignal): Promise<void> {
    const broken = (await used.collections.get(name))?.id;
    await withLock(
      join(lockFolder, 'repair'),
      async () => {
        const { client } = used;
        try {
          const present = await withSignal(signal, () => findCollection(client, name));
          if (present === undefined || (broken !== undefined && present.id !== broken)) return;
          logger.warn('Chroma cannot read a collection any more; it is dropped and rebuilt', { collection: name });
          await withSignal(signal, () => dropCollection(client, name));
        } catch (error) {
          const refused = error instanceof ChromaRequestError && (error.status ?? 0) >= 500;
          if (server.discard === undefined || !refused) throw error;
          await server.discard(signal);
        }
      },
      { stealAfter: 60_000, signal },
    );
    used.collections.delete(name);
  }

  return {
    collection: (name, signal, operation) =>
      persist(name, signal, async (used) => operation(await unlessAborted(opened(used, name), signal))),

    existing: (name, signal, operation) =>
      persist(name, signal, async ({ client }) => {
        const collection = await findCollection(client, name);
        return collection && operation(collection);
      }),

    async clear(names, signal) {
      let others = 0;
      for (const name of names) {
        others = await persist(name, signal, async ({ client, collections }) => {
          await dropCollection(client, name);
          collections.delete(name);
          return client.countCollections();
        });
      }
      // Chroma leaves the files of dropped collections behind; vectors of erased memories must not stay in them.
      if (others === 0) await server.discard?.(signal);
    },

    describe: (signal) => persist('', signal, async ({ client, endpoint }) => ({ version: await client.version(), endpoint })),
  };
}
