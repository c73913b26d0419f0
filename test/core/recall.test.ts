import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RecallAnswer } from '../../src/core/answers.js';
import type { EventDraft } from '../../src/core/events.js';
import type { Reranker, Space } from '../../src/core/ports.js';
import { readQuery } from '../../src/core/space-search.js';
import { ann, iso, openRecallHome, type RecallHome } from './recall-home.js';

let home: RecallHome;
beforeEach(async () => {
  home = await openRecallHome();
});

/** A reranker that prefers what comes early in the alphabet: of what was numbered the reverse of the ranking. */
const backwards: Reranker = {
  model: 'backwards',
  score: async (_, texts) => {
    const sorted = [...texts].sort();
    return texts.map((text) => 100 - sorted.indexOf(text));
  },
};
const numbered = (count: number, text = 'Tulip') => Array.from({ length: count }, (_, index) => `${text} number ${index + 10}.`);

describe('the phrases of time in a query', () => {
  const asked = (query: string) => readQuery(query, { now: Date.parse('2024-03-13T10:00:00Z'), zone: 'UTC' });

  it('say when, and need not be in the memory; those that take in all of the time there is narrow nothing', () => {
    expect(asked('what did I do last week')).toMatchObject({ windows: [{ start: Date.parse('2024-03-04') }], query: 'what did I do  ' });
    expect(asked('what do I do every Monday').windows).toHaveLength(1);
    expect(asked('what rent do I pay every month').windows).toEqual([]);
    expect(asked('我每月交多少房租').windows).toEqual([]);
    expect(asked('last week').query).toBe('last week');
  });
});

describe('now', () => {
  const daily = Array.from({ length: 20 }, (_, index) => ({
    text: `We went hiking, day ${index + 1}.`,
    occurred_at: `2024-02-${index + 1}`,
  }));
  const days = daily.map(({ occurred_at, ...each }) => ({ ...each, occurred_at: occurred_at.replace(/-(\d)$/, '-0$1') }));

  it('is what phrases of time are relative to, and changes nothing else', async () => {
    await home.add(...days, { text: 'We went hiking, once.', occurred_at: '2024-02-09', expires_at: '2024-03-02T00:00:00.000Z' });
    const first = async (request: object) => (await home.texts({ query: 'hiking yesterday', limit: 1, ...request }))[0];
    expect(await first({ now: '2024-02-08' })).toBe('We went hiking, day 7.');
    expect(await first({ now: '2024-02-20T23:00:00+09:00' })).toBe('We went hiking, day 19.');
    // What expires later than the present is there, whatever instant the phrases mean.
    for (const query of [undefined, 'hiking']) expect(await home.texts({ query, now: '2030-01-01', limit: 50 })).toHaveLength(21);
    home.now = Date.UTC(2024, 2, 9);
    expect(await home.texts({ now: '2024-02-08', limit: 50 })).toHaveLength(20);
  });

  it('is the instant of as_of where that is given alone', async () => {
    for (const [index, day] of days.entries()) {
      home.now = Date.UTC(2024, 1, index + 1, 12);
      await home.add(day);
    }
    home.now = Date.UTC(2024, 2, 9);
    expect((await home.texts({ query: 'hiking five days ago', as_of: '2024-02-08' }))[0]).toBe('We went hiking, day 3.');
    expect((await home.texts({ query: 'hiking five days ago', as_of: '2024-02-08', now: '2024-02-07' }))[0]).toBe('We went hiking, day 2.');
    // One to come is now.
    home.now = Date.UTC(2024, 1, 12);
    expect((await home.texts({ query: 'hiking five days ago', as_of: '2024-06-01' }))[0]).toBe('We went hiking, day 7.');
  });

  it('is that of the first page for all pages', async () => {
    await home.add(...days);
    home.now = Date.UTC(2024, 1, 21, 23, 59);
    const first = await home.recall({ query: 'hiking in the last five days', limit: 2 });
    const whole = await home.texts({ query: 'hiking in the last five days', limit: 20 });
    home.now += 3 * 24 * 3600 * 1000;
    const rest = await home.texts({ query: 'hiking in the last five days', limit: 20, cursor: first.next_cursor });
    expect([...first.memories.map(({ memory }) => memory), ...rest]).toEqual(whole);
  });
});

