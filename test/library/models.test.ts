import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenOptions, Usage } from '../../src/index.js';
import { type FakeChat, type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { openMemory } from './opened.js';

let fake: FakeOpenAi;
beforeEach(async () => {
  fake = await startFakeOpenAi();
});
afterEach(() => fake.close());

const open = (options: OpenOptions = {}) =>
  openMemory({ baseUrl: fake.url, model: 'fake', embeddingModel: 'fake-embedding', reflect: 0, ...options });

/** Finds the words that were said as one fact, and adds it. */
function answering({ purpose, user }: FakeChat): object | string {
  const said = /"content":"([^"]+)"/.exec(user)?.[1] ?? '';
  if (purpose === 'extraction') return { facts: [{ turn: 0, quote: said, text: said, importance: 5 }], skipped: [] };
  if (purpose === undefined) return 'I see.';
  return { decisions: [{ fact: 1, action: 'ADD', memory: null, text: null, reason: null }] };
}

const tokens = (text: string) => Math.ceil(text.length / 4);
/** What the endpoint answered of tokens of chats about these words. */
const sentFor = (words: string) =>
  fake.chatCalls
    .filter(({ body }) => JSON.stringify(body.messages).includes(words))
    .reduce((sum, { body }) => sum + tokens(JSON.stringify(body.messages)), 0);
const callsFor = (words: string) => fake.chatCalls.filter(({ body }) => JSON.stringify(body.messages).includes(words)).length;

describe('usage', () => {
  it('of a call is what its models were asked, by kind', async () => {
    fake.onChat(answering);
    const memory = await open({ rerankModel: 'fake-rerank', rerankUrl: fake.rerankUrls.common });
    const { usage } = await memory.remember('My locker opens with pomegranate.');
    expect(usage).toMatchObject({ model_calls: fake.chatCalls.length, embedding_calls: fake.embeddingCalls.length, rerank_calls: 0 });
    expect(usage.model_calls).toBeGreaterThan(0);
    expect(usage.embedding_calls).toBeGreaterThan(0);
    expect(usage.tokens_in).toBe(sentFor('pomegranate'));
    expect(usage.tokens_out).toBeGreaterThan(0);
    await memory.remember('The locker is next to the pool.');
    const recalled = await memory.recall('Which locker?');
    expect(recalled.usage).toMatchObject({ model_calls: 0, tokens_in: 0, embedding_calls: 1, rerank_calls: fake.rerankCalls.length });
    expect(fake.rerankCalls).toHaveLength(1);
    expect((await memory.list()).usage).toEqual({ ...nothing });
  });

  it('of calls at the same time is each of its own, and all of it together the total', async () => {
    fake.onChat(answering);
    const memory = await open();
    const words = ['pomegranate', 'papaya', 'mango', 'quince', 'lychee', 'medlar'];
    const answers = await Promise.all(
      words.map((word) => memory.remember(`My locker in town ${word} opens with ${word}.`, { user_id: word })),
    );
    for (const [at, { usage }] of answers.entries()) {
      expect(usage.tokens_in).toBe(sentFor(words[at]!));
      expect(usage.model_calls).toBe(callsFor(words[at]!));
    }
    const { usage: behind } = await memory.flush();
    expect(sum([...answers.map(({ usage }) => usage), behind])).toEqual(memory.usage());
  });

  it('of work behind the calls is told by flush, once, and belongs to no call', async () => {
    fake.onChat(answering);
    const memory = await open();
    const saved = await memory.remember('My locker opens with pomegranate.', { wait: false });
    expect(saved).toMatchObject({ pending: true, usage: { model_calls: 0 } });
    // Calls go on while the input is worked on.
    const listings = Promise.all(Array.from({ length: 20 }, () => memory.recall('locker')));
    const flushed = await memory.flush();
    expect(flushed).toMatchObject({ pending: 0, usage: { model_calls: callsFor('pomegranate'), tokens_in: sentFor('pomegranate') } });
    expect(flushed.usage.model_calls).toBeGreaterThan(0);
    expect((await listings).map(({ usage }) => usage.model_calls)).toEqual(Array.from({ length: 20 }, () => 0));
    expect((await memory.flush()).usage.model_calls).toBe(0);
    expect((await memory.list()).memories).toMatchObject([{ memory: 'My locker opens with pomegranate.' }]);
  });
});

const nothing: Usage = {
  model_calls: 0,
  tokens_in: 0,
  tokens_out: 0,
  embedding_calls: 0,
  embedding_tokens: 0,
  rerank_calls: 0,
  rerank_tokens: 0,
};

function sum(usages: Usage[]): Usage {
  const names = Object.keys(nothing) as (keyof Usage)[];
  return Object.fromEntries(names.map((name) => [name, usages.reduce((all, usage) => all + usage[name], 0)])) as unknown as Usage;
}

