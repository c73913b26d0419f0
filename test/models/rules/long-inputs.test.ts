import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createHashedEmbedder } from '../../../src/models/hashed-embedding.js';
import { createRulesDecider } from '../../../src/models/rules/decision.js';
import { createRulesExtractor } from '../../../src/models/rules/extraction.js';

/** How many turns others had while some work was done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const done = work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await nextTurn();
    turns += 1;
  }
  await done;
  return turns;
}

const never = new AbortController().signal;
const at = '2026-03-01T12:00:00Z';
const statements = Array.from({ length: 2000 }, (_, index) => `I moved my desk number ${index} from Rome to Oslo.`);

it('let others have their turns while they are read', async () => {
  const turn = { role: 'user' as const, content: [...statements, ...statements, ...statements].join('\n\n') };
  expect(await turnsDuring(createRulesExtractor().extract({ form: 'content', turns: [turn], context: [], at }, never))).toBeGreaterThan(2);
});

it('let others have their turns while it is decided what they change', async () => {
  const neighbours = statements.slice(0, 200).map((text) => ({ text, said_at: at }));
  const near = neighbours.map((_, neighbour) => ({ neighbour, score: 0 }));
  const cases = statements.slice(0, 200).map((text) => ({ fact: { text, turn: 0, quote: text }, at, near }));
  expect(await turnsDuring(createRulesDecider().decide(cases, neighbours, never))).toBeGreaterThan(2);
});

it('let others have their turns while they are embedded', async () => {
  expect(await turnsDuring(createHashedEmbedder().embed(statements, never))).toBeGreaterThan(2);
});
