import { describe, expect, it } from 'vitest';
import { createLexicalIndex } from '../../../src/core/ranking/lexical-index.js';
import { defaultFloor, rank } from '../../../src/core/ranking/ranking.js';
import { translationsOf } from '../../../src/core/ranking/translations.js';

const german = [
  'Meine Frau Katharina hat am 14. März Geburtstag.',
  'Der Zahnarzt ist in der Karlstraße.',
  'Wir haben eine Schildkröte namens Emma.',
  'Ich fahre jeden Tag mit dem Fahrrad.',
  'Die Buchungsnummer für Dänemark ist 88213.',
];

function found(texts: string[], query: string): string[] {
  const index = createLexicalIndex();
  // How rare a word is shows only among many memories.
  const others = Array.from({ length: 40 }, (_, at) => `Notiz ${at} von gestern.`);
  for (const [order, text] of [...texts, ...others].entries()) index.add(text, { text, order: order * 10 });
  return rank({ index, query, windows: [], floor: defaultFloor })
    .best(10)
    .map(({ id }) => id);
}

describe('words of the same meaning', () => {
  it.each([
    ["user's wife birthday", 0],
    ['dentist', 1],
    ['牙医', 1],
    ['велосипед', 3],
  ])('find a memory in another language: %s', (query, place) => {
    expect(found(german, query)[0]).toBe(german[place]);
  });

  it('find what is of a kind that is asked for in another language', () => {
    expect(found(german, 'mascota')).toEqual([german[2]]);
  });

  it('do not speak for a memory that only shares a part of a word in a script without spaces', () => {
    expect(translationsOf(new Set(['あれ'])).size).toBe(0);
    expect(translationsOf(new Set(['あれ', 'れる', 'るぎ', 'ぎー'])).get('allergi')).toBe(1);
  });

  it('say nothing of other words', () => {
    expect(found(german, 'quantum entanglement')).toEqual([]);
  });
});

describe('an unknown word', () => {
  it('is found as a part of a compound, and by its own parts', () => {
    expect(found(german, 'Buchung')).toEqual([german[4]]);
    expect(found(german, 'Zahnarzttermin')).toEqual([german[1]]);
  });

  it('is found by a word that it shares most of its letters with', () => {
    expect(found(['La fisioterapeuta es Nuria.', 'El perro se llama Canelo.'], 'fisioterapia')).toEqual(['La fisioterapeuta es Nuria.']);
  });

  it('is not found by a few letters that it shares', () => {
    expect(found(['The intern starts on Monday.'], 'interpretation')).toEqual([]);
  });
});
