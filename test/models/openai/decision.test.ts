import { afterEach, describe, expect, it } from 'vitest';
import { type Decider, type DecisionCase, ModelError, type Neighbour } from '../../../src/core/ports.js';
import { createOpenAiClient } from '../../../src/models/openai/client.js';
import { createOpenAiDecider } from '../../../src/models/openai/decision.js';
import { createStructuredChat } from '../../../src/models/openai/structured-chat.js';
import { type FakeOpenAi, startFakeOpenAi } from '../../support/fake-openai.js';

let fake: FakeOpenAi;
afterEach(() => fake.close());

async function setUp(): Promise<Decider> {
  fake = await startFakeOpenAi();
  const client = createOpenAiClient({ baseUrl: fake.url, timeout: 5_000, retryDelay: 1 });
  return createOpenAiDecider({ chat: createStructuredChat({ client, model: 'small' }) });
}

const at = '2024-03-08T20:10:00+08:00';
const neighbours: Neighbour[] = [
  { text: 'User lives in Bern.', said_at: '2023-01-01T00:00:00Z' },
  { text: 'Mei was born in May.', subject: 'Mei', said_at: '2023-01-02T00:00:00Z', occurred_at: '1990-05' },
];
const caseOf = (text: string, ...near: number[]): DecisionCase => ({
  fact: { text, turn: 0, quote: text },
  at,
  near: near.map((neighbour) => ({ neighbour, score: 0.8125 })),
});
const decide = (decider: Decider, ...cases: DecisionCase[]) => decider.decide(cases, neighbours, new AbortController().signal);

describe('a decider', () => {
  it('shows all facts and memories in one call under small numbers', async () => {
    const decider = await setUp();
    await decide(decider, caseOf('User lives in Rome.', 0), caseOf('Mei sails.', 1, 0));
    expect(fake.chatCalls).toHaveLength(1);
    const [, user] = fake.chatCalls[0]!.body.messages as { content: string }[];
    expect(user?.content).toBe(
      [
        'Existing memories:',
        '{"memory":1,"text":"User lives in Bern.","said":"2023-01-01T00:00:00Z"}',
        '{"memory":2,"text":"Mei was born in May.","subject":"Mei","said":"2023-01-02T00:00:00Z","occurred_at":"1990-05"}',
        'New facts:',
        `{"fact":1,"text":"User lives in Rome.","said":"${at}","near":[{"memory":1,"score":0.81}]}`,
        `{"fact":2,"text":"Mei sails.","said":"${at}","near":[{"memory":2,"score":0.81},{"memory":1,"score":0.81}]}`,
      ].join('\n'),
    );
  });

  it('answers one proposal a fact in the order of the facts', async () => {
    const decider = await setUp();
    fake.onChat({
      decisions: [
        { fact: 4, action: 'NONE', memory: 2, text: null, reason: null },
        { fact: 1, action: 'ADD', memory: null, text: null, reason: 'new' },
        { fact: 3, action: 'DELETE', memory: 1, text: null, reason: 'sold' },
        { fact: 2, action: 'UPDATE', memory: 1, text: ' User lives in Rome. ', reason: 'moved' },
      ],
    });
    await expect(decide(decider, caseOf('a', 0), caseOf('b', 0), caseOf('c', 0), caseOf('d', 1))).resolves.toEqual([
      { action: 'ADD', reason: 'new' },
      { action: 'UPDATE', target: 0, text: 'User lives in Rome.', reason: 'moved' },
      { action: 'DELETE', target: 0, reason: 'sold' },
      { action: 'NONE', target: 1 },
    ]);
  });

  it.each([
    ['names no memory', { action: 'NONE', memory: null }],
    ['names an unknown memory', { action: 'DELETE', memory: 3 }],
    ['names memory 0', { action: 'DELETE', memory: 0 }],
    ['names a memory that is not near', { action: 'DELETE', memory: 2 }],
    ['updates without a text', { action: 'UPDATE', memory: 1, text: ' ' }],
  ])('counts a decision that %s as none', async (_, decision) => {
    const decider = await setUp();
    fake.onChat({ decisions: [{ fact: 1, text: null, reason: null, ...decision }] });
    await expect(decide(decider, caseOf('a', 0))).resolves.toEqual([undefined]);
  });

  it('leaves facts without a decision undecided, ignores unknown ones, and takes the first of two', async () => {
    const decider = await setUp();
    const none = { memory: 1, text: null, reason: null };
    fake.onChat({
      decisions: [
        { fact: 7, action: 'ADD', ...none },
        { fact: 2, action: 'NONE', ...none },
        { fact: 2, action: 'DELETE', ...none },
      ],
    });
    await expect(decide(decider, caseOf('a', 0), caseOf('b', 0))).resolves.toEqual([undefined, { action: 'NONE', target: 0 }]);
  });

  it('takes what more a fact makes untrue besides its decision', async () => {
    const decider = await setUp();
    const decided = { fact: 1, text: null, reason: null };
    fake.onChat({
      decisions: [
        { ...decided, action: 'DELETE', memory: 1 },
        { ...decided, action: 'UPDATE', memory: 2, text: 'Nora lives in Graz.' },
        { ...decided, action: 'DELETE', memory: 2 },
        { ...decided, action: 'DELETE', memory: 9 },
      ],
    });
    await expect(decide(decider, caseOf('a', 0, 1))).resolves.toEqual([
      { action: 'UPDATE', target: 1, text: 'Nora lives in Graz.', ends: [0] },
    ]);
  });

  it('asks nothing for no facts', async () => {
    const decider = await setUp();
    await expect(decide(decider)).resolves.toEqual([]);
    expect(fake.requests).toHaveLength(0);
  });

  it('raises ModelError when the model is down', async () => {
    const decider = await setUp();
    fake.fail('server_error', 3);
    await expect(decide(decider, caseOf('a', 0))).rejects.toBeInstanceOf(ModelError);
  });
});
