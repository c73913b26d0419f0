import { canonical } from '../canonical.js';
import type { ChangeEvent, Event, EventDraft, MemoryState } from '../events.js';
import { defined } from '../facts.js';
import { applyEvent, createProjection, hasLabel, isLive, type Memory, statementOf } from '../projection.js';
import { isFounded, liveIn, retirement } from '../reflection/retirement.js';
import { revisionsOf } from './numbers.js';
import type { Sides } from './side.js';
import { compared, type Standing, standingsOf, staysJoined } from './standings.js';

/** Makes an identifier of the usual form: the same for the same instant (ISO 8601) and words. */
export type MakeId = (at: string, words: string) => string;

/** The device of what no machine wrote. */
const mergeDevice = 'merge';

/**
 * The batch that makes a united log believe what it should: of two changes of one memory that did not know of each
 * other the later statement, no statement twice, and no insight whose sources have changed. Empty where it does so
 * already; the same for the same events.
 */
export function settle(events: Event[], sides: Sides, makeId: MakeId): Event[] {
  const last = events.at(-1);
  if (!last) return [];
  const everything = events.map(({ event_id }) => event_id).sort();
  const call = makeId(last.at, everything.join(' '));
  const projection = createProjection('user:merge');
  for (const event of events) applyEvent(projection, event);
  const settled: Event[] = [];

  const add = (draft: EventDraft, label: { agent_id?: string | undefined; run_id?: string | undefined } = {}) => {
    const [seq, id] = [events.length + settled.length + 1, makeId(last.at, `${call} ${settled.length}`)];
    const batch = settled[0]?.event_id ?? id;
    const event = { seq, event_id: id, batch, at: last.at, device: mergeDevice, call_id: call, ...defined(label), ...draft } as Event;
    applyEvent(projection, event);
    settled.push(event);
  };

  const standings = standingsOf(projection.memories.keys(), sides);
  const revisions = revisionsOf(events);
  const byId = new Map(events.map((event) => [event.event_id, event]));
  const counts = (id: string) => byId.get(standings.get(id)?.change.event_id ?? '') as ChangeEvent | undefined;
  const live = (id: string) => liveIn(projection, id)?.state;
  const isInsight = ({ id }: Memory) => stateOf(counts(id))?.kind === 'insight';

  // Insights come last: what becomes of them depends on what their sources say in the end.
  for (const memories of parted([...projection.memories.values()], isInsight)) {
    for (const memory of memories) {
      const [standing, change] = [standings.get(memory.id), counts(memory.id)];
      if (memory.status === 'erased' || !standing || !change || staysJoined(standing, sides, standings)) continue;
      const state = stateOf(change);
      const isLost = state?.kind === 'insight' && !isFounded(state, live);
      const needed = isLost ? retired(memory, change) : corrections(memory, change, revisions);
      for (const draft of needed) add(draft);
    }
    for (const doubles of doublesIn(memories, Date.parse(last.at))) join(doubles, { add, standings });
  }
  return settled.map((event, index) => (index === settled.length - 1 ? closed(event) : event));
}

/** With the mark of a batch's last line where it usually stands. */
function closed({ seq, event_id, batch, ...rest }: Event): Event {
  return { seq, event_id, batch, end: true, ...rest } as Event;
}

/** The memories that are not such, and those that are. */
function parted(memories: Memory[], isSuch: (memory: Memory) => boolean): [Memory[], Memory[]] {
  return [memories.filter((memory) => !isSuch(memory)), memories.filter(isSuch)];
}

function stateOf(change: ChangeEvent | undefined): MemoryState | undefined {
  return change && 'state' in change ? change.state : undefined;
}

/** What retires an insight whose sources have changed, so that it comes back where a further merge finds them unchanged. */
function retired({ id, status, revision }: Memory, change: ChangeEvent): EventDraft[] {
  return status === 'live' ? [{ ...retirement(id, revision), merged: change.event_id }] : [];
}

/** What makes the memory be as after `change`: nothing, a RESTORE or a DELETE. */
function corrections(memory: Memory, change: ChangeEvent, revisions: Map<string, number>): EventDraft[] {
  const common = { memory_id: memory.id, base: memory.revision, merged: change.event_id };
  if (!('state' in change)) {
    const reason = 'forgotten later than changed elsewhere';
    const successor = 'successor' in change ? change.successor : undefined;
    return memory.status === 'live' ? [defined({ event: 'DELETE' as const, ...common, revision: memory.revision, successor, reason })] : [];
  }
  if (memory.status === 'live' && (memory.state === change.state || canonical(memory.state) === canonical(change.state))) return [];
  const restored = revisions.get(change.event_id) ?? change.revision;
  const reason = 'the later of two statements';
  return [{ event: 'RESTORE', ...common, revision: memory.revision + 1, restored, state: change.state, reason }];
}

/** Live memories that say the same, those that last longest and are oldest first. */
function doublesIn(memories: Memory[], now: number): Memory[][] {
  const expiry = ({ state }: Memory) => state.expires_at ?? '~';
  const inOrder = (a: Memory, b: Memory) => compared(expiry(b), expiry(a)) || compared(a.created_at, b.created_at) || compared(a.id, b.id);
  const alike = new Map<string, Memory[]>();
  for (const memory of memories) {
    if (!isLive(memory, now)) continue;
    const statement = statementOf(memory.state);
    const known = alike.get(statement);
    if (known) known.push(memory);
    else alike.set(statement, [memory]);
  }
  return [...alike.values()].filter((memories) => memories.length > 1).map((memories) => memories.sort(inOrder));
}

/** Leaves the first of memories that say the same, with the labels of all. */
function join(
  [kept, ...others]: Memory[],
  { add, standings }: { add: (draft: EventDraft, label?: Memory['labels'][number]) => void; standings: Map<string, Standing> },
): void {
  if (!kept) return;
  for (const { id, revision, labels } of others) {
    const merged = standings.get(id)?.change.event_id;
    const reason = `${kept.id} says the same`;
    add(defined({ event: 'DELETE' as const, memory_id: id, revision, base: revision, successor: kept.id, reason, merged }));
    for (const label of labels.filter((each) => !hasLabel(kept, each)))
      add({ event: 'CONFIRM', memory_id: kept.id, revision: kept.revision }, label);
  }
}
