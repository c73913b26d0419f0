import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryTerms, terms } from '../../../src/core/ranking/analysis.js';
import { isIdentifier } from '../../../src/core/ranking/identifiers.js';
import { createLexicalIndex } from '../../../src/core/ranking/lexical-index.js';
import { rank } from '../../../src/core/ranking/ranking.js';

function first(memories: readonly string[], query: string): string | undefined {
  const index = createLexicalIndex();
  for (const [order, text] of memories.entries()) index.add(text, { text, order });
  return rank({ index, query, windows: [], floor: Number.MIN_VALUE }).best(1)[0]?.id;
}

const chars = (of: string, minLength: number, maxLength = minLength) => fc.string({ unit: fc.constantFrom(...of), minLength, maxLength });
const lower = 'bcdfghjkmnpqrtvwxz';
const digits = '123456789';
const hex = '0123456789abcdef';

/** Ways to write an identifier: `#` stands for what tells one from its twin, at least one character. */
const forms: Record<string, { unit: fc.Arbitrary<string>; write: (unit: string) => string }> = {
  'an error code': { unit: chars(digits, 4), write: (unit) => `ERR-${unit}` },
  'a glued code': { unit: chars(digits, 4), write: (unit) => `E${unit}` },
  'an issue key': { unit: chars(digits, 3), write: (unit) => `ABC-${unit}` },
  'an IPv4 address': { unit: chars(digits, 1, 2), write: (unit) => `10.0.0.${unit}` },
  'an IPv6 address': { unit: chars(hex, 4), write: (unit) => `fe80::1ff:fe23:${unit}` },
  'a path': { unit: chars(lower, 1, 6), write: (unit) => `/etc/nginx/conf.d/${unit}.conf` },
  'a Windows path': { unit: chars(lower, 1, 6), write: (unit) => `C:\\Users\\me\\${unit}.txt` },
  'an e-mail address': { unit: chars(lower, 1, 6), write: (unit) => `${unit}.b@c.org` },
  'a URL': { unit: chars(digits, 2, 8), write: (unit) => `https://example.org/items?page=1&id=${unit}` },
  'a long URL': { unit: chars(lower, 3, 8), write: (unit) => `https://example.org/${'deep/'.repeat(12)}${unit}.html` },
  'a version': { unit: chars(digits, 1, 2), write: (unit) => `v1.2.${unit}` },
  'a UUID': { unit: chars(hex, 12), write: (unit) => `123e4567-e89b-12d3-a456-${unit}` },
  'a commit hash': { unit: chars(hex, 10), write: (unit) => `9f${unit}` },
  'a phone number': { unit: chars(digits, 7), write: (unit) => `+49 170 ${unit}` },
  'a variable': { unit: chars(lower, 3, 6), write: (unit) => `KEEP_${unit.toUpperCase()}_DIR` },
  'a flag': { unit: chars(lower, 3, 6), write: (unit) => `--no-${unit}` },
  'an ISBN': { unit: chars(digits, 6), write: (unit) => `978-3-16-${unit}-0` },
  'an amount': { unit: chars(digits, 3), write: (unit) => `1,${unit}.00` },
  'a time': { unit: fc.integer({ min: 10, max: 59 }).map(String), write: (unit) => `10:${unit}` },
  'a constant token': { unit: chars('BCDFGHKLMNPQRSTVWXZ23456789', 80), write: (unit) => `7${unit}` },
};

const sentences: ((identifier: string) => string)[] = [
  (identifier) => `Please look at ${identifier} in the morning`,
  (identifier) => `Das hier gehört zu "${identifier}", sagt Jana`,
  (identifier) => `Заметка про ${identifier}.`,
  (identifier) => `记住${identifier}是重要的`,
  (identifier) => `${identifier}について覚えておく`,
  (identifier) => `ملاحظة حول (${identifier})`,
];
const questions: ((identifier: string) => string)[] = [
  (identifier) => `What was it about ${identifier}?`,
  (identifier) => `Was ist (${identifier})?`,
  (identifier) => `Что такое «${identifier}»`,
  (identifier) => `${identifier}是什么`,
  (identifier) => `“${identifier}”は何ですか`,
  (identifier) => `\`${identifier}\``,
];

/** Another unit that differs in one character, replaced, added or removed. */
function twins(unit: string): string[] {
  const letter = /\d/.test(unit) ? '8' : unit === unit.toUpperCase() ? 'Y' : 's';
  const at = unit.length >> 1;
  return [`${unit.slice(0, at)}${letter}${unit.slice(at + 1)}`, unit + letter].filter((twin) => twin !== unit);
}

describe('An identifier in a query', () => {
  it.each(Object.entries(forms))('finds the memory that holds it before its near twins: %s', (_name, { unit, write }) => {
    const sides = fc.record({ said: fc.constantFrom(...sentences), asked: fc.constantFrom(...questions) });
    fc.assert(
      fc.property(unit, sides, (exact, { said, asked }) => {
        const identifier = write(exact);
        const memories = [said(identifier), ...twins(exact).map((twin) => said(write(twin))), 'The weather was fine', 'Tea is ready'];
        expect(first(memories, asked(identifier))).toBe(memories[0]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['C++', 'C#'],
    ['.NET', 'net'],
    ['A+', 'A'],
    ['$5M', '€5M'],
    ['FOO_BAR', 'FOO_BAZ'],
    ['-v', '-x'],
    ['::1', '::2'],
    ['a.b@c.org', 'a.c@c.org'],
    ['10.0.0.7', '10.0.0.17'],
  ])('tells %s from %s', (exact, twin) => {
    const memories = [`They wrote ${exact} there`, `They wrote ${twin} there`];
    expect(first(memories, `Who wrote ${exact}?`)).toBe(memories[0]);
    expect(first(memories, `Who wrote ${twin}?`)).toBe(memories[1]);
  });

  it.each([
    ['+49 170 1234567', '+49-170-1234567', '491701234567'],
    ['电话+49 170 1234567号', '+491701234567', '491701234567'],
    ['978-3-16-148410-0', '9783161484100', '9783161484100'],
    ['1,299.00', '1299.00', '1299.00'],
    ['$1,299.00', '1299.00', '1299.00'],
    ['https://example.org/docs/a.conf', 'a.conf', 'a.conf'],
    ['jane@mail.example.org', 'mail.example.org', 'mail.example.org'],
    ['错误码ERR-1042的原因', 'err-1042', 'err-1042'],
    ['٤٢٤٢٤٢', '424242', '424242'],
  ])('is found in %s as %s', (text, query, term) => {
    expect(terms(text)).toContain(term);
    expect(terms(query)).toContain(term);
  });

  it('is told from words, counts and measures', () => {
    for (const term of ['err-1042', 'c++', '.net', 'etc/nginx/a.conf', 'foo_bar', '10.0.0.7', '--no-cache', '9783161484100']) {
      expect([term, isIdentifier(term)]).toEqual([term, true]);
    }
    for (const term of ['tea', '2024', '90s', '12km', '7-year-old', 'and/or', 'done.next', 'müller', '我']) {
      expect([term, isIdentifier(term)]).toEqual([term, false]);
    }
  });

  it('has parts that are told from words, since they are not to be spelt otherwise', () => {
    const kinds = Object.fromEntries(queryTerms('restart KEEP_CONNZ_7').map(({ word, kind }) => [word, kind]));
    expect(kinds).toEqual({ restart: 'word', keep: 'part', connz: 'part', 7: 'part', keep_connz_7: 'identifier' });
  });
});
