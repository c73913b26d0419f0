import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { allEvents } from '../../src/core/all-events.js';
import { erase } from '../../src/core/erase.js';
import type { EventDraft } from '../../src/core/events.js';
import { mergeInto } from '../../src/core/merge/merge-into.js';
import { hashId } from './arbitrary-events.js';
import { ann, iso, openRecallHome, type RecallHome } from './recall-home.js';

let home: RecallHome;
beforeEach(async () => {
  home = await openRecallHome();
});

const next = (id: string, revision: number) => ({ memory_id: id, revision, base: revision - 1 });
const state = (text: string) => ({ text, kind: 'observation' as const, said_at: '2024-03-01T12:00:00.000Z' });
const correction = (id: string, text: string, more: object = {}): EventDraft => ({
  event: 'UPDATE',
  ...next(id, 2),
  state: { ...state(text), ...more },
});
const forgetting = (id: string): EventDraft => ({ event: 'DELETE', memory_id: id, revision: 1, base: 1 });
const eraseNow = (id: string, revision: number) =>
  erase({ ...home.core, vectors: { ...home.core.vectors, willErase: async () => async () => undefined } }, home.core.spaces.open(ann), {
    memories: [{ id, revision }],
    reason: undefined,
    call: { id: 'call', signal: new AbortController().signal },
  });

