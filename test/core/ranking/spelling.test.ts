import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSpelling, distance } from '../../../src/core/ranking/spelling.js';
import { stem } from '../../../src/core/ranking/stemming.js';

function spellingOf(...words: string[]) {
  const spelling = createSpelling();
  for (const word of words) spelling.add(stem(word));
  return spelling;
}

describe('Spelling', () => {
  it.each([
    ['a letter left out', 'potery', 'pottery'],
    ['a letter too many', 'pottlery', 'pottery'],
    ['a wrong letter', 'violim', 'violin'],
    ['a wrong first letter', 'kumquat', 'bumquat'],
    ['neighbours swapped', 'voilin', 'violin'],
    ['two slips in a long word', 'barselena', 'barcelona'],
    ['a slip in an ending', 'campihg', 'camping'],
    ['a slip in the word and one in its ending', 'apointmant', 'appointment'],
    ['a slip that hides an ending', 'idntity', 'identity'],
    ['a slip in an irregular form', 'childrsn', 'child'],
    ['Cyrillic letters', 'велоспед', 'велосипед'],
    ['Greek letters', 'ποδηλτο', 'ποδηλατο'],
    ['Hebrew letters', 'אופנייימ', 'אופניימ'],
  ])('understands %s', (_name, written, meant) => {
    expect(spellingOf(meant, 'zebra', 'зебра').near(written)).toContain(stem(meant));
  });

  it.each([
    ['three letters', 'cap', 'cat'],
    ['two slips in a short word', 'vialon', 'violin'],
    ['digits', 'err1042', 'err1043'],
    ['an identifier', 'err-1042', 'err-1043'],
    ['Chinese', '天气预报', '天气预告'],
    ['Thai', 'กาแฟ', 'กาแพ'],
    ['a function word misspelt', 'waht', 'wait'],
    ['an everyday word that no memory holds', 'mother', 'moth'],
  ])('leaves alone %s', (_name, written, other) => {
    expect(spellingOf(other).near(written)).toEqual([]);
  });

  it('prefers what is closer, then what begins alike', () => {
    expect(spellingOf('gardenia', 'gardening').near('gardenja')).toEqual([stem('gardenia')]);
    expect(spellingOf('slim', 'plum').near('plim')).toEqual(['plum']);
  });

  it('knows no term that was removed, and again one that came back', () => {
    const spelling = spellingOf('violin');
    spelling.remove('violin');
    expect(spelling.near('violim')).toEqual([]);
    spelling.add('violin');
    expect(spelling.near('violim')).toEqual(['violin']);
  });

  it('counts the edits between two words alike from both sides, and none for the same', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcd'), maxLength: 10 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(distance(left, right)).toBe(distance(right, left));
        expect(distance(left, right) === 0).toBe(left === right);
        expect(distance(left, right)).toBeLessThanOrEqual(Math.max(left.length, right.length));
      }),
    );
    expect([distance('violin', 'voilin'), distance('kitten', 'sitting'), distance('', 'abc')]).toEqual([1, 3, 3]);
  });
});
