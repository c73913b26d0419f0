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
  test.each([
    ['I live in Berlin and work at Acme as a gardener.', 'I moved to Rome.', 'I moved to Rome. I work at Acme as a gardener.'],
    ['I live in Berlin and work at Acme as a gardener.', 'I quit my job at Acme.', 'I live in Berlin.'],
    ['I live in Berlin, work at Acme and have two kids.', 'I moved to Rome.', 'I moved to Rome. I work at Acme. I have two kids.'],
    ['I live in Berlin, where I work as a nurse.', 'I moved to Rome.', 'I moved to Rome. I work as a nurse.'],
    ['I live in Berlin with my wife and two kids.', 'I moved to Rome.', 'I moved to Rome. I live with my wife. I live with two kids.'],
    ["I'm a nurse living in Berlin.", 'I moved to Rome.', "I'm a nurse. I moved to Rome."],
    ['My sister lives in Oslo and works at Ikea.', 'My sister moved to Rome.', 'My sister moved to Rome. My sister works at Ikea.'],
    ['My name is Ann, I live in Berlin, and I have a dog named Rex.', 'My dog Rex died.', 'My name is Ann. I live in Berlin.'],
    ['I have a dog, a cat and two rabbits.', 'I no longer have a cat.', 'I have a dog. I have two rabbits.'],
    ['I like tea and coffee.', "I don't like coffee anymore.", 'I like tea.'],
    ['I swim on Mondays and Thursdays.', 'I no longer swim on Mondays.', 'I swim on Thursdays.'],
    ['我住在北京，在阿里上班。', '我搬到上海了。', '我搬到上海了。我在阿里上班。'],
    ['我住在北京，是一名老师，养了一只猫。', '我搬到上海了。', '我搬到上海了。我是一名老师。我养了一只猫。'],
    ['我养了一只狗和一只猫。', '我不养狗了。', '我养了一只猫。'],
  ])('the other parts of one sentence: %s %s', async (known, said, text) => {
    expect(await decide([known], said)).toMatchObject({ action: 'UPDATE', target: 0, text });
  });
  test.each([
    ['I have lived in Berlin since 2010 and love it.', 'I moved to Rome.'],
    ["I can't eat nuts and drink milk every day.", "I don't drink milk anymore."],
    ['我住在北京朝阳区，离公司很近。', '我搬到上海了。'],
  ])('everything where the parts cannot be told apart: %s %s', async (known, said) => {
    expect(await decide([known], said)).toEqual({ action: 'ADD' });
  });
  test('nothing where the pair itself is retracted', async () => {
    expect(await decide(['I like fish and chips.'], "I don't like fish and chips anymore.")).toMatchObject({ action: 'DELETE' });
  });
  test.each([
    ['My wife is pregnant.', 'My wife is no longer pregnant, she gave birth.'],
    ['I have a dog.', 'I no longer have a dog, I gave him to my sister.'],
    ['I subscribe to Netflix.', 'I cancelled Netflix and got Hulu.'],
    ['我住在北京。', '我不住北京了，回老家了。'],
  ])('news that a retraction brings: %s %s', async (known, said) => {
    expect(await decide([known], said)).toMatchObject({ action: 'UPDATE', target: 0, text: said });
  });
  test.each([
    ['I work at Acme.', 'I quit Acme because the commute was awful.'],
    ['I work as a gardener.', 'I quit my job.'],
    ['I smoke.', 'I quit smoking, it was too expensive.'],
    ['我抽烟。', '我戒烟了，因为医生让我戒。'],
  ])('no news in a reason: %s %s', async (known, said) => {
    expect(await decide([known], said)).toMatchObject({ action: 'DELETE', target: 0 });
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
  test('what may mean one of several', async () => {
    expect(await decide(['我喜欢看科幻电影。', '我喜欢看爱情电影。'], '电影我看腻了。')).toEqual({ action: 'ADD' });
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
  'and ',
  ' ',
  'a, b and c',
  '和',
  '，在',
])('200,000 characters of %j are decided in time', { timeout: 2_000 }, async (unit) => {
  const text = unit.repeat(200_000 / unit.length);
  expect(await decide([text], `I moved to ${text}`)).toBeDefined();
  expect(await decide(['I live in Oslo.'], text)).toBeDefined();
  expect(await decide([`I live in Oslo ${text} and like tea`, `我住在北京${text}`], 'I moved to Rome.')).toBeDefined();
});
