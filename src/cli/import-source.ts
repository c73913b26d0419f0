import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { KeepsakeError, messageOf } from '../core/errors.js';
import { decoded } from '../formats/decoded.js';
import type { Document } from '../formats/format.js';
import { entriesOf } from '../formats/zip.js';

/** What is imported: one file, or those of an archive or folder that hold something to remember. */
export interface Source {
  /** For people. */
  name: string;
  /** Those that hold conversations before those that hold memories. */
  documents: Document[];
  /** SHA-256 of all that is imported, in hex. */
  fingerprint(): Promise<string>;
}

/** The files of a data export that hold something to remember, in whatever folder of the archive they lie. */
const isWanted = (name: string) => /^(?:[^/]+\/)?(?:conversations(?:[-_]\d+)?|memories)\.json$/i.test(name);
const chunkBytes = 1024 * 1024;
/** The bytes that archives begin with, also empty ones and parts of one. A text may begin with the first two of them. */
const zipMarks = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'].map((mark) => Buffer.from(mark));
/** The bytes that compressed files begin with. */
const gzipMark = Buffer.from([0x1f, 0x8b]);

/** Opens what lies at a path; nothing but its beginning and its list of files is read yet. Raises invalid_argument. */
export async function openSource(path: string): Promise<Source> {
  const name = basename(path);
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (found.isDirectory()) return openFolder(path);
  const head = await beginning(path);
  const fingerprint = () => hashOf([bytesOf(path)]);
  if (zipMarks.some((mark) => head.equals(mark))) {
    const entries = await entriesOf(path, name, isWanted);
    if (entries.length === 0) throw holdsNothing(path);
    const documents = entries.map((entry) => ({
      name: `${name}, ${entry.name}`,
      chunks: () => decoded(entry.bytes(), `${name}, ${entry.name}`),
    }));
    return { name, documents, fingerprint };
  }
  const bytes = head.subarray(0, gzipMark.length).equals(gzipMark) ? () => unpacked(path) : () => bytesOf(path);
  const document = { name, modified: found.mtime.toISOString(), chunks: () => decoded(bytes(), name) };
  return { name, documents: [document], fingerprint };
}

async function openFolder(path: string): Promise<Source> {
  const names = (await readdir(path)).filter(isWanted).sort();
  if (names.length === 0) throw holdsNothing(path);
  const files = names.map((name) => join(path, name));
  const documents = files.map((file) => ({ name: basename(file), chunks: () => decoded(bytesOf(file), basename(file)) }));
  return { name: basename(path), documents, fingerprint: () => hashOf(files.map(bytesOf)) };
}

function holdsNothing(path: string): KeepsakeError {
  return new KeepsakeError(
    'invalid_argument',
    `${path} holds neither conversations.json nor memories.json; name a data export of ChatGPT, Claude or OpenMemory, or one file.`,
  );
}

function unreadable(path: string, error: unknown): KeepsakeError {
  return new KeepsakeError(
    'invalid_argument',
    `${path} cannot be read (${messageOf(error)}); name a file, or the archive or folder of a data export.`,
    {
      cause: error,
    },
  );
}

async function beginning(path: string): Promise<Buffer> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) yield chunk as Uint8Array;
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* unpacked(path: string): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip({ chunkSize: chunkBytes });
  // What goes wrong is raised where it is read.
  pipeline(createReadStream(path), unzip, () => undefined);
  try {
    for await (const chunk of unzip) yield chunk as Uint8Array;
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function hashOf(files: AsyncIterable<Uint8Array>[]): Promise<string> {
  const whole = createHash('sha256');
  for (const file of files) {
    const hash = createHash('sha256');
    for await (const chunk of file) hash.update(chunk);
    whole.update(hash.digest());
  }
  return whole.digest('hex');
}
