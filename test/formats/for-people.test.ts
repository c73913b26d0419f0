import { describe, expect, it } from 'vitest';
import { csvHeader, csvLine } from '../../src/formats/memory-csv.js';
import { markdownMark, markdownOf } from '../../src/formats/memory-markdown.js';
import type { MemoryRow } from '../../src/formats/memory-row.js';
import { readAll } from './chunks.js';

const row = (text: string, more: Partial<MemoryRow> = {}): MemoryRow => ({
  id: 'm-1',
  space: 'user:ann',
  revision: 1,
  created_at: '2024-03-09T10:00:00.000Z',
  updated_at: '2024-03-09T10:00:00.000Z',
  kind: 'observation',
  text,
  said_at: '2024-03-09T10:00:00.000Z',
  ...more,
});
const markdown = (...rows: MemoryRow[]) => `${markdownMark}\n\n# Memories\n${[...markdownOf('user:ann', rows, () => undefined)].join('')}`;

describe('our Markdown', () => {
  it('gives every text back as it was, whichever signs its lines are parted by', async () => {
    const texts = ['One\u2028still one', 'Two\u2029- still two\nand its second line', 'Three'];
    const { items } = await readAll('memories.md', markdown(...texts.map((text) => row(text))));
    expect(items.map((item) => (item.form === 'memory' ? item.text : item))).toEqual(texts);
  });

  it('has named what lost its text, or the dates and labels below it', async () => {
    const lines = markdown(row('One'), row('Two'), row('Three'), row('Four')).split('\n');
    const at = (text: string) => lines.findIndex((line) => line.endsWith(`** ${text}`));
    const lost = new Set([at('One'), at('Two') + 1, at('Four') + 1]);
    const { items } = await readAll('memories.md', lines.filter((_, index) => !lost.has(index)).join('\n'));
    expect(items).toEqual([
      { form: 'left out', where: `line ${at('One') + 1}`, reason: 'dates and labels without the text of a memory above them' },
      { form: 'left out', where: `the memory in line ${at('Two')}`, reason: 'the comment with its dates and labels is not below it' },
      expect.objectContaining({ form: 'memory', text: 'Three' }),
      { form: 'left out', where: `the memory in line ${at('Four') - 1}`, reason: 'the comment with its dates and labels is not below it' },
    ]);
  });
});

describe('our CSV', () => {
  it('gives the same memories after a spreadsheet has written truth values its way', async () => {
    const rows = [row('One', { pinned: true, metadata: { Team: 'TRUE' } }), row('Two', { pinned: false })];
    const saved = rows.map((each) => csvLine(each).replace(',true,', ',TRUE,').replace(',false,', ',FALSE,'));
    expect(saved.join('')).toMatch(/,TRUE,.*,FALSE,/s);
    const { items } = await readAll('memories.csv', csvHeader + saved.join(''));
    expect(items).toMatchObject([
      { text: 'One', pinned: true, metadata: { Team: 'TRUE' } },
      { text: 'Two', pinned: false },
    ]);
  });
});