describe('as_of', () => {
  it('undoes later revisions, forgettings, expiries and additions, in a listing and in a search', async () => {
    await home.add('The cello is brown.', 'The cello is old.', { text: 'The cello is rented.', expires_at: '2024-03-01T13:00:00.000Z' });
    const then = home.now;
    await home.write(ann, correction('The cello is brown.', 'The cello is black.'));
    await home.write(ann, forgetting('The cello is old.'));
    await home.add('The cello is sold.');
    home.now = Date.UTC(2024, 2, 9);
    const believed = ['The cello is brown.', 'The cello is old.', 'The cello is rented.'];
    expect((await home.texts({ as_of: iso(then) })).sort()).toEqual(believed);
    expect((await home.texts({ query: 'cello', as_of: iso(then) })).sort()).toEqual(believed);
    expect((await home.texts({ query: 'cello' })).sort()).toEqual(['The cello is black.', 'The cello is sold.']);
    const [brown] = (await home.recall({ query: 'brown', as_of: iso(then) })).memories;
    expect(brown).toMatchObject({ memory: 'The cello is brown.', revision: 1, updated_at: '2024-03-01T12:00:01Z' });
    expect(await home.texts({ as_of: iso(then - 1) })).toEqual([]);
    expect(await home.texts({ query: 'cello', as_of: iso(then - 1) })).toEqual([]);
  });

  it('leaves out what had expired before, and an expiry that was set later counts for nothing', async () => {
    await home.add({ text: 'Tea is on sale.', expires_at: '2024-03-02' }, { text: 'Milk is on sale.', expires_at: '2024-03-04' });
    await home.add('Bread is on sale.');
    const then = home.now;
    await home.write(ann, correction('Bread is on sale.', 'Bread is on sale.', { expires_at: '2024-03-02T00:00:00.000Z' }));
    home.now = Date.UTC(2024, 2, 9);
    expect((await home.texts({ as_of: iso(then) })).sort()).toEqual(['Bread is on sale.', 'Milk is on sale.', 'Tea is on sale.']);
    expect(await home.texts({ as_of: '2024-03-03T00:00:00Z' })).toEqual(['Milk is on sale.']);
    expect(await home.texts({ query: 'sale', as_of: '2024-03-03T00:00:00Z' })).toEqual(['Milk is on sale.']);
  });

  it('undoes labels that came later', async () => {
    await home.add('The cello is brown.');
    const then = home.now;
    home.now += 1000;
    const space = home.core.spaces.open(ann);
    await space.commit({ call_id: 'c', agent_id: 'scribe' }, () => ({
      drafts: [{ event: 'CONFIRM', memory_id: 'The cello is brown.', revision: 1 }],
      answer: undefined,
    }));
    expect(await home.texts({ agent_id: 'scribe' })).toHaveLength(1);
    expect(await home.texts({ agent_id: 'scribe', as_of: iso(then) })).toEqual([]);
    expect((await home.recall({ as_of: iso(then) })).memories[0]).not.toHaveProperty('agent_ids');
  });

  it('is the end of the day where it is a date, and now where it is to come', async () => {
    await home.add('Tea.');
    home.now = Date.UTC(2024, 2, 2, 12);
    await home.add('Milk.');
    expect(await home.texts({ as_of: '2024-02-29' })).toEqual([]);
    expect(await home.texts({ as_of: '2024-03-01' })).toEqual(['Tea.']);
    for (const query of [undefined, 'tea milk']) expect(await home.texts({ query, as_of: '2031-01-01' })).toHaveLength(2);
    const fleeting = { text: 'Bread.', expires_at: '2024-06-01T00:00:00.000Z' };
    await home.add(fleeting);
    for (const query of [undefined, 'bread']) expect(await home.texts({ query, as_of: '2031-01-01' })).toContain('Bread.');
  });

  it('never brings back what was erased, nor a blank in its place', async () => {
    await home.add('The code is 1234.', 'The cello is brown.');
    const then = home.now;
    await home.write(ann, correction('The code is 1234.', 'The code is 5678.'));
    const later = home.now;
    await eraseNow('The code is 1234.', 2);
    for (const as_of of [iso(then), iso(later)]) {
      expect(await home.texts({ as_of })).toEqual(['The cello is brown.']);
      expect(await home.texts({ query: 'what is the code', as_of, min_score: 0 })).toEqual(['The cello is brown.']);
      expect((await home.recall({ as_of, query: 'what is the code', min_score: 0 })).total).toBe(1);
    }
  });

  it('works with filters, times and pages, whatever is written meanwhile', async () => {
    const texts = Array.from({ length: 9 }, (_, index) => `Tulip number ${index}.`);
    for (const [index, text] of texts.entries())
      await home.add({ text, occurred_at: `2024-01-0${index + 1}`, metadata: { even: index % 2 === 0 } });
    const then = home.now;
    const narrow = { as_of: iso(then), since: '2024-01-02', until: '2024-01-08', filters: { even: true } };
    expect((await home.texts({ ...narrow, query: 'tulip' })).sort()).toEqual(['Tulip number 2.', 'Tulip number 4.', 'Tulip number 6.']);
    expect((await home.texts(narrow)).sort()).toEqual(['Tulip number 2.', 'Tulip number 4.', 'Tulip number 6.']);
    for (const query of [undefined, 'tulip']) {
      const first = await home.recall({ query, as_of: iso(then), limit: 4 });
      await home.write(ann, correction(`Tulip number ${query ? 1 : 2}.`, `Rose for ${query}.`));
      await home.add(`Tulip for ${query}.`);
      const rest = await home.recall({ query, as_of: iso(then), limit: 9, cursor: first.next_cursor });
      expect([...first.memories, ...rest.memories].map(({ memory }) => memory).sort()).toEqual(texts);
      expect(rest.total).toBe(9);
    }
  });

  it('holds across the pages of a search although a merge numbers the log anew', async () => {
    const other = await openRecallHome();
    other.now = home.now - 60_000;
    await other.add('A rose from elsewhere.');
    await home.add(...Array.from({ length: 6 }, (_, index) => `Tulip number ${index}.`));
    const then = home.now;
    await home.add('A tulip too late.');
    const first = await home.recall({ query: 'tulip', as_of: iso(then), limit: 2 });
    const theirs = await allEvents(other.core.spaces.open(ann));
    await mergeInto(home.core, { space: ann, theirs, makeId: hashId, signal: new AbortController().signal });
    const rest = await home.recall({ query: 'tulip', as_of: iso(then), limit: 50, cursor: first.next_cursor });
    const given = [...first.memories, ...rest.memories].map(({ memory }) => memory);
    expect(given.sort()).toEqual(Array.from({ length: 6 }, (_, index) => `Tulip number ${index}.`));
  });

  it('counts similarity where the revision then is the present one, and finds older revisions by their words', async () => {
    home = await openRecallHome({ weight: 0.5 });
    await home.add('My dwelling is in Porto.', 'The dwelling is in Lisbon.');
    const then = home.now;
    await home.write(ann, correction('The dwelling is in Lisbon.', 'The shed is in Lisbon.'));
    home.near = [
      { id: 'My dwelling is in Porto.', revision: 1, similarity: 0.9 },
      { id: 'The dwelling is in Lisbon.', revision: 2, similarity: 0.9 },
    ];
    const why = async (query: string) => {
      const { memories } = await home.recall({ query, as_of: iso(then), explain: true });
      return memories.map(({ memory, why }) => [memory, why?.dense?.rank]);
    };
    expect(await why('home')).toEqual([['My dwelling is in Porto.', 1]]);
    expect(await why('dwelling')).toEqual([
      ['My dwelling is in Porto.', 1],
      ['The dwelling is in Lisbon.', undefined],
    ]);
  });

  it.each(['soon', '2024-13-01', '', '20240'])('that is no time is refused: %j', async (as_of) => {
    for (const query of [undefined, 'tea']) {
      await expect(home.recall({ query, as_of })).rejects.toMatchObject({
        code: 'invalid_argument',
        message: expect.stringMatching(/^as_of: /),
      });
      await expect(home.recall({ query, now: as_of })).rejects.toMatchObject({
        code: 'invalid_argument',
        message: expect.stringMatching(/^now: /),
      });
    }
  });

  it('answers what was answered then, whatever was done and wherever it happened since', async () => {
    const texts = ['tea in the morning', 'coffee at noon', 'milk and tea', 'a cello', 'tea for two'];
    const anyStep = fc.record({
      kind: fc.constantFrom('add', 'add', 'correct', 'forget', 'restore', 'confirm', 'expire', 'erase'),
      pick: fc.nat(9),
      text: fc.nat(texts.length - 1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 14 }), async (steps) => {
        home = await openRecallHome();
        const space = home.core.spaces.open(ann);
        const erased = new Set<string>();
        const asked = [{}, { query: 'tea' }, { query: 'tea', min_score: 0, agent_id: 'scribe' }];
        const answers = (as_of?: string) =>
          Promise.all(asked.map(async (each) => (await home.recall({ ...each, as_of, limit: 100 })).memories));
        const said: { as_of: string; given: Awaited<ReturnType<typeof answers>> }[] = [];
        for (const { kind, pick, text } of steps) {
          home.now += 1000;
          const all = await space.read(({ projection }) => [...projection.memories.values()]);
          const memory = all[pick % Math.max(1, all.length)];
          const words = state(texts[text] ?? '');
          if (kind === 'erase' && memory && memory.status !== 'erased') {
            await eraseNow(memory.id, memory.revision);
            erased.add(memory.id);
          }
          const drafts = ((): EventDraft[] => {
            if (kind === 'add') return [{ event: 'ADD', memory_id: `memory ${home.now}`, revision: 1, base: 0, state: words }];
            if (!memory || memory.status === 'erased' || kind === 'erase') return [];
            const changed = { memory_id: memory.id, revision: memory.revision + 1, base: memory.revision };
            const isLive = memory.status === 'live';
            if (kind === 'restore') return isLive ? [] : [{ event: 'RESTORE', ...changed, restored: 1, state: words }];
            if (!isLive) return [];
            if (kind === 'correct') return [{ event: 'UPDATE', ...changed, state: words }];
            if (kind === 'expire') return [{ event: 'UPDATE', ...changed, state: { ...words, expires_at: iso(home.now + 2500) } }];
            if (kind === 'forget') return [{ event: 'DELETE', ...changed, revision: memory.revision }];
            return [{ event: 'CONFIRM', memory_id: memory.id, revision: memory.revision }];
          })();
          if (drafts.length > 0)
            await space.commit({ call_id: `call ${home.now}`, agent_id: pick % 2 ? 'scribe' : 'clerk' }, () => ({
              drafts,
              answer: undefined,
            }));
          said.push({ as_of: iso(home.now), given: await answers() });
        }
        home.now += 60_000;
        for (const { as_of, given } of said) {
          const kept = given.map((memories) => memories.filter(({ id }) => !erased.has(id)));
          // Without what was erased other words are rare, so of the searches only what they found is the same.
          const again = await answers(as_of);
          if (erased.size === 0) expect(again).toEqual(kept);
          else expect(again.map((each) => each.map(({ id }) => id).sort())[0]).toEqual(kept[0]?.map(({ id }) => id).sort());
        }
      }),
      { numRuns: 60 },
    );
  });
});
