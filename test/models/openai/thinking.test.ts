import { describe, expect, it } from 'vitest';
import { withoutThinking } from '../../../src/models/openai/thinking.js';

async function spoken(pieces: string[]): Promise<string> {
  let text = '';
  for await (const piece of withoutThinking(pieces)) text += piece;
  return text;
}

describe('thinking before an answer', () => {
  it.each([
    ['an answer without any', 'Hello, you.', 'Hello, you.'],
    ['a thought', '<think>Who is it?\n</think>\n\nHello.', 'Hello.'],
    ['two thoughts', '\n<thinking>a</thinking><think>b</think> Hello.', 'Hello.'],
    ['a thought that quotes a tag', '<think>a <b> and </b> < /think></think>Hello.', 'Hello.'],
    ['an answer that begins like one', '<th is not a tag', '<th is not a tag'],
    ['an answer that ends like one', '<thin', '<thin'],
    ['an answer that speaks of it later', 'Write <think>x</think>.', 'Write <think>x</think>.'],
    ['a thought that never ends', '<think>and on and on', ''],
    ['nothing', '', ''],
    ['an empty thought', '<think></think>', ''],
  ])('is left out, wherever the pieces are cut: %s', async (_, text, expected) => {
    for (const size of [1, 2, 3, 5, 7, 1000]) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_each, index) => text.slice(index * size, (index + 1) * size));
      expect(await spoken(pieces)).toBe(expected);
    }
  });
});
