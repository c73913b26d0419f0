import { afterEach, describe, expect, it } from 'vitest';
import type { Turn } from '../../src/core/events.js';
import type { Decider, DecisionCase, Embedder, Extractor, Neighbour } from '../../src/core/ports.js';
import { createHashedEmbedder } from '../../src/models/hashed-embedding.js';
import { createOpenAiClient } from '../../src/models/openai/client.js';
import { createOpenAiDecider } from '../../src/models/openai/decision.js';
import { createOpenAiEmbedder } from '../../src/models/openai/embedding.js';
import { createOpenAiExtractor } from '../../src/models/openai/extraction.js';
import { createStructuredChat } from '../../src/models/openai/structured-chat.js';
import { createRulesDecider } from '../../src/models/rules/decision.js';
import { createRulesExtractor } from '../../src/models/rules/extraction.js';
import { type FakeChat, type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';

let fake: FakeOpenAi | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

/** A model that takes every turn for a fact, the assistant's and the system's too, and updates whatever is near. */
function eager({ purpose, user }: FakeChat): object {
  const lines = user.split('\n').filter((line) => line.startsWith('{'));
  const shown = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  if (purpose === 'extraction') {
    const turns = shown.filter(({ turn }) => typeof turn === 'number');
    const facts = turns.map(({ turn, content }) => ({ turn, quote: content, text: String(content).trim() }));
    return {
      facts: facts.map((fact) => ({ ...fact, subject: null, entities: null, occurred_at: null, recurs: null, importance: null })),
      skipped: [],
    };
  }
  const facts = shown.filter(({ fact }) => typeof fact === 'number');
  return { decisions: facts.map(({ fact, text }) => ({ fact, action: 'UPDATE', memory: 1, text, reason: null })) };
}

async function client() {
  fake = await startFakeOpenAi();
  fake.onChat(eager);
  return createOpenAiClient({ baseUrl: fake.url, timeout: 5000, retryDelay: 1 });
}
const chat = async () => createStructuredChat({ client: await client(), model: 'small' });

const embedders: [string, () => Promise<Embedder>][] = [
  ['the built-in embedding', async () => createHashedEmbedder()],
  ['an OpenAI-compatible one', async () => createOpenAiEmbedder({ client: await client(), model: 'text-embedding-3-small' })],
];
const extractors: [string, () => Promise<Extractor>][] = [
  ['the rules', async () => createRulesExtractor()],
  ['a model', async () => createOpenAiExtractor({ chat: await chat() })],
];
const deciders: [string, () => Promise<Decider>][] = [
  ['the rules', async () => createRulesDecider()],
  ['a model', async () => createOpenAiDecider({ chat: await chat() })],
];

const signal = () => new AbortController().signal;
const length = (vector: Float32Array) => Math.hypot(...vector);
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

describe.each(embedders)('an embedder: %s', (_, create) => {
  it('gives one unit vector a text, in order, all of its dimension', async () => {
    const embedder = await create();
    const texts = ['I live in Porto.', '我的猫叫豆豆。', '🙂', 'I live in Porto.'];
    const vectors = await embedder.embed(texts, signal());
    expect(vectors).toHaveLength(texts.length);
    for (const vector of vectors) {
      expect(vector).toBeInstanceOf(Float32Array);
      expect(vector).toHaveLength(embedder.dimension);
      expect(length(vector)).toBeCloseTo(1, 4);
    }
    expect(vectors[3]).toEqual(vectors[0]);
  });

  it('puts what is alike nearer than what is not', async () => {
    const embedder = await create();
    const [one, alike, other] = await embedder.embed(['my dog eats fresh fish', 'my dog eats raw fish', 'taxes are due'], signal());
    expect(dot(one!, alike!)).toBeGreaterThan(dot(one!, other!));
  });

  it('takes texts of any length, and none at all', async () => {
    const embedder = await create();
    expect(await embedder.embed([], signal())).toEqual([]);
    expect(await embedder.embed(['x'.repeat(200_000)], signal())).toHaveLength(1);
  });
});

describe.each(extractors)('an extractor: %s', (_, create) => {
  const turns: Turn[] = [
    { role: 'system', content: 'I am a system and I live in a rack.' },
    { role: 'user', content: 'I live in Porto.', name: 'Ana' },
    { role: 'assistant', content: 'You work at the harbour.' },
    { role: 'user', content: '' },
    { role: 'user', content: 'I have two cats.', name: 'Ben' },
  ];
  const input = { form: 'messages' as const, turns, context: [], at: '2024-03-08T20:10:00Z' };

  it('finds facts in the user’s turns alone, each with its turn and words that stand in it', async () => {
    const { facts } = await (await create()).extract(input, signal());
    expect(facts.map(({ turn }) => turn)).toEqual([1, 4]);
    for (const { turn, quote, text } of facts) {
      expect(turns[turn]?.content).toContain(quote);
      expect(text).not.toBe('');
    }
  });

  it('keeps speakers apart', async () => {
    const { facts } = await (await create()).extract(input, signal());
    expect(facts.map(({ subject }) => subject)).toEqual(['Ana', 'Ben']);
  });

  it('finds nothing in nothing', async () => {
    expect(await (await create()).extract({ ...input, turns: [{ role: 'user', content: '' }] }, signal())).toMatchObject({ facts: [] });
  });
});

describe.each(deciders)('a decider: %s', (_, create) => {
  const neighbours: Neighbour[] = [{ text: 'I live in Porto.', said_at: '2024-01-01T00:00:00Z' }];
  const caseOf = (text: string, near: DecisionCase['near']): DecisionCase => ({
    fact: { text, turn: 0, quote: text },
    at: '2024-03-01T00:00:00Z',
    near,
  });

  it('gives at most one proposal a case, in order, and only targets that were near it', async () => {
    const cases = [caseOf('I live in Lisbon now.', [{ neighbour: 0, score: 0.8 }]), caseOf('I have two cats.', [])];
    const proposals = await (await create()).decide(cases, neighbours, signal());
    expect(proposals).toHaveLength(2);
    expect(proposals[0]).toMatchObject({ action: 'UPDATE', target: 0, text: 'I live in Lisbon now.' });
    expect(proposals[1]?.action ?? 'ADD').toBe('ADD');
  });

  it('has nothing to say of no cases', async () => {
    expect(await (await create()).decide([], [], signal())).toEqual([]);
  });
});
