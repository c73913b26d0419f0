import { expect, test } from 'vitest';
import { createRulesDecider } from '../../../src/models/rules/decision.js';
import { otherAttribute, otherSubject, type SubjectRow, sameSubject } from './subject-cases.js';

const decider = createRulesDecider();
const rows = [...sameSubject, ...otherSubject, ...otherAttribute];

async function decide(known: string[], said: string): Promise<string> {
  const neighbours = known.map((text) => ({ text, said_at: '2026-01-01T00:00:00Z' }));
  const near = known.map((_, neighbour) => ({ neighbour, score: 0.5 }));
  const fact = { text: said, turn: 0, quote: said };
  const [proposal] = await decider.decide([{ fact, at: '2026-01-02T00:00:00Z', near }], neighbours, AbortSignal.timeout(1_000));
  return !proposal || proposal.action === 'ADD' ? 'ADD' : `${proposal.action} ${known[proposal.target]}`;
}

async function wrongOf(cases: SubjectRow[]): Promise<string[]> {
  const decided = await Promise.all(
    cases.map(async ([known, said, expected]) => ({ known, said, expected, is: await decide([known], said) })),
  );
  return decided
    .filter(({ known, expected, is }) => is !== (expected === 'ADD' ? 'ADD' : `${expected} ${known}`))
    .map(({ known, said, is }) => `${known} / ${said} -> ${is}`);
}

test('a new value of the same subject replaces the old one', async () => {
  const wrong = await wrongOf(sameSubject);
  expect(1 - wrong.length / sameSubject.length, wrong.join('\n')).toBeGreaterThanOrEqual(0.95);
});

test('what is said of another subject is added', async () => {
  expect(await wrongOf(otherSubject)).toEqual([]);
});

test('what else is said of the same subject is added', async () => {
  expect(await wrongOf(otherAttribute)).toEqual([]);
});

test('among everything that is known, only the statement about the same subject is touched', async () => {
  const unrelated = rows.map(([known]) => known);
  const touched = await Promise.all(
    rows.map(async ([known, said, expected]) => {
      const related = new Set(rows.filter((row) => row[1] === said || row[0] === known).map((row) => row[0]));
      const is = await decide(
        unrelated.filter((each) => !related.has(each)),
        said,
      );
      return is === 'ADD' ? [] : [`${said} (${expected}) -> ${is}`];
    }),
  );
  expect(touched.flat()).toEqual([]);
});
