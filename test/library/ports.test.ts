import { describe, expect, it } from 'vitest';
import { type ChatModel, type Decider, type Embedder, type Extractor, ModelError, type Reflector, type Reranker } from '../../src/index.js';
import { openMemory } from './opened.js';

const texts = ({ memories }: { memories: { memory: string }[] }) => memories.map(({ memory }) => memory);

/** Takes each sentence for a fact. */
const extractor: Extractor = {
  name: 'sentences',
  remote: false,
  async extract({ turns }) {
    const facts = turns.flatMap(({ content }, turn) =>
      content.split(/(?<=\.)\s+/).map((text) => ({ text, turn, quote: text, occurred_at: null })),
    );
    return { facts, skipped: [] };
  },
};

describe('models of the caller', () => {
  it('extract, decide, embed and rerank in the place of the built-in ones', async () => {
    const asked: string[] = [];
    const decider: Decider = {
      name: 'the new one wins',
      remote: false,
      reach: { limit: 5, floor: 0 },
      async decide(cases) {
        asked.push('decide');
        return cases.map(({ fact, near }) =>
          near[0] && fact.text.includes('blue')
            ? { action: 'UPDATE', target: near[0].neighbour, text: fact.text, reason: 'newer' }
            : { action: 'ADD' },
        );
      },
    };
    const embedder: Embedder = {
      model: 'everything is one',
      dimension: 2,
      noise: 0,
      remote: false,
      async embed(given) {
        asked.push('embed');
        return given.map(() => Float32Array.from([1, 0]));
      },
    };
    const reranker: Reranker = {
      model: 'longest first',
      async score(_, given) {
        asked.push('rerank');
        return given.map((text) => text.length);
      },
    };
    const memory = await openMemory({ models: { extractor, decider, embedder, reranker } });
    const { results } = await memory.remember('The car is red. The sea is salty and very wide.');
    expect(results.map(({ event }) => event)).toEqual(['ADD', 'ADD']);
    const { results: changed } = await memory.remember('The car is blue.');
    expect(changed).toMatchObject([{ event: 'UPDATE', reason: 'newer' }]);
    const { events } = await memory.history(changed[0]?.id);
    expect(events.at(-1)?.by?.model).toBe('sentences');
    await memory.remember('The car is a van.', { infer: false });
    await memory.recall('The car');
    expect(new Set(asked)).toEqual(new Set(['decide', 'embed', 'rerank']));
  });

  it('reflect and converse without an endpoint', async () => {
    const reflector: Reflector = {
      name: 'all in one',
      async reflect({ memories }) {
        const sources = memories.map((_, index) => index);
        return [{ action: 'ADD', text: 'Swims in all seasons.', sources }];
      },
    };
    const chat: ChatModel = {
      name: 'echo',
      async *stream(messages) {
        yield* ['You said: ', messages.at(-1)?.content ?? ''];
      },
    };
    const memory = await openMemory({ models: { reflector, chat } });
    await memory.remember('I swim in the sea in summer.');
    await memory.remember('I swim in the pool in winter.');
    const { spaces } = await memory.reflect();
    expect(spaces[0]?.insights).toMatchObject([{ event: 'ADD', memory: 'Swims in all seasons.' }]);
    expect((await memory.chat('Do I swim?')).answer).toBe('You said: Do I swim?');
  });

  it('that converse are asked for one turn of a conversation after the other', async () => {
    const order: string[] = [];
    const chat: ChatModel = {
      name: 'slow to begin with',
      async *stream(messages) {
        const said = messages.at(-1)?.content ?? '';
        order.push(`asked ${said}`);
        // Longer than the next turn would take to be asked.
        if (said === 'First.') for (let count = 0; count < 20; count += 1) await memory.recall('Second.');
        order.push(`answered ${said}`);
        yield said;
      },
    };
    const memory = await openMemory({ models: { chat } });
    await Promise.all(['First.', 'Second.'].map((text) => memory.chat(text)));
    expect(order).toEqual(['asked First.', 'answered First.', 'asked Second.', 'answered Second.']);
  });

  it('that fail leave the input pending, and are asked again', async () => {
    let failures = 1;
    const failing: Extractor = {
      ...extractor,
      remote: true,
      async extract(input, signal) {
        if (failures-- > 0) throw new ModelError('the model sleeps');
        return extractor.extract(input, signal);
      },
    };
    const memory = await openMemory({ models: { extractor: failing } });
    const answer = await memory.remember('The car is red.');
    expect(answer).toMatchObject({ pending: true, degraded: [expect.stringContaining('the model sleeps')] });
    expect(await memory.flush()).toMatchObject({ pending: 0 });
    expect(texts(await memory.list())).toEqual(['The car is red.']);
  });
});

describe('a clock of the caller', () => {
  it('dates what is said, resolves phrases of time, expires memories and asks the past', async () => {
    let now = Date.parse('2024-03-10T12:00:00Z');
    const memory = await openMemory({ clock: { now: () => now } });
    const { results } = await memory.remember('I saw the dentist yesterday.');
    await memory.remember('The parking spot is B7.', { expires_at: '2024-03-20' });
    expect(await memory.get(results[0]?.id ?? '')).toMatchObject({ said_at: '2024-03-10T12:00:00Z', occurred_at: '2024-03-09' });

    now = Date.parse('2024-04-05T12:00:00Z');
    await memory.correct(results[0]?.id ?? '', { content: 'I saw the vet yesterday.' });
    expect(texts(await memory.list())).toEqual(['I saw the vet yesterday.']);
    expect(texts(await memory.list({ as_of: '2024-03-15' })).sort()).toEqual(['I saw the dentist yesterday.', 'The parking spot is B7.']);
    expect(texts(await memory.list({ since: '2024-03-01', until: '2024-03-31' }))).toEqual([]);
    const { memories } = await memory.recall('Whom did I see yesterday?', { explain: true });
    expect(memories[0]).toMatchObject({ memory: 'I saw the vet yesterday.', occurred_at: '2024-04-04', why: { time: { rank: 1 } } });
  });
});

describe('a logger of the caller', () => {
  it('hears what goes on behind the calls', async () => {
    const heard: string[] = [];
    const log = (message: string) => void heard.push(message);
    const failing: Extractor = { ...extractor, remote: true, extract: async () => Promise.reject(new Error('a fault of the model')) };
    const memory = await openMemory({ models: { extractor: failing }, logger: { debug: log, info: log, warn: log, error: log } });
    await memory.remember('The car is red.', { wait: false });
    await expect.poll(() => heard).toContain('pending input failed');
  });
});
