import { canonical } from '../canonical.js';
import type { ChangeEvent, Event, EventDraft } from '../events.js';
import { defined } from '../facts.js';
import { applyEvent, createProjection, hasLabel, isLive, type Memory, type Projection, statementOf } from '../projection.js';
import { retirement } from '../reflection/retirement.js';
import { unfoundedInsights } from './insights.js';
import { revisionsOf } from './numbers.js';
import type { Side, Sides } from './side.js';

/** Makes an identifier of the usual form: the same for the same instant (ISO 8601) and words. */
export type MakeId = (at: string, words: string) => string;

/** The device of what no machine wrote. */
export const mergeDevice = 'merge';

/** What counts of a memory, whatever merges made of it. */
interface Standing {
  /** The last change that is a statement or a forgetting of its own. */
  change: ChangeEvent;
  /** What a merge forgot it by, because another memory says the same. */
  joined: ChangeEvent | undefined;
}

/**
 * The batch that makes a united log believe what it should: of two changes of one memory that did not know of each
 * other the later statement, no statement twice, and no insight whose sources have changed. Empty where it does so already; the same for the same events.
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

  const standings = standingsOf(projection, sides);
  const revisions = revisionsOf(events);
  const byId = new Map(events.map((event) => [event.event_id, event]));
  for (const memory of [...projection.memories.values()]) {
    const standing = standings.get(memory.id);
    const change = byId.get(standing?.change.event_id ?? '') as ChangeEvent | undefined;
    if (memory.status === 'erased' || !standing || !change || staysJoined(standing, sides, standings)) continue;
    for (const draft of corrections(memory, change, revisions)) add(draft);
  }
  for (const doubles of doublesIn(projection, Date.parse(last.at))) join(doubles, { add, standings });
  const madeBy = (id: string) => standings.get(id)?.change;
  for (const id of unfoundedInsights(projection, byId, { madeBy, now: Date.parse(last.at) }))
    add(retirement(id, projection.memories.get(id)?.revision ?? 1));
  return settled.map((event, index) => (index === settled.length - 1 ? closed(event) : event));
}

/** With the mark of a batch's last line where it usually stands. */
function closed({ seq, event_id, batch, ...rest }: Event): Event {
  return { seq, event_id, batch, end: true, ...rest } as Event;
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
function doublesIn(projection: Projection, now: number): Memory[][] {
  const expiry = ({ state }: Memory) => state.expires_at ?? '~';
  const inOrder = (a: Memory, b: Memory) => compared(expiry(b), expiry(a)) || compared(a.created_at, b.created_at) || compared(a.id, b.id);
  const alike = new Map<string, Memory[]>();
  for (const memory of projection.memories.values()) {
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

function standingsOf(projection: Projection, sides: Sides): Map<string, Standing> {
  return new Map(
    [...projection.memories.keys()].flatMap((id) => {
      const [ours, theirs] = sides.map((side) => standingIn(side, id));
      const standing = ours && theirs ? laterOf([ours, theirs], sides) : (ours ?? theirs);
      return standing ? [[id, standing] as const] : [];
    }),
  );
}

function standingIn(side: Side, memory: string): Standing | undefined {
  const changes = side.changes.get(memory) ?? [];
  const last = changes.find(({ event }) => event === 'ERASE') ?? changes.at(-1);
  if (!last) return undefined;
  const change = side.events[side.places.get(last.merged ?? '') ?? -1] as ChangeEvent | undefined;
  return { change: change ?? last, joined: last.event === 'DELETE' && change && 'state' in change ? last : undefined };
}

/** Of what two logs say of a memory: what the other side went on from gives way, else the earlier statement does. */
function laterOf([ours, theirs]: [Standing, Standing], sides: Sides): Standing {
  const isKnown = (standing: Standing, side: Side) => side.places.has(standing.change.event_id);
  if (ours.change.event_id === theirs.change.event_id) {
    const joined = [ours.joined, theirs.joined].flatMap((each) => each ?? []).sort((a, b) => compared(a.event_id, b.event_id));
    return { change: ours.change, joined: joined[0] };
  }
  const [oursKnown, theirsKnown] = [isKnown(ours, sides[1]), isKnown(theirs, sides[0])];
  if (oursKnown !== theirsKnown) return oursKnown ? theirs : ours;
  return inTime(ours.change, theirs.change) < 0 ? theirs : ours;
}

/** By when the statement was said, then by arrival; a forgetting was said when it was written, an erasure outlasts all. */
function inTime(a: ChangeEvent, b: ChangeEvent): number {
  const said = (change: ChangeEvent) => ('state' in change ? change.state.said_at : change.event === 'ERASE' ? '~' : change.at);
  return compared(said(a), said(b)) || compared(a.at, b.at) || compared(a.event_id, b.event_id);
}

/**
 * Whether a memory that was joined with another stays so: what became of the other was done in knowledge of that, and
 * the other was not in turn joined with this one elsewhere.
 */
function staysJoined({ joined }: Standing, sides: Sides, standings: Map<string, Standing>): boolean {
  if (!joined) return false;
  const successor = standings.get(successorOf(joined));
  const isKnown = sides.some((side) => side.places.has(joined.event_id) && side.places.has(successor?.change.event_id ?? ''));
  const seen = new Set([joined.memory_id]);
  for (let next: ChangeEvent | undefined = joined; next; next = standings.get(successorOf(next))?.joined) {
    if (seen.has(successorOf(next))) return false;
    seen.add(successorOf(next));
  }
  return isKnown;
}

function successorOf(change: ChangeEvent): string {
  return change.event === 'DELETE' ? (change.successor ?? '') : '';
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