describe('a search in pages', () => {
  it('gives each memory once, also those of one call that match alike', async () => {
    await home.add(...numbered(70));
    const given = (await home.pages({ query: 'tulip', limit: 30 })).map(({ memory }) => memory);
    expect(given).toHaveLength(70);
    expect([...given].sort()).toEqual(numbered(70));
  });

  it('reaches what stands behind any number of memories that were forgotten since the first', async () => {
    await home.add(...numbered(80));
    const whole = await home.texts({ query: 'tulip', limit: 100 });
    const first = await home.recall({ query: 'tulip', limit: 2 });
    const forgotten = whole.slice(3, 75);
    await home.write(ann, ...forgotten.map((id): EventDraft => ({ event: 'DELETE', memory_id: id, revision: 1, base: 1 })));
    const second = await home.recall({ query: 'tulip', limit: 4, cursor: first.next_cursor });
    expect(second.memories.map(({ memory }) => memory)).toEqual([whole[2], ...whole.slice(75, 78)]);
    expect(second.total).toBe(8);
    const third = await home.recall({ query: 'tulip', limit: 4, cursor: second.next_cursor });
    expect(third.memories.map(({ memory }) => memory)).toEqual(whole.slice(78));
    expect(third.next_cursor).toBeUndefined();
  });

  const revised = (id: string, state: object): EventDraft => ({
    event: 'UPDATE',
    memory_id: id,
    revision: 2,
    base: 1,
    state: { text: id, kind: 'observation', said_at: iso(home.now), ...state },
  });

  it('goes on with what was found by similarity alone although its labels changed since the first', async () => {
    home = await openRecallHome({ weight: 0.5 });
    const texts = numbered(6);
    await home.add(...texts);
    home.near = texts.map((id, index) => ({ id, revision: 1, similarity: 0.9 - index / 20 }));
    const whole = await home.texts({ query: 'flowers' });
    const first = await home.recall({ query: 'flowers', limit: 2 });
    await home.write(ann, ...texts.slice(0, 4).map((id) => revised(id, { pinned: true })));
    home.near = home.near.map((hit, index) => ({ ...hit, revision: index < 4 ? 2 : 1 }));
    const rest = await home.recall({ query: 'flowers', limit: 9, cursor: first.next_cursor });
    expect([...first.memories, ...rest.memories].map(({ memory }) => memory)).toEqual(whole);
    expect(whole).toHaveLength(6);
  });

  const forgetting = (id: string): EventDraft => ({ event: 'DELETE', memory_id: id, revision: 1, base: 1 });
  const rewording = (id: string) => revised(id, { text: `Rose for ${id}` });
  it.each([
    { what: 'reworded', count: 360, change: (id: string) => rewording(id) },
    { what: 'reworded here and there', count: 360, change: (id: string) => (id.endsWith('3.') ? rewording(id) : undefined) },
    { what: 'forgotten', count: 360, change: (id: string) => forgetting(id) },
  ])('gives each of $count once although those given are $what, and ends', async ({ count, change }) => {
    home = await openRecallHome({ weight: 0.5 });
    const texts = numbered(count);
    await home.add(...texts);
    home.near = texts.map((id) => ({ id, revision: 1, similarity: 0.9 }));
    home.compared = home.near;
    const given: string[] = [];
    let cursor: string | undefined;
    do {
      const page: RecallAnswer = await home.recall({ query: 'tulip', limit: count / 5, cursor });
      const ids = page.memories.map(({ id }) => id);
      given.push(...ids);
      const drafts = ids.flatMap((id) => change(id) ?? []);
      await home.write(ann, ...drafts);
      home.near = home.near.filter(({ id }) => !drafts.some((draft) => 'memory_id' in draft && draft.memory_id === id));
      cursor = page.next_cursor;
    } while (cursor !== undefined && given.length <= count);
    expect(given).toHaveLength(count);
    expect(new Set(given).size).toBe(count);
  });
});

