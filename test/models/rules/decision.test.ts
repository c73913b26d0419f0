import { describe, expect, test } from 'vitest';
import type { Fact, Neighbour, Proposal } from '../../../src/core/ports.js';
import { createRulesDecider } from '../../../src/models/rules/decision.js';
import { additions, type DecisionRow, retractions, updates } from './decision-cases.js';

const decider = createRulesDecider();
const at = '2026-01-02T00:00:00Z';

async function decide(known: (string | Neighbour)[], said: string | Fact): Promise<Proposal | undefined> {
  const neighbours = known.map((each): Neighbour => (typeof each === 'string' ? { text: each, said_at: '2026-01-01T00:00:00Z' } : each));
  const fact = typeof said === 'string' ? { text: said, turn: 0, quote: said } : said;
  const near = neighbours.map((_, neighbour) => ({ neighbour, score: 0.5 }));
  return (await decider.decide([{ fact, at, near }], neighbours, AbortSignal.timeout(1_000)))[0];
}

function outcome(proposal: Proposal | undefined): DecisionRow[2] {
  if (proposal?.action === 'UPDATE') return { update: proposal.target };
  return proposal?.action === 'DELETE' ? { delete: proposal.target } : undefined;
}

/** Decides every row, and tells how many came out as expected, which did not, and how many touched a bystander. */
async function measure(rows: DecisionRow[]) {
  const wrong: string[] = [];
  let bystanders = 0;
  for (const [known, said, expected] of rows) {
    const proposal = outcome(await decide(known, said));
    if (JSON.stringify(proposal) !== JSON.stringify(expected)) wrong.push(`${said} (${known.at(-1)}) -> ${JSON.stringify(proposal)}`);
    const target = proposal && Object.values(proposal)[0];
    if (target !== undefined && target !== (expected && Object.values(expected)[0])) bystanders += 1;
  }
  return { right: 1 - wrong.length / rows.length, wrong, bystanders: bystanders / rows.length };
}

describe('rates of the built-in decision', () => {
  test('there are enough cases to speak of rates', () => {
    expect(updates.length + retractions.length + additions.length).toBeGreaterThanOrEqual(150);
  });
  test('explicit changes update what they correct', async () => {
    const { right, wrong } = await measure(updates);
    expect(right, wrong.join('\n')).toBeGreaterThanOrEqual(0.95);
  });
  test('explicit retractions delete what they retract', async () => {
    const { right, wrong } = await measure(retractions);
    expect(right, wrong.join('\n')).toBeGreaterThanOrEqual(0.95);
  });
  test('first statements are kept', async () => {
    const { right, wrong } = await measure(additions);
    expect(right, wrong.join('\n')).toBeGreaterThanOrEqual(0.98);
  });
  test('bystanders stay', async () => {
    const { bystanders } = await measure([...updates, ...retractions, ...additions]);
    expect(bystanders).toBeLessThan(0.01);
  });
});

describe('what a correction leaves alone', () => {
  test('the other sentences of the memory that it corrects', async () => {
    expect(await decide(['I live in Berlin. I am allergic to nuts.'], 'I moved to Munich.')).toMatchObject({
      action: 'UPDATE',
      text: 'I moved to Munich. I am allergic to nuts.',
    });
    expect(await decide(['I have a dog. I am allergic to nuts.'], 'I no longer have a dog.')).toMatchObject({
      action: 'UPDATE',
      text: 'I am allergic to nuts.',
    });
  });
  test('what is known of another subject', async () => {
    const known = [{ text: 'I live in Berlin.', subject: 'Ann', said_at: at }];
    expect(await decide(known, 'I moved to Munich.')).toEqual({ action: 'ADD' });
    expect(await decide(known, { text: 'I moved to Munich.', subject: 'Ann', turn: 0, quote: '' })).toMatchObject({
      action: 'UPDATE',
      target: 0,
    });
  });
  test.each([
    ['I used to live in Porto.', 'I moved to Lisbon.'],
    ['I no longer work at Google.', 'I now work at Meta.'],
    ['我以前住在上海。', '我搬到杭州了。'],
  ])('what is over already: %s', async (known, said) => {
    expect(await decide([known], said)).toEqual({ action: 'ADD' });
  });
  test.each([
    'I might switch from Vim to Zed.',
    'I want to move from Oslo to Rome.',
    'If I quit my job I lose my visa.',
    '我打算从上海搬到杭州。',
  ])('what is only planned: %s', async (said) => {
    expect(await decide(['I use Vim.', 'I live in Oslo.', 'I work at Acme.', '我住在上海。'], said)).toEqual({ action: 'ADD' });
  });
  test('words that objects inherit', async () => {
    expect(await decide(['I like constructor toys.', 'I like toString.'], 'I switched from constructor to valueOf.')).toMatchObject({
      target: 0,
    });
  });
  test('everything when it has no neighbour', async () => {
    expect(await decide([], 'I moved to Munich.')).toEqual({ action: 'ADD' });
  });
});

test('one proposal a case, in order', async () => {
  const neighbours = [{ text: 'I live in Oslo.', said_at: at }];
  const cases = ['I like tea.', 'I moved to Rome.'].map((text) => ({
    fact: { text, turn: 0, quote: text },
    at,
    near: [{ neighbour: 0, score: 0.9 }],
  }));
  expect((await decider.decide(cases, neighbours, AbortSignal.timeout(1_000))).map((each) => each?.action)).toEqual(['ADD', 'UPDATE']);
});

test.each([
  'a',
  'my ',
  'not ',
  'instead of ',
  'i used to ',
  'from ',
  'a a instead of ',
  'no longer ',
  '从',
  '不再',
  '我',
  'my a is ',
  ', not ',
  'now ',
  "'",
  '.',
  '(',
  'the ',
])('200,000 characters of %j are decided in time', { timeout: 2_000 }, async (unit) => {
  const text = unit.repeat(200_000 / unit.length);
  expect(await decide([text], `I moved to ${text}`)).toBeDefined();
  expect(await decide(['I live in Oslo.'], text)).toBeDefined();
});
