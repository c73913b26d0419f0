import { describe, expect, it } from 'vitest';
import { createLexicalIndex } from '../../../src/core/ranking/lexical-index.js';
import { rank } from '../../../src/core/ranking/ranking.js';
import { readTraits, trait, type WantedAnswer, wantedAnswer } from '../../../src/core/ranking/traits.js';

const has = (text: string, name: keyof typeof trait) => (readTraits(text) & trait[name]) !== 0;

describe('A text', () => {
  it.each([
    ['time', 'We met on Friday', 'We met in May', 'It was last summer', 'Seen in 2019', '我们昨天见面了', '他三月来'],
    ['number', 'I have 3 cats', 'I have three cats', 'She came twice', '我有两只猫'],
    ['duration', 'It took six weeks', 'I swim every morning', '坐车要两个小时', '每周一次'],
  ] as const)('offers a %s', (name, ...texts) => {
    for (const text of texts) expect(has(text, name), text).toBe(true);
  });

  it.each([
    ['time', 'We met in the hall', 'You may come', '我们见面了'],
    ['number', 'I have cats', 'Nobody knows', '我有猫'],
    ['duration', 'It took courage', 'I swim in the lake', '坐车'],
  ] as const)('offers no %s where it names none', (name, ...texts) => {
    for (const text of texts) expect(has(text, name), text).toBe(false);
  });

  it('asks where it ends with a question, and only asks where it is short and all of it does', () => {
    expect(['Is it late?', '晚了吗？', 'Fine. Is it late? ', 'Is it late? Yes.'].map((text) => has(text, 'asks'))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(['Is it late? Are you in?', '晚了吗？', 'Fine. Is it late?', 'Late.'].map((text) => has(text, 'onlyAsks'))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    const asking = (words: number) => `${'so '.repeat(words - 1)}late?`;
    expect([20, 21].map((words) => has(asking(words), 'onlyAsks'))).toEqual([true, false]);
    expect(has(asking(21), 'asks')).toBe(true);
  });
});

describe('A query', () => {
  it.each([
    ['time', 'When did we meet?', 'What year was it?', '什么时候见面', '会议几点开始'],
    ['number', 'How many cats are there?', 'How old is Zoe?', '有几只猫', '她多大了'],
    ['duration', 'How long is the ferry?', 'How often does it go?', 'How long since when?', '要多久'],
    [undefined, 'Where did we meet?', 'A cat', '在哪里见面'],
  ] as [WantedAnswer | undefined, ...string[]][])('wants a %s', (wanted, ...queries) => {
    for (const query of queries) expect(wantedAnswer(query), query).toBe(wanted);
  });

  it.each([
    ['When does the ferry go?', 'The ferry goes on Monday', 'The ferry goes to Kiel'],
    ['How many does the ferry take?', 'The ferry takes three hundred', 'The ferry takes lorries'],
    ['How long does the ferry take?', 'The ferry takes hours', 'The ferry takes lorries'],
  ])('is answered by what offers that: %s', (query, wanted, other) => {
    const index = createLexicalIndex();
    // Of equals the newer one is first.
    for (const [order, text] of [wanted, other].entries()) index.add(text, { text, order: 2 * order });
    expect(rank({ index, query, windows: [], floor: 0 }).best(1)[0]?.id).toBe(wanted);
    const [, second] = rank({ index, query: 'ferry', windows: [], floor: 0 }).best(2);
    expect(second?.id).toBe(wanted);
  });
});
