import { expect, test } from 'vitest';
import { splitSentences } from '../../../src/models/rules/sentences.js';

test.each([
  ['I met Dr. Smith at 3 p.m. on Friday. He lives in St. Louis.', 2],
  ['We meet at 5 p.m. I will bring tea.', 2],
  ['Mein Geburtstag ist am 3. März 1990. Ich bin 30. Und du?', 3],
  ['Use v1.2.3 from https://a.b/c?d=e.f! Mail ann@b.co or wait.', 2],
  ['我住在上海。我喜欢茶！你呢？', 3],
  ['1. First thing\n2. Second thing', 2],
  ['This is a long line of text that an editor wrapped at some column\nand that continues here. Done.', 2],
  ['أسكن في عمان. أحب الشاي؟', 2],
  ['', 0],
  [' \n ', 0],
])('%j has %i sentences', (text, count) => {
  expect(splitSentences(text)).toHaveLength(count);
});

test('sentences are stretches of the text, in order, with nothing but white space between', () => {
  const text = '  Hi!\n\nI am here. 🙂 你好。\tYes\n';
  const sentences = splitSentences(text);
  expect(sentences.map(({ start, end }) => text.slice(start, end))).toEqual(sentences.map((sentence) => sentence.text));
  expect(
    sentences
      .map((sentence) => sentence.text)
      .join('')
      .replace(/\s/g, ''),
  ).toBe(text.replace(/\s/g, ''));
  expect(sentences.map((sentence) => sentence.opens)).toEqual([true, true, ...sentences.slice(2).map(() => false)]);
});

test('a line of many thousand characters is cut at sentences', () => {
  const sentences = splitSentences('I like green tea. '.repeat(5_000));
  expect(new Set(sentences.map((sentence) => sentence.text))).toEqual(new Set(['I like green tea.']));
  expect(sentences).toHaveLength(5_000);
});
