import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryHome } from '../support/home.js';
import type { Answer, StartedServer } from '../support/server.js';
import { auditedLog, liveTexts } from './audit.js';
import { listed, startFaulty } from './program.js';

const processes = 4;
/** Statements that every process makes, each in a spelling of its own. */
const shared = Array.from({ length: 10 }, (_, index) => `Nora keeps key ${index} in drawer ${index * 7}`);
const spellings = [
  (text: string) => text,
  (text: string) => `${text}.`,
  (text: string) => text.toUpperCase(),
  (text: string) => text.replaceAll(' ', '  '),
];

/** One call among many, and what must hold of its answer. */
interface MixedCall {
  tool: string;
  args: Record<string, unknown>;
  check: (answer: Answer, other: StartedServer) => Promise<void> | void;
}

/** What was in a space before: one memory to correct, one to correct and forget, one for each process to forget. */
interface Prepared {
  corrected: string;
  contested: string;
  doomed: string[];
}

const scopeOf = (space: number | undefined) => (space === undefined ? {} : { user_id: `person-${space}` });

async function prepare(server: StartedServer, space: number | undefined): Promise<Prepared> {
  const texts = ['corrected', 'contested', ...Array.from({ length: processes }, (_, index) => `doomed ${index}`)];
  const ids: string[] = [];
  for (const text of texts) {
    const { structured } = await server.call('remember', { content: `The box that is ${text} is red.`, infer: false, ...scopeOf(space) });
    ids.push(structured.results[0]!.id);
  }
  const [corrected = '', contested = '', ...doomed] = ids;
  return { corrected, contested, doomed };
}

/** Fifty calls of one process on a space: 20 new statements, 10 shared ones, 10 corrections, 2 forgettings, 8 recalls. */
function mixedCalls(process: number, prepared: Prepared, scope: Record<string, unknown>): MixedCall[] {
  const isThere = async (id: string | undefined, other: StartedServer) => {
    const { isError, text } = await other.call('memory_history', { memory_id: id, ...scope });
    expect(isError, text).toBe(false);
  };
  const own = Array.from({ length: 20 }, (_, index): MixedCall => {
    const content = `The code of locker p${process}n${index} is ${process}${index}.`;
    return {
      tool: 'remember',
      args: { content, infer: index % 2 === 0, ...scope },
      check: async ({ structured }, other) => {
        expect(structured.results).toMatchObject([{ event: 'ADD', memory: content }]);
        await isThere(structured.results[0]?.id, other);
      },
    };
  });
  const same = shared.map((text, index): MixedCall => {
    const content = spellings[(process + index) % spellings.length]!(text);
    return {
      tool: 'remember',
      args: { content, agent_id: `agent-${process}`, run_id: `run-${process}`, infer: index % 2 === 0, ...scope },
      check: async ({ structured }, other) => {
        expect(structured.results).toMatchObject([{ event: expect.stringMatching(/ADD|NONE/) }]);
        await isThere(structured.results[0]?.id, other);
      },
    };
  });
  const corrections = Array.from({ length: 10 }, (_, index): MixedCall => {
    const id = index < 7 ? prepared.corrected : prepared.contested;
    return {
      tool: 'remember',
      args: { memory_id: id, content: `The box holds ${process} times ${index} things.`, ...scope },
      check: ({ structured, isError, text }) => {
        if (isError && id === prepared.contested) expect(text).toContain('[memory_forgotten]');
        else expect(structured.results[0], text).toMatchObject({ event: 'UPDATE' });
      },
    };
  });
  const forgettings = [prepared.doomed[process]!, prepared.contested].map(
    (id): MixedCall => ({
      tool: 'forget',
      args: { memory_ids: [id], ...scope },
      check: ({ structured, isError }) => {
        expect(isError).toBe(false);
        if (id !== prepared.contested) expect(structured.forgotten).toMatchObject([{ id }]);
      },
    }),
  );
  const recalls = Array.from(
    { length: 8 },
    (_, index): MixedCall => ({
      tool: 'recall',
      args: { ...(index % 2 ? { query: 'the code of a locker' } : {}), limit: 5, ...scope },
      check: ({ isError, text }) => expect(isError, text).toBe(false),
    }),
  );
  const all = [...own, ...same, ...corrections, ...forgettings, ...recalls];
  // Spread, so that each kind meets each other kind: 17 has no divisor in common with 50.
  return all.map((_, index) => all[(index * 17) % all.length]!);
}

