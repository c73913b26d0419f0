import { beforeEach, describe, expect, it } from 'vitest';
import type { Event, EventDraft, MemoryState } from '../../src/core/events.js';
import { applyEvent, createProjection } from '../../src/core/projection.js';
import { createLexicalIndex } from '../../src/core/ranking/lexical-index.js';
import { type Planned, reconcile, targeted } from '../../src/core/reconcile.js';
import type { SpaceView } from '../../src/core/view.js';

const early = '2024-01-01T00:00:00.000Z';
const late = '2024-06-01T00:00:00.000Z';
const now = Date.parse('2024-07-01T00:00:00.000Z');

let view: SpaceView;
let made: number;
beforeEach(() => {
  view = { projection: createProjection('user:ann'), lexical: createLexicalIndex() };
  made = 0;
});

/** Takes drafts into the view, as a commit does. */
function apply(drafts: EventDraft[], label: { agent_id?: string; run_id?: string } = {}): void {
  for (const draft of drafts) {
    const seq = view.projection.position.sequence + 1;
    applyEvent(view.projection, {
      seq,
      event_id: `event-${seq}`,
      call_id: 'c',
      batch: 'b',
      at: late,
      device: 'd',
      ...label,
      ...draft,
    } as Event);
  }
}

function know(id: string, text: string, state: Partial<MemoryState> = {}): void {
  apply([{ event: 'ADD', memory_id: id, revision: 1, base: 0, state: { text, kind: 'observation', said_at: early, ...state } }], {
    agent_id: 'a',
    run_id: 'r',
  });
}

function planned(text: string, more: Partial<Planned> = {}, state: Partial<MemoryState> = {}): Planned {
  return {
    fact: { text, turn: 0, quote: text },
    state: { text, kind: 'observation', said_at: late, ...state },
    source: { input_id: 'input', role: 'user', turn: 0 },
    ...more,
  };
}

function settle(...candidates: Planned[]) {
  const ids = { memory: () => `new-${++made}`, event: () => 'event' };
  return reconcile(view, candidates, { now, ids, label: { agent_id: 'a', run_id: 'r' }, by: { model: 'fake' } });
}

