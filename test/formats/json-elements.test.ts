import { describe, expect, it } from 'vitest';
import { jsonElements } from '../../src/formats/json-elements.js';
import { collected, inPieces } from './chunks.js';

const values = async (text: string, length?: number) =>
  (await collected(jsonElements(inPieces(text, length), 'f'))).map(({ value }) => value);

describe('the elements of a JSON text', () => {
  it('are those of its list, wherever the text is cut into pieces', async () => {
    const list = [{ a: 'x,]}"\\', b: [1, { c: null }] }, 'te"xt', 1.5e3, true, null, [], {}, '\\', 'ü😀'];
    const text = JSON.stringify(list, undefined, 2);
    for (let length = 1; length < 12; length += 1) expect(await values(text, length)).toEqual(list);
  });

  it('are of an object those of the lists in its fields, and its other fields, each with its name and line', async () => {
    const text = '{"user": {"id": 1},\n "results": [{"a": 1}, {"a": 2}],\n "count": 2, "none": []}';
    expect(await collected(jsonElements(inPieces(text), 'f'))).toEqual([
      { key: 'user', index: 1, line: 1, value: { id: 1 } },
      { key: 'results', index: 1, line: 2, value: { a: 1 } },
      { key: 'results', index: 2, line: 2, value: { a: 2 } },
      { key: 'count', index: 1, line: 3, value: 2 },
    ]);
  });

  it.each([
    ['', 'line 1: it is empty'],
    ['[{"a": 1},\n{"a": ', 'line 2, behind element 1: the file ends in the middle'],
    ['[{"a": 1}, {"a": "b', 'line 1, behind element 1: the file ends in the middle'],
    ['[{"a": 1},\n\n{"a": oops}]', 'line 3, behind element 1: it is no valid JSON (Unexpected "o"'],
    ['[{"a": 1}\n{"a": 2}]', 'line 2, behind element 1: it is no valid JSON'],
    ['{"b": 1, "a": [1, 2}', 'line 1, behind element 2: it is no valid JSON'],
    ['[1] [2]', 'line 1: more follows'],
    ['[1] "2', 'line 1: it is no valid JSON'],
    ['{"a" 1}', 'it is no valid JSON'],
    ['{a: 1}', 'it is no valid JSON (Unexpected "a"'],
    ['[01]', 'it is no valid JSON'],
    ['[1,]', 'it is no valid JSON'],
    ['["a\nb"]', 'it is no valid JSON'],
    ['"hello"', 'line 1: it is no JSON list or object'],
    [`["${'x'.repeat(500)}" "${'y'.repeat(5000)}"]`, 'behind element 1: it is no valid JSON (Unexpected STRING ("yyyy'],
    [`[${'['.repeat(300)}`, 'nested more than 200 levels'],
    [`[${'{"a":'.repeat(1_000_000)}`, 'nested more than 200 levels'],
  ])('end with an error that names the line: %.30s', async (text, says) => {
    await expect(values(text, 1000)).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(says) });
  });
});
