import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { type Answer, type StartedServer, until } from '../support/server.js';
import { type Audit, auditedLog, liveTexts } from './audit.js';
import { burial, type Fault, killed, listed, literalModel, modelEnvironment, startFaulty } from './program.js';

/** Steps of a write before its bytes are whole in the file, and those after. */
const before = ['lock', 'locked', 'append', 'half'] as const;
const after = ['appended', 'synced', 'accepted', 'released'] as const;
const steps = [...before.map((point) => ({ point, isWritten: false })), ...after.map((point) => ({ point, isWritten: true }))];

const kept = 'The code of locker 17 is 1717.';
const said = 'My sister Nora plays the cello in Bergen.';
const corrected = 'The code of locker 17 is 7171.';
const next = 'A write by the next process.';

let prepared: { home: string; id: string };
let fake: FakeOpenAi;

beforeAll(async () => {
  fake = await startFakeOpenAi();
  fake.onChat(literalModel);
  const server = await startFaulty();
  const { structured } = await server.call('remember', { content: kept });
  prepared = { home: server.home, id: structured.results[0]!.id };
  await server.stop();
});
afterAll(() => fake.close());

/** A home of its own that holds one memory. */
async function preparedHome(): Promise<string> {
  const home = await temporaryHome();
  await cp(prepared.home, home, { recursive: true });
  return home;
}

/** Starts a server that dies at a step of a call, and makes the call: it must stay without an answer. */
async function dieIn(
  call: (server: StartedServer) => Promise<Answer>,
  options: { home: string; fault: Fault; env?: Record<string, string> },
) {
  const server = await startFaulty(options);
  await expect(call(server)).rejects.toThrow(/closed/i);
  await burial(server);
}

/** The log as it is once a writer has been there. */
async function auditAfterWrite(server: StartedServer): Promise<Audit> {
  const { isError, text } = await server.call('remember', { content: next, infer: false });
  if (isError) throw new Error(text);
  return auditedLog(server.home);
}

const textsOf = async (server: StartedServer) => (await listed(server)).map(({ memory }) => memory);

const calls = [
  {
    name: 'a remember',
    call: (server: StartedServer) => server.call('remember', { content: said }),
    undone: [kept],
    done: [kept, said],
    again: ({ structured }: Answer) => structured.results.map(({ event }) => event),
    first: ['ADD'],
    second: ['NONE'],
  },
  {
    name: 'a correction',
    call: (server: StartedServer) => server.call('remember', { memory_id: prepared.id, content: corrected }),
    undone: [kept],
    done: [corrected],
    again: ({ structured }: Answer) => structured.results.map(({ event }) => event),
    first: ['UPDATE'],
    second: ['NONE'],
  },
  {
    name: 'a forgetting',
    call: (server: StartedServer) => server.call('forget', { memory_ids: [prepared.id] }),
    undone: [kept],
    done: [],
    again: ({ structured }: Answer) => [structured.forgotten.length, structured.not_found.length],
    first: [1, 0],
    second: [0, 1],
  },
];

for (const { name, call, undone, done, again, first, second } of calls) {
  describe.concurrent(`${name} whose process is killed`, () => {
    it.for(steps)('at $point is wholly there or not at all, and may be repeated', async ({ point, isWritten }) => {
      const home = await preparedHome();
      await dieIn(call, { home, fault: `${point}#1=SIGKILL` });
      const server = await startFaulty({ home });
      expect((await textsOf(server)).sort()).toEqual((isWritten ? done : undone).toSorted());
      expect(again(await call(server))).toEqual(isWritten ? second : first);
      expect(liveTexts(await auditAfterWrite(server))).toEqual([next, ...done].sort());
      const torn = (await readdir(join(home, 'history'))).filter((file) => file.includes('.torn-'));
      expect(torn).toHaveLength(point === 'half' ? 1 : 0);
      await server.stop();
    });
  });
}

