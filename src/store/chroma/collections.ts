import { createHash } from 'node:crypto';
import type { ChromaClient, Collection } from 'chromadb';
import type { Space } from '../../core/ports.js';
import { ChromaRequestError } from './client.js';

/** Collections of an index. Each costs the server memory that it never gives back, so spaces share them. */
export const shardCount = 8;

/**
 * Cosine distance and a graph dense enough for vectors without clusters (recall at 10 of 0.98 among 10,000 random
 * ones). A higher sync_threshold would make every write slower.
 */
const graph = { space: 'cosine', ef_construction: 200, max_neighbors: 32, ef_search: 300, sync_threshold: 1000 } as const;

/** Raised with what a collection's records mean, so that versions of the program never share one that they read differently. */
const layout = 1;

/** The short name of a space in ids and metadata: 64 bits of its SHA-256. */
export function spaceKey(space: Space): string {
  return digest(space).slice(0, 16);
}

/** The shard that a space's records lie in, 0 to 7. */
export function shardOf(space: Space): number {
  return Number.parseInt(digest(space).slice(-2), 16) % shardCount;
}

/**
 * The name of one shard of an index: history, model and dimension are part of it, so indexes never mix, not even on a
 * server that homes share. At most 128 characters, the limit of Chroma Cloud.
 */
export function collectionName(
  { historyId, model, dimension }: { historyId: string; model: string; dimension: number },
  shard: number,
): string {
  const slug = model
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48);
  return `keepsake${layout}-${digest(historyId).slice(0, 16)}-${slug}-${digest(model).slice(0, 8)}-${dimension}-${shard}`;
}

/**
 * Opens a collection and makes it when missing. One that was made otherwise is dropped and made anew, since Chroma
 * ignores a differing request. Raises ChromaRequestError.
 */
export async function openCollection(client: ChromaClient, name: string): Promise<Collection> {
  const request = { name, embeddingFunction: null, configuration: { hnsw: graph } };
  const found = await client.getOrCreateCollection(request);
  if (isAsRequested(found)) return found;
  await dropCollection(client, name);
  const made = await client.getOrCreateCollection(request);
  if (!isAsRequested(made)) throw new Error(`Chroma does not make collections with cosine distance: ${JSON.stringify(made.configuration)}`);
  return made;
}

/** The collection if there is one. Raises ChromaRequestError. */
export function findCollection(client: ChromaClient, name: string): Promise<Collection | undefined> {
  return client.getCollection({ name }).catch(undefinedWhenMissing);
}

/** Deletes a collection if there is one. Raises ChromaRequestError. */
export function dropCollection(client: ChromaClient, name: string): Promise<void> {
  return client.deleteCollection({ name }).catch(undefinedWhenMissing);
}

/** Chroma Cloud has an index of its own in place of the graph; there only the distance is ours to choose. */
function isAsRequested({ configuration: { hnsw, spann } }: Collection): boolean {
  if (hnsw === undefined || hnsw === null) return spann?.space === graph.space;
  return Object.entries(graph).every(([key, value]) => hnsw[key as keyof typeof graph] === value);
}

function undefinedWhenMissing(error: unknown): undefined {
  if (error instanceof ChromaRequestError && error.status === 404) return undefined;
  throw error;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
