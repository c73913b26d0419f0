import type { Readable } from 'node:stream';
import { type Entry, open, type ZipFile } from 'yauzl';
import { messageOf } from '../core/errors.js';
import { faultIn } from './fault.js';

/** A file in an archive; its bytes are unpacked while they are read, and never written anywhere. */
export interface ZipEntry {
  name: string;
  /** Raises invalid_argument where they are not those that the archive promises. */
  bytes(): AsyncIterable<Uint8Array>;
}

/** Entries of an archive, bytes of one of them, and how much larger than packed it may be: JSON comes to some 20. */
const mostEntries = 1_000_000;
const mostBytes = 8 * 1024 ** 3;
const mostGrowth = 500;

/** The files of an archive whose names `wanted` picks, by name. Raises invalid_argument for what is none, or is a trap. */
export async function entriesOf(path: string, file: string, wanted: (name: string) => boolean): Promise<ZipEntry[]> {
  const entries = await withZip(path, file, async (zip) => {
    const found: Entry[] = [];
    if (zip.entryCount > mostEntries) throw faultIn(file, 'as a whole', `it has ${zip.entryCount} entries`);
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: Entry) => {
        if (wanted(entry.fileName)) found.push(entry);
        zip.readEntry();
      });
      zip.once('end', resolve).once('error', reject);
      zip.readEntry();
    });
    return found;
  });
  for (const { fileName, uncompressedSize, compressedSize } of entries)
    if (uncompressedSize > mostBytes || uncompressedSize > (compressedSize + 1024) * mostGrowth)
      throw faultIn(file, fileName, `it would unpack from ${compressedSize} to ${uncompressedSize} bytes`);
  return entries
    .sort((a, b) => (a.fileName < b.fileName ? -1 : 1))
    .map((entry) => ({ name: entry.fileName, bytes: () => bytesOf(path, `${file}, ${entry.fileName}`, entry) }));
}

async function* bytesOf(path: string, file: string, entry: Entry): AsyncGenerator<Uint8Array> {
  const zip = await opened(path, file);
  try {
    const stream = await new Promise<Readable>((resolve, reject) =>
      zip.openReadStream(entry, (error, found) => (error ? reject(error) : resolve(found))),
    );
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw faultIn(file, 'as a whole', `it cannot be unpacked (${messageOf(error)})`, { cause: error });
  } finally {
    zip.close();
  }
}

async function withZip<T>(path: string, file: string, work: (zip: ZipFile) => Promise<T>): Promise<T> {
  const zip = await opened(path, file);
  try {
    return await work(zip);
  } catch (error) {
    // Names that lead out of the archive are refused by the library.
    throw error instanceof Error && !('code' in error) ? faultIn(file, 'as a whole', messageOf(error), { cause: error }) : error;
  } finally {
    zip.close();
  }
}

function opened(path: string, file: string): Promise<ZipFile> {
  return new Promise((resolve, reject) =>
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) =>
      error ? reject(faultIn(file, 'as a whole', `it is no readable archive (${error.message})`, { cause: error })) : resolve(zip),
    ),
  );
}