describe('flush', () => {
  it('comes back when its time is over or its signal is raised, and counts what is left', async () => {
    fake.fail('server_error', Number.POSITIVE_INFINITY, 'chat');
    const memory = await open();
    await memory.remember('My locker opens with pomegranate.', { wait: false });
    expect(await memory.flush({ timeout: 10 })).toMatchObject({ pending: 1 });
    expect(await memory.flush({ signal: AbortSignal.abort() })).toMatchObject({ pending: 1 });
  });

  it('waits for a reflection that is due', async () => {
    fake.onChat((chat) => (chat.purpose === 'reflection' ? { insights: [] } : answering(chat)));
    const memory = await open({ reflect: 1 });
    await memory.remember('My locker opens with pomegranate.');
    expect(await memory.flush({ timeout: 0 })).toMatchObject({ unreflected: 1 });
    expect(await memory.flush()).toMatchObject({ pending: 0, unreflected: 0 });
  });
});

describe('reset', () => {
  it('takes what waits for a model with it: nothing comes of it later', async () => {
    fake.fail('server_error', Number.POSITIVE_INFINITY, 'chat');
    const home = await temporaryHome();
    const memory = await open({ home });
    await memory.remember('My locker opens with pomegranate.', { wait: false });
    expect(await memory.reset()).toMatchObject({ memories: 0, pending: 1, inputs: 1 });
    await fake.restart();
    fake.onChat(answering);
    expect(await memory.flush()).toMatchObject({ pending: 0 });
    await memory.close();
    const again = await open({ home });
    await again.flush();
    expect((await again.list()).memories).toEqual([]);
    expect((await again.history()).events).toEqual([]);
  });
});

describe('reflect', () => {
  it('tells what came of each space, and what it took', async () => {
    fake.onChat((chat) => (chat.purpose === 'reflection' ? { insights: [] } : answering(chat)));
    const memory = await open({ project: 'shop' });
    await memory.remember('My locker opens with pomegranate.');
    await memory.remember('The pool opens at seven.');
    const { spaces, busy, usage } = await memory.reflect();
    expect(spaces.map(({ space, looked }) => [space, looked])).toEqual([
      ['user:default', 2],
      ['project:shop', 0],
    ]);
    expect(busy).toEqual([]);
    expect(usage.model_calls).toBeGreaterThan(0);
  });
});

describe('chat', () => {
  it('answers with what is remembered, and remembers what is said', async () => {
    fake.onChat(answering);
    const memory = await open({ infer: 'rules' });
    const first = await memory.chat('I live in Lisbon.', { wait: true });
    expect(first).toMatchObject({ answer: 'I see.', memories: [], degraded: [], stopped: false, waiting: 0 });
    expect(first.remembered).toMatchObject([{ event: 'ADD', memory: 'I live in Lisbon.' }]);
    expect(first.usage).toMatchObject({ model_calls: 1, tokens_in: sentFor('Lisbon'), tokens_out: tokens('I see.') });
    const pieces: string[] = [];
    const second = await memory.chat('Which city do I live in?', { onPiece: (piece) => pieces.push(piece) });
    expect(second.memories).toMatchObject([{ memory: 'I live in Lisbon.' }]);
    expect(pieces.join('')).toBe(second.answer);
    const messages = fake.chatCalls.at(-1)?.body.messages as { role: string; content: string }[];
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages[0]?.content).toContain('"I live in Lisbon."');
  });

  it('keeps the turns of runs and users apart, and those of one run in order', async () => {
    fake.onChat(answering);
    const memory = await open({ infer: 'rules' });
    await memory.chat('The code word is pomegranate.', { run_id: 'one' });
    const lasts = () => fake.chatCalls.at(-1)?.body.messages as unknown[];
    await memory.chat('Hello.', { run_id: 'two' });
    expect(lasts()).toHaveLength(2);
    await memory.chat('Hello.', { run_id: 'one', user_id: 'bob' });
    expect(lasts()).toHaveLength(2);
    await Promise.all(['First.', 'Second.'].map((text) => memory.chat(text, { run_id: 'one' })));
    expect(lasts()).toMatchObject([{ role: 'system' }, {}, {}, { content: 'First.' }, {}, { content: 'Second.' }]);
  });

  it('says why there is no answer, and remembers the words all the same', async () => {
    fake.fail('quota', Number.POSITIVE_INFINITY, 'chat');
    const memory = await open({ infer: 'rules' });
    const { answer, error, stopped } = await memory.chat('I live in Lisbon.', { wait: true });
    expect({ answer, stopped }).toEqual({ answer: '', stopped: false });
    expect(error).toContain('quota');
    expect((await memory.list()).memories).toMatchObject([{ memory: 'I live in Lisbon.' }]);
  });
});