describe.concurrent('a remember that asks a model, and whose process is killed', () => {
  /** Restarts, repeats the call, and waits until every input has its outcome. */
  async function recovered(home: string, pending: number): Promise<void> {
    const server = await startFaulty({ home, env: modelEnvironment(fake) });
    const inLog = (await readFile(join(home, 'history', 'user-default.jsonl'), 'utf8')).split('\n').filter((line) => line.includes(said));
    expect(inLog.some((line) => line.includes('"RECEIVED"'))).toBe(pending > 0);
    const { structured } = await server.call('remember', { content: said });
    expect(structured.results).toMatchObject([{ event: expect.stringMatching(/ADD|NONE/), memory: said }]);
    const audit = await until(async () => {
      const found = await auditAfterWrite(server);
      return found.pending.length === 0 && found;
    });
    expect(liveTexts(audit)).toEqual([next, kept, said].sort());
    expect((await listed(server)).filter(({ memory }) => memory === said)).toMatchObject([{ id: structured.results[0]?.id }]);
    expect(audit.events.filter((event) => event.event === 'ADD' && event.state.text === said)).toHaveLength(1);
    await server.stop();
  }

  it.for(steps)('at $point of the saving of its input keeps the whole input or nothing', async ({ point, isWritten }) => {
    const home = await preparedHome();
    const env = modelEnvironment(fake);
    await dieIn((server) => server.call('remember', { content: said }), { home, env, fault: `${point}#1=SIGKILL` });
    await recovered(home, isWritten ? 1 : 0);
  });

  it.for(steps)('at $point of the writing of its outcome has it processed once', async ({ point }) => {
    const home = await preparedHome();
    const env = modelEnvironment(fake);
    await dieIn((server) => server.call('remember', { content: said }), { home, env, fault: `${point}#2=SIGKILL` });
    await recovered(home, 1);
  });

  it.for(['before', 'after'] as const)('just %s the model answers has it processed once', async (moment) => {
    const home = await preparedHome();
    const own = await startFakeOpenAi();
    try {
      const server = await startFaulty({ home, env: modelEnvironment(own) });
      const die = () => process.kill(server.pid, 'SIGKILL');
      own.onChat((chat) => {
        if (moment === 'before') die();
        // By then the answer is on its way.
        else setImmediate(() => setImmediate(die));
        return literalModel(chat);
      });
      await expect(server.call('remember', { content: said })).rejects.toThrow(/closed/i);
      await burial(server);
      await recovered(home, 1);
    } finally {
      await own.close();
    }
  });

  it('and is not repeated by anyone has its input processed by the next process of the home', async () => {
    const home = await preparedHome();
    const env = modelEnvironment(fake);
    await dieIn((server) => server.call('remember', { content: said }), { home, env, fault: 'released#1=SIGKILL' });
    const server = await startFaulty({ home, env });
    await until(async () => (await textsOf(server)).includes(said));
    const { events, pending } = await auditedLog(home);
    expect(pending).toEqual([]);
    expect(events.map(({ event }) => event).slice(-3)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
    await server.stop();
  });
});

describe.concurrent('an answer that arrived', () => {
  it.for(['rules', 'model'])('stands although the process is killed at that moment (%s)', async (infer) => {
    const home = await preparedHome();
    const env = { ...modelEnvironment(fake), KEEPSAKE_INFER: infer };
    const first = await startFaulty({ home, env });
    const added = (await first.call('remember', { content: said })).structured.results;
    await killed(first);
    const second = await startFaulty({ home, env });
    expect(await listed(second)).toMatchObject([{ id: added[0]?.id, memory: said }, { memory: kept }]);
    await second.call('remember', { memory_id: prepared.id, content: corrected });
    await killed(second);
    const third = await startFaulty({ home, env });
    expect((await textsOf(third)).sort()).toEqual([said, corrected].sort());
    await third.call('forget', { memory_ids: [prepared.id] });
    await killed(third);
    const last = await startFaulty({ home, env });
    expect(await textsOf(last)).toEqual([said]);
    const { events } = (await last.call('memory_history', { memory_id: prepared.id })).structured;
    expect(events.map(({ event }) => event)).toEqual(['ADD', 'UPDATE', 'DELETE']);
    await auditedLog(home);
    await last.stop();
  });
});
