import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { type StartedServer, until } from '../support/server.js';
import { auditedLog, liveTexts } from './audit.js';
import { burial, listed, literalModel, modelEnvironment, startFaulty } from './program.js';
import { type Lane, possible, type Statement, seeded, type Way, work } from './workload.js';

const rounds = Number(process.env.KEEPSAKE_FAULT_ROUNDS ?? 5);
const seed = Number(process.env.KEEPSAKE_FAULT_SEED ?? Date.now() % 1e6);
/** Milliseconds of work before a server is killed; sometimes long enough for the background work to begin. */
const usually = 300;
const sometimes = 1800;

let fake: FakeOpenAi;
beforeAll(async () => {
  fake = await startFakeOpenAi();
  fake.onChat(literalModel);
});
afterAll(() => fake.close());

/** Two servers of a home: one that asks a model, one that goes by rules. */
function startBoth(home: string): Promise<StartedServer[]> {
  return Promise.all(['model', 'rules'].map((infer) => startFaulty({ home, env: { ...modelEnvironment(fake), KEEPSAKE_INFER: infer } })));
}

/** When a server is killed: at the moment of an answer, or a while after the first one or after the start. */
type End = { answers: number } | { answers: 0 | 1; delay: number };

function endOf(random: () => number): End {
  if (random() < 0.5) return { answers: 1 + Math.floor(random() * 40) };
  return { answers: random() < 0.7 ? 1 : 0, delay: random() * (random() < 0.3 ? sometimes : usually) };
}

/** Keeps a server busy until it is killed. Resolves with how many calls were answered. */
async function workUntilKilled({ server, lanes, end }: { server: StartedServer; lanes: Lane[]; end: End }): Promise<number> {
  let answered = 0;
  const kill = () => process.kill(server.pid, 'SIGKILL');
  const die = () => ('delay' in end ? setTimeout(kill, end.delay) : kill());
  if (end.answers === 0) die();
  const onAnswer = () => {
    answered += 1;
    if (answered === end.answers) die();
  };
  await Promise.all(lanes.map((lane) => work(lane, server, onAnswer)));
  await burial(server);
  return answered;
}

/** Checks what a server tells against what the clients were told. */
async function compare(server: StartedServer, statements: Statement[], random: () => number): Promise<void> {
  const memories = new Map((await listed(server)).map(({ id, memory }) => [id, memory]));
  const texts = new Set(memories.values());
  expect(texts.size).toBe(memories.size);
  const wrong = statements.filter((statement) => {
    const { id } = statement;
    const found = id === undefined ? (texts.has(statement.first) ? statement.first : null) : (memories.get(id) ?? null);
    return !possible(statement).includes(found);
  });
  expect(wrong).toEqual([]);
  for (let sample = 0; sample < 5; sample += 1) {
    const { id, known, asked } = statements[Math.floor(random() * statements.length)] ?? {};
    if (id === undefined || asked !== undefined) continue;
    const { events } = (await server.call('memory_history', { memory_id: id, limit: 200 })).structured;
    expect(events.at(-1)).toMatchObject(known === null ? { event: 'DELETE' } : { memory: known });
  }
}

it(`a home whose servers are killed at random, ${rounds} times, loses, doubles and halves nothing (seed ${seed})`, {
  timeout: 60_000 + rounds * 20_000,
}, async () => {
  const random = seeded(seed);
  const home = await temporaryHome();
  const lanesOf = (ways: Way[], server: string): Lane[] =>
    ways.map((way, index) => ({ name: `${server}${index}`, way, statements: [], random: seeded(Math.floor(random() * 2 ** 32)) }));
  const lanes = [lanesOf(['model', 'model', 'model', 'verbatim', 'verbatim'], '1'), lanesOf(['rules', 'rules', 'rules', 'verbatim'], '2')];
  const statements = () => lanes.flat().flatMap((lane) => lane.statements);
  let answered = 0;
  let unanswered = 0;

  for (let round = 0; round < rounds; round += 1) {
    const servers = await startBoth(home);
    if (round > 0) {
      await compare(servers[round % 2]!, statements(), random);
      const { isError } = await servers[0]!.call('remember', { content: `Round ${round} has begun.`, infer: false });
      expect(isError).toBe(false);
      await auditedLog(home);
    }
    const plans = servers.map((server, index) => ({ server, lanes: lanes[index]!, end: endOf(random) }));
    await Promise.all(
      plans.map(async (plan) => {
        answered += await workUntilKilled(plan);
      }),
    );
    unanswered += statements().filter(({ asked }) => asked !== undefined).length;
  }

  const [last, other] = (await startBoth(home)) as [StartedServer, StartedServer];
  await compare(other, statements(), random);
  await last.call('remember', { content: 'The last round is over.', infer: false });
  const audit = await until(async () => {
    const found = await auditedLog(home);
    return found.pending.length === 0 && found;
  }, 120);
  const received = audit.events.filter(({ event }) => event === 'RECEIVED').length;
  expect(audit.events.filter(({ event }) => event === 'PROCESSED')).toHaveLength(received);
  const added = audit.events.flatMap((event) => (event.event === 'ADD' ? [event.state.text] : []));
  expect(added.filter((text, index) => added.indexOf(text) !== index)).toEqual([]);
  expect((await listed(last)).map(({ memory }) => memory).sort()).toEqual(liveTexts(audit));
  await compare(last, statements(), random);
  const torn = (await readdir(join(home, 'history'))).filter((name) => name.includes('.torn-')).length;
  const figures = {
    seed,
    rounds,
    answered,
    unanswered,
    memories: statements().length,
    events: audit.events.length,
    inputs: received,
    torn,
  };
  process.stderr.write(`${JSON.stringify(figures)}\n`);
  await Promise.all([last, other].map((server) => server.stop()));
});
