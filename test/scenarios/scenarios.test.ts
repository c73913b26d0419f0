import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { type StartedServer, startServer } from '../support/server.js';
import { goodModel } from './good-model.js';
import { inMode, type Mode, type Scenario } from './scenario.js';
import { scenarios } from './scenarios.js';
import { scenariosPage } from './scenarios-page.js';

const modes: Mode[] = ['rules', 'model'];

let fake: FakeOpenAi;
beforeAll(async () => {
  // What a real embedding knows of these words.
  fake = await startFakeOpenAi({ synonyms: { hobbies: 'hobby', pastimes: 'hobby', 兴趣: '爱好' } });
});
afterAll(() => fake.close());

function start(mode: Mode, home?: string): Promise<StartedServer> {
  const model = { OPENAI_BASE_URL: fake.url, OPENAI_API_KEY: '', KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding' };
  return startServer({ env: mode === 'model' ? model : {}, ...(home === undefined ? {} : { home }) });
}

/** Tells a scenario to an empty memory and looks at every answer. */
async function tell(server: StartedServer, mode: Mode, { title, steps, ...scenario }: Scenario): Promise<void> {
  const call = async (tool: string, args: Record<string, unknown>) => {
    const answer = await server.call(tool, { user_id: title.slice(0, 128), ...args });
    expect(answer.isError, answer.text).toBe(false);
    return answer.structured;
  };
  const instants: string[] = [];
  for (const step of steps) {
    if (mode === 'model') fake.onChat(goodModel(step.model ?? {}));
    const said = typeof step.said === 'string' ? { content: step.said } : { messages: step.said };
    const { results, skipped, similar, pending } = await call('remember', { ...said, ...(step.at === undefined ? {} : { at: step.at }) });
    expect(pending).toBe(false);
    expect(results.map(({ event, memory }) => [event, memory])).toEqual(inMode(step.results, mode));
    expectSkipped(skipped, inMode(step.skipped ?? [], mode));
    if (step.similar !== undefined) expect(similar).toHaveLength(step.similar);
    if (step.dated) {
      const { memories } = await call('recall', { filters: { id: results[0]?.id ?? '' } });
      expect(memories[0]).toMatchObject(inMode(step.dated, mode));
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
    instants.push(new Date().toISOString());
  }
  const { memories } = await call('recall', { limit: 100 });
  expect(memories.map(({ memory }) => memory).toSorted()).toEqual(inMode(scenario.holds, mode).toSorted());
  for (const { query, after, finds, lacks } of scenario.asked ?? []) {
    const found = await call('recall', { query, ...(after === undefined ? {} : { as_of: instants[after - 1] }) });
    const texts = found.memories.map(({ memory }) => memory);
    if (finds !== undefined) expect(texts, `asked: ${query}`).toContain(inMode(finds, mode));
    if (lacks !== undefined) expect(texts, `asked: ${query}`).not.toContain(inMode(lacks, mode));
  }
  if (scenario.history) {
    const { events } = await call('memory_history', { limit: 200 });
    expect(events.toReversed()).toMatchObject(inMode(scenario.history, mode));
  }
}

function expectSkipped(skipped: { text: string; reason: string }[], expected: [string, string][]): void {
  expect(skipped).toEqual(
    expected.map(([text, reason]) => ({ text: expect.stringContaining(text), reason: expect.stringContaining(reason) })),
  );
}

describe.each(modes)('told in the mode "%s"', (mode) => {
  let server: StartedServer;
  beforeAll(async () => {
    server = await start(mode);
  });

  test.each(scenarios.filter(({ needsModel }) => mode === 'model' || needsModel === undefined))('$title', async (scenario) => {
    await tell(server, mode, scenario);
  });

  test('ten posts of one message, at once and from two servers, make one memory', async () => {
    const other = await start(mode, server.home);
    const said = 'I collect stamps from Iceland.';
    fake.onChat(goodModel({ facts: [{ quote: said, text: 'User collects stamps from Iceland.', entities: ['Iceland'] }] }));
    const posts = Array.from({ length: 10 }, (_, index) =>
      (index % 2 ? server : other).call('remember', { content: said, user_id: 'at once' }),
    );
    const events = (await Promise.all(posts)).flatMap(({ structured }) => structured.results.map(({ event }) => event));
    expect(events.toSorted()).toEqual(['ADD', ...Array.from({ length: 9 }, () => 'NONE')]);
    for (const each of [server, other]) {
      expect((await each.call('recall', { user_id: 'at once' })).structured.memories).toMatchObject([
        { memory: expect.stringContaining('stamps') },
      ]);
    }
  });

  test('a transcript of 200,000 characters gives up the three facts in its beginning, middle and end, and nothing of its chatter', async () => {
    const facts = ['My passport number is X1234567.', '我在青岛出生。', 'I have played the oboe since 2009.'];
    const chatter = 'Well, who knows? Could you say that again? '.repeat(1_510);
    const content = `${facts[0]} ${chatter}\n${facts[1]}\n${chatter} ${facts[2]} ${chatter}`.slice(0, 200_000);
    fake.onChat(goodModel({ facts: facts.map((quote) => ({ quote, text: quote })) }));
    const { structured } = await server.call('remember', { messages: [{ role: 'user', content }], user_id: 'long' });
    expect(content.length).toBeGreaterThan(190_000);
    expect(structured.results.map(({ event, memory }) => [event, memory])).toEqual(facts.map((fact) => ['ADD', fact]));
    expect((await server.call('recall', { query: 'oboe', user_id: 'long' })).structured.memories[0]?.memory).toBe(facts[2]);
  });
});

test('the page of scenarios tells what is tested', async () => {
  await expect(scenariosPage(scenarios)).toMatchFileSnapshot('../../docs/scenarios.md');
});
