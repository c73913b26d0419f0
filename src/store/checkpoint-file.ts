import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { hasCode } from './error-code.js';
import type { LogPlace } from './log-file.js';

/** What is kept of a space: how far its log was read, and what the reader made of it. */
export interface Checkpoint {
  /** Program and structure that wrote it; another one cannot use it. */
  shape: string;
  place: LogPlace;
  state: unknown;
}

const digestBytes = 32;
const digestOf = (content: Buffer) => createHash('sha256').update(content).digest();

/** The checkpoint at `path`; undefined where there is none, or it is damaged or of another shape. */
export async function readCheckpoint(path: string, shape: string): Promise<Checkpoint | undefined> {
  try {
    const bytes = await readFile(path);
    const content = bytes.subarray(digestBytes);
    if (!digestOf(content).equals(bytes.subarray(0, digestBytes))) return undefined;
    const checkpoint = deserialize(content) as Checkpoint;
    return checkpoint.shape === shape ? checkpoint : undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    // Written by a newer Node, in a form that this one cannot read.
    if (error instanceof Error && /deserialize/i.test(error.message)) return undefined;
    throw error;
  }
}

/** The content of a checkpoint file: a digest, by which a torn one is recognised, and what it is of. The costly half of writing one. */
export function encodeCheckpoint(checkpoint: Checkpoint): Buffer[] {
  const content = serialize(checkpoint);
  return [digestOf(content), content];
}

/** Puts a checkpoint in its place in one stroke. Not synced: it is a cache. Raises file system errors. */
export async function writeCheckpoint(path: string, parts: Buffer[]): Promise<void> {
  try {
    const handle = await open(unfinished(path), 'w', 0o600);
    try {
      await handle.writev(parts);
    } finally {
      await handle.close();
    }
    await rename(unfinished(path), path);
  } catch (error) {
    // A full disk needs the room.
    await rm(unfinished(path), { force: true });
    throw error;
  }
}

/** Removes a checkpoint, an unfinished one too. */
export async function removeCheckpoint(path: string): Promise<void> {
  for (const each of [path, unfinished(path)]) await rm(each, { force: true });
}

const unfinished = (path: string) => `${path}.new`;
