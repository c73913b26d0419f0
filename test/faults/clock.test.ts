import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { type StartedServer, until } from '../support/server.js';
import { auditedLog, liveTexts } from './audit.js';
import { killed, listed, literalModel, modelEnvironment, startFaulty } from './program.js';

const hour = 3_600_000;
const clock = { NODE_OPTIONS: `--import ${fileURLToPath(new URL('stepping-clock.mjs', import.meta.url))}` };

let fake: FakeOpenAi;
beforeEach(async () => {
  fake = await startFakeOpenAi();
  fake.onChat(literalModel);
});
afterEach(() => fake.close());

/** Sets the clock of a server back by an hour, and waits until it shows in what the server says of a new memory. */
async function stepBack(server: StartedServer, name: string): Promise<string> {
  process.kill(server.pid, 'SIGUSR2');
  const before = Date.now();
  for (let number = 0; ; number += 1) {
    const text = `The clock of ${name} was set back, ${number}.`;
    const { structured } = await server.call('remember', { content: text, infer: false });
    const { memories } = (await server.call('recall', { filters: { id: structured.results[0]!.id } })).structured;
    if (Date.parse(memories[0]?.said_at ?? '') < before - hour / 2) return text;
    if (number > 100) throw new Error('the clock does not step');
  }
}

it.skipIf(process.platform === 'win32')('clocks that step backwards disturb neither order nor ids, and nothing is lost', async () => {
  const home = await temporaryHome();
  const env = { ...modelEnvironment(fake), ...clock };
  const [one, two] = await Promise.all([startFaulty({ home, env }), startFaulty({ home, env: { ...clock, KEEPSAKE_INFER: 'rules' } })]);
  const said: string[] = [];
  const burst = async (name: string) => {
    const texts = Array.from({ length: 10 }, (_, index) => `The code of locker ${name}-${index} is ${index}.`);
    await Promise.all(
      texts.map(async (content, index) => {
        const { structured } = await (index % 2 ? one : two).call('remember', { content });
        expect(structured.results).toMatchObject([{ event: 'ADD', memory: content }]);
      }),
    );
    said.push(...texts);
  };
  await burst('a');
  for (const [server, name] of [
    [one, 'one'],
    [two, 'two'],
    [one, 'one again'],
  ] as const) {
    const stepping = burst(`while ${name}`);
    await stepBack(server, name);
    await stepping;
    await burst(`after ${name}`);
  }
  const { id } = (await one.call('recall', { query: 'locker a-3' })).structured.memories[0]!;
  const corrected = await one.call('remember', { memory_id: id, content: 'The code of locker a-3 is 33.' });
  expect(corrected.structured.results).toMatchObject([{ event: 'UPDATE', revision: 2 }]);
  said.splice(3, 1, 'The code of locker a-3 is 33.');
  for (const server of [one, two]) expect((await listed(server)).map(({ memory }) => memory)).toEqual(expect.arrayContaining(said));
  const audit = await auditedLog(home);
  expect(liveTexts(audit)).toEqual(expect.arrayContaining(said));
  const times = audit.events.flatMap((event) => (event.event === 'ADD' ? [Date.parse(event.state.said_at)] : []));
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(hour);

  // An input that waits is taken up by a process whose clock is behind the one that received it.
  fake.fail('hang', Number.POSITIVE_INFINITY, 'chat');
  const waiting = one.call('remember', { content: 'My sister Nora plays the cello in Bergen.' });
  await until(() => fake.chatCalls.some(({ status }) => status === undefined));
  await Promise.all([expect(waiting).rejects.toThrow(/closed/i), killed(one)]);
  await fake.restart();
  const next = await startFaulty({ home, env });
  await until(async () => (await listed(next)).some(({ memory }) => memory.includes('Nora')));
  expect((await auditedLog(home)).pending).toEqual([]);
  await Promise.all([next.stop(), two.stop()]);
});
