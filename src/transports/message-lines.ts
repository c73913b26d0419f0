import { Transform } from 'node:stream';

/** What is kept of a line that is too long: how it begins and how it ends. */
export interface LineEnds {
  head: string;
  tail: string;
}

/** Bytes kept of either end of a line that is too long: room for the members beside `params`. */
const endLength = 4096;
const lineFeed = 10;

/**
 * A stream of bytes in, whole lines out, each as one chunk with its line feed. A line of more than `longest` bytes is
 * dropped, and its ends given to `onTooLong`; no more than `longest` bytes are held. An end without line feed is no line.
 */
export function createMessageLines({ longest, onTooLong }: { longest: number; onTooLong: (ends: LineEnds) => void }): Transform {
  let parts: Buffer[] = [];
  let length = 0;
  let head: string | undefined;

  function take(part: Buffer): void {
    parts.push(part);
    length += part.length;
    if (length <= longest) return;
    const held = Buffer.concat(parts);
    head ??= held.toString('utf8', 0, endLength);
    // A copy, so that the rest can be let go.
    parts = [Buffer.from(held.subarray(-endLength))];
  }

  function finished(): Buffer | undefined {
    const line = Buffer.concat(parts);
    const begun = head;
    parts = [];
    length = 0;
    head = undefined;
    if (begun === undefined) return line;
    onTooLong({ head: begun, tail: line.toString() });
    return undefined;
  }

  return new Transform({
    readableObjectMode: true,
    transform(chunk: Buffer, _encoding, done) {
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
        take(chunk.subarray(start, end + 1));
        const line = finished();
        if (line) this.push(line);
        start = end + 1;
      }
      if (start < chunk.length) take(chunk.subarray(start));
      done();
    },
  });
}
