import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../src/core/events.js';
import { chunksOf } from '../../../src/models/openai/chunks.js';

const user = (content: string): Turn => ({ role: 'user', content });
const joined = (turns: Turn[], limit: number) => {
  const texts = turns.map(() => '');
  for (const { turn, text } of chunksOf(turns, limit).flat()) texts[turn] += text;
  return texts;
};

describe('chunks', () => {
  it('hold as many whole turns as fit', () => {
    const turns = [user('aaaa'), user('bbbb'), user('cccc')];
    expect(chunksOf(turns, 8)).toEqual([
      [
        { turn: 0, text: 'aaaa' },
        { turn: 1, text: 'bbbb' },
      ],
      [{ turn: 2, text: 'cccc' }],
    ]);
  });

  it.each([
    ['a paragraph', 'One two.\n\nThree four', ['One two.\n\n', 'Three four']],
    ['a line', 'One two three\nfour five', ['One two three\n', 'four five']],
    ['a sentence', 'One two. Three four five', ['One two. ', 'Three four five']],
    ['a sentence of Chinese', '今天去了北京故宫。明天去上海看外滩的夜景和高楼', ['今天去了北京故宫。', '明天去上海看外滩的夜景和', '高楼']],
    ['a word', 'onetwothree fourfivesix', ['onetwothree ', 'fourfivesix']],
  ])('split a long turn after %s', (_, text, expected) => {
    const limit = text.startsWith('今') ? 12 : 15;
    expect(chunksOf([user(text)], limit).map(([stretch]) => stretch?.text)).toEqual(expected);
  });

  it('lose nothing and cut through no character', () => {
    const turns = [user('😀'.repeat(50)), user(''), user('word '.repeat(40)), user('short')];
    expect(joined(turns, 33)).toEqual(turns.map(({ content }) => content));
    for (const { text } of chunksOf(turns, 33).flat()) {
      expect(text.isWellFormed()).toBe(true);
      expect(text.length).toBeLessThanOrEqual(33);
    }
  });

  it('of no turns are none', () => {
    expect(chunksOf([], 100)).toEqual([]);
  });
});
