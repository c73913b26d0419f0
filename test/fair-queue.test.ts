import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFairQueue, type FairQueue, type FairQueueOptions, type Turn } from '../src/fair-queue.js';

const never = new AbortController().signal;
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A queue whose work goes on until it is told to end. */
function watched(options: Partial<FairQueueOptions> = {}) {
  const queue = createFairQueue({ atOnce: 2, ofOneCaller: 1, mostWaiting: 100, ...options });
  /** The names of the work that has begun, in this order. */
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    queue,
    begun,
    call(caller: string, name: string, signal = never): Promise<string> {
      return queue.run(caller, signal, async () => {
        begun.push(name);
        await new Promise<void>((resolve) => ends.set(name, resolve));
        return name;
      });
    },
    async end(name: string) {
      ends.get(name)?.();
      ends.delete(name);
      await tick();
    },
    isRunning: (name: string) => ends.has(name),
  };
}

describe('a fair queue', () => {
  it('lets one caller take its own part alone, however much of it waits', async () => {
    const { call, begun, end } = watched({ atOnce: 4, ofOneCaller: 2 });
    const flood = ['a1', 'a2', 'a3', 'a4'].map((name) => call('ann', name));
    await tick();
    expect(begun).toEqual(['a1', 'a2']);
    const one = call('bob', 'b1');
    await tick();
    expect(begun).toEqual(['a1', 'a2', 'b1']);
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1']) await end(name);
    expect(await Promise.all([...flood, one])).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
  });

  it('gives one caller that is alone what there is but the places of the next one, and takes it back while others are about', async () => {
    let now = 0;
    const { call, begun, end, queue } = watched({ atOnce: 6, ofOneCaller: 2, now: () => now });
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']) void call('ann', name);
    await tick();
    expect(begun).toEqual(['a1', 'a2', 'a3', 'a4']);
    void call('bob', 'b1');
    await tick();
    expect(begun.at(-1)).toBe('b1');
    for (const name of ['b1', 'a1', 'a2', 'a3']) await end(name);
    expect(begun.slice(5)).toEqual(['a5']);
    now = 999;
    await end('a4');
    expect(begun.slice(6)).toEqual(['a6']);
    void call('ann', 'a7');
    await tick();
    expect(queue.load()).toEqual({ running: 2, waiting: 1 });
    now = 1000;
    void call('ann', 'a8');
    await tick();
    expect(begun.slice(7)).toEqual(['a7', 'a8']);
  });

  it('takes callers in turn where there is not room for all', async () => {
    const { call, begun, end } = watched({ atOnce: 1 });
    void call('ann', 'a1');
    for (const name of ['a2', 'a3']) void call('ann', name);
    for (const name of ['b1', 'b2']) void call('bob', name);
    void call('cid', 'c1');
    for (let count = 0; count < 6; count += 1) {
      await tick();
      await end(begun.at(-1) ?? '');
    }
    expect(begun).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('refuses what one caller lets wait beyond the most, and nobody else', async () => {
    const { call, queue } = watched({ mostWaiting: 2 });
    for (const name of ['a1', 'a2', 'a3']) void call('ann', name);
    await expect(call('ann', 'a4')).rejects.toMatchObject({
      code: 'too_large',
      message: '2 calls of this caller wait to be answered already; wait for some of their answers, then repeat the call.',
    });
    void call('bob', 'b1');
    expect(queue.load()).toEqual({ running: 2, waiting: 2 });
  });

  it('forgets who is cancelled while it waits, and leaves nothing behind', async () => {
    const { call, begun, end, queue } = watched();
    const leaving = new AbortController();
    const first = call('ann', 'a1');
    const second = call('ann', 'a2', leaving.signal);
    const third = call('ann', 'a3');
    leaving.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    await expect(call('ann', 'a4', leaving.signal)).rejects.toThrow('gone');
    await tick();
    await end('a1');
    await end('a3');
    await Promise.all([first, third]);
    expect(begun).toEqual(['a1', 'a3']);
    expect(queue.load()).toEqual({ running: 0, waiting: 0 });
  });

  it('gives the place of work that failed to the next', async () => {
    const { call, begun, queue } = watched();
    const failing = queue.run('ann', never, () => Promise.reject(new Error('broken')));
    void call('ann', 'a2');
    await expect(failing).rejects.toThrow('broken');
    await tick();
    expect(begun).toEqual(['a2']);
  });

  it('does not line up again for who was cancelled while it waited for somebody', async () => {
    const { call, queue } = watched();
    const leaving = new AbortController();
    const asking = (turn: Turn) =>
      turn.aside(() => new Promise<string>((resolve) => leaving.signal.addEventListener('abort', () => resolve('yes'))));
    const asked = queue.run('ann', leaving.signal, asking);
    await tick();
    void call('ann', 'a1');
    leaving.abort(new Error('gone'));
    await expect(asked).rejects.toThrow('gone');
    expect(queue.load()).toEqual({ running: 1, waiting: 0 });
  });

  it('leaves the place of work that waits for somebody to others', async () => {
    const { call, begun, end, queue } = watched();
    let reply: (said: string) => void = () => undefined;
    const asking = (turn: Turn) => turn.aside(() => new Promise<string>((resolve) => (reply = resolve)));
    const asked = queue.run('ann', never, asking);
    await tick();
    void call('ann', 'a2');
    await tick();
    expect(begun).toEqual(['a2']);
    reply('yes');
    await tick();
    expect(queue.load()).toEqual({ running: 1, waiting: 1 });
    await end('a2');
    expect(await asked).toBe('yes');
    expect(queue.load()).toEqual({ running: 0, waiting: 0 });
  });

  it('ends with all work done, never more of it at once than there is room for, whoever leaves', async () => {
    const piece = fc.record({ caller: fc.constantFrom('ann', 'bob', 'cid'), turns: fc.nat(3), leaves: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 30 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        async (pieces, atOnce, ofOneCaller) => {
          const queue: FairQueue = createFairQueue({ atOnce, ofOneCaller, mostWaiting: 100 });
          const under = new Map<string, number>();
          const work = async (caller: string, turns: number) => {
            under.set(caller, (under.get(caller) ?? 0) + 1);
            expect(under.get(caller)).toBeLessThanOrEqual(Math.max(ofOneCaller, atOnce - ofOneCaller));
            expect([...under.values()].reduce((sum, count) => sum + count)).toBeLessThanOrEqual(atOnce);
            for (let turn = 0; turn < turns; turn += 1) await tick();
            under.set(caller, (under.get(caller) ?? 0) - 1);
          };
          const done = pieces.map(async ({ caller, turns, leaves }) => {
            const gone = new AbortController();
            const run = queue.run(caller, gone.signal, () => work(caller, turns));
            if (leaves) gone.abort(new Error('gone'));
            await run.catch((error: unknown) => expect(error).toMatchObject({ message: 'gone' }));
          });
          await Promise.all(done);
          expect(queue.load()).toEqual({ running: 0, waiting: 0 });
        },
      ),
      { numRuns: 50 },
    );
  });
});
