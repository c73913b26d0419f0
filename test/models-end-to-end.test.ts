import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeChat, type FakeOpenAi, type FakeOpenAiOptions, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { type Answer, type StartedServer, startServer, until } from './support/server.js';
import { conceptEmbedding, crowded } from './support/synthetic-embeddings.js';

let fake: FakeOpenAi;
let env: Record<string, string>;

/** What the model says to a chat, with the memories and facts that it is shown. */
type Decide = (shown: { memories: string[]; facts: string[] }) => object[];

/** Numbered things in a question, one JSON line each. */
function shownLines(text: string, key: string): { text: string; content: string; role: string }[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`{"${key}":`))
    .map((line) => JSON.parse(line));
}

function fact(text: string, more: object = {}): object {
  return { turn: 0, quote: text, text, subject: null, entities: [], occurred_at: null, recurs: null, importance: 5, ...more };
}

/** A model that finds one fact in each turn of the user, in the user's words, and decides as it is told (ADD). */
function honest(decide: Decide = ({ facts }) => facts.map((_, index) => ({ fact: index + 1, action: 'ADD' }))) {
  return ({ purpose, user }: FakeChat): object => {
    if (purpose === 'decision') {
      const texts = (key: string) => shownLines(user, key).map(({ text }) => text);
      const decisions = decide({ memories: texts('memory'), facts: texts('fact') });
      return { decisions: decisions.map((each) => ({ memory: null, text: null, reason: null, ...each })) };
    }
    const turns = shownLines(user, 'turn');
    return { facts: turns.flatMap(({ role, content }, turn) => (role === 'user' ? [fact(content, { turn })] : [])), skipped: [] };
  };
}

