import { describe, expect, it } from 'vitest';
import { quoteFinder } from '../../../src/models/openai/quote.js';

const shown = 'Hello there. My dog Rex\n(a collie) is ill. The vet, Dr. Müller, comes on Monday at 9. “Bring the papers,” she said.';
const found = (quote: string, text = shown) => quoteFinder(text)(quote)?.words;

describe('a quote is found', () => {
  it('as it stands', () => expect(found('The vet')).toBe('The vet'));

  it.each([
    ['case and white space', 'my DOG rex (a Collie)', 'My dog Rex\n(a collie)'],
    ['quote marks', '"Bring the papers"', 'Bring the papers,”'],
    ['punctuation', 'The vet Dr Müller comes on Monday.', 'The vet, Dr. Müller, comes on Monday'],
    ['accents', 'The vet, Dr. Muller', 'The vet, Dr. Müller'],
  ])('apart from %s', (_, quote, expected) => expect(found(quote)).toBe(expected));

  it.each([
    ['a word too few', 'The vet, Dr. Müller, comes Monday at 9', 'The vet, Dr. Müller, comes on Monday at 9'],
    ['a word too many', 'My own dog Rex is a collie and ill', 'My dog Rex\n(a collie) is ill'],
    ['another form of a word', 'the vet is coming on Mondays at 9', 'vet, Dr. Müller, comes on Monday at 9'],
    ['in the third person', "User's dog Rex is ill", 'dog Rex\n(a collie) is ill'],
    ['with words left out', 'My dog Rex … is ill … The vet, Dr. Müller, comes on Monday', 'The vet, Dr. Müller, comes on Monday'],
  ])('nearly, with %s', (_, quote, expected) => expect(found(quote)).toContain(expected));

  it.each([
    ['without spaces', '今天天气很好。我搬到了上海。', '我搬到上海了', '我搬到了上海'],
    ['in another width', '端口是８４４３。', '端口是8443', '端口是８４４３'],
    ['with pictographs', 'I ❤️ 🍕 so much', '❤️ 🍕', '❤️ 🍕'],
    ['from right to left', 'שלום, אני גר בחיפה.', 'אני גר בחיפה!', 'אני גר בחיפה.'],
    ['with a lone surrogate', 'one \ud83d two three', 'one two three', 'one \ud83d two three'],
    ['with control characters', 'one\u0000 two three', 'one two three', 'one\u0000 two three'],
  ])('in text %s', (_, text, quote, expected) => expect(found(quote, text)).toBe(expected));

  it('with as much as 500 characters hold, cut between characters', () => {
    const long = 'x'.repeat(499) + '😀'.repeat(20);
    expect(found(long, long)).toBe('x'.repeat(499));
  });

  it('in a long text as in a short one', () => {
    const long = `${'word and other words, '.repeat(2_000)}my sister Nora plays the cello. ${'word and other words, '.repeat(2_000)}`;
    expect(found('My sister Nora plays a cello', long)).toMatch(/^my sister Nora plays the cello/);
  });
});

describe('a quote is not found', () => {
  it.each([
    ['when it is empty', ''],
    ['when it holds no word', '...!'],
    ['in other words', 'User owns an animal that is not well'],
    ['when only words that every sentence holds are there', 'I am there and she is not at home'],
    ['when what tells it apart is another', 'My cat Tom (a siamese) is ill'],
    ['when its words are scattered', 'Hello Rex, the papers of Monday'],
    ['in another language', '我的狗病了'],
  ])('%s', (_, quote) => expect(found(quote)).toBeUndefined());
});
