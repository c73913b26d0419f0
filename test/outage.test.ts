import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeChat, type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { type StartedServer, startServer, until } from './support/server.js';

let fake: FakeOpenAi;
beforeEach(async () => {
  fake = await startFakeOpenAi();
  fake.onChat(model);
});
afterEach(() => fake.close());

/** A model that takes every turn for a fact in its own words, and adds what it is asked to decide about. */
function model({ purpose, user }: FakeChat): object {
  if (purpose === 'decision') return { decisions: [] };
  const turns = user.split('\n').flatMap((line) => (line.startsWith('{"turn":') ? [JSON.parse(line) as { content: string }] : []));
  const more = { subject: null, entities: [], occurred_at: null, recurs: null, importance: 5 };
  return { facts: turns.map(({ content }, turn) => ({ turn, quote: content, text: content, ...more })), skipped: [] };
}

/** The inputs that the model was asked to extract from. */
function asked(): string[] {
  return fake.chatCalls.flatMap(({ body }) => {
    const [, question] = body.messages as { content: string }[];
    return question?.content.includes('Turns:') ? (/"content":"(.+)"}$/m.exec(question.content)?.[1] ?? []) : [];
  });
}

const users = ['ann', 'bob'];

/** The events of a user, oldest first. */
async function history(server: StartedServer, user_id: string) {
  const { structured } = await server.call('memory_history', { user_id, events: ['ADD', 'RECEIVED', 'PROCESSED'], limit: 200 });
  return structured.events.reverse();
}

it('while the model is away two servers take what they are given, and when it is back each input is processed once, in order', async () => {
  const home = await temporaryHome();
  const env = { OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake' };
  let first = await startServer({ env, home });
  const second = await startServer({ env, home });
  await fake.stop();

  // Every sixth input says what the one of the same user before it said.
  const inputs = Array.from({ length: 60 }, (_, index) => {
    const number = index % 6 === 5 ? index - 2 : index;
    return { content: `Box ${number} stands on shelf ${number + 100}.`, user_id: users[index % 2] ?? '', wait: index % 3 === 0 };
  });
  const give = (some: typeof inputs) =>
    Promise.all(some.map((input, index) => (index % 4 < 2 ? first : second).call('remember', input).then(({ structured }) => structured)));
  const before = await give(inputs.slice(0, 30));
  await first.stop();
  first = await startServer({ env, home });
  const answers = [...before, ...(await give(inputs.slice(30)))];
  for (const [index, answer] of answers.entries()) {
    expect(answer).toMatchObject({ results: [], pending: true, input_id: expect.any(String) });
    expect(answer.degraded !== undefined).toBe(inputs[index]?.wait);
  }
  expect(asked()).toEqual([]);

  await fake.restart();
  for (const user of users) {
    const events = await until(async () => {
      const found = await history(second, user);
      return found.filter(({ event }) => event === 'PROCESSED').length >= 30 && found;
    }, 40);
    const ids = (name: string) => events.flatMap((each) => (each.event === name ? [each.call_id] : []));
    expect(ids('RECEIVED')).toHaveLength(30);
    expect(ids('PROCESSED')).toEqual(ids('RECEIVED'));
    const own = new Set(inputs.filter(({ user_id }) => user_id === user).map(({ content }) => content));
    expect(events.flatMap(({ event, memory }) => (event === 'ADD' ? [memory] : [])).sort()).toEqual([...own].sort());
    expect((await first.call('recall', { user_id: user, limit: 1 })).structured.total).toBe(own.size);
  }
  expect(asked().sort()).toEqual([...new Set(inputs.map(({ content }) => content))].sort());
}, 90_000);
