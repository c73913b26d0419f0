import { beforeAll, describe, expect, it } from 'vitest';
import { startFakeOpenAi } from '../support/fake-openai.js';
import { type StartedServer, startServer } from '../support/server.js';
import { normalised } from './normalised.js';

let server: StartedServer;
let users = 0;
let user_id = '';
beforeAll(async () => {
  server = await startServer();
});

/** A user of whom nothing is known yet. */
function newUser(): string {
  users += 1;
  user_id = `user ${users}`;
  return user_id;
}

const remember = (args: Record<string, unknown>) => server.call('remember', { user_id, ...args });
const verbatim = async (content: string, args: Record<string, unknown> = {}) =>
  (await remember({ content, infer: false, ...args })).structured.results;
const live = async (args: Record<string, unknown> = {}) =>
  (await server.call('recall', { user_id, limit: 100, ...args })).structured.memories;
const texts = async (args: Record<string, unknown> = {}) => (await live(args)).map(({ memory }) => memory).sort();
const history = async (args: Record<string, unknown> = {}) => (await server.call('memory_history', { user_id, ...args })).structured.events;
const eventNames = async (events: string[]) => (await history({ events })).map(({ event }) => event);

describe('the answers of remember', () => {
  it('name what was added, updated, known, skipped and close', async () => {
    newUser();
    const at = '2024-05-01T10:00:00Z';
    const say = async (args: Record<string, unknown>) => {
      const { text, structured } = await remember({ at, ...args });
      return `${text}\n${JSON.stringify(structured)}`;
    };
    const story = [
      await say({ content: 'I live in Porto.' }),
      await say({ content: 'i live in  Porto' }),
      await say({ content: 'I moved to Lisbon.', at: '2024-06-01T10:00:00Z' }),
      await say({ content: 'My sister Mia plays the cello in Porto.' }),
      await say({ content: 'My sister Mia plays the cello and the viola in Porto.' }),
      await say({ messages: [{ role: 'user', content: 'What time is it? Thanks!' }] }),
    ];
    expect(normalised(story.join('\n\n'))).toMatchInlineSnapshot(`
      "ADD [mem:m1] "I live in Porto." (revision 1)
      {"results":[{"id":"m1","event":"ADD","memory":"I live in Porto.","revision":1}],"skipped":[],"pending":false}

      NONE [mem:m1] "I live in Porto." (revision 1): already known
      {"results":[{"id":"m1","event":"NONE","memory":"I live in Porto.","revision":1,"reason":"already known"}],"skipped":[],"pending":false}

      UPDATE [mem:m1] "I moved to Lisbon." (revision 2) instead of "I live in Porto.": says what holds instead
      {"results":[{"id":"m1","event":"UPDATE","memory":"I moved to Lisbon.","previous":"I live in Porto.","revision":2,"reason":"says what holds instead"}],"skipped":[],"pending":false}

      ADD [mem:m2] "My sister Mia plays the cello in Porto." (revision 1)
      {"results":[{"id":"m2","event":"ADD","memory":"My sister Mia plays the cello in Porto.","revision":1}],"skipped":[],"pending":false}

      ADD [mem:m3] "My sister Mia plays the cello and the viola in Porto." (revision 1)
      Close to what is remembered; correct one with memory_id if this replaces it:
      [mem:m2] "My sister Mia plays the cello in Porto."
      {"results":[{"id":"m3","event":"ADD","memory":"My sister Mia plays the cello and the viola in Porto.","revision":1}],"skipped":[],"similar":[{"id":"m2","memory":"My sister Mia plays the cello in Porto."}],"pending":false}

      Skipped "What time is it?": question
      Skipped "Thanks!": greeting or small talk
      {"results":[],"skipped":[{"text":"What time is it?","reason":"question"},{"text":"Thanks!","reason":"greeting or small talk"}],"pending":false}"
    `);
  });

  it('name what a change by memory_id did', async () => {
    newUser();
    const [added] = await verbatim('The office is on the third floor.', { at: '2024-05-01' });
    const memory_id = added?.id;
    const say = async (args: Record<string, unknown>) => (await remember({ memory_id, ...args })).text;
    const story = [
      await say({ content: 'The office is on the fourth floor.' }),
      await say({ content: 'The office is on the fourth floor.' }),
      await say({ metadata: { city: 'Porto' } }),
      await say({ revision: 1 }),
      await say({ revision: 4 }),
    ];
    expect(normalised(story.join('\n'))).toMatchInlineSnapshot(`
      "UPDATE [mem:m1] "The office is on the fourth floor." (revision 2) instead of "The office is on the third floor."
      NONE [mem:m1] "The office is on the fourth floor." (revision 2): nothing differs from what is remembered
      UPDATE [mem:m1] "The office is on the fourth floor." (revision 3)
      RESTORE [mem:m1] "The office is on the third floor." (revision 4) instead of "The office is on the fourth floor."
      NONE [mem:m1] "The office is on the third floor." (revision 4): this revision is current"
    `);
  });
});

