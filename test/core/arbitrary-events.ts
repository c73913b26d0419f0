import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { blanked, wordsOf } from '../../src/core/erase.js';
import type { Event, EventDraft } from '../../src/core/events.js';
import type { MakeId } from '../../src/core/merge/settling.js';
import { applyEvent, createProjection, liveMemoryOf, type Memory, type Projection, statementOf } from '../../src/core/projection.js';
import { fingerprintOf, retirements } from '../../src/core/reflection/retirement.js';

/** One call as a client might make it; the numbers choose among what there is at that moment. */
export interface Call {
  kind: (typeof kinds)[number];
  pick: number;
  text: number;
  /** Milliseconds since the call before: clocks of different machines coincide often. */
  wait: number;
  /** Milliseconds since it was said, where the caller tells. */
  ago: number;
  who: number;
}

const kinds = ['remember', 'correct', 'label', 'forget', 'restore', 'confirm', 'erase', 'receive', 'process', 'derive'] as const;
const texts = [
  'alpha likes tea',
  'bravo drives north',
  'charlie was born in 1999',
  'delta plays chess',
  'echo owes money',
  'Foxtrot sings.',
];
const beginning = Date.UTC(2024, 0, 1);

/** Any call; erasures are rare, as they are in life. */
export const anyCall: fc.Arbitrary<Call> = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant('remember' as const) },
    { weight: 12, arbitrary: fc.constantFrom(...kinds.filter((kind) => kind !== 'erase' && kind !== 'remember')) },
    { weight: 1, arbitrary: fc.constant('erase' as const) },
  ),
  pick: fc.nat(9),
  text: fc.nat(texts.length - 1),
  wait: fc.nat(2),
  ago: fc.constantFrom(0, 0, 0, 1, 3, 9),
  who: fc.nat(2),
});

/** Calls in order. */
export const calls = (maxLength = 12): fc.Arbitrary<Call[]> => fc.array(anyCall, { maxLength });

/** An identifier as a merge makes it, for tests. */
export const hashId: MakeId = (at, words) => `${at} ${createHash('sha256').update(words).digest('hex').slice(0, 12)}`;

/** What the log of one home would hold; calls are carried out as the program does, doubles refused. */
export interface Simulated {
  events: Event[];
  projection: Projection;
  /** Carries a call out; says how many events that took. */
  call(call: Call): number;
}

/** The projection of some events. */
export function folded(events: Event[]): Projection {
  const projection = createProjection('user:ann');
  for (const event of events) applyEvent(projection, event);
  return projection;
}

/** Statements that are believed at the end, sorted. */
export function liveTexts(events: Event[]): string[] {
  const { memories } = folded(events);
  return [...memories.values()].flatMap((memory) => (memory.status === 'live' ? [memory.state.text] : [])).sort();
}

