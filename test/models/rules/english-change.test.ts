import { describe, expect, test } from 'vitest';
import { createRulesDecider } from '../../../src/models/rules/decision.js';
import { changed, untouched } from './english-cases.js';

const decider = createRulesDecider();

/** What the rules propose for what is said, where these statements are known. */
async function propose(known: string[], said: string) {
  const neighbours = known.map((text) => ({ text, said_at: '2026-01-01T00:00:00Z' }));
  const near = known.map((_, neighbour) => ({ neighbour, score: 0.5 }));
  const fact = { text: said, turn: 0, quote: said };
  return (await decider.decide([{ fact, at: '2026-01-02T00:00:00Z', near }], neighbours, AbortSignal.timeout(1_000)))[0];
}

const pairs = (rows: [string, string[]][]) => rows.flatMap(([known, sayings]) => sayings.map((said): [string, string] => [known, said]));

describe('the only known statement', () => {
  test.each(pairs(untouched))('%s stays beside: %s', async (known, said) => {
    expect(await propose([known], said)).toMatchObject({ action: 'ADD' });
  });
  test.each(pairs(changed))('%s holds no longer after: %s', async (known, said) => {
    expect((await propose([known], said))?.action).toMatch(/^(?:UPDATE|DELETE)$/);
  });
});

test('a present change passes over what is past and finds what holds', async () => {
  const proposal = await propose(['I worked at Nokia in 2010.', 'I work at Siemens.'], 'I joined Bosch last Monday.');
  expect(proposal).toMatchObject({ action: 'UPDATE', target: 1 });
});
