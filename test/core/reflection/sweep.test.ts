import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Event, EventDraft, MemoryState } from '../../../src/core/events.js';
import { applyEvent, createProjection, isLive } from '../../../src/core/projection.js';
import { createLexicalIndex } from '../../../src/core/ranking/lexical-index.js';
import type { Chosen } from '../../../src/core/reflection/round.js';
import { type Judged, settleSweep } from '../../../src/core/reflection/settle-sweep.js';
import { pairOf } from '../../../src/core/reflection/sweep.js';
import type { SpaceView } from '../../../src/core/view.js';

const now = Date.parse('2024-07-01T00:00:00.000Z');
const day = (number: number) => `2024-01-${String(number).padStart(2, '0')}T00:00:00.000Z`;

let view: SpaceView;
beforeEach(() => {
  view = { projection: createProjection('user:ann'), lexical: createLexicalIndex() };
});

function apply(...drafts: EventDraft[]): void {
  for (const draft of drafts) {
    const seq = view.projection.position.sequence + 1;
    applyEvent(view.projection, { seq, event_id: `event-${seq}`, call_id: 'c', batch: 'b', at: day(1), device: 'd', ...draft } as Event);
  }
}

/** Makes memory `id`, said on that day of January by the agent of the same name. */
function know(id: string, text: string, said: number, state: Partial<MemoryState> = {}): Chosen {
  const whole = { text, kind: 'observation' as const, said_at: day(said), ...state };
  apply({ event: 'ADD', memory_id: id, revision: 1, base: 0, state: whole, agent_id: id });
  return { ...(view.projection.memories.get(id) as Chosen) };
}

const settle = (...judged: Judged[]) => settleSweep(view, judged, { now, model: 'fake', zone: 'UTC' });
const swept = (...judged: Judged[]) => {
  const { drafts, results } = settle(...judged);
  apply(...drafts);
  return results.map(({ event, id }) => `${event} ${id}`);
};
const texts = () => [...view.projection.memories.values()].filter((memory) => isLive(memory, now)).map(({ state }) => state.text);

describe('a memory said again', () => {
  it('goes, and the one that stays names everybody who stated it', () => {
    const older = know('a', 'Nora plays the cello.', 1);
    const newer = know('b', 'The cello is what Nora plays.', 2);
    expect(swept({ newer, near: [older], proposal: { action: 'NONE', target: 'a', reason: 'the same' } })).toEqual(['DELETE b']);
    expect(texts()).toEqual(['Nora plays the cello.']);
    expect(view.projection.memories.get('a')?.labels).toMatchObject([{ agent_id: 'a' }, { agent_id: 'b' }]);
    expect(view.projection.memories.get('b')?.successor).toBe('a');
  });

  it.each([
    ['another number', { text: 'Nora has 3 cellos.' }],
    ['another date', { text: 'Nora bought a cello.', occurred_at: '2024-05-02' }],
    ['a pin', { text: 'Nora has a cello.', pinned: true }],
    ['a label of its own', { text: 'Nora has a cello.', metadata: { colour: 'brown' } }],
  ])('stays for %s', (_, state) => {
    const older = know('a', 'Nora owns a cello.', 1);
    const newer = know('b', state.text, 2, state);
    expect(swept({ newer, near: [older], proposal: { action: 'NONE', target: 'a' } })).toEqual([]);
  });
});

describe('a memory that only looks like a repeat', () => {
  it.each([
    ['I have a cat named Tom.', 'I have a cat named Tim.'],
    ['我住在北京。', '我住在上海。'],
    ['I like tea.', "I don't like tea."],
  ])('stays: %s %s', (said, later) => {
    const older = know('a', said, 1);
    const newer = know('b', later, 2);
    expect(swept({ newer, near: [older], proposal: { action: 'NONE', target: 'a' } })).toEqual([]);
    expect(texts()).toEqual([said, later]);
  });
});