describe('a fact', () => {
  it('that is new is added', () => {
    const { drafts, results } = settle(planned('Nora plays the cello.'));
    expect(results).toEqual([{ id: 'new-1', event: 'ADD', memory: 'Nora plays the cello.', revision: 1 }]);
    expect(drafts).toMatchObject([{ event: 'ADD', memory_id: 'new-1', base: 0, by: { model: 'fake', decision: 'ADD' } }]);
  });

  it('that is known is NONE, whatever was proposed, and a CONFIRM only where another one states it', () => {
    know('m', 'Nora plays the cello.');
    know('n', 'Olaf sails.');
    const proposal = { action: 'DELETE', target: 'n' } as const;
    expect(settle(planned('nora plays the cello', { proposal }))).toMatchObject({ drafts: [], results: [{ id: 'm', event: 'NONE' }] });
    const other = reconcile(view, [planned('nora plays the cello'), planned('NORA plays the cello!')], {
      now,
      ids: { memory: () => 'x', event: () => 'e' },
      label: { agent_id: 'another', run_id: 'r' },
    });
    expect(other.drafts).toEqual([{ event: 'CONFIRM', memory_id: 'm', revision: 1 }]);
    expect(other.results).toMatchObject([{ event: 'NONE' }, { event: 'NONE' }]);
  });

  it('that is known says which labels given with it were not applied, and what applies them', () => {
    know('m', 'Nora plays the cello.', { pinned: true, metadata: { club: 'Rook' }, occurred_at: '2024-03' });
    const reasonOf = (given: Partial<MemoryState>) => {
      const ids = { memory: () => 'x', event: () => 'e' };
      const label = { agent_id: 'a', run_id: 'r' };
      const { drafts, results } = reconcile(view, [planned('Nora plays the cello', {}, given)], { now, ids, label, given });
      expect(drafts).toEqual([]);
      return results[0]?.reason;
    };
    expect(reasonOf({})).toBe('already known');
    expect(reasonOf({ pinned: true, metadata: { club: 'Rook' }, occurred_at: '2024-03' })).toBe('already known');
    expect(reasonOf({ metadata: { club: 'Rook', level: 3 } })).toBe(
      'already known; metadata given with it was not applied: call remember with memory_id m for that',
    );
    expect(reasonOf({ expires_at: '2030-12-31T23:59:59.999Z', occurred_at: '2025' })).toBe(
      'already known; occurred_at, expires_at given with it were not applied: call remember with memory_id m for that',
    );
  });

  it('that comes twice in one input is added once', () => {
    const { drafts, results } = settle(planned('Nora plays the cello.'), planned('nora plays the cello'));
    expect(drafts).toHaveLength(1);
    expect(results).toMatchObject([
      { id: 'new-1', event: 'ADD' },
      { id: 'new-1', event: 'NONE' },
    ]);
  });

  it('is another one with another kind or subject', () => {
    know('m', 'Plays the cello.', { subject: 'Nora' });
    const same = settle(planned('Plays the cello.', {}, { subject: 'Nora' }));
    expect(same.results).toMatchObject([{ id: 'm', event: 'NONE' }]);
    for (const state of [{ subject: 'Olaf' }, {}, { subject: 'Nora', kind: 'procedure' as const }])
      expect(settle(planned('Plays the cello.', {}, state)).results).toMatchObject([{ event: 'ADD' }]);
  });

  it('that was forgotten or has expired is new again', () => {
    know('m', 'Nora plays the cello.');
    apply([{ event: 'DELETE', memory_id: 'm', revision: 1, base: 1 }]);
    know('n', 'Olaf sails.', { expires_at: '2024-06-30T00:00:00.000Z' });
    expect(settle(planned('Nora plays the cello.'), planned('Olaf sails.')).results).toMatchObject([{ event: 'ADD' }, { event: 'ADD' }]);
  });

  it('in nearly the same words is NONE with the memory that says it', () => {
    know('m', 'Nora plays the big cello.');
    expect(settle(planned('Nora plays the large cello.', { twin: 'm' })).results).toMatchObject([{ id: 'm', event: 'NONE' }]);
  });
});

