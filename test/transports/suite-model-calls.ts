import { expect, it } from 'vitest';
import type { ChatAnswer } from '../support/fake-openai.js';
import { until } from '../support/server.js';
import type { Stage } from './suite.js';

const owned = { user_id: 'long' };

/** A model that finds one fact in what it is shown, if it stands there, and takes every fact for new. */
function finding(quote: string): ChatAnswer {
  return ({ purpose, user }) => {
    if (purpose === 'decision') return { decisions: [{ fact: 1, action: 'ADD', memory: null, text: null, reason: null }] };
    const unsaid = { turn: 0, subject: null, entities: [], occurred_at: null, recurs: null, importance: 5, standing: false };
    return { facts: user.includes(quote) ? [{ ...unsaid, quote, text: quote }] : [], skipped: [] };
  };
}

/** Calls that wait for a model: how far they are, and what becomes of them when they are cancelled. */
export function checkModelCalls(stage: () => Stage): void {
  it('tells how far a long remember is', async () => {
    const { client, fake } = stage();
    fake.onChat(finding('Ben keeps eleven bees in Bath.'));
    const content = `${'Nothing is said here that would matter. '.repeat(1500)}Ben keeps eleven bees in Bath.`;
    const told: [number, number | undefined][] = [];
    const { structured } = await client.call('remember', { ...owned, content }, { onProgress: (...step) => told.push(step) });
    expect(structured.results).toMatchObject([{ event: 'ADD', memory: 'Ben keeps eleven bees in Bath.' }]);
    // The last step may be overtaken by the answer.
    expect(told.length).toBeGreaterThanOrEqual(2);
    const done = told.map(([step]) => step);
    expect(done).toEqual([...new Set(done)].sort((a, b) => a - b));
    const total = told[0]?.[1];
    expect(total).toBeGreaterThanOrEqual(Math.max(3, ...done));
    expect(told.every(([, each]) => each === total)).toBe(true);
  });

  it('stops asking the model when the call is cancelled, and the input is not lost', async () => {
    const { client, other, fake } = stage();
    fake.onChat(finding('Mia was born in Malmö.'));
    fake.fail('hang', 1, 'chat');
    const asked = fake.chatCalls.length;
    const cancelling = new AbortController();
    const call = client.call('remember', { ...owned, content: 'Mia was born in Malmö.' }, { signal: cancelling.signal });
    const refused = expect(call).rejects.toThrow();
    const request = await until(() => fake.chatCalls[asked]);
    cancelling.abort(new Error('not needed any more'));
    await refused;
    await until(() => request.abandoned);
    const { structured } = await other.call('memory_history', { ...owned, events: ['RECEIVED'] });
    expect(JSON.stringify(structured.events[0])).toContain('Mia was born in Malmö.');
    await until(async () => (await other.call('recall', { ...owned, query: 'Malmö' })).structured.memories.length > 0);
  });
}
