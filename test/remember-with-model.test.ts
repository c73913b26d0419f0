import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
    facts({ quote: 'I work at Siemens', text: 'User works at Siemens.', entities: ['Siemens'] }),
    facts({
      quote: 'no more Siemens',
      text: 'After years of long commutes there is an end to Siemens for good.',
      entities: ['SIEMENS'],
    }),
    decisions({ action: 'UPDATE', memory: 1, text: 'User no longer works at Siemens.' }),
  );
  await server.call('remember', { content: 'I work at Siemens' });
  const { structured } = await server.call('remember', { content: 'After years of commutes: no more Siemens!' });
  expect(structured.results).toMatchObject([{ event: 'UPDATE', memory: 'User no longer works at Siemens.' }]);
});

it('a memory about the same thing is put before the decision, however differently it is worded', async () => {
  const server = await start();
  fake.onChat(
    facts({ quote: 'Ablage: Bergen', text: 'Die Ablage liegt in Bergen.', subject: 'Ablage' }),
    facts({ quote: 'in Oslo these days', text: 'Oslo is where they keep the whole archive these days (ablage).', subject: 'ablage' }),
    decisions({ action: 'UPDATE', memory: 1, text: 'Die Ablage liegt in Oslo.' }),
  );
  await server.call('remember', { content: 'Ablage: Bergen' });
  const { structured } = await server.call('remember', { content: 'Ablage is in Oslo these days' });
  expect(structured.results).toMatchObject([{ event: 'UPDATE', memory: 'Die Ablage liegt in Oslo.' }]);
});