describe('duplicates', () => {
  it.each([
    ['The same words', 'The same words'],
    ['Ann owns a café.', 'Ann owns a cafe\u0301'],
    ['ＡＢＣ　１２３', 'ABC 123'],
    ['My code is ABC', 'my CODE is abc'],
    ['Straße 5', 'STRASSE 5'],
    ['One  two\n three', 'One two three'],
    ['It rains', 'It rains...'],
    ['It rains', 'It rains…'],
    ['It rains', 'It rains!!'],
    ['我住在里斯本', '我住在里斯本。'],
    ['我住在里斯本', '我住在里斯本！'],
  ])('of %j: %j is the same statement', async (first, again) => {
    newUser();
    const [added] = await verbatim(first);
    expect(await verbatim(again)).toEqual([{ id: added?.id, event: 'NONE', memory: first, revision: 1, reason: 'already known' }]);
    expect(await texts()).toEqual([first]);
    expect(await eventNames(['RECEIVED', 'PROCESSED', 'CONFIRM', 'ADD'])).toEqual(['PROCESSED', 'ADD', 'RECEIVED']);
  });

  it.each([
    ['The power is 10²', 'The power is 102'],
    ['The server is 10.0.0.7', 'The server is 10.0.0.8'],
    ['I like tea', 'I like  t ea'],
  ])('of %j: %j is another statement', async (first, other) => {
    newUser();
    await verbatim(first);
    expect(await verbatim(other)).toMatchObject([{ event: 'ADD' }]);
  });

  it('are looked for in the same subject and kind alone', async () => {
    newUser();
    const say = async (args: Record<string, unknown>) =>
      (await remember({ infer: false, ...args })).structured.results.map(({ event }) => event);
    expect(await say({ content: 'Likes tea.' })).toEqual(['ADD']);
    expect(await say({ content: 'Likes tea.', kind: 'procedure' })).toEqual(['ADD']);
    expect(await say({ messages: [{ role: 'user', name: 'Ann', content: 'Likes tea.' }] })).toEqual(['ADD']);
    expect(await say({ messages: [{ role: 'user', name: 'ann', content: 'likes tea' }] })).toEqual(['NONE']);
    expect(await say({ content: 'Likes tea.', kind: 'procedure' })).toEqual(['NONE']);
  });

  it('are found whatever the agent or run, and each new one of them is confirmed once', async () => {
    newUser();
    const say = async (labels: Record<string, string>) => (await verbatim('I am left-handed.', labels))[0]?.event;
    expect(await say({ agent_id: 'a', run_id: '1' })).toBe('ADD');
    for (const labels of [{ agent_id: 'a', run_id: '1' }, { agent_id: 'b', run_id: '1' }, { agent_id: 'b', run_id: '1' }, { run_id: '2' }])
      expect(await say(labels)).toBe('NONE');
    expect(await eventNames(['CONFIRM'])).toEqual(['CONFIRM', 'CONFIRM']);
    expect(await live()).toMatchObject([{ agent_ids: ['a', 'b'], run_ids: ['1', '2'], revision: 1 }]);
    expect(await eventNames(['ADD', 'UPDATE'])).toEqual(['ADD']);
  });

  it('of what is forgotten or expired are new memories', async () => {
    newUser();
    const [first] = await verbatim('The gate code changed.');
    await server.call('forget', { user_id, memory_ids: [first?.id] });
    const [second] = await verbatim('The gate code changed.');
    expect(second).toMatchObject({ event: 'ADD', revision: 1 });
    expect(second?.id).not.toBe(first?.id);
    await remember({ memory_id: second?.id, expires_at: '2020-01-01' });
    expect(await verbatim('The gate code changed.')).toMatchObject([{ event: 'ADD' }]);
  });

  it('of an earlier revision are new memories', async () => {
    newUser();
    const [first] = await verbatim('The bakery opens at six.');
    await remember({ memory_id: first?.id, content: 'The bakery opens at seven.' });
    expect(await verbatim('The bakery opens at six.')).toMatchObject([{ event: 'ADD' }]);
    expect(await texts()).toEqual(['The bakery opens at seven.', 'The bakery opens at six.']);
  });

  it('are one memory when five come at once', async () => {
    newUser();
    const events = await Promise.all(Array.from({ length: 5 }, () => verbatim('Five at once.')));
    expect(
      events
        .flat()
        .map(({ event }) => event)
        .sort(),
    ).toEqual(['ADD', 'NONE', 'NONE', 'NONE', 'NONE']);
    expect(new Set(events.flat().map(({ id }) => id)).size).toBe(1);
  });

  it('inside of one input become one memory that is named twice', async () => {
    newUser();
    const turn = { role: 'user', content: 'I collect stamps.' };
    const { results } = (await remember({ messages: [turn, turn], infer: false })).structured;
    expect(results.map(({ event }) => event)).toEqual(['ADD', 'NONE']);
    expect(results[0]?.id).toBe(results[1]?.id);
  });

  it('are found among thousands, also when many are close', async () => {
    newUser();
    const messages = Array.from({ length: 1000 }, (_, index) => ({
      role: 'user',
      content: `The box number ${index} holds screws of size ${index}.`,
    }));
    expect((await remember({ messages, infer: false })).structured.results).toHaveLength(1000);
    expect(await verbatim('The box number 417 holds screws of size 417')).toMatchObject([{ event: 'NONE' }]);
    expect(await verbatim('The box number 417 holds screws of size 418')).toMatchObject([{ event: 'ADD' }]);
  });
});

