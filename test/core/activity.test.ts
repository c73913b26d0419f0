import { expect, it } from 'vitest';
import { type Activity, type ActivityRequest, activity } from '../../src/core/activity.js';
import type { EventDraft } from '../../src/core/events.js';
import type { NotedRead, Space } from '../../src/core/ports.js';
import { ann, iso, openRecallHome, type RecallHome } from './recall-home.js';

async function pages(home: RecallHome, request: Omit<ActivityRequest, 'reader'>): Promise<Activity['entries']> {
  const all: Activity['entries'] = [];
  let cursor: string | undefined;
  do {
    const page = await activity(home.core, { reader: 'ann', ...request, cursor });
    expect(page.entries.length).toBeLessThanOrEqual(request.limit);
    all.push(...page.entries);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return all;
}

/** One call that writes so many batches of memories. */
async function writeCall(
  home: RecallHome,
  call_id: string,
  batches: number,
  { size = 1, space = ann }: { size?: number; space?: Space } = {},
) {
  for (let batch = 0; batch < batches; batch += 1) {
    home.now += 1;
    const drafts = Array.from({ length: size }, (_, index): EventDraft => {
      const memory_id = `${call_id}-${batch}-${index}`;
      return { event: 'ADD', memory_id, revision: 1, base: 0, state: { text: memory_id, kind: 'observation', said_at: iso(home.now) } };
    });
    await home.core.spaces.open(space).commit({ call_id }, () => ({ drafts, answer: undefined }));
  }
}

it('gives a long call few entries, the same ones wherever a page begins', async () => {
  const home = await openRecallHome();
  const other: Space = 'project:web';
  await writeCall(home, 'import', 30, { size: 50 });
  await writeCall(home, 'elsewhere', 2, { space: other });
  await writeCall(home, 'later', 3);
  await writeCall(home, 'large', 300);
  await writeCall(home, 'huge', 1, { size: 3000 });
  const request = { spaces: [ann, other] };
  const whole = await pages(home, { ...request, limit: 100 });
  expect(whole[0]).toMatchObject({ call_id: 'huge', count: 3000 });
  expect(whole[0]?.memories).toHaveLength(20);
  const calls = [...new Set(whole.map(({ call_id }) => call_id))];
  expect(calls).toEqual(['huge', 'large', 'later', 'elsewhere', 'import']);
  const imported = whole.filter(({ call_id }) => call_id === 'import');
  expect(imported.length).toBeLessThan(10);
  expect(imported.reduce((sum, { count }) => sum + count, 0)).toBe(1500);
  expect(whole.map(({ at }) => at)).toEqual(
    whole
      .map(({ at }) => at)
      .sort()
      .reverse(),
  );
  for (const limit of [1, 2, 5]) expect(await pages(home, { ...request, limit })).toEqual(whole);
});

it('parts nothing that happened at the same instant in several spaces and calls', async () => {
  const home = await openRecallHome();
  const spaces: Space[] = [ann, 'project:a', 'project:b'];
  const reads: NotedRead[] = [];
  for (let round = 0; round < 5; round += 1) {
    const now = home.now;
    for (const space of spaces) {
      for (const call of ['x', 'y', 'z']) {
        await writeCall(home, `${call}-${space}-${round}`, 1, { space });
        home.now = now;
      }
    }
    for (const space of spaces) reads.unshift({ at: iso(now + 1), call_id: `read-${round}-${space}`, space, memory_ids: ['x'] });
    home.now = now + (round % 2);
  }
  home.core.accesses.reads = () => reads;
  const whole = await pages(home, { spaces, limit: 100 });
  expect(whole).toHaveLength(5 * 12);
  for (const limit of [1, 2, 3, 5]) expect(await pages(home, { spaces, limit })).toEqual(whole);
});

it('says which call was an import, and which took back another', async () => {
  const home = await openRecallHome();
  const open = home.core.spaces.open(ann);
  const input: EventDraft = {
    event: 'RECEIVED',
    input: { form: 'content', turns: [{ role: 'user', content: 'words' }], infer: false, kind: 'observation', at: iso(home.now) },
  };
  const memory = (memory_id: string): EventDraft => {
    return { event: 'ADD', memory_id, revision: 1, base: 0, state: { text: memory_id, kind: 'observation', said_at: iso(home.now) } };
  };
  const gone: EventDraft = { event: 'DELETE', memory_id: 'b', revision: 1, base: 1, reason: 'undo of brought' };
  for (const [call_id, drafts] of [
    ['said', [input, memory('a')]],
    ['brought', [input, memory('b')]],
    ['brought', [input, memory('c')]],
    ['back', [gone]],
  ] as const) {
    home.now += 1000;
    await open.commit({ call_id }, () => ({ drafts: [...drafts], answer: undefined }));
  }
  const { entries } = await activity(home.core, { reader: 'ann', spaces: [ann], limit: 10 });
  expect(entries.map(({ call_id, count, imported, undoes }) => [call_id, count, imported, undoes])).toEqual([
    ['back', 1, undefined, 'brought'],
    ['brought', 2, true, undefined],
    ['said', 1, undefined, undefined],
  ]);
});

it('looks at the fifty spaces that were written to last, and says how many it left out', async () => {
  const home = await openRecallHome();
  const spaces = Array.from({ length: 53 }, (_, index): Space => `project:${index}`);
  for (const space of spaces) await writeCall(home, `of ${space}`, 1, { space });
  const found = await activity(home.core, { reader: 'ann', spaces, limit: 100 });
  expect([found.entries.length, found.omitted_spaces]).toEqual([50, 3]);
});
