import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopback, isWildcard } from '../../src/transports/http/addresses.js';
import { isDeeperThan } from '../../src/transports/http/body.js';
import { createSentEvents } from '../../src/transports/http/event-store.js';
import { createSessionRoom, createSessions } from '../../src/transports/http/sessions.js';
import { callerOf } from '../support/caller.js';
import { until } from '../support/server.js';

function depthOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
}

describe('isDeeperThan', () => {
  it('counts the levels of any JSON, whatever its strings hold', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('{[', ']}', '\\', '"', '\\"[', '\\\\'));
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 6 },
        text,
        fc.integer(),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(text, tie('json'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        const depth = depthOf(value);
        expect(isDeeperThan(depth, JSON.stringify(value))).toBe(false);
        if (depth > 0) expect(isDeeperThan(depth - 1, JSON.stringify(value))).toBe(true);
      }),
    );
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', 'a') }), (text) => typeof isDeeperThan(2, text) === 'boolean'),
    );
    expect(isDeeperThan(64, `"${'\\'.repeat(1_000_000)}`)).toBe(false);
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.8.9.10', 'localhost', 'LocalHost', '::1', '[::1]'])('%s is', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', 'localhost.example', 'memory.example', '', '::ffff:10.0.0.1'])('%s is not', (host) =>
    expect(isLoopback(host)).toBe(false),
  );
  it('has nothing to do with wildcards', () => expect(['0.0.0.0', '::', '127.0.0.1'].map(isWildcard)).toEqual([true, true, false]));
});

describe('what sessions have sent', () => {
  const note = (text: string) => ({ jsonrpc: '2.0' as const, method: 'note', params: { text } });
  const limits = { replaySize: 10_000, replaySizeOfOne: 4000 };

  async function replayed(events: ReturnType<ReturnType<typeof createSentEvents>>, from: string): Promise<unknown[]> {
    const sent: unknown[] = [];
    await events.replayEventsAfter(from, { send: async (_, message) => void sent.push(message) });
    return sent;
  }

  it('comes back in order, of one stream alone', async () => {
    const events = createSentEvents(limits)();
    const first = await events.storeEvent('a', note('1'));
    await events.storeEvent('b', note('other'));
    await events.storeEvent('a', note('2'));
    await events.storeEvent('a', note('3'));
    expect(await replayed(events, first)).toEqual([note('2'), note('3')]);
  });

  it('is bounded for each session and for all, the oldest going first', async () => {
    const open = createSentEvents(limits);
    const ids = new Map<string, string>();
    const sessions = ['one', 'two', 'three', 'four'].map((name) => ({ name, events: open() }));
    for (const { name, events } of sessions)
      for (let count = 0; count < 10; count += 1) ids.set(`${name} ${count}`, await events.storeEvent('a', note('x'.repeat(500))));
    const held = sessions.map(({ name, events }) =>
      [...Array(10).keys()].filter((count) => events.holds(ids.get(`${name} ${count}`) ?? '')),
    );
    expect(held.map(({ length }) => length)).toEqual([0, 3, 5, 5]);
  });

  it('keeps one that is larger than all bounds, and lets go when the session ends', async () => {
    const events = createSentEvents({ replaySize: 10, replaySizeOfOne: 10 })();
    const id = await events.storeEvent('a', note('x'.repeat(500)));
    expect(events.holds(id)).toBe(true);
    events.close();
    expect(events.holds(id)).toBe(false);
  });

  it('of a stream with its answer is told as complete', async () => {
    const events = createSentEvents(limits)();
    const first = await events.storeEvent('a', {} as never);
    await events.storeEvent('a', note('1'));
    expect(events.restOf(first)).toBe(undefined);
    const last = await events.storeEvent('a', { jsonrpc: '2.0', id: 1, result: {} });
    expect(events.restOf(first)?.map(({ message }) => JSON.parse(message))).toMatchObject([note('1'), { id: 1 }]);
    expect(events.restOf(last)).toEqual([]);
    expect(events.restOf('unknown')).toBe(undefined);
  });
});

describe('a session that fails to end', () => {
  it('is logged and keeps no other, neither when it was idle for long nor when all end', async () => {
    const logged: unknown[] = [];
    const quiet = () => undefined;
    const ended: string[] = [];
    const room = createSessionRoom({ sessions: 9, sessionsOfOne: 1 });
    const sessions = createSessions<string>({
      room,
      limits: { sessionIdle: -1, reapEvery: 5 },
      async end(handle) {
        if (handle === 'bad') throw new Error('it is stuck');
        ended.push(handle);
      },
      logger: { debug: quiet, info: quiet, error: quiet, warn: (_, fields) => logged.push(fields) },
    });
    const open = (id: string, name = id) => sessions.open(id, { principal: callerOf(name) }, () => id);
    open('bad', 'ann');
    open('good', 'ann');
    expect(sessions.count()).toBe(1);
    await until(() => ended.includes('good'));
    open('bad');
    open('last');
    await sessions.close();
    expect(ended).toEqual(['good', 'last']);
    expect(logged).toEqual([{ reason: 'it is stuck' }, { reason: 'it is stuck' }]);
  });
});
