import { describe, expect, it } from 'vitest';
import type { FaultPoint } from '../../src/store/fault-point.js';
import { isStopped } from '../support/process-state.js';
import { type StartedServer, until } from '../support/server.js';
import { auditedLog, liveTexts } from './audit.js';
import { killed, listed, startFaulty } from './program.js';

const kept = 'The code of locker 17 is 1717.';
const corrected = 'The code of locker 17 is 7171.';
const same = 'My sister Nora plays the cello in Bergen.';
const meanwhile = 'My brother Olaf sails on the lake.';

/** A server that is going to be stopped at a step, one that goes on, and a memory that both know. */
async function startTwo(point: FaultPoint): Promise<{ first: StartedServer; second: StartedServer; id: string }> {
  const second = await startFaulty();
  const { structured } = await second.call('remember', { content: kept });
  const first = await startFaulty({ home: second.home, fault: `${point}#1=SIGSTOP` });
  return { first, second, id: structured.results[0]!.id };
}

/** Lets a stopped server go on. */
function revive({ pid }: StartedServer): void {
  process.kill(pid, 'SIGCONT');
}

describe.skipIf(process.platform === 'win32').concurrent('a process that is stopped while it holds the lock', () => {
  it.for(['locked', 'append', 'half', 'appended', 'synced', 'accepted'] as const)(
    'at %s lets others write in the end, corrupts nothing when it goes on, and answers what is so',
    async (point) => {
      const { first, second, id } = await startTwo(point);
      const answers = Promise.all([
        first.call('remember', { content: same, agent_id: 'stopped' }),
        first.call('remember', { memory_id: id, content: corrected }),
      ]);
      await until(() => isStopped(first.pid));
      const others = [meanwhile, same].map((content) => second.call('remember', { content, agent_id: 'other' }));
      const [other, double] = (await Promise.all(others)).map(({ structured }) => structured.results[0]);
      expect(other).toMatchObject({ event: 'ADD', memory: meanwhile });
      expect(double).toMatchObject({ memory: same });
      expect((await listed(second)).map(({ memory }) => memory)).toEqual(expect.arrayContaining([same, meanwhile]));
      expect(await isStopped(first.pid)).toBe(true);

      revive(first);
      const [said, correction] = (await answers).map(({ structured }) => structured.results);
      expect(said).toMatchObject([{ id: double?.id, memory: same, event: double?.event === 'ADD' ? 'NONE' : 'ADD' }]);
      expect(correction).toMatchObject([{ id, memory: corrected, event: 'UPDATE', revision: 2 }]);
      for (const server of [first, second]) {
        const found = await listed(server);
        expect(found.map(({ memory }) => memory).sort()).toEqual([corrected, meanwhile, same].sort());
      }
      await second.call('remember', { content: 'A write after all that.', infer: false });
      const audit = await auditedLog(second.home);
      expect(liveTexts(audit)).toEqual(['A write after all that.', corrected, meanwhile, same].sort());
      expect([...(audit.memories.get(double?.id ?? '')?.agents ?? [])].sort()).toEqual(['other', 'stopped']);
      expect(audit.pending).toEqual([]);
      await Promise.all([first.stop(), second.stop()]);
    },
  );

  it.for(['replace', 'replaced'] as const)('at %s of an erase does not undo what others wrote meanwhile', async (point) => {
    const { first, second, id } = await startTwo(point);
    const { confirm_token } = (await first.call('forget', { memory_ids: [id], erase: true })).structured;
    const answer = first.call('forget', { confirm: confirm_token });
    await until(() => isStopped(first.pid));
    expect((await second.call('remember', { content: meanwhile })).structured.results).toMatchObject([{ event: 'ADD' }]);
    revive(first);
    expect((await answer).structured.forgotten).toMatchObject([{ id }]);
    for (const server of [first, second]) expect(await listed(server)).toMatchObject([{ memory: meanwhile }]);
    await second.call('remember', { content: same });
    const audit = await auditedLog(second.home);
    expect(liveTexts(audit)).toEqual([meanwhile, same].sort());
    expect(audit.events.filter(({ event }) => event === 'ERASE')).toHaveLength(1);
    await Promise.all([first.stop(), second.stop()]);
  });

  it('and is killed then leaves the lock to the others', async () => {
    const { first, second } = await startTwo('locked');
    const answer = first.call('remember', { content: same });
    await until(() => isStopped(first.pid));
    const other = second.call('remember', { content: meanwhile });
    await Promise.all([expect(answer).rejects.toThrow(/closed/i), killed(first)]);
    expect((await other).structured.results).toMatchObject([{ event: 'ADD' }]);
    expect(liveTexts(await auditedLog(second.home))).toEqual([kept, meanwhile].sort());
    await second.stop();
  });
});
