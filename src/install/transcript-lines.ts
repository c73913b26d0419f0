import { createReadStream } from 'node:fs';

/** A whole line of a file, and the offset of the byte behind it. */
export interface FileLine {
  text: string;
  end: number;
}

/** The whole lines of a file from an offset on; one that is still being written is left. Raises file system errors. */
export async function* linesFrom(path: string, offset: number): AsyncGenerator<FileLine> {
  let held: Buffer[] = [];
  let end = offset;
  for await (const chunk of createReadStream(path, { start: offset }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, start)) {
      const line = Buffer.concat([...held, chunk.subarray(start, at)]);
      held = [];
      start = at + 1;
      end += line.length + 1;
      yield { text: line.toString('utf8'), end };
    }
    if (start < chunk.length) held.push(chunk.subarray(start));
  }
}
