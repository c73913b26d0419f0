import { expect, test } from 'vitest';
import { createControlFilter, withoutControls } from '../../src/core/control-characters.js';

test.each([
  'My car is \u001b[31mred\u001b[0m, [31m is its code.',
  '\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\ and \u001b]0;title\u0007text',
  '\u001b(Bone\u001bctwo\u009b2Jthree',
  `An end \u001b]that is open ${'and long '.repeat(100)}`,
  'An end \u001b[3',
  'Nothing\u0007 of\u001b\n that\u0000 kind\t.',
])('%j reads the same whether it comes at once or a character at a time', (text) => {
  const filter = createControlFilter();
  const shown = [...text].map((character) => filter.next(character)).join('');
  expect(shown + filter.rest()).toBe(withoutControls(text));
});

test('a piece is shown at once where nothing has begun', () => {
  expect(createControlFilter().next('All of it [31m')).toBe('All of it [31m');
});

test.each(['\u001b', '\u001b[', '\u001b]', '\u001b]x', '\u009d', '\u001b[0'])(
  '200,000 characters of %j take no longer than they should',
  { timeout: 2000 },
  (unit) => {
    expect(withoutControls(unit.repeat(200_000 / unit.length))).toBeTypeOf('string');
  },
);