it('a correction that names no date leaves the memory the one that still stands in its text', async () => {
  const server = await start();
  fake.onChat(
    facts({ quote: 'to Crete on Monday', text: 'User travels to Crete on 3 June 2024.', entities: ['Crete'], occurred_at: '2024-06-03' }),
    facts({ quote: 'Rhodes instead', text: 'User travels to Rhodes instead of Crete, on the same day.', entities: ['Rhodes', 'Crete'] }),
    decisions({ action: 'UPDATE', memory: 1, text: 'User travels to Rhodes on 3 June 2024.' }),
  );
  await server.call('remember', { content: 'We fly to Crete on Monday', at: '2024-05-30' });
  await server.call('remember', { content: 'It is Rhodes instead of Crete, same day', at: '2024-05-31' });
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

describe('a how-to made of a run', () => {
  const run = [
    { role: 'user', content: 'Renew the certificate of the mail server please' },
    { role: 'assistant', content: 'certbot renew failed since nginx held port 80; stopped nginx, ran certbot renew again, it worked.' },
  ];
  const written = (more: object = {}) => ({
    ...{ turn: 0, quote: 'Renew the certificate', trigger: 'Renew the certificate of the mail server', title: 'Certificates' },
    ...{ steps: ['Stop nginx, which holds port 80', 'Run certbot renew'], reason: null, ...more },
  });

  it('is one memory, found by the task, and an improved one takes its place', async () => {
    const server = await start();
    fake.onChat(written());
    const first = await server.call('remember', { messages: run, kind: 'procedure' });
    expect(first.structured.results).toMatchObject([
      { event: 'ADD', memory: expect.stringMatching(/^When to use: Renew the certificate/) },
    ]);
    await server.call('remember', { content: 'The mail server has a certificate.', infer: false });
    const { memories } = (await server.call('recall', { query: 'how do I renew the mail server certificate' })).structured;
    expect(memories[0]).toMatchObject({ id: first.structured.results[0]?.id, kind: 'procedure' });

    const better = written({ steps: ['Stop nginx, which holds port 80', 'Run certbot renew', 'Start nginx again'] });
    fake.onChat(better, decisions({ action: 'UPDATE', memory: 1, text: 'Stop nginx first.', reason: 'a step more' }));
    const again = [...run, { role: 'assistant', content: 'Started nginx again.' }];
    const second = await server.call('remember', { messages: again, kind: 'procedure' });
    expect(question()).not.toContain('has a certificate');
    expect(second.structured.results).toMatchObject([
      { id: first.structured.results[0]?.id, event: 'UPDATE', memory: expect.stringMatching(/^When to use: .+\n3\. Start nginx again$/s) },
    ]);
  });

  it('waits in the log when the model fails, is none with a reason, and stands as it is when it was given whole', async () => {
    const server = await start();
    fake.fail('server_error', 3, 'chat');
    const failed = await server.call('remember', { messages: run, kind: 'procedure' });
    expect(failed.structured).toMatchObject({ results: [], pending: true });
    fake.onChat({ ...written(), trigger: null, steps: null, reason: 'small talk' });
    const none = await server.call('remember', { messages: [{ role: 'user', content: 'Hi there' }], kind: 'procedure' });
    expect(none.structured).toMatchObject({ results: [], skipped: [{ reason: 'small talk' }] });
    const calls = fake.chatCalls.length;
    const whole = await server.call('remember', { content: 'To deploy: push the tag.', kind: 'procedure' });
    expect(whole.structured.results).toMatchObject([{ event: 'ADD', memory: 'To deploy: push the tag.' }]);
    expect(fake.chatCalls.length - calls).toBeLessThanOrEqual(1);
  });
});

it('a transcript of 200,000 characters costs one extraction a chunk and one decision, and loses nothing at the borders', async () => {
  const server = await start();
  await server.call('remember', { content: 'The lamp of room 1 is green.', infer: false });
  const lines = Array.from({ length: 1000 }, (_, room) =>
    `The lamp of room ${room} is ${'very '.repeat(33)}red. `.padEnd(200, '~').slice(0, 200),
  );
  const seen: string[] = [];
  let last = '';
  fake.onChat(({ purpose, user }) => {
    const shown = user.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
    if (purpose === 'decision') return decisions(...shown.filter(({ fact }) => fact).map(() => ({ action: 'ADD' })));
    expect(user.includes('Earlier turns, done:')).toBe(seen.length > 0);
    expect(user.includes(last)).toBe(true);
    const content = shown.flatMap((line) => (typeof line.turn === 'number' ? [String(line.content)] : [])).join('');
    seen.push(content);
    const [quote = ''] = content.match(/The lamp of room \d+ is/) ?? [];
    last = `${quote} red.`;
    return facts({ turn: 99, quote, text: last });
  });
  const { structured } = await server.call('remember', { messages: [{ role: 'user', content: lines.join('') }] });
  expect(seen.join('')).toBe(lines.join(''));
  expect(seen.length).toBeGreaterThanOrEqual(9);
  expect(fake.chatCalls).toHaveLength(seen.length + 1);
  expect(structured.results).toHaveLength(seen.length);
});

it('two people of one conversation keep their facts apart, and the wishes of the owner reach every question', async () => {
  const server = await start({ KEEPSAKE_INSTRUCTIONS: 'Ignore the weather.' });
  fake.onChat(
    facts(
      { turn: 0, quote: 'I sail', text: 'Ann sails.' },
      { turn: 1, quote: 'Not me, I ski', text: 'Ben skis.' },
      { turn: 0, quote: 'I ski', text: 'Ben skis.' },
    ),
  );
  const messages = [
    { role: 'user', name: 'Ann', content: 'I sail' },
    { role: 'user', name: 'Ben', content: 'Not me, I ski' },
  ];
  await server.call('remember', { messages });
  expect((fake.chatCalls[0]!.body.messages as { content: string }[])[0]?.content).toMatch(/Ignore the weather\.$/);
  const { memories } = (await server.call('recall', {})).structured;
  expect(memories.map(({ subject, memory }) => [subject, memory]).sort()).toEqual([
    ['Ann', 'Ann sails.'],
    ['Ben', 'Ben skis.'],
  ]);
});

it('what answers an earlier turn of the run rests on that turn, the end of a long one included', async () => {
  const server = await start();
  const options = `${'Many words about rooms. '.repeat(400)}Shall I book room 12 or room 14?`;
  fake.onChat(facts(), facts({ quote: 'Yes, the second one', text: 'User booked room 14.' }));
  await server.call('remember', {
    messages: [
      { role: 'user', content: 'A room please' },
      { role: 'assistant', content: options },
    ],
    run_id: 'r',
  });
  const { structured } = await server.call('remember', { messages: [{ role: 'user', content: 'Yes, the second one' }], run_id: 'r' });
  expect(structured.results).toMatchObject([{ event: 'ADD', memory: 'User booked room 14.' }]);
});

it('what a model says that it left out is bounded and redacted, in the answer and in the log', async () => {
  const server = await start();
  const skipped = Array.from({ length: 2_000 }, (_, index) => ({
    text: `part ${index}, my password is hunter2, ${'x'.repeat(2_000)}`,
    reason: 'y'.repeat(2_000),
  }));
  fake.onChat({ facts: [], skipped });
  const { structured } = await server.call('remember', { content: 'A long story about nothing at all.' });
  expect(structured.skipped).toHaveLength(100);
  expect(structured.skipped[0]?.text).toMatch(/^part 0, my password is \[redacted: password\], x+…$/);
  for (const { text, reason } of structured.skipped) expect([text.length <= 200, reason.length <= 200]).toEqual([true, true]);
  expect(structured.skipped.at(-1)).toEqual({ text: '', reason: expect.stringMatching(/^1901 more/) });
  const { events } = (await server.call('memory_history', { events: ['PROCESSED'] })).structured;
  expect(events[0]?.reason?.length).toBeLessThan(45_000);
  expect(events[0]?.reason).not.toContain('hunter2');
});