describe('two memories of one matter', () => {
  it('become one under the older id, stated by both', () => {
    const older = know('a', 'Nora has a cello.', 1, { entities: ['Nora'] });
    const newer = know('b', "Nora's cello is from 1890.", 2, { metadata: { sure: true } });
    const text = 'Nora has a cello from 1890.';
    expect(swept({ newer, near: [older], proposal: { action: 'UPDATE', target: 'a', text } })).toEqual(['UPDATE a', 'DELETE b']);
    expect(view.projection.memories.get('a')).toMatchObject({
      revision: 2,
      state: { text, said_at: day(2), entities: ['Nora'], metadata: { sure: true } },
      labels: [{ agent_id: 'a' }, { agent_id: 'b' }],
    });
  });

  it('stay two where their union holds a number of neither', () => {
    const older = know('a', 'Nora has a cello.', 1);
    const newer = know('b', "Nora's cello is from 1890.", 2);
    const text = 'Nora has a cello from 1790.';
    expect(swept({ newer, near: [older], proposal: { action: 'UPDATE', target: 'a', text } })).toEqual([]);
  });

  it('stay two where their union leaves out a name or a number of the later one', () => {
    const older = know('a', 'Nora has a cello.', 1);
    const newer = know('b', "Nora's cello was made by Stainer in 1650.", 2);
    for (const text of ['Nora has a cello.', 'Nora has a cello made in 1650.', 'Nora has a cello made by Stainer.'])
      expect(swept({ newer, near: [older], proposal: { action: 'UPDATE', target: 'a', text } })).toEqual([]);
  });

  it('stay two where a third one says what the union would', () => {
    const older = know('a', 'Nora has a cello.', 1);
    const newer = know('b', 'Nora is fond of her cello.', 2);
    know('c', 'Nora has a cello and is fond of it.', 1);
    const text = 'Nora has a cello and is fond of it.';
    expect(swept({ newer, near: [older], proposal: { action: 'UPDATE', target: 'a', text } })).toEqual([]);
  });
});

describe('a contradiction', () => {
  it('is settled for what was said later', () => {
    const older = know('a', 'Nora lives in Graz.', 1);
    const newer = know('b', 'Nora lives in Bled.', 2);
    know('c', 'Nora plays the cello.', 1);
    expect(swept({ newer, near: [older], proposal: { action: 'DELETE', target: 'a' } })).toEqual(['DELETE a']);
    expect(texts()).toEqual(['Nora lives in Bled.', 'Nora plays the cello.']);
    expect(view.projection.memories.get('a')?.successor).toBe('b');
  });

  it('leaves what is pinned', () => {
    const older = know('a', 'Nora lives in Graz.', 1, { pinned: true });
    const newer = know('b', 'Nora lives in Bled.', 2);
    expect(swept({ newer, near: [older], proposal: { action: 'DELETE', target: 'a' } })).toEqual([]);
  });

  it('never leaves neither, whatever is proposed for whom', () => {
    const words = ['Nora lives in Graz.', 'Nora lives in Bled.', 'Nora lives in Wien.', 'Nora lives in Linz.'];
    const proposal = fc.record({
      newer: fc.nat(3),
      target: fc.nat(4),
      action: fc.constantFrom('NONE' as const, 'UPDATE' as const, 'DELETE' as const),
    });
    fc.assert(
      fc.property(fc.array(proposal, { maxLength: 8 }), (given) => {
        view = { projection: createProjection('user:ann'), lexical: createLexicalIndex() };
        const known = words.map((text, index) => know(`m${index}`, text, index + 1));
        const judged = given.map(({ newer, target, action }): Judged => {
          const common = { newer: known[newer] as Chosen, near: known.slice(0, newer) };
          const at = `m${target}`;
          return {
            ...common,
            proposal: action === 'UPDATE' ? { action, target: at, text: `${words[newer]} Still.` } : { action, target: at },
          };
        });
        const { drafts } = settle(...judged);
        const gone = new Map(drafts.flatMap((draft) => (draft.event === 'DELETE' ? [[draft.memory_id, draft.successor] as const] : [])));
        apply(...drafts);
        for (const [id, successor] of gone) {
          expect(successor).not.toBe(id);
          expect(view.projection.memories.get(successor ?? '')?.status).toBe('live');
        }
        expect(texts().length).toBe(4 - gone.size);
      }),
    );
  });
});

describe('two memories', () => {
  it('are held against each other in the order in which they were said', () => {
    const [a, b] = [know('a', 'x', 2), know('b', 'y', 1)];
    expect(pairOf(a, b, 0.5)).toMatchObject({ older: { id: 'b' }, newer: { id: 'a' } });
  });

  it.each([
    ['subjects', { subject: 'Nora' }],
    ['kinds', { kind: 'procedure' as const }],
    ['ends', { expires_at: day(9) }],
  ])('of different %s are not', (_, state) => {
    expect(pairOf(know('a', 'x', 1), know('b', 'y', 2, state), 0.5)).toBeUndefined();
  });

  it('that changed since they were shown are left', () => {
    const older = know('a', 'Nora lives in Graz.', 1);
    const newer = know('b', 'Nora lives in Bled.', 2);
    apply({ event: 'UPDATE', memory_id: 'a', revision: 2, base: 1, state: { ...older.state, text: 'Nora works in Graz.' } });
    expect(swept({ newer, near: [older], proposal: { action: 'DELETE', target: 'a' } })).toEqual([]);
  });
});