async function run(server: StartedServer, other: StartedServer, calls: MixedCall[]): Promise<void> {
  await Promise.all(calls.map(async ({ tool, args, check }) => check(await server.call(tool, args), other)));
}

/** What a space must hold in the end. */
async function expectWhole(
  home: string,
  name: string,
  options: { servers: StartedServer[]; scope: object; prepared: Prepared; by: number[] },
) {
  const { prepared, by } = options;
  const audit = await auditedLog(home, name);
  const { memories, events, pending } = audit;
  expect(pending).toEqual([]);
  const texts = liveTexts(audit);
  const locker = (process: number) =>
    Array.from({ length: 20 }, (_, index) => `The code of locker p${process}n${index} is ${process}${index}.`);
  expect(texts.filter((text) => text.startsWith('The code'))).toEqual(by.flatMap(locker).sort());
  expect(texts.filter((text) => /key/i.test(text))).toHaveLength(shared.length);
  for (const { text, agents, runs } of memories.values()) {
    if (!/key/i.test(text)) continue;
    expect([...agents].sort()).toEqual(by.map((process) => `agent-${process}`));
    expect([...runs].sort()).toEqual(by.map((process) => `run-${process}`));
  }
  expect(memories.get(prepared.corrected)).toMatchObject({ live: true, revision: 1 + 7 * by.length });
  expect(memories.get(prepared.contested)?.live).toBe(false);
  for (const process of by) expect(memories.get(prepared.doomed[process]!)?.live).toBe(false);
  expect(events.filter(({ event }) => event === 'DELETE')).toHaveLength(by.length + 1);
  for (const server of options.servers) {
    const found = (await listed(server, { ...options.scope })).map(({ memory }) => memory);
    expect(found.sort()).toEqual(texts);
  }
}

async function start(): Promise<{ home: string; servers: StartedServer[] }> {
  const home = await temporaryHome();
  return { home, servers: await Promise.all(Array.from({ length: processes }, () => startFaulty({ home }))) };
}

it('four processes with fifty mixed calls each on one space lose nothing, double nothing and see each other', {
  timeout: 60_000,
}, async () => {
  const { home, servers } = await start();
  const prepared = await prepare(servers[0]!, undefined);
  await Promise.all(servers.map((server, process) => run(server, servers[(process + 1) % processes]!, mixedCalls(process, prepared, {}))));
  await expectWhole(home, 'user-default', { servers, scope: {}, prepared, by: [0, 1, 2, 3] });
  expect((await readdir(join(home, 'history'))).length).toBe(1);
  await Promise.all(servers.map((server) => server.stop()));
});

it('the same on six spaces, of which each process uses three, keeps the spaces apart', async () => {
  const { home, servers } = await start();
  const spaces = Array.from({ length: 6 }, (_, space) => ({ space, by: [0, 1, 2, 3].filter((process) => (process + space) % 2 === 0) }));
  const prepared = await Promise.all(spaces.map(({ space }) => prepare(servers[0]!, space)));
  await Promise.all(
    spaces.flatMap(({ space, by }) =>
      by.map((process) =>
        run(servers[process]!, servers[(process + 1) % processes]!, mixedCalls(process, prepared[space]!, scopeOf(space))),
      ),
    ),
  );
  for (const { space, by } of spaces)
    await expectWhole(home, `user-person-${space}`, { servers, scope: scopeOf(space), prepared: prepared[space]!, by });
  await Promise.all(servers.map((server) => server.stop()));
});
