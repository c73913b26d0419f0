import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** Up to so many bytes are read at once: a turn of a busy event loop takes longer than they do. */
const longestAtOnce = 64 * 1024;

/** Reads into the whole of `bytes` from a place in a file; resolves with how many there were before its end. */
export async function readAt(handle: FileHandle, bytes: Buffer, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const [rest, from] = [bytes.length - done, position + done];
    const read =
      rest <= longestAtOnce ? readSync(handle.fd, bytes, done, rest, from) : (await handle.read(bytes, done, rest, from)).bytesRead;
    if (read === 0) break;
    done += read;
  }
  return done;
}
