import { describe, expect, test } from 'vitest';
import { isNearDuplicate, statementKey } from '../../src/core/statement.js';

describe('statementKey', () => {
  test.each([
    ['I like tea', 'i LIKE  tea.'],
    ['I like tea', ' I like\n\ttea !! '],
    ['I like tea', 'Ｉ　ｌｉｋｅ　ｔｅａ．'],
    ['ABC12', 'ＡＢＣ１２'],
    ['我喜欢茶', '我喜欢茶。'],
    ['我喜欢茶', '我喜欢茶！…'],
    ['Caf\u00e9', 'Cafe\u0301'],
    ['Straße', 'STRASSE'],
    ['你好(世界)', '你好（世界）'],
  ])('%j and %j are the same statement', (a, b) => {
    expect(statementKey(a)).toBe(statementKey(b));
  });

  test.each([
    ['10²', '102'],
    ['I like tea?', 'I like tea'],
    ['ﬁve', 'six'],
    ['①', '1'],
    ['sık', 'sik'],
    ['the 3.1 release', 'the 31 release'],
    ['!', '?'],
  ])('%j and %j are different statements', (a, b) => {
    expect(statementKey(a)).not.toBe(statementKey(b));
  });

  test('a text of nothing but final marks keeps them', () => {
    expect(statementKey(' ... ')).toBe('...');
  });

  test('the key of a key is the key', () => {
    for (const text of ['Ｈi 。.', 'Straße!', 'ΟΔΟΣ…', '\u1100\u1161\u11a8 . '])
      expect(statementKey(statementKey(text))).toBe(statementKey(text));
  });
});

describe('isNearDuplicate', () => {
  const base = 'The team meets every week in the big room on the upper floor to plan the work of all of us together';
  test('the same words with one filler more are near duplicates', () => {
    expect(isNearDuplicate({ a: base, b: `${base} again`, cosine: 0.98 })).toBe(true);
    expect(
      isNearDuplicate({ a: '我们每周都在楼上的大会议室里开例会讨论工作', b: '我们每周都在楼上的大会议室里开例会讨论工作啊', cosine: 0.98 }),
    ).toBe(true);
  });
  test('a cosine below .97 is not enough', () => {
    expect(isNearDuplicate({ a: base, b: base, cosine: 0.96 })).toBe(false);
    expect(isNearDuplicate({ a: base, b: base, cosine: Number.NaN })).toBe(false);
  });
  test.each([
    ['a number', `${base} at 9:30`, `${base} at 9:40`],
    ['an address', `${base} 10.0.0.1`, `${base} 10.0.0.2`],
    ['a date', `${base} on 2024-03-09`, `${base} on 2024-03-10`],
    ['a version', `${base} v1.2.3`, `${base} v1.2.4`],
    ['a number word', `${base} for two hours`, `${base} for three hours`],
    ['a weekday', `${base} on Monday`, `${base} on Tuesday`],
    ['a negation', `${base} and I do like it`, `${base} and I do not like it`],
    ['a contraction', `${base} and we do`, `${base} and we don't`],
    ['the order of names', `${base} and Ann owes Bob`, `${base} and Bob owes Ann`],
    ['a Chinese numeral', '我们每周在楼上的大会议室里开三次例会讨论工作', '我们每周在楼上的大会议室里开五次例会讨论工作'],
    ['a Chinese negation', '我们每周都在楼上的大会议室里开例会讨论我的工作', '我们每周都不在楼上的大会议室里开例会讨论我的工作'],
    ['an exponent', `${base} 10²`, `${base} 10`],
  ])('%s that differs makes it news', (_what, a, b) => {
    expect(isNearDuplicate({ a, b, cosine: 0.99 })).toBe(false);
  });
  test('few shared words are not near duplicates whatever the cosine', () => {
    expect(isNearDuplicate({ a: 'I like tea', b: 'I like coffee', cosine: 0.99 })).toBe(false);
  });
});
