import { faultIn } from './fault.js';

const marks: readonly [string, readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Bytes as text: UTF-8, or what the mark at their beginning says, which is not part of the text. Raises invalid_argument. */
export async function* decoded(bytes: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let read = 0;
  try {
    for await (const chunk of bytes) {
      const start = chunk;
      decoder ??= new TextDecoder(marks.find(([, mark]) => mark.every((byte, index) => start[index] === byte))?.[0] ?? 'utf-8', {
        fatal: true,
      });
      yield decoder.decode(chunk, { stream: true });
      read += chunk.length;
    }
    yield decoder?.decode() ?? '';
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw faultIn(file, `after ${read} bytes`, 'it is not written in UTF-8 (nor in UTF-16 with its mark)', { cause: error });
  }
}
