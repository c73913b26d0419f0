import { beforeEach, describe, expect, it } from 'vitest';
import type { Event, EventDraft, MemoryState } from '../../src/core/events.js';
import { hashOf } from '../../src/core/hash.js';
import {
  applyEvent,
  createProjection,
  eventsOf,
  inputKey,
  isLive,
  liveMemoryOf,
  type Memory,
  type Projection,
  statementOf,
} from '../../src/core/projection.js';

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
    expect(memory()?.revisions).toEqual([1, 2]);
    expect(liveMemoryOf(projection, statement('tea'), now)).toBeUndefined();
    expect(liveMemoryOf(projection, statement('coffee'), now)?.id).toBe('m');
  });

  it('stays erased whatever is said of it later, which its history tells all the same', () => {
    add();
    take({ event: 'ERASE', memory_id: 'm', revision: 1, base: 1 });
    take({ event: 'UPDATE', memory_id: 'm', revision: 2, base: 1, state: state('coffee') });
    expect(memory()).toMatchObject({ status: 'erased', revision: 1, state: { text: '' } });
    expect(eventsOf(memory() as Memory)).toEqual([1, 2, 3]);
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
    expect(memory()).toMatchObject({ status: 'erased', notes: [2] });
    expect(memory()?.state).toEqual({ text: '', kind: 'observation', said_at: '2024-01-01T00:00:00.000Z' });
    expect(liveMemoryOf(projection, statement('tea'), now)).toBeUndefined();
  });

  it('stays erased, whatever a home that did not know of it has added', () => {
    add('tea');
    take({ event: 'ERASE', memory_id: 'm', revision: 1, base: 1 });
    take({ event: 'UPDATE', memory_id: 'm', revision: 2, base: 1, state: state('coffee') });
    expect(memory()).toMatchObject({ status: 'erased', state: { text: '' } });
    expect(liveMemoryOf(projection, statement('coffee'), now)).toBeUndefined();
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
    expect(projection.runs.get('r')).toEqual([1, 2, 3]);
  });

  it('are known by their words, the latest with the same, and no more than the last ten of a run', () => {
    for (let number = 1; number <= 12; number += 1) take({ event: 'RECEIVED', input: input(number % 2 ? 'odd' : 'even') }, { run_id: 'r' });
    expect(projection.inputs.get(hashOf(inputKey(input('odd'))))).toBe(11);
    expect(projection.inputs.get(hashOf(inputKey(input('even'))))).toBe(12);
    expect(projection.runs.get('r')).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
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
