import { describe, expect, test } from 'vitest';
import { createRulesDecider } from '../../../src/models/rules/decision.js';
import {
  chineseLife,
  englishLife,
  furtherLives,
  innocent,
  innocentChinese,
  lastInnocent,
  lastLives,
  otherLives,
  type Topic,
} from './grid-cases.js';

const decider = createRulesDecider();

/** The event that the rules propose for what is said, and the statement that it changes. */
async function decide(known: string[], said: string): Promise<{ action: string; of?: string | undefined }> {
  const neighbours = known.map((text) => ({ text, said_at: '2026-01-01T00:00:00Z' }));
  const near = known.map((_, neighbour) => ({ neighbour, score: 0.5 }));
  const fact = { text: said, turn: 0, quote: said };
  const [proposal] = await decider.decide([{ fact, at: '2026-01-02T00:00:00Z', near }], neighbours, AbortSignal.timeout(1_000));
  if (!proposal || proposal.action === 'ADD') return { action: 'ADD' };
  return { action: proposal.action, of: known[proposal.target] };
}

/** How many sayings of each sort are decided rightly, and how often a bystander is changed. */
async function measure(life: Topic[]) {
  const wrong: string[] = [];
  const count = { changes: [0, 0], endings: [0, 0], additions: [0, 0], bystanders: [0, 0] } satisfies Record<string, [number, number]>;
  const expected = { changes: 'UPDATE', endings: 'DELETE', additions: 'ADD' };
  for (const topic of life) {
    const others = life.filter((each) => each !== topic).map((each) => each.known);
    for (const sort of ['changes', 'endings', 'additions'] as const) {
      for (const said of topic[sort]) {
        const { action, of } = await decide([...others, topic.known], said);
        const alone = await decide(others, said);
        const right = action === expected[sort] && (of ?? topic.known) === topic.known;
        count[sort][0] += right ? 1 : 0;
        count[sort][1] += 1;
        count.bystanders[0] += (of ?? topic.known) !== topic.known || alone.of !== undefined ? 1 : 0;
        count.bystanders[1] += 1;
        if (!right) wrong.push(`${sort}: ${said} (${topic.known}) -> ${action} ${of ?? ''}`);
        if (alone.of !== undefined) wrong.push(`bystander: ${said} -> ${alone.action} ${alone.of}`);
      }
    }
  }
  const rate = ([part, all]: [number, number]) => part / all;
  return { wrong: wrong.join('\n'), count, rate };
}

describe.each([
  ['English', englishLife],
  ['Chinese', chineseLife],
  ...[...otherLives, ...furtherLives, ...lastLives].map((life, index): [string, Topic[]] => [`other words, ${index + 1}`, life]),
])('a life told in %s', (_, life) => {
  test('what changes is updated, what ends is deleted, what is new is added, and no bystander is touched', async () => {
    const { count, wrong, rate } = await measure(life);
    expect(rate(count.changes), wrong).toBeGreaterThanOrEqual(0.95);
    expect(rate(count.endings), wrong).toBeGreaterThanOrEqual(0.95);
    expect(rate(count.additions), wrong).toBeGreaterThanOrEqual(0.98);
    expect(rate(count.bystanders), wrong).toBeLessThan(0.01);
  });
});

test.each([
  ['English', [englishLife, otherLives[0], furtherLives[0]], innocent],
  ['Chinese', [chineseLife, otherLives[1], furtherLives[1]], innocentChinese],
  ['either', lastLives, lastInnocent],
])('what merely sounds like a correction in %s is kept as a statement of its own', async (_, lives, sayings) => {
  const known = lives.flatMap((life) => life ?? []).map((topic) => topic.known);
  const decided = await Promise.all(sayings.map(async (said) => ({ said, ...(await decide(known, said)) })));
  const touching = decided.filter(({ action }) => action !== 'ADD').map(({ said, action, of }) => `${said} -> ${action} ${of}`);
  expect(touching).toEqual([]);
});
