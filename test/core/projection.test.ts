import { beforeEach, describe, expect, it } from 'vitest';
import type { Event, EventDraft, MemoryState } from '../../src/core/events.js';
import { applyEvent, createProjection, inputKey, isLive, liveMemoryOf, type Projection, statementOf } from '../../src/core/projection.js';

const now = Date.parse('2024-07-01T00:00:00.000Z');
let projection: Projection;
beforeEach(() => {
  projection = createProjection('user:ann');
});

/** Applies one event at its place and says which memory it changed. */
function take(draft: EventDraft, more: { at?: string; agent_id?: string; run_id?: string } = {}): string | undefined {
  const seq = projection.position.sequence + 1;
  const at = new Date(Date.UTC(2024, 0, seq)).toISOString();
  return applyEvent(projection, { seq, event_id: `event-${seq}`, call_id: 'c', batch: 'b', device: 'd', at, ...more, ...draft } as Event);
}

const state = (text: string, more: Partial<MemoryState> = {}): MemoryState => ({
  text,
  kind: 'observation',
  said_at: '2024-01-01T00:00:00.000Z',
  ...more,
});
const add = (text = 'tea', more: Partial<MemoryState> = {}) =>
  take({ event: 'ADD', memory_id: 'm', revision: 1, base: 0, state: state(text, more) });
const statement = (text: string) => statementOf(state(text));
const memory = () => projection.memories.get('m');

describe('what is believed of a memory', () => {
  it('begins with its ADD', () => {
    expect(add()).toBe('m');
    expect(memory()).toMatchObject({ id: 'm', revision: 1, status: 'live', added: 1, changed: 1, created_at: '2024-01-01T00:00:00.000Z' });
    expect(liveMemoryOf(projection, statement('TEA.'), now)?.id).toBe('m');
  });

  it('follows an UPDATE in text, revision and statement, and keeps the revision before', () => {
    add();
    take({ event: 'UPDATE', memory_id: 'm', revision: 2, base: 1, state: state('coffee') });
    expect(memory()).toMatchObject({
      revision: 2,
      state: { text: 'coffee' },
      created_at: '2024-01-01T00:00:00.000Z',
      updated_at: '2024-01-02T00:00:00.000Z',
    });
    expect([...(memory()?.states ?? [])].map(([revision, { text }]) => [revision, text])).toEqual([
      [1, 'tea'],
      [2, 'coffee'],
    ]);
    expect(liveMemoryOf(projection, statement('tea'), now)).toBeUndefined();
    expect(liveMemoryOf(projection, statement('coffee'), now)?.id).toBe('m');
  });

  it('ends with a DELETE, which names its successor, and comes back with a RESTORE', () => {
    add();
    take({ event: 'DELETE', memory_id: 'm', revision: 1, base: 1, successor: 'n' });
    expect(memory()).toMatchObject({ status: 'forgotten', revision: 1, successor: 'n' });
    expect(liveMemoryOf(projection, statement('tea'), now)).toBeUndefined();
    take({ event: 'RESTORE', memory_id: 'm', revision: 2, base: 1, restored: 1, state: state('tea') });
    expect(memory()).toMatchObject({ status: 'live', revision: 2, successor: undefined });
    expect(liveMemoryOf(projection, statement('tea'), now)?.id).toBe('m');
  });

  it('is nothing but its id after an ERASE', () => {
    add('tea', { metadata: { secret: 'yes' }, subject: 'Nora' });
    take({ event: 'ERASE', memory_id: 'm', revision: 1, base: 1 });
    expect(memory()).toMatchObject({ status: 'erased', states: new Map() });
    expect(memory()?.state).toEqual({ text: '', kind: 'observation', said_at: '2024-01-01T00:00:00.000Z' });
    expect(projection.statements.size).toBe(0);
  });

  it('ends by itself when it expires', () => {
    add('tea', { expires_at: '2024-07-01T00:00:00.000Z' });
    expect(isLive(memory()!, now - 1)).toBe(true);
    expect(isLive(memory()!, now)).toBe(false);
    expect(liveMemoryOf(projection, statement('tea'), now)).toBeUndefined();
  });

  it('carries every agent and run that stated it, once each', () => {
    take({ event: 'ADD', memory_id: 'm', revision: 1, base: 0, state: state('tea') }, { agent_id: 'a', run_id: 'r' });
    for (const label of [{ agent_id: 'a', run_id: 's' }, { agent_id: 'a', run_id: 'r' }, { agent_id: 'b' }])
      expect(take({ event: 'CONFIRM', memory_id: 'm', revision: 1 }, label)).toBe('m');
    expect(memory()?.labels).toEqual([
      { agent_id: 'a', run_id: 'r' },
      { agent_id: 'a', run_id: 's' },
      { agent_id: 'b', run_id: undefined },
    ]);
    expect(memory()).toMatchObject({ revision: 1, changed: 1 });
  });

  it('is not changed by an event that names no known memory', () => {
    expect(take({ event: 'CONFIRM', memory_id: 'nobody', revision: 1 })).toBeUndefined();
    expect(projection.memories.size).toBe(0);
  });

  it('of later versions keeps its place and changes nothing', () => {
    add();
    expect(
      applyEvent(projection, { seq: 2, at: '2024-01-09T00:00:00.000Z', event: 'TRANSLATE', memory_id: 'm' } as unknown as Event),
    ).toBeUndefined();
    expect(projection.position.sequence).toBe(2);
    expect(memory()).toMatchObject({ revision: 1, state: { text: 'tea' } });
    expect(projection.events).toHaveLength(2);
  });
});

describe('inputs', () => {
  const input = (content: string) => ({
    form: 'content' as const,
    turns: [{ role: 'user' as const, content }],
    infer: true,
    kind: 'observation' as const,
    at: '',
  });

  it('are pending in order of arrival until their PROCESSED', () => {
    for (const content of ['one', 'two', 'three']) take({ event: 'RECEIVED', input: input(content) }, { run_id: 'r' });
    take({ event: 'PROCESSED', input_id: 'event-2' });
    expect([...projection.pending.keys()]).toEqual(['event-1', 'event-3']);
    expect([...projection.processed.keys()]).toEqual(['event-2']);
    expect(projection.runs.get('r')?.map(({ event_id }) => event_id)).toEqual(['event-1', 'event-2', 'event-3']);
  });

  it('know what came of them', () => {
    take({ event: 'RECEIVED', input: input('one') });
    take({ event: 'ADD', memory_id: 'm', revision: 1, base: 0, state: state('tea'), source: { input_id: 'event-1' } });
    take({ event: 'DELETE', memory_id: 'n', revision: 4, base: 4, source: { input_id: 'event-1' } });
    expect([...(projection.outcomes.get('event-1') ?? [])]).toEqual([
      ['m', { revision: 1, live: true }],
      ['n', { revision: 4, live: false }],
    ]);
  });

  it('are the same with the same words of the same speakers in the same form', () => {
    const key = (role: 'user' | 'assistant', content: string, name?: string, form = 'content') =>
      inputKey({ form, turns: [{ role, content, name }] });
    expect(key('user', 'I like tea.')).toBe(key('user', 'i like  TEA'));
    for (const other of [
      key('assistant', 'I like tea.'),
      key('user', 'I like tea.', 'Nora'),
      key('user', 'I like tea.', undefined, 'messages'),
      key('user', 'I like teas.'),
    ])
      expect(other).not.toBe(key('user', 'I like tea.'));
  });
});
