import { beforeAll, describe, expect, it } from 'vitest';
import { callerOf } from '../support/caller.js';
import { exchangeOf, openServiceHome, type ServiceHome } from './service-home.js';

const alice = callerOf('alice');
const bob = callerOf('bob');

let home: ServiceHome;
const ids: string[] = [];
let bobs: string;

beforeAll(async () => {
  let now = Date.UTC(2026, 2, 1);
  // So that one memory is newer than another.
  home = await openServiceHome({ clock: { now: () => (now += 1000) } });
  const spoken = (name: string, content: string) => ({ role: 'user', name, content });
  for (const content of ['Alice plays the cello.', 'Alice sails on the lake.', 'Alice sails to the island in June.'])
    ids.unshift(await home.remember(alice, content));
  await home.call(alice, 'remember', {
    infer: false,
    messages: [spoken('Maria', 'Maria bakes bread.'), spoken('Marc', 'Marc repairs radios.'), spoken('Zoë', 'Zoë paints.')],
  });
  await home.call(alice, 'remember', { infer: false, messages: [spoken('maria', 'Maria has a garden.')] });
  bobs = await home.remember(bob, 'Bob sails as well.');
  await home.call(bob, 'remember', { infer: false, messages: [spoken('Margaret', 'Margaret knows Bob.')] });
});

const idOf = (value: string, who = alice, uri = 'keepsake://memory/{id}') =>
  home.service.complete({ ref: { type: 'ref/resource', uri }, argument: { name: 'id', value } }, exchangeOf(who));
const topicOf = async (value: string) =>
  (
    await home.service.complete(
      { ref: { type: 'ref/prompt', name: 'recall_about' }, argument: { name: 'topic', value } },
      exchangeOf(alice),
    )
  ).values;

describe('an id', () => {
  it('is completed from its first letters, the newest first for none', async () => {
    const all = await idOf('');
    expect(all).toMatchObject({ total: 7, hasMore: false });
    expect(all.values.slice(-3)).toEqual(ids);
    expect((await idOf(ids[1]?.slice(0, 8) ?? '')).values).toEqual([ids[1]]);
  });

  it('is completed from words of the memory, for its history, too', async () => {
    expect((await idOf('SAILS')).values).toEqual([ids[0], ids[1]]);
    expect((await idOf('sail isl', alice, 'keepsake://memory/{id}/history')).values).toEqual([ids[0]]);
    expect(await idOf('nothing like that')).toEqual({ values: [], total: 0, hasMore: false });
    expect(await idOf('sail '.repeat(1000))).toEqual({ values: [], total: 0, hasMore: false });
  });

  it("is never another user's", async () => {
    expect((await idOf(bobs)).values).toEqual([]);
    expect((await idOf('well')).values).toEqual([]);
  });

  it('is one of a hundred at most, and the answer says how many there are', async () => {
    const eve = callerOf('eve');
    const messages = Array.from({ length: 130 }, (_, index) => ({ role: 'user', content: `Eve has heard song number ${index}.` }));
    await home.call(eve, 'remember', { messages, infer: false });
    const { values, total, hasMore } = await idOf('', eve);
    expect(values).toHaveLength(100);
    expect({ total, hasMore }).toEqual({ total: 130, hasMore: true });
  });
});

describe('a topic', () => {
  it('is completed whatever the case, the most used first, as the newest memory writes it', async () => {
    expect(await topicOf('mar')).toEqual(['maria', 'Marc']);
    expect(await topicOf('ZO')).toEqual(['Zoë']);
    expect(await topicOf('bob')).toEqual([]);
  });
});

describe('what cannot be completed', () => {
  it('is an argument without suggestions, answered by none', async () => {
    const asked = { ref: { type: 'ref/prompt', name: 'remember_session' }, argument: { name: 'focus', value: 'd' } } as const;
    expect(await home.service.complete(asked, exchangeOf(alice))).toEqual({ values: [], total: 0, hasMore: false });
  });

  it.each([
    [{ type: 'ref/prompt', name: 'unknown' }, 'topic'],
    [{ type: 'ref/prompt', name: 'recall_about' }, 'query'],
    [{ type: 'ref/prompt', name: 'review_memories' }, 'topic'],
    [{ type: 'ref/resource', uri: 'keepsake://profile' }, 'id'],
    [{ type: 'ref/resource', uri: 'keepsake://memory/{id}' }, 'memory'],
    [{ type: 'ref/resource', uri: 'file:///{path}' }, 'path'],
  ] as const)('is an error for %j and %s', async (ref, name) => {
    await expect(home.service.complete({ ref, argument: { name, value: '' } }, exchangeOf(alice))).rejects.toMatchObject({
      fault: 'invalid_params',
    });
  });
});