async function fakeModel(options: FakeOpenAiOptions = {}): Promise<void> {
  await fake?.close();
  fake = await startFakeOpenAi(options);
  fake.onChat(honest());
  env = { OPENAI_BASE_URL: fake.url, OPENAI_API_KEY: '', KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding' };
}

beforeEach(() => fakeModel());
afterEach(() => fake.close());

function spent(): { chats: number; embeddings: number } {
  return { chats: fake.chatCalls.length, embeddings: fake.embeddingCalls.length };
}

/** Runs a call and says what it asked of the models. */
async function cost<T>(call: () => Promise<T>): Promise<{ answer: T; chats: number; embeddings: number }> {
  const before = spent();
  const answer = await call();
  return { answer, chats: spent().chats - before.chats, embeddings: spent().embeddings - before.embeddings };
}

/** All events of the home, oldest first. */
async function history(server: StartedServer, events = ['ADD', 'UPDATE', 'DELETE', 'RESTORE', 'CONFIRM', 'RECEIVED', 'PROCESSED']) {
  const { structured } = await server.call('memory_history', { events, limit: 200 });
  return structured.events.reverse();
}

/** Waits until nothing is pending, and gives the names of all events. */
async function settled(server: StartedServer, inputs: number): Promise<string[]> {
  return until(async () => {
    const names = (await history(server)).map(({ event }) => event);
    return names.filter((name) => name === 'PROCESSED').length >= inputs && names;
  });
}

async function recalled(server: StartedServer, query: string): Promise<string[]> {
  return (await server.call('recall', { query })).structured.memories.map(({ memory }) => memory);
}

describe('a remember costs', () => {
  it('one model call and one embedding request when nothing is near, two when something is', async () => {
    const server = await startServer({ env });
    const first = await cost(() => server.call('remember', { content: 'My sister Nora plays the cello in Bergen.' }));
    expect(first).toMatchObject({ chats: 1, embeddings: 1, answer: { structured: { results: [{ event: 'ADD' }] } } });
    const second = await cost(() => server.call('remember', { content: 'My sister Nora plays the cello in Oslo.' }));
    expect(second).toMatchObject({ chats: 2, embeddings: 1, answer: { structured: { results: [{ event: 'ADD' }] } } });
    expect(fake.chatCalls.map(({ body }) => (body.response_format as { json_schema: { name: string } }).json_schema.name)).toEqual([
      'extraction',
      'extraction',
      'decision',
    ]);
  });

  it('one extraction, one decision and one embedding request, however many facts there are', async () => {
    const server = await startServer({ env });
    const turns = (city: string) =>
      ['cello', 'violin', 'flute', 'harp'].map((what) => ({ role: 'user', content: `My teacher of the ${what} lives in ${city}.` }));
    expect(await cost(() => server.call('remember', { messages: turns('Bergen') }))).toMatchObject({ chats: 1, embeddings: 1 });
    const { answer, ...calls } = await cost(() => server.call('remember', { messages: turns('Oslo') }));
    expect(calls).toEqual({ chats: 2, embeddings: 1 });
    expect(answer.structured.results).toHaveLength(4);
  });

  it('nothing for a statement that is known, in any spelling that counts as the same', async () => {
    const server = await startServer({ env });
    const id = (await server.call('remember', { content: 'Nora plays the cello.' })).structured.results[0]!.id;
    for (const content of ['Nora plays the cello.', 'NORA  plays the cello', 'Nora plays the cello!']) {
      const { answer, ...calls } = await cost(() => server.call('remember', { content, agent_id: 'another', run_id: 'later' }));
      expect(answer.structured.results).toMatchObject([{ id, event: 'NONE' }]);
      expect(calls).toEqual({ chats: 0, embeddings: 0 });
    }
  });

  it('nothing for an input that was given before, although the memory has other words', async () => {
    const content = 'btw my sister nora took up the cello, and she has an exam on friday';
    fake.onChat({ facts: [fact('Nora plays the cello.', { quote: content }), fact('Nora has an exam.', { quote: content })], skipped: [] });
    const server = await startServer({ env });
    const first = await server.call('remember', { content });
    expect(first.structured.results).toHaveLength(2);
    const { answer, ...calls } = await cost(() => server.call('remember', { content }));
    expect(calls).toEqual({ chats: 0, embeddings: 0 });
    expect(answer.structured.results).toMatchObject(first.structured.results.map(({ id }) => ({ id, event: 'NONE' })));
  });

  it('no model call for what is stored as it stands or corrected by id', async () => {
    const server = await startServer({ env });
    const verbatim = await cost(() => server.call('remember', { content: 'Nora plays the cello.', infer: false }));
    expect(verbatim.chats).toBe(0);
    const { id } = verbatim.answer.structured.results[0]!;
    expect(await cost(() => server.call('remember', { memory_id: id, content: 'Nora plays the viola.' }))).toMatchObject({ chats: 0 });
  });
});

describe('an input given again after what it said was overtaken', () => {
  it('is news', async () => {
    // The memory's words are never the input's own, so that only the input itself can be known again.
    fake.onChat((chat) => {
      const quote = shownLines(chat.user, 'turn')[0]?.content ?? '';
      const home = `User's home is in ${quote.split(' ').at(-1)}`;
      if (chat.purpose === 'extraction') return { facts: [fact(home, { quote })], skipped: [] };
      const text = shownLines(chat.user, 'fact')[0]?.text;
      return { decisions: [{ fact: 1, action: 'UPDATE', memory: 1, text, reason: 'moved' }] };
    });
    const server = await startServer({ env });
    for (const [content, event] of [
      ['I live in Paris', 'ADD'],
      ['I live in Rome', 'UPDATE'],
      ['I live in Paris', 'UPDATE'],
      ['I live in Paris', 'NONE'],
    ])
      expect((await server.call('remember', { content })).structured.results).toMatchObject([{ event }]);
    expect(await recalled(server, 'home')).toEqual(["User's home is in Paris"]);
  });

  it('is news as well when it speaks of another day, or is to be kept otherwise', async () => {
    const content = 'I ran 5 km today.';
    fake.onChat((chat) => {
      const text = `User ran 5 km on ${/2024-03-\d\d/.exec(chat.user)}.`;
      if (chat.purpose === 'extraction') return { facts: [fact(text, { quote: content })], skipped: [] };
      return { decisions: [{ fact: 1, action: 'ADD', memory: null, text: shownLines(chat.user, 'fact')[0]?.text, reason: 'another run' }] };
    });
    const server = await startServer({ env });
    const say = async (given: object) => (await server.call('remember', { content, ...given })).structured.results;
    expect(await say({ at: '2024-03-08T20:00:00+01:00' })).toMatchObject([{ event: 'ADD' }]);
    expect(await cost(() => say({ at: '2024-03-08T23:00:00+01:00' }))).toMatchObject({ chats: 0, answer: [{ event: 'NONE' }] });
    expect(await say({ at: '2024-03-09T20:00:00+01:00' })).toMatchObject([{ event: 'ADD', memory: 'User ran 5 km on 2024-03-09.' }]);
    expect((await cost(() => say({ at: '2024-03-09T20:00:00+01:00', pinned: true }))).chats).toBeGreaterThan(0);
  });

  it('is news as well when what came of it was forgotten', async () => {
    const server = await startServer({ env });
    const content = 'nora took up the cello';
    fake.onChat({ facts: [fact('Nora plays the cello.', { quote: content })], skipped: [] });
    const { id } = (await server.call('remember', { content })).structured.results[0]!;
    await server.call('forget', { memory_ids: [id] });
    expect((await server.call('remember', { content })).structured.results).toMatchObject([{ event: 'ADD' }]);
  });
});

describe('when the model fails, the input is saved, answered as pending, and processed once when the model is back:', () => {
  const failures: [string, (broken: FakeOpenAi) => void | Promise<void>][] = [
    ['a rate limit', (broken) => broken.fail('rate_limit', Number.POSITIVE_INFINITY, 'chat')],
    ['a spent quota', (broken) => broken.fail('quota', Number.POSITIVE_INFINITY, 'chat')],
    ['a broken body', (broken) => broken.fail('broken_body', Number.POSITIVE_INFINITY, 'chat')],
    ['a web page for an answer', (broken) => broken.fail('web_page', Number.POSITIVE_INFINITY, 'chat')],
    ['a refusal to answer', (broken) => broken.fail('refusal', Number.POSITIVE_INFINITY, 'chat')],
    ['a refused connection', (broken) => broken.stop()],
    ['JSON that is broken twice', (broken) => broken.onChat('{"facts": [{"turn": 0, "quo')],
    ['JSON of another shape twice', (broken) => broken.onChat({ memories: ['Nora plays the cello.'] })],
  ];

  it.each(failures)('%s', async (_, breakIt) => {
    const server = await startServer({ env });
    await breakIt(fake);
    const { structured, text, isError } = await server.call('remember', { content: 'Nora plays the cello.', agent_id: 'a', run_id: 'r' });
    expect(isError).toBe(false);
    expect(structured).toMatchObject({ results: [], pending: true, input_id: expect.any(String) });
    expect(structured.degraded).toEqual([expect.stringMatching(/^model: .+; the input is saved and will be processed in the background$/)]);
    expect(text).toContain(structured.input_id);
    expect(text).toContain('Degraded: ');
    expect((await history(server)).map(({ event }) => event)).toEqual(['RECEIVED']);
    expect((await server.call('recall', {})).structured.memories).toEqual([]);
    fake.onChat(honest());
    await fake.restart();
    expect(await settled(server, 1)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
    expect(await recalled(server, 'cello')).toEqual(['Nora plays the cello.']);
    const { memories } = (await server.call('recall', { filters: { agent_id: 'a', run_id: 'r' } })).structured;
    expect(memories).toHaveLength(1);
  });

  it('a failure of the decision after the extraction', async () => {
    const server = await startServer({ env });
    await server.call('remember', { content: 'Nora plays the cello in Bergen.' });
    fake.onChat((chat) => (chat.purpose === 'decision' ? 'no JSON' : honest()(chat)));
    const { structured } = await server.call('remember', { content: 'Nora plays the cello in Oslo.' });
    expect(structured).toMatchObject({ results: [], pending: true });
    fake.onChat(honest());
    expect(await settled(server, 2)).toEqual(['RECEIVED', 'ADD', 'PROCESSED', 'RECEIVED', 'ADD', 'PROCESSED']);
  });

  it('several inputs, in order of arrival', async () => {
    const server = await startServer({ env });
    await fake.stop();
    const contents = ['Nora plays the cello.', 'Olaf sails.', 'Pia bakes.'];
    for (const content of contents) expect((await server.call('remember', { content })).structured.pending).toBe(true);
    await fake.restart();
    await settled(server, 3);
    expect((await history(server, ['ADD'])).map(({ memory }) => memory)).toEqual(contents);
  });
});

describe('an endpoint that asks for patience', () => {
  it('gets it within the call, as long as it says', async () => {
    await fakeModel({ retryAfter: '1' });
    const server = await startServer({ env });
    fake.fail('rate_limit', 1, 'chat');
    const { structured } = await server.call('remember', { content: 'Nora plays the cello.' });
    expect(structured).toMatchObject({ results: [{ event: 'ADD' }], pending: false });
    expect(structured.degraded).toBeUndefined();
    expect(fake.chatCalls.map(({ status }) => status)).toEqual([429, 200]);
  });

  it('for longer than a call lasts leaves the input pending without holding the caller', async () => {
    await fakeModel({ retryAfter: '3600' });
    const server = await startServer({ env });
    fake.fail('rate_limit', 1, 'chat');
    expect((await server.call('remember', { content: 'Nora plays the cello.' })).structured.pending).toBe(true);
    expect(await settled(server, 1)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
  });
});

describe('an input that one process left pending', () => {
  it('is processed by another process of the home, once, with the labels of its call', async () => {
    const home = await temporaryHome();
    const [one, two] = [await startServer({ env, home, clientName: 'first' }), await startServer({ env, home, clientName: 'second' })];
    await fake.stop();
    await one.call('remember', { content: 'Nora plays the cello.', agent_id: 'a', run_id: 'r' });
    expect((await history(two)).map(({ event }) => event)).toEqual(['RECEIVED']);
    await one.stop();
    await fake.restart();
    expect(await settled(two, 1)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
    expect((await history(two, ['ADD']))[0]?.source).toMatchObject({ client: 'first/1', agent_id: 'a', run_id: 'r' });
  });

  it('is processed once when several processes wait for the model', async () => {
    const home = await temporaryHome();
    const servers = [await startServer({ env, home }), await startServer({ env, home }), await startServer({ env, home })];
    const [one] = servers as [StartedServer];
    await fake.stop();
    for (const content of ['Nora plays the cello.', 'Olaf sails.']) await one.call('remember', { content });
    for (const server of servers) await history(server);
    const before = spent().chats;
    await fake.restart();
    const names = await settled(one, 2);
    expect(names.filter((name) => name === 'ADD')).toHaveLength(2);
    for (const server of servers) expect(await history(server)).toHaveLength(6);
    for (const server of servers) await server.stop();
    const asked = fake.chatCalls.slice(before).map(({ body }) => JSON.stringify(body.messages));
    for (const content of ['Nora plays the cello.', 'Olaf sails.'])
      expect(asked.filter((messages) => messages.includes('Turns:') && messages.split('Turns:')[1]?.includes(content))).toHaveLength(1);
  });

  it('is processed after kill -9 in the middle of the call', async () => {
    const home = await temporaryHome();
    const killed = await startServer({ env, home });
    fake.fail('hang', Number.POSITIVE_INFINITY, 'chat');
    const lost = killed.call('remember', { content: 'Nora plays the cello.' }).catch((error: unknown) => error);
    await until(() => fake.chatCalls.length > 0);
    process.kill(killed.pid, 'SIGKILL');
    expect(await lost).toBeInstanceOf(Error);
    await fake.restart();
    const next = await startServer({ env, home });
    expect(await settled(next, 1)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
    expect(await recalled(next, 'cello')).toEqual(['Nora plays the cello.']);
  });

  it('of another user than the default is taken up by the next start as well', async () => {
    const home = await temporaryHome();
    const first = await startServer({ env, home });
    await fake.stop();
    await first.call('remember', { content: 'Nora plays the cello.', user_id: 'bob' });
    await first.stop();
    await fake.restart();
    await startServer({ env, home });
    await until(() => fake.chatCalls.some(({ status }) => status === 200));
  });
});

describe('the extraction', () => {
  it('is shown the earlier turns of the same run, marked as done, and none of another run or none at all', async () => {
    const server = await startServer({ env });
    let shown = '';
    fake.onChat((chat) => {
      if (chat.purpose === 'extraction') shown = chat.user;
      return honest()(chat);
    });
    const turns = [
      { role: 'user', content: 'Which of the two hotels should I book for the trip to Bergen?' },
      { role: 'assistant', content: 'The second one, Hotel Fjord, is nearer to the harbour.' },
    ];
    await server.call('remember', { messages: turns, run_id: 'trip' });
    expect(shown).not.toContain('Earlier turns');
    await server.call('remember', { messages: [{ role: 'user', content: 'Yes, the second one it is.' }], run_id: 'trip' });
    const [earlier = '', now = ''] = shown.split('\nTurns:\n');
    expect(earlier).toContain('Earlier turns, done:');
    expect(earlier).toContain('Hotel Fjord');
    expect(now).not.toContain('Hotel Fjord');
    for (const run of [{ run_id: 'another' }, {}]) {
      await server.call('remember', { messages: [{ role: 'user', content: 'No, the first one after all.' }], ...run });
      expect(shown).not.toContain('Hotel Fjord');
    }
  });
});

describe('a fact that is near what is known', () => {
  const known = 'Nora keeps her small green notebook in the left drawer of the big wooden desk.';
  const alike = 'Nora keeps her small green notebook in the left drawer of the large wooden desk.';

  it('in nearly the same words is a duplicate without a decision', async () => {
    await fakeModel({ synonyms: { large: 'big' } });
    const server = await startServer({ env });
    const { id } = (await server.call('remember', { content: known })).structured.results[0]!;
    const { answer, chats } = await cost(() => server.call('remember', { content: alike }));
    expect(answer.structured.results).toMatchObject([
      { id, event: 'NONE', memory: known, reason: 'already known in nearly the same words' },
    ]);
    expect(chats).toBe(1);
  });

  it('but has another number is left to the decision', async () => {
    const server = await startServer({ env });
    const text = (address: string) =>
      `The build server in the cellar of the old house has the address ${address} since it was moved there.`;
    await server.call('remember', { content: text('10.0.0.7') });
    fake.onChat(honest(() => [{ fact: 1, action: 'NONE', memory: 1, reason: 'a double' }]));
    const { answer, chats } = await cost(() => server.call('remember', { content: text('10.0.0.8') }));
    expect(chats).toBe(2);
    // A model that takes another number for a double does not have the last word.
    expect(answer.structured.results).toMatchObject([{ event: 'ADD', memory: text('10.0.0.8') }]);
  });

  it('in its meaning alone is left to the decision, which sees nothing unrelated, however near the model puts all texts', async () => {
    const meaningOf = new Map(Object.entries({ lawyer: 'attorney', wrote: 'drafted', will: 'testament' }));
    const embedding = crowded(
      conceptEmbedding((word) => (['', 'the', 'a'].includes(word) ? undefined : (meaningOf.get(word) ?? word))),
      0.7,
    );
    await fakeModel({ embedding });
    const server = await startServer({ env });
    const others = ['Basil needs water', 'Rent rises soon', 'Noor juggles torches', 'Lemons arrived bruised', 'Goats escaped'];
    for (const content of [...others, 'The attorney drafted a testament']) await server.call('remember', { content, infer: false });
    let shown: string[] = [];
    fake.onChat(
      honest(({ memories }) => {
        shown = memories;
        return [{ fact: 1, action: 'ADD' }];
      }),
    );
    expect((await cost(() => server.call('remember', { content: 'Zoe repairs trombones' }))).chats).toBe(1);
    expect((await cost(() => server.call('remember', { content: 'The lawyer wrote the will' }))).chats).toBe(2);
    expect(shown).toEqual(['The attorney drafted a testament']);
  });
});

describe('a decision', () => {
  async function decided(decision: object, request: object = {}): Promise<{ server: StartedServer; id: string; answer: Answer }> {
    const server = await startServer({ env });
    const known = { content: 'Nora Lindqvist works in Bergen for the harbour office.', at: '2024-05-01' };
    const { id } = (await server.call('remember', known)).structured.results[0]!;
    fake.onChat(honest(() => [{ fact: 1, ...decision }]));
    const news = { content: 'Nora Lindqvist works in Bergen for the city library.', at: '2024-06-01', ...request };
    const { answer, chats } = await cost(() => server.call('remember', news));
    expect(chats).toBe(2);
    return { server, id, answer };
  }

  it('UPDATE gives the memory a new revision, with the reason and who decided in the history', async () => {
    const text = 'Nora Lindqvist works in Bergen for the city library (before: the harbour office).';
    const { server, id, answer } = await decided({ action: 'UPDATE', memory: 1, text, reason: 'new employer' });
    expect(answer.structured.results).toEqual([
      {
        id,
        event: 'UPDATE',
        memory: text,
        previous: 'Nora Lindqvist works in Bergen for the harbour office.',
        revision: 2,
        reason: 'new employer',
      },
    ]);
    const { events } = (await server.call('memory_history', { memory_id: id })).structured;
    expect(events.at(-1)).toMatchObject({
      event: 'UPDATE',
      memory: text,
      previous: 'Nora Lindqvist works in Bergen for the harbour office.',
      reason: 'new employer',
      by: { model: 'fake', decision: 'UPDATE' },
      source: { text: 'Nora Lindqvist works in Bergen for the city library.' },
    });
    expect(await recalled(server, 'Nora Lindqvist works')).toEqual([text]);
  });

  it('DELETE retires the memory, names the successor, stores the fact, and can be taken back', async () => {
    const { server, id, answer } = await decided({ action: 'DELETE', memory: 1, reason: 'no longer true' });
    expect(answer.structured.results).toMatchObject([
      {
        id,
        event: 'DELETE',
        memory: 'Nora Lindqvist works in Bergen for the harbour office.',
        reason: expect.stringMatching(/^no longer true; superseded by /),
      },
      { event: 'ADD', memory: 'Nora Lindqvist works in Bergen for the city library.' },
    ]);
    const { events } = (await server.call('memory_history', { memory_id: id })).structured;
    expect(events.at(-1)).toMatchObject({ event: 'DELETE', source: { text: 'Nora Lindqvist works in Bergen for the city library.' } });
    expect(await recalled(server, 'Nora Lindqvist works')).toEqual(['Nora Lindqvist works in Bergen for the city library.']);
    expect((await server.call('remember', { memory_id: id, revision: 1 })).structured.results).toMatchObject([{ id, event: 'RESTORE' }]);
    expect(await recalled(server, 'Nora Lindqvist works')).toHaveLength(2);
  });

  it('NONE changes nothing and says why', async () => {
    const { server, id, answer } = await decided(
      { action: 'NONE', memory: 1, reason: 'the same employer' },
      { content: 'It is the harbour office in Bergen that Nora Lindqvist works for.' },
    );
    expect(answer.structured.results).toMatchObject([
      { id, event: 'NONE', memory: 'Nora Lindqvist works in Bergen for the harbour office.', reason: 'the same employer' },
    ]);
    expect((await server.call('memory_history', { memory_id: id })).structured.events).toHaveLength(1);
  });

  it('NONE about a memory that says something else adds the fact', async () => {
    const content = 'Nora Lindqvist works in Oslo for the harbour office.';
    const { answer } = await decided({ action: 'NONE', memory: 1, reason: 'the same employer' }, { content });
    expect(answer.structured.results).toMatchObject([{ event: 'ADD', memory: content }]);
  });

  it.each(['UPDATE', 'DELETE', 'NONE'])('%s about a memory that was said later does not hold', async (action) => {
    const { server, id, answer } = await decided(
      { action, memory: 1, text: 'Nora Lindqvist works in Bergen for the city library.' },
      { at: '2023-01-01' },
    );
    expect(answer.structured.results).toMatchObject([
      { id, event: 'NONE', memory: 'Nora Lindqvist works in Bergen for the harbour office.', reason: /later/ },
    ]);
    expect(await recalled(server, 'Nora Lindqvist works')).toEqual(['Nora Lindqvist works in Bergen for the harbour office.']);
  });

  it.each([
    ['names a memory that was not shown', { action: 'DELETE', memory: 9 }],
    ['has no text for its update', { action: 'UPDATE', memory: 1, text: null }],
    ['is about another fact', { fact: 7, action: 'DELETE', memory: 1 }],
  ])('that %s counts for nothing: the fact is added', async (_, decision) => {
    const { server, answer } = await decided(decision);
    expect(answer.structured.results).toMatchObject([{ event: 'ADD', memory: 'Nora Lindqvist works in Bergen for the city library.' }]);
    expect(await recalled(server, 'Nora Lindqvist works')).toHaveLength(2);
  });
});

describe('embeddings', () => {
  it('come from an endpoint that refuses encoding_format and takes 10 texts at a time', async () => {
    await fakeModel({ refuses: ['encoding_format'], batchLimit: 10 });
    const server = await startServer({ env });
    const messages = Array.from({ length: 25 }, (_, index) => ({ role: 'user', content: `Shelf ${index} holds box ${index * 7}.` }));
    const { structured } = await server.call('remember', { messages });
    expect(structured.results).toHaveLength(25);
    expect(structured.degraded).toBeUndefined();
    const accepted = fake.embeddingCalls.filter(({ status }) => status === 200).map(({ body }) => (body.input as string[]).length);
    // Six texts that measure the model go along with the first.
    expect(accepted).toEqual([10, 10, 10, 1]);
    expect((await server.call('recall', { query: 'shelf 3' })).structured.degraded).toBeUndefined();
  });

  it.each(['wrong_count', 'wrong_width', 'zero', 'server_error'] as const)(
    'that fail (%s) leave remember and recall to the words, say so, and the index catches up',
    async (fault) => {
      const server = await startServer({ env });
      await server.call('remember', { content: 'Olaf sails on the lake.' });
      fake.fail(fault, Number.POSITIVE_INFINITY, 'embeddings');
      const { structured } = await server.call('remember', { content: 'Nora plays the cello.' });
      expect(structured).toMatchObject({ results: [{ event: 'ADD' }], pending: false, degraded: [expect.stringContaining('embedding: ')] });
      const found = await server.call('recall', { query: 'cello' });
      expect(found.structured.memories).toMatchObject([{ memory: 'Nora plays the cello.' }]);
      expect(found.structured.degraded).toHaveLength(1);
      expect(found.text).toContain('egraded');
      await fake.restart();
      const embedded = () =>
        fake.embeddingCalls.filter(({ status, body }) => status === 200 && (body.input as string[]).includes('Nora plays the cello.'));
      await until(() => embedded().length > (fault === 'server_error' ? 0 : 1));
      await until(async () => (await server.call('recall', { query: 'cello' })).structured.degraded === undefined);
    },
  );
});