describe('explain', () => {
  it('tells of each hit its place and score in each arm, what lifted it, and the fused score', async () => {
    await home.add({ text: 'Ann went hiking by the sea.', subject: 'Ann', occurred_at: '2024-02-20' });
    await home.add({ text: 'Bob went hiking.', subject: 'Bob' });
    home.near = [{ id: 'Bob went hiking.', revision: 1, similarity: 0.123456 }];
    const request = { query: 'when did Ann go hiking in February 2024', min_score: 0 };
    const { memories } = await home.recall({ ...request, explain: true });
    expect(memories[0]?.why).toEqual({
      lexical: { rank: 1, score: expect.any(Number) },
      time: { rank: 1, score: 1 },
      lifted: expect.objectContaining({ subject: expect.any(Number), answer: expect.any(Number), window: expect.any(Number) }),
      fused: expect.any(Number),
    });
    expect(memories[1]?.why).toMatchObject({ lexical: { rank: 2 }, dense: { rank: 1, score: expect.any(Number) } });
    expect(memories[1]?.why?.lifted).not.toHaveProperty('subject');
    for (const { why, score } of memories) {
      expect(why?.fused).toBeGreaterThanOrEqual(score ?? 1);
      for (const number of [why?.lexical?.score, why?.dense?.score ?? 0, why?.fused, ...Object.values(why?.lifted ?? {})])
        expect(`${number}`).toMatch(/^\d+(\.\d{1,3})?$/);
    }
    for (const answer of [await home.recall(request), await home.recall({ explain: true })])
      for (const memory of answer.memories) expect(memory).not.toHaveProperty('why');
  });

  it('says the same of a hit on whichever page it stands, and whatever is written meanwhile', async () => {
    await home.add(...numbered(7), 'A tulip is a flower.');
    const request = { query: 'tulip flower', explain: true, min_score: 0 };
    const whole = (await home.recall({ ...request, limit: 50 })).memories;
    const first = await home.recall({ ...request, limit: 2 });
    await home.add('Another tulip.');
    const rest = await home.recall({ ...request, limit: 50, cursor: first.next_cursor });
    expect(whole).toHaveLength(8);
    expect([...first.memories, ...rest.memories].map(({ why }) => why)).toEqual(whole.map(({ why }) => why));
  });
});

describe('a reranker', () => {
  beforeEach(async () => {
    home = await openRecallHome({ reranker: backwards });
    await home.add(...numbered(60));
  });

  it('orders the first fifty, and changes neither scores nor how many there are', async () => {
    const asRanked = await home.recall({ query: 'tulip', limit: 100, rerank: false });
    const head = asRanked.memories.slice(0, 50);
    for (const rerank of [undefined, true]) {
      const { memories, total, degraded } = await home.recall({ query: 'tulip', limit: 100, rerank });
      expect(memories.slice(0, 50)).toEqual([...head].sort((a, b) => (a.memory < b.memory ? -1 : 1)));
      expect(memories.slice(50)).toEqual(asRanked.memories.slice(50));
      expect(total).toBe(asRanked.total);
      expect(degraded).toBeUndefined();
    }
  });

  it('orders the pages as one, asked for the first alone', async () => {
    const whole = await home.recall({ query: 'tulip', limit: 100 });
    let asked = 0;
    home.core.reranker = { ...backwards, score: (...given) => backwards.score(...given).finally(() => (asked += 1)) };
    expect(await home.pages({ query: 'tulip', limit: 7 })).toEqual(whole.memories);
    expect(asked).toBe(1);
  });

  it('adds its score to why', async () => {
    const { memories } = await home.recall({ query: 'tulip', limit: 60, explain: true });
    expect(memories.slice(0, 50).map(({ why }) => why?.rerank)).toEqual(Array.from({ length: 50 }, (_, index) => 100 - index));
    for (const { why } of memories.slice(50)) expect(why).not.toHaveProperty('rerank');
    expect((await home.recall({ query: 'tulip', explain: true, rerank: false })).memories[0]?.why).not.toHaveProperty('rerank');
  });

  it('that was asked for and is not there is missed, and not otherwise', async () => {
    home.core.reranker = undefined;
    expect((await home.recall({ query: 'tulip', rerank: true })).degraded).toEqual(['reranker: none is configured; ranked without it']);
    for (const rerank of [undefined, false]) expect((await home.recall({ query: 'tulip', rerank })).degraded).toBeUndefined();
    expect((await home.recall({ rerank: true })).degraded).toBeUndefined();
  });
});