describe('a proposal', () => {
  beforeEach(() =>
    know('m', 'Nora works at the harbour.', { occurred_at: '2023', recurs: 'yearly', pinned: true, metadata: { tag: 'work' } }),
  );

  it('UPDATE makes the next revision, keeps labels, drops the old date, and keeps the words it came from', () => {
    const proposal = { action: 'UPDATE', target: 'm', text: 'Nora works at the library since June.', reason: 'moved' } as const;
    const { drafts, results } = settle(planned('Nora works at the library.', { proposal }));
    expect(results).toEqual([
      { id: 'm', event: 'UPDATE', memory: proposal.text, previous: 'Nora works at the harbour.', revision: 2, reason: 'moved' },
    ]);
    expect(drafts).toEqual([
      {
        event: 'UPDATE',
        memory_id: 'm',
        revision: 2,
        base: 1,
        state: { text: proposal.text, kind: 'observation', said_at: late, pinned: true, metadata: { tag: 'work' } },
        source: { input_id: 'input', role: 'user', turn: 0, text: 'Nora works at the library.' },
        reason: 'moved',
        by: { model: 'fake', decision: 'UPDATE' },
      },
    ]);
  });

  it('UPDATE keeps the labels of both, but not the attachment that the old words came from', () => {
    const proposal = { action: 'UPDATE', target: 'm', text: 'The bicycle is red.' } as const;
    know('m', 'The bicycle is blue.', { metadata: { attachment: 'image/png sha256:00', colour: 'blue', shop: 'Jan' } });
    const labelled = settle(planned('It is red.', { proposal }, { metadata: { colour: 'red' } }));
    expect(labelled.drafts).toMatchObject([{ event: 'UPDATE', state: { metadata: { colour: 'red', shop: 'Jan' } } }]);
    expect(labelled.drafts[0]).not.toHaveProperty('state.metadata.attachment');
    const shown = settle(planned('It is red.', { proposal }, { metadata: { attachment: 'image/png sha256:11' } }));
    expect(shown.drafts).toMatchObject([{ state: { metadata: { attachment: 'image/png sha256:11', shop: 'Jan' } } }]);
  });

  it('UPDATE takes the dates of its own text where they are known', () => {
    const dates = { occurred_at: '2024-03-02', recurs: 'yearly' as const };
    const proposal = { action: 'UPDATE', target: 'm', text: 'Nora has worked at the library since 2 March 2024.', dates } as const;
    const { drafts } = settle(planned('Nora works at the library.', { proposal }, { occurred_at: '2024' }));
    expect(drafts).toMatchObject([{ state: dates }]);
  });

  it('UPDATE keeps the names that its text still holds, of the memory and of the fact', () => {
    know('n', 'Project Kiwi of Olaf runs on Node 20.', { entities: ['Project Kiwi', 'Olaf'] });
    const proposal = { action: 'UPDATE', target: 'n', text: 'Project Kiwi runs on Deno.' } as const;
    const { drafts } = settle(planned('Kiwi moved to Deno.', { proposal }, { entities: ['Kiwi', 'Deno', 'Node'] }));
    expect(drafts).toMatchObject([{ state: { entities: ['Project Kiwi', 'Kiwi', 'Deno'] } }]);
  });

  it('UPDATE with one text for several facts changes the memory once and adds none of them', () => {
    const proposal = { action: 'UPDATE', target: 'm', text: 'Nora works at the library and leads it.' } as const;
    const { drafts, results } = settle(
      planned('Nora works at the library.', { proposal }),
      planned('Nora leads the library.', { proposal }),
    );
    expect(drafts.map(({ event }) => event)).toEqual(['UPDATE']);
    expect(results).toMatchObject([
      { id: 'm', event: 'UPDATE', revision: 2 },
      { id: 'm', event: 'NONE', memory: proposal.text, revision: 2 },
    ]);
  });

  it('UPDATE to the words of another memory retires the one and names the other', () => {
    know('n', 'Nora works at the library.');
    const proposal = { action: 'UPDATE', target: 'm', text: 'Nora works at the library' } as const;
    const { drafts, results } = settle(planned('Nora has moved to the library.', { proposal }));
    expect(drafts).toMatchObject([{ event: 'DELETE', memory_id: 'm', successor: 'n' }]);
    expect(results).toMatchObject([
      { id: 'm', event: 'DELETE' },
      { id: 'n', event: 'NONE' },
    ]);
  });

  it('DELETE names its successor and stores the fact: never a state with neither', () => {
    const proposal = { action: 'DELETE', target: 'm', reason: 'gone' } as const;
    const { drafts, results } = settle(planned('Nora no longer works.', { proposal }));
    expect(drafts).toMatchObject([
      { event: 'DELETE', memory_id: 'm', revision: 1, base: 1, successor: 'new-1', source: { text: 'Nora no longer works.' } },
      { event: 'ADD', memory_id: 'new-1' },
    ]);
    expect(results).toMatchObject([
      { id: 'm', event: 'DELETE', memory: 'Nora works at the harbour.' },
      { id: 'new-1', event: 'ADD' },
    ]);
  });

  it('NONE is taken unless the fact holds a number that the memory does not', () => {
    const none = { action: 'NONE', target: 'm', reason: 'same' } as const;
    expect(settle(planned('At the harbour works Nora.', { proposal: none })).results).toMatchObject([
      { id: 'm', event: 'NONE', reason: 'same' },
    ]);
    expect(settle(planned('Nora works at harbour 7.', { proposal: none })).results).toMatchObject([{ event: 'ADD' }]);
  });

  it.each([
    ['a name', 'I have a cat named Tom.', 'I have a cat named Tim.'],
    ['a place', '我住在北京。', '我住在上海。'],
    ['a no', 'I like tea.', "I don't like tea."],
    ['another part', 'I work in Ulm.', 'I am allergic to bees and need an EpiPen; I work in Ulm.'],
  ])('NONE does not lose %s that the memory does not hold: the fact is added', (_, known, said) => {
    know('n', known);
    const { results } = settle(planned(said, { proposal: { action: 'NONE', target: 'n' } }));
    expect(results).toEqual([{ id: 'new-1', event: 'ADD', memory: said, revision: 1 }]);
  });

  it('NONE is taken as well where the number is that of the date, however it is written', () => {
    know('n', 'Nora adopted Miso on 2 March.', { occurred_at: '2024-03-02' });
    const none = { action: 'NONE', target: 'n' } as const;
    expect(settle(planned('It was on 2024-03-02 that Nora adopted Miso.', { proposal: none })).results).toMatchObject([
      { id: 'n', event: 'NONE' },
    ]);
    expect(settle(planned('It was on 2024-03-05 that Nora adopted Miso.', { proposal: none })).results).toMatchObject([{ event: 'ADD' }]);
  });

  it.each([
    ['ADD', { action: 'ADD' }, 'new-1'],
    ['UPDATE', { action: 'UPDATE', target: 'm', text: 'Nora works in Graz.' }, 'm'],
    ['DELETE', { action: 'DELETE', target: 'm' }, 'new-1'],
    ['NONE', { action: 'NONE', target: 'm' }, 'm'],
  ] as const)(
    '%s also retires what else the fact makes untrue, in favour of what says the fact, unless it was said later',
    (_, proposal, successor) => {
      know('m', 'Nora works at the harbour in Graz.');
      know('plan', 'Nora will move to Graz.');
      know('later', 'Nora will move to Linz.', { said_at: '2024-07-01T00:00:00.000Z' });
      const { drafts } = settle(planned('Nora works in Graz.', { proposal: { ...proposal, ends: ['plan', 'later', 'unknown'] } }));
      const retired = drafts.filter((draft) => draft.event === 'DELETE' && draft.memory_id !== 'm');
      expect(retired).toMatchObject([{ memory_id: 'plan', successor }]);
    },
  );

  it.each(['UPDATE', 'DELETE', 'NONE'] as const)('%s about a memory that was said later is not carried out', (action) => {
    know('later', 'Nora works at the mill.', { said_at: '2024-06-15T00:00:00.000Z' });
    const { drafts, results } = settle(planned('Nora works at the inn.', { proposal: { action, target: 'later', text: 'x' } }));
    expect(drafts).toEqual([]);
    expect(results).toMatchObject([{ id: 'later', event: 'NONE', reason: /later/ }]);
  });

  it('whose memory has been forgotten meanwhile leaves the fact to be added', () => {
    apply([{ event: 'DELETE', memory_id: 'm', revision: 1, base: 1 }]);
    for (const action of ['UPDATE', 'DELETE', 'NONE'] as const)
      expect(settle(planned('Nora rests.', { proposal: { action, target: 'm', text: 'x' } })).results).toMatchObject([{ event: 'ADD' }]);
  });

  it('about a memory that this input has changed already adds the fact', () => {
    const update = { action: 'UPDATE', target: 'm', text: 'Nora works at the library.' } as const;
    const { drafts } = settle(
      planned('library', { proposal: update }),
      planned('Nora sings.', { proposal: { action: 'DELETE', target: 'm' } }),
    );
    expect(drafts.map(({ event }) => event)).toEqual(['UPDATE', 'ADD']);
  });

  it('gives no reason that holds a secret or steers a terminal, however long it is', () => {
    const reason = `\u001b[31mthe key is sk-proj-${'a1B2'.repeat(10)} ${'and so on '.repeat(50)}`;
    for (const proposal of [{ action: 'ADD', reason } as const, { action: 'NONE', target: 0, reason } as const]) {
      const kept = targeted(proposal, [{ id: 'm' }])?.reason ?? '';
      expect(kept).toMatch(/^the key is \[redacted: OpenAI key\] and so on/);
      expect(kept).toHaveLength(200);
    }
    expect(targeted({ action: 'ADD', reason: ' ' }, [])?.reason).toBeUndefined();
  });

  it('is looked up by the number it was shown under; another number counts for nothing', () => {
    const neighbours = [{ id: 'm' }, { id: 'n' }];
    expect(targeted({ action: 'DELETE', target: 1 }, neighbours)).toEqual({ action: 'DELETE', target: 'n' });
    expect(targeted({ action: 'DELETE', target: 2 }, neighbours)).toBeUndefined();
    expect(targeted({ action: 'DELETE', target: -1 }, neighbours)).toBeUndefined();
    expect(targeted(undefined, neighbours)).toBeUndefined();
  });
});
