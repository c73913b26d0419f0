import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { type StartedServer, startServer } from './support/server.js';

let fake: FakeOpenAi;
beforeEach(async () => {
  fake = await startFakeOpenAi();
});
afterEach(() => fake.close());

function start(env: Record<string, string> = {}): Promise<StartedServer> {
  const model = { OPENAI_BASE_URL: fake.url, OPENAI_API_KEY: '', KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding' };
  return startServer({ env: { ...model, ...env } });
}

function facts(...written: object[]): object {
  const unsaid = { turn: 0, quote: '', subject: null, entities: [], occurred_at: null, recurs: null, importance: 5 };
  return { facts: written.map((each) => ({ ...unsaid, ...each })), skipped: [] };
}

function decisions(...written: object[]): object {
  return { decisions: written.map((each, index) => ({ fact: index + 1, memory: null, text: null, reason: null, ...each })) };
}

/** The last question that the model was asked. */
function question(): string {
  const messages = fake.chatCalls.at(-1)?.body.messages as { content: string }[];
  return messages.at(-1)?.content ?? '';
}

it('what is said without a time is said on the day that it is where the user lives', async () => {
  const server = await start({ KEEPSAKE_TZ: 'Pacific/Kiritimati' });
  await server.call('remember', { content: 'My birthday is tomorrow.' });
  const [, weekday, day] = /^said: (\w+) (\d{4}-\d\d-\d\d)T\S+\+14:00$/m.exec(question()) ?? [];
  expect(day).toBeDefined();
  expect(new Date(`${day}T00:00Z`).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })).toBe(weekday);
});

it('earlier turns of the run are shown with the day on which they were said', async () => {
  const server = await start();
  const said = (content: string, at: string) => server.call('remember', { messages: [{ role: 'user', content }], at, run_id: 'r' });
  await said('My flight is tomorrow.', '2024-05-30T09:00:00+02:00');
  await said('It is late by two hours.', '2024-05-31T09:00:00+02:00');
  expect(question()).toContain('{"role":"user","said":"Thursday 2024-05-30T09:00:00+02:00","content":"My flight is tomorrow."}');
});

it('a memory that shares only a name with a fact is put before the decision', async () => {
  const server = await start();
  fake.onChat(
    facts({ text: 'User works at Siemens.', entities: ['Siemens'] }),
    facts({ text: 'After nine years of long commutes there is an end to Siemens for good.', entities: ['SIEMENS'] }),
    decisions({ action: 'UPDATE', memory: 1, text: 'User no longer works at Siemens.' }),
  );
  await server.call('remember', { content: 'I work at Siemens' });
  const { structured } = await server.call('remember', { content: 'After nine years of commutes: no more Siemens!' });
  expect(structured.results).toMatchObject([{ event: 'UPDATE', memory: 'User no longer works at Siemens.' }]);
});

it('a memory about the same thing is put before the decision, however differently it is worded', async () => {
  const server = await start();
  fake.onChat(
    facts({ text: 'Die Ablage liegt in Bergen.', subject: 'Ablage' }),
    facts({ text: 'Oslo is where they keep the whole archive these days (ablage).', subject: 'ablage' }),
    decisions({ action: 'UPDATE', memory: 1, text: 'Die Ablage liegt in Oslo.' }),
  );
  await server.call('remember', { content: 'Ablage: Bergen' });
  const { structured } = await server.call('remember', { content: 'Ablage is in Oslo these days' });
  expect(structured.results).toMatchObject([{ event: 'UPDATE', memory: 'Die Ablage liegt in Oslo.' }]);
});

it('a correction that names no date leaves the memory the one that still stands in its text', async () => {
  const server = await start();
  fake.onChat(
    facts({ text: 'User travels to Crete on 3 June 2024.', entities: ['Crete'], occurred_at: '2024-06-03' }),
    facts({ text: 'User travels to Rhodes instead of Crete, on the same day.', entities: ['Rhodes', 'Crete'] }),
    decisions({ action: 'UPDATE', memory: 1, text: 'User travels to Rhodes on 3 June 2024.' }),
  );
  await server.call('remember', { content: 'We fly to Crete on Monday', at: '2024-05-30' });
  await server.call('remember', { content: 'It is Rhodes instead, same day', at: '2024-05-31' });
  const { memories } = (await server.call('recall', { query: 'Rhodes' })).structured;
  expect(memories).toMatchObject([{ memory: 'User travels to Rhodes on 3 June 2024.', occurred_at: '2024-06-03', entities: ['Rhodes'] }]);
});

it('a model that gives back a whole passage as skipped is quoted in brief', async () => {
  const server = await start();
  const passage = 'What if the moon were made of cheese? '.repeat(50);
  fake.onChat({ facts: [], skipped: [{ text: passage, reason: 'hypothetical' }] });
  const { structured } = await server.call('remember', { messages: [{ role: 'user', content: passage }] });
  expect(structured.skipped).toMatchObject([{ text: expect.stringMatching(/^What if .+…$/), reason: 'hypothetical' }]);
  expect(structured.skipped[0]?.text.length).toBeLessThanOrEqual(200);
});