describe('a change by memory_id', () => {
  it('is refused where the memory would have more than 32 labels, but may change the ones that are there', async () => {
    newUser();
    const labels = (from: number, count: number, value: string | null) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${from + index}`, value]));
    const [added] = await verbatim('I play chess.', { metadata: labels(0, 32, 'a') });
    const change = (metadata: object) => remember({ memory_id: added?.id, metadata });
    expect((await change(labels(31, 2, 'b'))).text).toBe(
      'A memory holds at most 32 metadata keys; with these it would have 33. Remove some with null. [invalid_argument]',
    );
    expect((await live())[0]?.metadata).toEqual(labels(0, 32, 'a'));
    expect((await change(labels(0, 32, 'b'))).structured.results).toMatchObject([{ event: 'UPDATE' }]);
    expect((await change({ ...labels(0, 1, null), ...labels(32, 1, 'c') })).structured.results).toMatchObject([{ event: 'UPDATE' }]);
    expect((await remember({ memory_id: added?.id, pinned: true })).structured.results).toMatchObject([{ event: 'UPDATE' }]);
  });

  it('is what the answer names where labels come with a statement that is known', async () => {
    newUser();
    const [added] = await verbatim('I am vegetarian.');
    const [known] = await verbatim('I am vegetarian', { pinned: true, metadata: { z: 1 }, expires_at: '2030' });
    expect(known).toMatchObject({
      event: 'NONE',
      reason: `already known; expires_at, pinned, metadata given with it were not applied: call remember with memory_id ${added?.id} for that`,
    });
    expect(await live()).toMatchObject([{ revision: 1 }]);
  });

  it('with the same text and nothing else is NONE, with changed labels an UPDATE', async () => {
    newUser();
    const [added] = await verbatim('I play chess.', { metadata: { level: 3, club: 'Rook' } });
    const memory_id = added?.id;
    const change = async (args: Record<string, unknown>) => (await remember({ memory_id, ...args })).structured.results[0];
    expect(await change({ content: 'I play chess.' })).toMatchObject({ event: 'NONE', revision: 1 });
    expect(await change({ content: 'I play chess.', pinned: true })).toMatchObject({
      event: 'UPDATE',
      revision: 2,
      memory: 'I play chess.',
    });
    expect(await change({ pinned: true })).toMatchObject({ event: 'NONE', revision: 2 });
    expect(await change({ metadata: { level: 4, club: null, city: 'Faro' } })).toMatchObject({ event: 'UPDATE', revision: 3 });
    expect(await change({ kind: 'procedure' })).toMatchObject({ event: 'UPDATE', revision: 4 });
    expect(await change({ occurred_at: '2024-03' })).toMatchObject({ event: 'UPDATE', revision: 5 });
    expect(await change({ expires_at: '2100-01-01T00:00:00Z' })).toMatchObject({ event: 'UPDATE', revision: 6 });
    const all = { kind: 'procedure', pinned: true, occurred_at: '2024-03', metadata: { level: 4, city: 'Faro' } };
    expect(await live()).toMatchObject([{ ...all, id: memory_id, expires_at: '2100-01-01T00:00:00Z', revision: 6 }]);
    expect(await change({ expires_at: null, pinned: false, metadata: { level: null, city: null } })).toMatchObject({
      event: 'UPDATE',
      revision: 7,
    });
    const [memory] = await live();
    expect(memory).not.toHaveProperty('expires_at');
    expect(memory).not.toHaveProperty('pinned');
    expect(memory).not.toHaveProperty('metadata');
  });

  it('keeps the id, counts the revision up and keeps what the text does not touch', async () => {
    newUser();
    const [added] = await verbatim('Lunch is at noon.', {
      metadata: { team: 'blue' },
      pinned: true,
      at: '2024-01-01',
      expires_at: '2100-01-01T12:00:00Z',
    });
    const { results } = (await remember({ memory_id: added?.id, content: 'Lunch is at one.', at: '2023-01-01' })).structured;
    expect(results).toEqual([{ id: added?.id, event: 'UPDATE', memory: 'Lunch is at one.', previous: 'Lunch is at noon.', revision: 2 }]);
    // A correction by id holds although it was said earlier.
    expect(await live()).toMatchObject([
      {
        memory: 'Lunch is at one.',
        metadata: { team: 'blue' },
        pinned: true,
        said_at: '2023-01-01T00:00:00Z',
        expires_at: '2100-01-01T12:00:00Z',
      },
    ]);
    expect(await texts({ query: 'noon' })).toEqual([]);
  });

  it('to what another live memory says retires the corrected one and names the other', async () => {
    newUser();
    const [first] = await verbatim('The cat sleeps.');
    const [second] = await verbatim('The cat sleepz.');
    const { results } = (await remember({ memory_id: second?.id, content: 'the cat sleeps' })).structured;
    expect(results).toEqual([
      { id: second?.id, event: 'DELETE', memory: 'The cat sleepz.', revision: 1, reason: `corrected to what ${first?.id} says` },
      { id: first?.id, event: 'NONE', memory: 'The cat sleeps.', revision: 1, reason: 'already known' },
    ]);
    expect(await texts()).toEqual(['The cat sleeps.']);
  });

  it('redacts secrets', async () => {
    newUser();
    const [added] = await verbatim('The router is new.');
    const answer = await remember({ memory_id: added?.id, content: 'The router password: hunter2xy9' });
    expect(answer.structured.results[0]?.memory).toBe('The router password: [redacted: password]');
    expect(answer.structured.skipped).toEqual([{ text: '[redacted: password]', reason: 'a secret is not kept' }]);
    expect(answer.text).toContain('Skipped "[redacted: password]": a secret is not kept');
  });

  it('redacts secrets in labels', async () => {
    newUser();
    const secret = `sk-proj-${'Ab3'.repeat(10)}`;
    const [added] = await verbatim('The bot answers mail.', { metadata: { key: secret } });
    await remember({ memory_id: added?.id, metadata: { old: `was ${secret}` } });
    expect(await live()).toMatchObject([{ metadata: { key: '[redacted: OpenAI key]', old: 'was [redacted: OpenAI key]' } }]);
  });

  it('with a revision brings it back, also out of forgetting; the current one is NONE', async () => {
    newUser();
    const [added] = await verbatim('Tea at four.');
    const memory_id = added?.id;
    const back = async (revision: number) => (await remember({ memory_id, revision })).structured.results;
    await remember({ memory_id, content: 'Tea at five.' });
    expect(await back(2)).toMatchObject([{ event: 'NONE', revision: 2 }]);
    expect(await back(1)).toEqual([{ id: memory_id, event: 'RESTORE', memory: 'Tea at four.', previous: 'Tea at five.', revision: 3 }]);
    await server.call('forget', { user_id, memory_ids: [memory_id] });
    expect(await texts()).toEqual([]);
    expect(await back(2)).toEqual([{ id: memory_id, event: 'RESTORE', memory: 'Tea at five.', revision: 4 }]);
    expect(await texts({ query: 'tea' })).toEqual(['Tea at five.']);
    expect((await history({ memory_id })).map(({ event, revision }) => [event, revision])).toEqual([
      ['ADD', 1],
      ['UPDATE', 2],
      ['RESTORE', 3],
      ['DELETE', 3],
      ['RESTORE', 4],
    ]);
  });

  it('that would restore a double of a live memory answers NONE with the live one', async () => {
    newUser();
    const [first] = await verbatim('The door is blue.');
    await server.call('forget', { user_id, memory_ids: [first?.id] });
    const [second] = await verbatim('The door is blue.');
    expect((await remember({ memory_id: first?.id, revision: 1 })).structured.results).toMatchObject([
      { event: 'NONE', id: second?.id, revision: 1 },
    ]);
    expect(await live()).toHaveLength(1);
  });

  it("finds the current project's memories without naming the project", async () => {
    const inProject = await startServer({ home: server.home, env: { KEEPSAKE_PROJECT: 'atlas' } });
    const { results } = (await inProject.call('remember', { content: 'Builds run on main.', project: '.', infer: false })).structured;
    const changed = await inProject.call('remember', { memory_id: results[0]?.id, content: 'Builds run on every branch.' });
    expect(changed.structured.results).toMatchObject([{ event: 'UPDATE', revision: 2 }]);
    expect((await server.call('recall', { project: 'atlas' })).structured.memories).toMatchObject([
      { memory: 'Builds run on every branch.' },
    ]);
    await inProject.stop();
  });
});

describe('what is said later', () => {
  it('replaces what was said before, and never the other way round', async () => {
    newUser();
    await remember({ content: 'I live in Porto.', at: '2024-06-01' });
    const older = (await remember({ content: 'I moved to Madrid.', at: '2020-01-01' })).structured.results;
    expect(older).toMatchObject([{ event: 'NONE', memory: 'I live in Porto.', reason: 'what is remembered was said later than this' }]);
    expect(await texts()).toEqual(['I live in Porto.']);
    await remember({ content: 'I moved to Lisbon.', at: '2024-07-01' });
    expect(await texts()).toEqual(['I moved to Lisbon.']);
  });

  it('leaves exactly one employer, in English and in Chinese', async () => {
    for (const [first, second] of [
      ['I work at Acme.', 'I left Acme and now work at Initech.'],
      ['我在阿里巴巴工作。', '我从阿里巴巴跳槽到了腾讯。'],
    ]) {
      newUser();
      await remember({ content: first });
      await remember({ content: second });
      const now = await texts();
      expect(now).toHaveLength(1);
      expect(now[0]).toMatch(/Initech|腾讯/);
    }
  });

  it('retires what no longer holds reversibly, and the history names its successor', async () => {
    newUser();
    const [before] = (await remember({ content: 'I have a dog.' })).structured.results;
    const { results } = (await remember({ content: 'I no longer have a dog.' })).structured;
    const successor = results.find(({ event }) => event === 'ADD')?.id;
    expect(await texts()).toEqual(['I no longer have a dog.']);
    const gone = results.find(({ event }) => event === 'DELETE');
    if (gone) {
      expect(gone).toMatchObject({
        id: before?.id,
        memory: 'I have a dog.',
        revision: 1,
        reason: expect.stringContaining(successor ?? 'no successor'),
      });
      expect((await history({ memory_id: before?.id })).at(-1)?.reason).toContain(successor);
    }
    expect((await remember({ memory_id: before?.id, revision: 1 })).structured.results).toMatchObject([
      { event: 'RESTORE', memory: 'I have a dog.' },
    ]);
  });
});

describe('infer: false', () => {
  it("stores content, or each message that is not the system's, as it stands", async () => {
    newUser();
    const messages = [
      { role: 'system', content: 'You are helpful.' },
      { role: 'user', content: 'Perhaps? If I were rich...' },
      { role: 'assistant', content: 'Noted.' },
      { role: 'user', name: 'Ann', content: 'Ok' },
    ];
    const { results } = (await remember({ messages, infer: false })).structured;
    expect(results.map(({ memory }) => memory)).toEqual(['Perhaps? If I were rich...', 'Noted.', 'Ok']);
    expect((await live()).map(({ memory, subject }) => [memory, subject]).sort()).toEqual([
      ['Noted.', 'assistant'],
      ['Ok', 'Ann'],
      ['Perhaps? If I were rich...', undefined],
    ]);
  });

  it('keeps long text whole, white space inside and all', async () => {
    newUser();
    const content = `Line one\n\n  indented\n${'long '.repeat(2000)}end`;
    const { structured, text } = await remember({ content, infer: false });
    const [added] = structured.results;
    expect(added?.memory).toBe(content);
    expect(text.length).toBeLessThan(2100);
    expect((await history({ memory_id: added?.id }))[0]?.memory).toBe(content);
  });

  it('still redacts secrets and learns nothing from what was recalled', async () => {
    newUser();
    const secret = `sk-proj-${'Ab3'.repeat(10)}`;
    const answer = await remember({ content: `My key is ${secret}`, infer: false });
    expect(JSON.stringify(answer)).not.toContain(secret);
    expect(answer.structured.results[0]?.memory).toBe('My key is [redacted: OpenAI key]');
    const recalled = (await server.call('recall', { user_id })).text;
    const again = await remember({ content: recalled.split('\n').at(-1), infer: false });
    expect(again.structured.results).toMatchObject([{ event: 'NONE', id: answer.structured.results[0]?.id }]);
    expect(await live()).toHaveLength(1);
    for (const infer of [true, false]) {
      expect((await remember({ content: ` "${secret}".`, infer })).structured).toMatchObject({
        results: [],
        skipped: [{ text: '[redacted: OpenAI key]', reason: 'a secret is not kept' }],
      });
    }
  });

  it('keeps a procedure whole also when inference is on', async () => {
    newUser();
    const content = 'To deploy: 1. Run the tests. Did they pass? 2. Tag the release. Thanks!\n\nIf I had more time I would automate it.';
    const { results } = (await remember({ content, kind: 'procedure' })).structured;
    expect(results).toMatchObject([{ event: 'ADD', memory: content }]);
    expect(await live()).toMatchObject([{ kind: 'procedure' }]);
  });
});

describe('times and labels of what is remembered', () => {
  it('are resolved against at, in its offset', async () => {
    newUser();
    await remember({ content: 'I visited the dentist yesterday.', at: '2024-03-10T00:30:00+09:00' });
    expect(await live()).toMatchObject([{ said_at: '2024-03-09T15:30:00Z', occurred_at: '2024-03-09' }]);
  });

  it('come from the turn where a turn has its own', async () => {
    newUser();
    const messages = [{ role: 'user', content: 'I bought a piano yesterday.', at: '2023-05-02T12:00:00Z' }];
    await remember({ messages, at: '2024-03-10' });
    expect(await live()).toMatchObject([{ said_at: '2023-05-02T12:00:00Z', occurred_at: '2023-05-01' }]);
  });

  it('are taken from the caller where the caller knows', async () => {
    newUser();
    await remember({
      content: 'I visited the dentist yesterday.',
      occurred_at: '2024-02',
      pinned: true,
      metadata: { a: 'b', n: 1, t: true },
    });
    expect(await live()).toMatchObject([{ occurred_at: '2024-02', pinned: true, metadata: { a: 'b', n: 1, t: true } }]);
  });

  it('let an expired memory leave recall and stay in the history', async () => {
    newUser();
    await verbatim('The sale ends soon.', { expires_at: '2020-06-01' });
    await verbatim('The shop stays.', { expires_at: '2100-06-01' });
    expect(await texts()).toEqual(['The shop stays.']);
    expect(await texts({ query: 'sale' })).toEqual([]);
    expect(await history({ query: 'sale' })).toHaveLength(1);
  });
});

describe('what is not kept', () => {
  it.each([
    ['fiction', 'In my novel the hero lives in a castle and owns a dragon.', /fiction/],
    ['a hypothetical', 'If I were rich, I would live in Paris.', /hypothetical/],
    ['a what-if', 'What if I worked at Amazon?', /hypothetical|question/],
    ['a question', 'Where did I put my keys?', /question/],
    ['a request', 'Write a poem about the sea.', /request/],
    ['small talk', 'Good morning!', /small talk/],
    ['in Chinese', '如果我有钱，我就去巴黎。', /hypothetical/],
  ])('is %s, which the answer says', async (_, content, reason) => {
    newUser();
    const answer = await remember({ messages: [{ role: 'user', content }] });
    expect(answer.isError).toBe(false);
    expect(answer.structured).toMatchObject({
      results: [],
      skipped: [{ text: expect.any(String), reason: expect.stringMatching(reason) }],
      pending: false,
    });
    expect(answer.text).toMatch(/^Skipped ".*": /);
    expect(await live()).toEqual([]);
    expect(await eventNames(['PROCESSED', 'RECEIVED'])).toEqual(['PROCESSED', 'RECEIVED']);
  });

  it('is a hypothetical inside of a true statement, and the statement stays', async () => {
    newUser();
    await remember({ messages: [{ role: 'user', content: 'I am a nurse in Bristol. If I won the lottery, I would buy a boat.' }] });
    expect(await texts()).toEqual(['I am a nurse in Bristol.']);
  });

  it('is what an assistant says of the user', async () => {
    newUser();
    const answer = await remember({
      messages: [
        { role: 'system', content: 'The user lives in Rome and likes opera.' },
        { role: 'assistant', content: 'You live in Berlin and like techno.' },
      ],
    });
    expect(answer.structured.results).toEqual([]);
    expect(answer.structured.skipped.length).toBeGreaterThan(0);
    await remember({
      messages: [
        { role: 'assistant', content: 'You work at Acme.' },
        { role: 'user', content: 'I have two daughters.' },
      ],
    });
    expect(await texts()).toEqual(['I have two daughters.']);
  });

  it("is an agent's boot text, the output of a tool and what recall has shown", async () => {
    newUser();
    await verbatim('I keep bees.');
    await verbatim('I keep goats.');
    const recalled = (await server.call('recall', { user_id, limit: 1 })).text;
    expect(recalled).toMatch(/^1 of 2 memories:\n.*\nMore: cursor /);
    const { skipped, results } = (
      await remember({
        messages: [
          { role: 'user', content: '<system-reminder>The user prefers Haskell.</system-reminder>' },
          { role: 'user', content: 'Traceback (most recent call last):\n  I live in line 3' },
          { role: 'user', content: recalled },
        ],
      })
    ).structured;
    expect(results.map(({ event }) => event)).toEqual(['NONE']);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      "an agent's own instructions, not something that was stated",
      'output of a tool, not something that was stated',
    ]);
    expect(await texts()).toEqual(['I keep bees.', 'I keep goats.']);
    expect((await remember({ content: recalled })).structured.results.map(({ event }) => event)).toEqual(['NONE']);
    expect((await remember({ content: recalled, infer: false })).structured.results.map(({ event }) => event)).toEqual(['NONE']);
  });
});

describe('what is kept', () => {
  it('keeps language, script and case', async () => {
    newUser();
    const told = [
      'Мой кот Барсик любит рыбу.',
      '私は東京に住んでいます。',
      'أعيش في القاهرة.',
      '我喜欢喝龙井茶。',
      'My name is McAllister.',
      'Ich wohne in Köln-Süd.',
      'नमस्ते, मेरा नाम आशा है।',
    ];
    for (const content of told) await remember({ content });
    expect(await texts()).toEqual([...told].sort());
  });

  it('lets several likes stand together, and a dislike beside them', async () => {
    newUser();
    const told = ['I like mango.', 'I like peaches.', 'I like apples.', "I don't like durian."];
    for (const content of told) await remember({ messages: [{ role: 'user', content }] });
    expect(await texts()).toEqual([...told].sort());
    newUser();
    await remember({ content: "I don't like olives." });
    expect(await texts()).toEqual(["I don't like olives."]);
  });

  it('keeps standing instructions although they are imperative', async () => {
    newUser();
    const told = [
      'Always answer in French.',
      '以后叫我小王。',
      'Never use semicolons in my code.',
      'Please remember that the key is under the mat.',
    ];
    for (const content of told) {
      const { results } = (await remember({ messages: [{ role: 'user', content }] })).structured;
      expect(results).toMatchObject([{ event: 'ADD' }]);
    }
  });

  it('knows a statement again that it is told to remember, and keeps what is to stay as it is word for word', async () => {
    newUser();
    const told = [
      ['My sister Emma has her birthday on 3 March.', 'Remember that my sister Emma has her birthday on 3 March.'],
      ['记住，我妹妹艾玛的生日是三月三日。', '我妹妹艾玛的生日是三月三日。'],
    ];
    for (const [first = '', second = ''] of told) {
      expect((await remember({ content: first })).structured.results).toMatchObject([{ event: 'ADD' }]);
      expect((await remember({ messages: [{ role: 'user', content: second }] })).structured.results).toMatchObject([{ event: 'NONE' }]);
    }
    newUser();
    await verbatim('Remember that I drink tea.');
    expect(await texts()).toEqual(['Remember that I drink tea.']);
  });

  it('makes a named speaker the subject', async () => {
    newUser();
    await remember({ messages: [{ role: 'user', name: 'Caroline', content: 'I adopted a kitten last week.' }] });
    expect(await live()).toMatchObject([{ subject: 'Caroline' }]);
    newUser();
    await remember({ messages: [{ role: 'user', name: ' Ann\u0000\nLee\ud800 ', content: 'I adopted a kitten.' }], infer: false });
    expect(await live()).toMatchObject([{ subject: 'Ann Lee\ufffd' }]);
  });

  it('takes 200,000 characters in one call and loses no sentence of them', async () => {
    newUser();
    const sentences = Array.from({ length: 3000 }, (_, index) => `My shelf ${index} carries the book called Volume${index}.`);
    const content = sentences.join(' ').padEnd(200_000, ' ').slice(0, 200_000);
    const { results } = (await remember({ content })).structured;
    const stored = results.map(({ memory }) => memory).join(' ');
    for (const index of [0, 1, 777, 1500, 2998, 2999]) expect(stored).toContain(`Volume${index}.`);
  });

  it('answers results in the order of the input', async () => {
    newUser();
    await verbatim('I drink tea.');
    const messages = ['I own a canoe.', 'I drink tea.', 'I paint boats.'].map((content) => ({ role: 'user', content }));
    const { results } = (await remember({ messages, infer: false })).structured;
    expect(results.map(({ event, memory }) => [event, memory])).toEqual([
      ['ADD', 'I own a canoe.'],
      ['NONE', 'I drink tea.'],
      ['ADD', 'I paint boats.'],
    ]);
  });
});

describe('a remember that does not wait', () => {
  it('is answered as soon as the input is saved, with its id, where a model is needed', async () => {
    const fake = await startFakeOpenAi();
    const waiting = await startServer({ env: { OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'fake' } });
    fake.fail('hang', Number.POSITIVE_INFINITY);
    const { text, structured } = await waiting.call('remember', { content: 'I live in Porto.', wait: false });
    expect(structured).toEqual({ results: [], skipped: [], pending: true, input_id: expect.any(String) });
    expect(text).toBe(`Saved as input ${structured.input_id}; it is processed in the background.`);
    await waiting.stop();
    await fake.close();
  });

  it('is answered as usual where none is', async () => {
    newUser();
    const [memory] = (await remember({ content: 'I live in Porto.', wait: false })).structured.results;
    expect(memory).toMatchObject({ event: 'ADD' });
    const { structured } = await remember({ content: 'I live in Lisbon.', memory_id: memory?.id, wait: false });
    expect(structured).toMatchObject({ results: [{ event: 'UPDATE', id: memory?.id }], pending: false });
  });

  it('is true or false', async () => {
    const { isError, text } = await remember({ content: 'I live in Porto.', wait: 'no' });
    expect(isError).toBe(true);
    expect(text).toMatch(/wait.*\[invalid_argument\]$/);
  });
});
