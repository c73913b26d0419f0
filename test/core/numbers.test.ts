import { describe, expect, it } from 'vitest';
import { meantNumbers, statedNumbers, writtenNumbers } from '../../src/core/numbers.js';

describe('the numbers of a text', () => {
  it.each([
    ['v1.2.3 on 2024-03-02', '1 2 3 2024 3 2'],
    ['1,250,000 people, ١٢ cats', '1250000 12'],
    ['two hundred and five cats, one dog', '205'],
    ['nineteen eighty-four', '1984'],
    ['三只猫，二十五岁，三明治', '3 25'],
    ['周三点名', ''],
  ])('of %j are those stated in digits and in words', (text, expected) => {
    expect(statedNumbers(text)).toEqual(expected.split(' ').filter(Boolean));
  });

  it.each([
    ['a quarter to eight', '7 45 19'],
    ['at 3 pm', '3 15'],
    ['15:00', '15 3'],
    ['85k', '85 85000'],
    ['1.5 million', '1 5 1500000'],
    ['三十万', '30 300000'],
    ['四千五', '4500'],
    ['四千零五', '4005'],
    ['二〇二四年', '2024'],
    ['3万2', '3 30000 2'],
    ['two dozen', '12 24'],
    ['the twenty-first', '21'],
    ['my twins', '2'],
    ['three hundred thousand', '300000'],
  ])('%j may be meant as %s', (text, expected) => {
    const meant = meantNumbers(text);
    expect(expected.split(' ').filter((each) => !meant.has(each))).toEqual([]);
  });

  it('written in digits are given without leading zeros', () =>
    expect(writtenNumbers('2024-03-02 at 09:00')).toEqual(['2024', '3', '2', '9', '0']));

  it('of a hostile text are read', () => {
    const hostile = `${'one '.repeat(20_000)}${'9'.repeat(20_000)}${'1,'.repeat(20_000)}${'百'.repeat(20_000)}`;
    expect(meantNumbers(hostile).size).toBeGreaterThan(0);
    expect(statedNumbers(hostile).length).toBeGreaterThan(0);
  });
});
