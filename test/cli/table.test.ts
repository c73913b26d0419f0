import { expect, it } from 'vitest';
import { table } from '../../src/cli/table.js';
import { columnsOf } from '../../src/cli/text-columns.js';

const heads = ['Memory', 'ID'];
const rows = [
  [[{ text: '我在上海喝绿茶。' }, { text: 'about the user' }], 'abc'],
  ['Nora plays the cello in a quartet that meets on every second Tuesday.', 'defghi'],
];

it('a table fits the terminal, its columns under each other whatever the script', () => {
  const lines = table(heads, rows, { flexible: 0, columns: 40 }).split('\n');
  expect(lines).toEqual([
    'Memory                       ID',
    '我在上海喝绿茶。             abc',
    'about the user',
    'Nora plays the cello in a    defghi',
    'quartet that meets on every',
    'second Tuesday.',
  ]);
  for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(40);
});

it('on a narrow terminal each row is a block', () => {
  const text = table(heads, rows, { flexible: 0, columns: 20 });
  expect(text.split('\n\n')[0]?.split('\n').at(-1)).toBe('  abc');
  for (const line of text.split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(20);
});

it('on a narrow terminal the cells of a block are in their order, the first ones leading it', () => {
  const text = table(['State', 'Part', 'Finding'], [['ok', 'home', 'It is there.']], { flexible: 2, columns: 20 });
  expect(text).toBe('ok · home\nIt is there.');
});

it('a table fits also where its library takes a script for wider than it is', () => {
  const words = 'हिन्दी में एक लंबा वाक्य यहाँ है। ';
  for (const text of [words.repeat(3), '❤️ ☎️ 1️⃣ '.repeat(9)])
    for (const line of table(
      heads,
      [
        [text, 'abc'],
        ['Nora plays the cello. '.repeat(5), 'defghi'],
      ],
      { flexible: 0, columns: 60 },
    ).split('\n'))
      expect(columnsOf(line)).toBeLessThanOrEqual(60);
});

it('what steers a terminal is taken out of texts', () => {
  expect(table(heads, [['a\u001b[31mb\u001b]0;title\u0007c\rd\u202ee', 'x']], { flexible: 0, columns: 60 })).toMatch(/^abcde +x$/m);
});