/** Goes on from `before` as the home `name`. */
export function simulate(name: string, given: Call[], before: Event[] = []): Simulated {
  let clock = Date.parse(before.at(-1)?.at ?? new Date(beginning).toISOString());
  let made = 0;
  const log: Simulated = { events: [...before], projection: folded(before), call: (each) => carryOut(each) };

  function id(): string {
    made += 1;
    // In no order that follows from the home or the time, so that ties fall either way.
    return `${createHash('sha256').update(`${name} ${before.length} ${made}`).digest('hex').slice(0, 6)}-${name}${made}`;
  }

  function append(decided: EventDraft[], who: number): number {
    const drafts = [...decided, ...retirements(log.projection, decided)];
    const at = new Date(clock).toISOString();
    const ids = drafts.map((draft) => draft.event_id ?? id());
    const label = [{}, { agent_id: 'helper' }, { agent_id: 'helper', run_id: name }][who] ?? {};
    for (const [index, draft] of drafts.entries()) {
      const end = index === drafts.length - 1 ? { end: true as const } : {};
      const place = { seq: log.events.length + 1, event_id: ids[index], batch: ids[0], ...end, at, device: name };
      const event = { ...place, call_id: `call ${ids[0]}`, ...label, ...draft, event_id: ids[index] } as Event;
      log.events.push(event);
      applyEvent(log.projection, event);
    }
    return drafts.length;
  }

  function change({ kind, pick, text, ago, who }: Call): EventDraft[] {
    const all = [...log.projection.memories.values()].filter(({ status }) => status !== 'erased');
    const memory = all[pick % Math.max(all.length, 1)];
    const said_at = new Date(clock - ago).toISOString();
    const state = { text: texts[text] ?? '', kind: 'observation' as const, said_at };
    const double = (statement: string, except?: string) => liveMemoryOf(log.projection, statement, clock, except);
    if (kind === 'remember' || kind === 'process') {
      const known = double(statementOf(state));
      if (known) return [{ event: 'CONFIRM', memory_id: known.id, revision: known.revision }];
      return [{ event: 'ADD', memory_id: `memory-${id()}`, revision: 1, base: 0, state }];
    }
    if (kind === 'derive') return derive(pick, state.said_at);
    if (!memory) return [];
    const next = { memory_id: memory.id, base: memory.revision, revision: memory.revision + 1 };
    const isLive = memory.status === 'live';
    if (kind === 'correct' && isLive && !double(statementOf(state), memory.id))
      return [{ event: 'UPDATE', ...next, state: { ...memory.state, text: state.text, said_at } }];
    if (kind === 'label' && isLive) return [{ event: 'UPDATE', ...next, state: { ...memory.state, metadata: { colour: who } } }];
    if (kind === 'forget' && isLive) return [{ event: 'DELETE', ...next, revision: memory.revision }];
    if (kind === 'confirm' && isLive) return [{ event: 'CONFIRM', memory_id: memory.id, revision: memory.revision }];
    if (kind === 'restore') return restore(memory, pick, next);
    return [];
  }

  /** What a reflection commits, about two memories that say different things. */
  function derive(pick: number, said_at: string): EventDraft[] {
    const live = [...log.projection.memories.values()].filter(({ status, state }) => status === 'live' && state.kind !== 'insight');
    const [one, other] = [live[pick % Math.max(live.length, 1)], live[(pick + 1) % Math.max(live.length, 1)]];
    if (!one || !other || one === other) return [];
    const text = `${one.state.text}, and ${other.state.text}`;
    const source_fingerprint = fingerprintOf([one.state, other.state]);
    const state = { text, kind: 'insight' as const, said_at, sources: [one.id, other.id], source_fingerprint };
    const known = liveMemoryOf(log.projection, statementOf(state), clock);
    const event_id = id();
    const up_to = log.projection.position.sequence;
    return [
      { event: 'RECEIVED', event_id, input: { form: 'reflection', turns: [], infer: true, kind: 'insight', at: '', up_to } },
      ...(known ? [] : [{ event: 'ADD' as const, memory_id: `insight-${id()}`, revision: 1, base: 0, state }]),
      { event: 'PROCESSED', input_id: event_id },
    ];
  }

  function restore(memory: Memory, pick: number, next: { memory_id: string; base: number; revision: number }): EventDraft[] {
    const revisions = log.events.flatMap((event) => ('state' in event && event.memory_id === memory.id ? [event] : []));
    const chosen = revisions[pick % Math.max(revisions.length, 1)];
    if (!chosen || (memory.status === 'live' && memory.revision === chosen.revision)) return [];
    if (liveMemoryOf(log.projection, statementOf(chosen.state), clock, memory.id)) return [];
    return [{ event: 'RESTORE', ...next, restored: chosen.revision, state: chosen.state }];
  }

  function erase(call: Call): number {
    const all = [...log.projection.memories.values()].filter(({ status }) => status !== 'erased');
    const memory = all[call.pick % Math.max(all.length, 1)];
    if (!memory) return 0;
    const ids = new Set([memory.id]);
    const words = wordsOf(log.events, ids);
    log.events = log.events.map((event) => blanked(event, ids, words));
    log.projection = folded(log.events);
    return append([{ event: 'ERASE', memory_id: memory.id, revision: memory.revision, base: memory.revision }], call.who);
  }

  function carryOut(call: Call): number {
    clock += call.wait;
    if (call.kind === 'erase') return erase(call);
    if (call.kind === 'receive' || call.kind === 'remember' || call.kind === 'correct') {
      const input_id = id();
      const input = { form: 'content' as const, turns: [{ role: 'user' as const, content: texts[call.text] ?? '' }], infer: true };
      const received = { event: 'RECEIVED' as const, event_id: input_id, input: { ...input, kind: 'observation' as const, at: '' } };
      if (call.kind === 'receive') return append([received], call.who);
      const drafts = change(call);
      if (drafts.length === 0) return 0;
      return append([received, ...drafts.map((draft) => sourced(draft, input_id)), { event: 'PROCESSED', input_id }], call.who);
    }
    if (call.kind === 'process') {
      const [waiting] = log.projection.pending.values();
      const input = log.events.find(({ seq }) => seq === waiting?.seq);
      if (input?.event !== 'RECEIVED') return 0;
      const text = texts.indexOf(input.input.turns[0]?.content ?? '');
      const drafts = text < 0 ? [] : change({ ...call, text }).map((draft) => sourced(draft, input.event_id));
      return append([...drafts, { event: 'PROCESSED', input_id: input.event_id }], call.who);
    }
    const drafts = change(call);
    return drafts.length > 0 ? append(drafts, call.who) : 0;
  }

  for (const each of given) carryOut(each);
  return log;
}

function sourced(draft: EventDraft, input_id: string): EventDraft {
  return 'base' in draft ? { ...draft, source: { input_id, role: 'user', turn: 0 } } : draft;
}

/** Logs of `count` homes that were one home up to some moment. */
export function forks(count: number): fc.Arbitrary<Event[][]> {
  return fc.record({ shared: calls(8), own: fc.array(calls(10), { minLength: count, maxLength: count }) }).map(({ shared, own }) => {
    const before = simulate('origin', shared).events;
    return own.map((each, index) => simulate(`home${index}`, each, before).events);
  });
}