describe('insights', () => {
  it('are all given although many before them were forgotten since the first page', async () => {
    await home.add('Tulip.', ...numbered(120).map((text) => ({ text, kind: 'insight' as const })));
    const whole = await home.texts({ query: 'tulip', limit: 100 });
    const first = await home.recall({ query: 'tulip', limit: 2 });
    const forgotten = whole.slice(2, 82);
    await home.write(ann, ...forgotten.map((id): EventDraft => ({ event: 'DELETE', memory_id: id, revision: 1, base: 1 })));
    const rest = await home.recall({ query: 'tulip', limit: 100, cursor: first.next_cursor });
    const given = [...first.memories, ...rest.memories].map(({ memory }) => memory);
    expect(new Set(given).size).toBe(41);
    expect(given).toHaveLength(41);
  });

  it('are a third of the first hits at most, on every page, with and without a reranker', async () => {
    for (const reranker of [undefined, backwards]) {
      home = await openRecallHome(reranker ? { reranker } : {});
      await home.add(...numbered(20), ...numbered(20, 'A zealous tulip, tulip').map((text) => ({ text, kind: 'insight' as const })));
      await home.add({ text: 'Tulip, a procedure.', kind: 'procedure' });
      const given = await home.pages({ query: 'zealous tulips', min_score: 0, limit: 6 });
      expect(new Set(given.map(({ id }) => id)).size).toBe(41);
      for (let count = 1; count <= 30; count += 1) {
        const insights = given.slice(0, count).filter(({ kind }) => kind === 'insight');
        expect(insights.length).toBeLessThanOrEqual(Math.ceil(count / 3));
      }
      expect(given[0]?.kind).toBe('insight');
      expect(await home.texts({ query: 'zealous tulips', filters: { kind: 'insight' }, limit: 50 })).toHaveLength(20);
    }
  });
});

describe('several spaces', () => {
  const shop: Space = 'project:shop';
  const words = 'the a garden house river market street window letter paper music train summer winter'.split(' ');
  const chatter = Array.from({ length: 300 }, (_, index) => {
    const at = (step: number) => words[(index * step) % words.length];
    return `On day ${index} the ${at(3)} and the ${at(5)} met a ${at(7)} number ${index}.`;
  });

  it('are searched together: what is clear in either is found, and what is not stays behind', async () => {
    await home.add(...chatter, 'My dentist is called Dr. Mendes.');
    await home.addTo(shop, 'The server is at 10.0.0.7.', 'We deploy on Fridays.', 'The logo is green.');
    const both = { spaces: [ann, shop], limit: 3 };
    expect((await home.texts({ ...both, query: 'what is my dentist called' }))[0]).toBe('My dentist is called Dr. Mendes.');
    expect((await home.texts({ ...both, query: 'where is the server' }))[0]).toBe('The server is at 10.0.0.7.');
    expect((await home.texts({ ...both, query: 'server address' }))[0]).toBe('The server is at 10.0.0.7.');
    expect((await home.texts({ ...both, query: 'when do we deploy' }))[0]).toBe('We deploy on Fridays.');
  });

  it('are searched with words as rare as in all of them: in one memory alone none is', async () => {
    const tools = numbered(12, 'I use thing');
    await home.add(...chatter.flatMap((each, index) => (index % 25 === 0 ? [each, tools[index / 25] ?? ''] : [each])));
    await home.addTo(shop, 'The API is written in Rust.');
    expect((await home.texts({ spaces: [ann, shop], query: 'what does the API use' }))[0]).toBe('The API is written in Rust.');
  });

  it('are paged as one', async () => {
    await home.add(...numbered(7));
    await home.addTo(shop, ...numbered(7, 'Tulip of the shop'));
    const spaces = [ann, shop];
    const whole = await home.texts({ spaces, query: 'tulip', limit: 50 });
    expect((await home.pages({ spaces, query: 'tulip', limit: 3 })).map(({ memory }) => memory)).toEqual(whole);
    expect(whole).toHaveLength(14);
  });

  it('give the newer of equals first, whichever space it is in and whichever is named first', async () => {
    const tulip = { text: 'A tulip.' };
    for (const order of [
      [ann, shop],
      [shop, ann],
    ] as const) {
      home = await openRecallHome();
      for (const space of order) await home.addTo(space, tulip);
      for (const spaces of [
        [ann, shop],
        [shop, ann],
      ]) {
        const { memories } = await home.recall({ spaces, query: 'tulip' });
        expect(memories.map(({ space }) => space)).toEqual([...order].reverse());
      }
    }
  });

  it('are paged as one however many they are, by a cursor that a caller can pass on', async () => {
    const spaces = Array.from({ length: 200 }, (_, index): Space => `project:p${index}`);
    for (const [index, space] of spaces.entries()) await home.addTo(space, `Tulip ${index}.`);
    const first = await home.recall({ spaces, query: 'tulip', limit: 50 });
    expect(first.next_cursor?.length).toBeLessThan(4000);
    await home.addTo('project:p100', 'Tulip, tulip.');
    const rest = await home.recall({ spaces, query: 'tulip', limit: 200, cursor: first.next_cursor });
    const given = [...first.memories, ...rest.memories].map(({ id }) => id);
    expect(new Set(given).size).toBe(200);
    expect(given).not.toContain('Tulip, tulip.');
  });
});

