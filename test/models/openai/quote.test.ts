import { describe, expect, it } from 'vitest';
import { quoteIn } from '../../../src/models/openai/quote.js';

const shown = 'Hello there. My dog Rex\n(a collie) is ill. The vet comes on Monday.';
const quoted = (quote: string, meaning = 'nothing') => quoteIn(shown, { quote, meaning });

describe('a quote', () => {
  it('is taken as it stands', () => expect(quoted('The vet comes')).toBe('The vet comes'));
  it('is found apart from case and white space', () => expect(quoted('my dog rex (a Collie)')).toBe('My dog Rex\n(a collie)'));
  it('becomes the sentence that shares most words', () => expect(quoted('vet visit Monday')).toBe('The vet comes on Monday.'));
  it('is looked for by the meaning too', () => expect(quoted('', 'User has a dog called Rex')).toContain('My dog Rex'));
  it('becomes all of the text when nothing is shared', () => expect(quoted('无', '无')).toBe(shown));
  it('works without spaces between words', () => {
    expect(quoteIn('今天天气很好。我搬到了上海。', { quote: '搬到上海了', meaning: '用户搬到了上海' })).toBe('我搬到了上海。');
  });
  it('has 500 characters at most', () => expect(quoteIn('x '.repeat(600), { quote: '', meaning: 'y' })).toHaveLength(500));
});
