import { ChromaRequestError } from './client.js';

/**
 * What a failed request means: the server cannot be reached; the collection is gone; the moment was bad and the same
 * request may succeed at once; or the collection's index on disk is unreadable for good.
 */
export type Fault = 'unreachable' | 'missing' | 'transient' | 'dead';

/** A query that meets the very first write of a collection in another process. */
const transient = /Nothing found on disk/;
/** What Chroma says about an index that a crash, a full disk or a second server left half written. */
const dead = /deserializing pickle|loading hnsw|hnsw segment reader|error finding id|backfill request to compactor/i;

/** Classifies a thrown error; undefined when trying again is no use. */
export function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof ChromaRequestError)) return undefined;
  // A server that is too busy to answer is not helped by asking once more.
  if (error.status === undefined) return error.cause instanceof Error && error.cause.name === 'TimeoutError' ? undefined : 'unreachable';
  if (error.status === 404) return 'missing';
  if (error.status === 429 || error.status === 503 || transient.test(error.message)) return 'transient';
  if (error.status >= 500 && dead.test(error.message)) return 'dead';
  return undefined;
}
