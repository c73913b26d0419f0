import { describe, expect, it } from 'vitest';
import { columnsOf, cutToColumns, wrapped } from '../../src/cli/text-columns.js';

describe('columnsOf', () => {
  it('counts what a terminal takes for a text, characters of East Asia and pictures twice, accents not at all', () => {
    expect(['tea', 'né', 'né', '绿茶', 'ｔ', '한국', '👩‍👩‍👧', '❤️', '1️⃣', '1', ''].map(columnsOf)).toEqual([
      3, 2, 2, 4, 2, 4, 2, 2, 2, 1, 0,
    ]);
  });
});

describe('cutToColumns', () => {
  it('says that something was left out, and never takes more than there is room for', () => {
    expect([cutToColumns('tea', 3), cutToColumns('teapot', 4), cutToColumns('绿茶和红茶', 6)]).toEqual(['tea', 'tea…', '绿茶…']);
  });
});

describe('wrapped', () => {
  it('breaks between words, and keeps punctuation at them', () => {
    expect(wrapped('Nora plays the cello (in a quartet).', 14)).toEqual(['Nora plays the', 'cello (in a', 'quartet).']);
    const chinese = '我每天早上都去公园散步，周末打羽毛球。';
    const lines = wrapped(chinese, 12);
    expect(lines.join('')).toBe(chinese);
    for (const line of lines) expect(line).toMatch(/^[^，。]/);
  });

  it('breaks what is wider than a line anywhere, loses nothing, and keeps empty lines', () => {
    const long = 'https://example.com/'.repeat(4);
    expect(wrapped(long, 10).join('')).toBe(long);
    expect(wrapped('a\n\nb', 10)).toEqual(['a', '', 'b']);
    expect(wrapped('', 10)).toEqual(['']);
    expect(wrapped('绿', 1)).toEqual(['绿']);
  });

  it('makes no line wider than it may be', () => {
    const text = 'The 部署 of "alpha-beta" runs (每天) at 10:30, see https://example.com/a/b/c for 更多信息和说明文档。'.repeat(3);
    for (let columns = 2; columns < 60; columns += 1)
      for (const line of wrapped(text, columns)) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
  });
});