describe('any query', () => {
  const odd = [
    'the of and',
    '?!…',
    '。。。',
    '🎉',
    '👩‍👩‍👧',
    '\ud800',
    'a',
    '  x',
    '\u0000',
    'NaN',
    '"\\',
    '的了吗',
    'x'.repeat(4000),
    'tulip '.repeat(660),
    '海'.repeat(4000),
  ];

  it.each(odd.map((query) => [query.slice(0, 20), query]))('is answered: %j', async (_, query) => {
    await home.add(...numbered(3), 'The party was great 🎉');
    for (const more of [{}, { min_score: 0 }, { explain: true }, { as_of: '2024-03-01T12:00:01Z' }]) {
      const answer = await home.recall({ query, ...more });
      expect(answer.degraded).toBeUndefined();
      expect(answer.total).toBe('min_score' in more ? 4 : answer.memories.length);
    }
  });

  it.each(['0000-01-01', '0001-01-01', '9999-12-31'])('is read relative to any instant there may be: %s', async (now) => {
    await home.add(...numbered(3));
    for (const query of ['tulip last year', 'tulip next year', 'tulip yesterday', 'tulip in two hundred years', '明年', '去年'])
      for (const times of [{ now }, { as_of: now }]) expect((await home.recall({ query, ...times })).degraded).toBeUndefined();
  });

  it('of words that say nothing finds nothing, and of time alone what lies in it', async () => {
    await home.add(
      ...numbered(3).map((text) => ({ text, occurred_at: '2023-12' })),
      { text: 'The fair opened.', occurred_at: '2024-02-21' },
      { text: 'The fair closed.', occurred_at: '2024-01-21' },
    );
    for (const query of ['the of and', '?!…', '。。。']) expect(await home.texts({ query })).toEqual([]);
    expect(await home.texts({ query: 'last week', now: '2024-02-28' })).toEqual(['The fair opened.']);
    expect(await home.texts({ query: '上周', now: '2024-02-28' })).toEqual(['The fair opened.']);
  });

  it('finds a week, of which one day is kept, by any of its days', async () => {
    await home.add({ text: 'I went hiking last week.', occurred_at: '2024-02-19', said_at: '2024-02-28T10:00:00.000Z' });
    const found = (times: object) => home.texts({ query: 'hiking', ...times });
    expect(await found({ since: '2024-02-22', until: '2024-02-22' })).toEqual(['I went hiking last week.']);
    expect(await found({ since: '2024-02-26' })).toEqual([]);
    expect(await home.texts({ query: 'What happened on 2024-02-22?', now: '2024-02-28' })).toEqual(['I went hiking last week.']);
  });

  it('scores between 0 and 1, and with every floor what is over it', async () => {
    await home.add(...numbered(5), 'A tulip is a flower.', 'Bread.');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('tulip', 'flower tulip number', 'bread'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (query, min_score) => {
          const all = (await home.recall({ query, min_score: 0, limit: 100 })).memories;
          const some = (await home.recall({ query, min_score, limit: 100 })).memories;
          expect(all).toHaveLength(7);
          for (const { score } of some) expect(score).toBeGreaterThanOrEqual(Math.round(min_score * 1000) / 1000);
          const given = new Set(some.map(({ id }) => id));
          expect(some).toEqual(all.filter(({ id }) => given.has(id)));
          // The scores are rounded, the floor is not.
          for (const { id, score = 0 } of all) if (score > min_score + 0.001) expect(given).toContain(id);
        },
      ),
    );
  });
});
