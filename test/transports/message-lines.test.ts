import { describe, expect, it } from 'vitest';
import { createMessageLines, type LineEnds } from '../../src/transports/message-lines.js';
import { tooLargeAnswer } from '../../src/transports/too-large.js';

/** The lines that come out of pieces, and the ends of those that were too long. */
async function split(pieces: string[], longest: number): Promise<{ lines: string[]; dropped: LineEnds[] }> {
  const dropped: LineEnds[] = [];
  const stream = createMessageLines({ longest, onTooLong: (ends) => dropped.push(ends) });
  for (const piece of pieces) stream.write(piece);
  stream.end();
  const lines: string[] = [];
  for await (const line of stream) lines.push(String(line));
  return { lines, dropped };
}

describe('message lines', () => {
  it('come out whole, one a chunk, however they came in', async () => {
    const text = '{"a":1}\n\n{"b":"ä"}\r\n{"c":3}\n';
    const lines = ['{"a":1}\n', '\n', '{"b":"ä"}\r\n', '{"c":3}\n'];
    expect((await split([text], 100)).lines).toEqual(lines);
    expect((await split([...text], 100)).lines).toEqual(lines);
  });
  it('that are too long are dropped up to their line feed, and their ends told', async () => {
    const long = `start${'x'.repeat(20_000)}end\n`;
    for (const pieces of [[`one\n${long}two\n`], ['one\n', ...(long.match(/.{1,999}\n?/gs) ?? []), 'two\n']]) {
      const { lines, dropped } = await split(pieces, 10_000);
      expect(lines).toEqual(['one\n', 'two\n']);
      expect(dropped).toHaveLength(1);
      expect(dropped[0]?.head).toMatch(/^startx{4000,5000}$/);
      expect(dropped[0]?.tail).toMatch(/^x{4000,5000}end\n$/);
    }
  });
  it('of just the longest length pass, and an end without line feed is no line', async () => {
    expect(await split(['123456789\n', '1234567890\n', '123'], 10)).toMatchObject({ lines: ['123456789\n'], dropped: [{}] });
  });
});

describe('the answer to a message that is too large', () => {
  const cut = (head: string, tail: string) => tooLargeAnswer({ head, tail });
  it.each([
    ['last', '{"method":"tools/call","params":{"name":"x', 'x"}},"jsonrpc":"2.0","id":7}\n', 7],
    ['first', '{"jsonrpc":"2.0","id":"a\\"b","method":"tools/call","params":{"na', 'x"}}}\r\n', 'a"b'],
    ['between', ' { "id" : 7 , "params" : {"na', '"}} , "method" : "tools/call" }\n', 7],
  ])('names its id, written %s', (_place, head, tail, id) => {
    expect(cut(head, tail)).toMatchObject({ id, result: { isError: true } });
  });
  it.each([
    ['a notification', '{"method":"tools/call","params":{"a":"x', 'x"}},"jsonrpc":"2.0"}\n'],
    ['an answer', '{"result":{"roots":[', ']},"jsonrpc":"2.0","id":7}\n'],
    ['an id inside the parameters', '{"method":"tools/call","params":{"a":"x', 'x","id":7}}\n'],
    ['an id inside a text', '{"method":"tools/call","params":{"a":"x', ',\\"id\\":7}"}}\n'],
    ['no JSON', 'hello', 'hello\n'],
  ])('is none for %s', (_what, head, tail) => {
    expect(cut(head, tail)).toBeUndefined();
  });
});
