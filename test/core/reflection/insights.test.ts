import { beforeEach, describe, expect, it } from 'vitest';
import type { EventDraft, MemoryState } from '../../../src/core/events.js';
import { withoutUnwanted } from '../../../src/core/reflection/insights.js';
import { retirement } from '../../../src/core/reflection/retirement.js';
import { createSpaces, type OpenSpace } from '../../../src/core/spaces.js';
import { openLog } from '../../store/log-fixtures.js';
import { temporaryHome } from '../../support/home.js';

const said_at = '2024-01-01T00:00:00.000Z';
const musical: MemoryState = { text: 'Nora is musical.', kind: 'insight', said_at };

let open: OpenSpace;
beforeEach(async () => {
  const { log } = openLog(await temporaryHome());
  let made = 0;
  const ids = { memory: () => 'unused', event: () => `event-${made++}` };
  const clock = { now: () => Date.parse(said_at) };
  open = createSpaces({ history: log, clock, ids, device: 'desk', zone: 'UTC', onChange: () => undefined }).open('user:ann');
  await write(known('first'));
});

const write = (...drafts: EventDraft[]) => open.commit({ call_id: 'call' }, () => ({ drafts, answer: undefined }));
const known = (memory_id: string): EventDraft => ({ event: 'ADD', memory_id, revision: 1, base: 0, state: musical });
const forget = (memory_id: string, more: object = {}): EventDraft => ({ event: 'DELETE', memory_id, revision: 1, base: 1, ...more });
const isWanted = async () =>
  (await withoutUnwanted(open, [{ action: 'ADD', state: { ...musical, text: 'Nora is MUSICAL' }, sources: [], reason: '' }])).length > 0;

describe('an insight that was there before', () => {
  it.each<[string, boolean, EventDraft]>([
    ['is unwanted where somebody forgot it', false, forget('first')],
    ['may be derived anew where a source of it changed', true, retirement('first', 1)],
    ['may be derived anew where a reflection found that it held no longer', true, forget('first', { by: { model: 'fake' } })],
  ])('%s', async (_, expected, change) => {
    await write(change);
    expect(await isWanted()).toBe(expected);
  });

  it('is judged by what became of the one that it was joined with', async () => {
    await write(known('second'));
    await write(forget('second', { successor: 'first', reason: 'first says the same' }));
    await write(retirement('first', 1));
    expect(await isWanted()).toBe(true);
    await write({ event: 'RESTORE', memory_id: 'first', revision: 2, base: 1, restored: 1, state: musical });
    await write(forget('first', { revision: 2, base: 2 }));
    expect(await isWanted()).toBe(false);
  });
});
