import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryHome } from './support/home.js';
import { type StartedServer, startServer } from './support/server.js';

async function startServers(count: number): Promise<{ home: string; servers: StartedServer[] }> {
  const home = await temporaryHome();
  return { home, servers: await Promise.all(Array.from({ length: count }, () => startServer({ home }))) };
}

async function lines(home: string): Promise<{ seq: number; event: string; memory_id?: string }[]> {
  const text = await readFile(join(home, 'history', 'user-default.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));
}

const fact = (name: string) => `The code of locker ${name} is ${name.length}${name}.`;

describe('many calls at once', () => {
  it('are all kept: 20 from one process', async () => {
    const { home, servers } = await startServers(1);
    const [server] = servers as [StartedServer];
    const names = Array.from({ length: 20 }, (_, index) => `a${index}`);
    const answers = await Promise.all(names.map((name) => server.call('remember', { content: fact(name) })));
    expect(answers.map(({ structured }) => structured.results.map(({ event }) => event))).toEqual(names.map(() => ['ADD']));
    const { structured } = await server.call('recall', { limit: 100 });
    expect(structured.memories.map(({ memory }) => memory).sort()).toEqual(names.map(fact).sort());
    const seqs = (await lines(home)).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  it('are all kept, and seen by all at once: 25 from each of four processes', async () => {
    const { home, servers } = await startServers(4);
    const names = servers.map((_, process) => Array.from({ length: 25 }, (_, index) => `p${process}n${index}`));
    await Promise.all(
      servers.flatMap((server, process) => (names[process] ?? []).map((name) => server.call('remember', { content: fact(name) }))),
    );
    for (const server of servers) {
      const { structured } = await server.call('recall', { limit: 100 });
      expect(structured.total).toBe(100);
      expect(new Set(structured.memories.map(({ memory }) => memory))).toEqual(new Set(names.flat().map(fact)));
    }
    const seqs = (await lines(home)).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  it('are one memory with all labels when they say the same, whoever says it', async () => {
    const { home, servers } = await startServers(4);
    const spellings = ['Nora plays the cello.', 'nora plays  the cello', 'NORA PLAYS THE CELLO!', 'Nora plays the cello'];
    const calls = servers.flatMap((server, index) =>
      [0, 1, 2].map((round) =>
        server.call('remember', { content: spellings[(index + round) % 4], agent_id: `agent-${index}`, run_id: `run-${round}` }),
      ),
    );
    const results = (await Promise.all(calls)).flatMap(({ structured }) => structured.results);
    expect(results).toHaveLength(12);
    expect(results.filter(({ event }) => event === 'ADD')).toHaveLength(1);
    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
    expect(results.filter(({ event }) => event === 'NONE')).toHaveLength(11);
    for (const server of servers) {
      const { memories } = (await server.call('recall', {})).structured;
      expect(memories).toHaveLength(1);
      expect([...(memories[0]?.agent_ids ?? [])].sort()).toEqual(['agent-0', 'agent-1', 'agent-2', 'agent-3']);
      expect([...(memories[0]?.run_ids ?? [])].sort()).toEqual(['run-0', 'run-1', 'run-2']);
    }
    const events = (await lines(home)).map(({ event }) => event);
    expect(events.filter((event) => event === 'ADD')).toHaveLength(1);
    expect(events.filter((event) => event === 'CONFIRM')).toHaveLength(11);
  });

  it('correct one memory in turn: every revision has its number, and the last one stands everywhere', async () => {
    const { servers } = await startServers(3);
    const [one] = servers as [StartedServer];
    const { id } = (await one.call('remember', { content: fact('start') })).structured.results[0]!;
    const answers = await Promise.all(
      servers.flatMap((server, process) =>
        [0, 1, 2, 3].map((index) => server.call('remember', { memory_id: id, content: fact(`p${process}n${index}`) })),
      ),
    );
    const revisions = answers.map(({ structured }) => structured.results[0]?.revision ?? 0).sort((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: 12 }, (_, index) => index + 2));
    const { events } = (await one.call('memory_history', { memory_id: id })).structured;
    for (const server of servers) {
      const { memories } = (await server.call('recall', {})).structured;
      expect(memories).toMatchObject([{ id, revision: 13, memory: events.at(-1)?.memory }]);
    }
  });

  it('forget one memory once', async () => {
    const { servers } = await startServers(3);
    const [one] = servers as [StartedServer];
    const { id } = (await one.call('remember', { content: fact('start') })).structured.results[0]!;
    const answers = await Promise.all(servers.map((server) => server.call('forget', { memory_ids: [id] })));
    expect(answers.flatMap(({ structured }) => structured.forgotten)).toHaveLength(1);
    expect(answers.flatMap(({ structured }) => structured.not_found)).toEqual([id, id]);
  });
});

describe('a process that is killed with kill -9', () => {
  it('has kept everything that it answered, and the others go on at once', async () => {
    const { home, servers } = await startServers(2);
    const [killed, other] = servers as [StartedServer, StartedServer];
    const acknowledged: string[] = [];
    const calls = Array.from({ length: 60 }, async (_, index) => {
      const content = fact(`k${index}`);
      const { structured } = await killed.call('remember', { content });
      acknowledged.push(...structured.results.map(({ memory }) => memory));
      if (acknowledged.length === 10) process.kill(killed.pid, 'SIGKILL');
    });
    await Promise.allSettled(calls);
    expect(acknowledged.length).toBeGreaterThanOrEqual(10);
    expect((await other.call('remember', { content: fact('after') })).structured.results).toMatchObject([{ event: 'ADD' }]);
    const next = await startServer({ home });
    for (const server of [other, next]) {
      const { memories, total } = (await server.call('recall', { limit: 100 })).structured;
      expect(memories.map(({ memory }) => memory)).toEqual(expect.arrayContaining([...acknowledged, fact('after')]));
      expect(total).toBe(memories.length);
    }
  });
});
