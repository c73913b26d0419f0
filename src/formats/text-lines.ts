import { faultIn } from './fault.js';

/** One line of a file, without its end, counted from 1. */
export interface Line {
  text: string;
  line: number;
}

/** Characters of a line: an attachment of 3 MiB in base64 and anything a conversation is made of fit in it. */
export const longestElement = 64 * 1024 * 1024;

/** The lines of a text that comes in pieces, whichever way they end. Raises invalid_argument for one of over 64 million characters. */
export async function* linesOf(chunks: AsyncIterable<string>, file: string): AsyncGenerator<Line> {
  let rest: string[] = [];
  let length = 0;
  let line = 0;
  const whole = (last: string) => {
    line += 1;
    const text = [...rest, last].join('');
    rest = [];
    length = 0;
    return { text: text.endsWith('\r') ? text.slice(0, -1) : text, line };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let feed = chunk.indexOf('\n'); feed >= 0; feed = chunk.indexOf('\n', start)) {
      yield whole(chunk.slice(start, feed));
      start = feed + 1;
    }
    rest.push(chunk.slice(start));
    length += chunk.length - start;
    if (length > longestElement) throw faultIn(file, `line ${line + 1}`, `it has more than ${longestElement} characters`);
  }
  if (length > 0) yield whole('');
}

/** A whole text that comes in pieces. Raises invalid_argument where it is longer than `longest` characters. */
export async function wholeText(chunks: AsyncIterable<string>, file: string, longest = longestElement): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > longest) throw faultIn(file, 'as a whole', `it has more than ${longest} characters, which are read at once; split it`);
  }
  return parts.join('').replace(/\r\n?/g, '\n');
}
