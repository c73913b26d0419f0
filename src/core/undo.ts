import { allEvents } from './all-events.js';
import { canonical } from './canonical.js';
import type { Call, Core } from './core.js';
import { KeepsakeError, messageOf } from './errors.js';
import { type ChangeEvent, type Event, type EventDraft, type EventName, eventNames, isChange, type MemoryState } from './events.js';
import type { Space } from './ports.js';
import { isLive, type Memory, type Projection, statementOf } from './projection.js';
import { retiredReason, retirements } from './reflection/retirement.js';
import { originOf } from './remember.js';
import type { OpenSpace, Outcome } from './spaces.js';

/** A change that was taken back, and by which event. */
export interface Undone {
  space: Space;
  id: string;
  event: 'DELETE' | 'RESTORE';
  /** The text that is gone, or is back. */
  memory: string;
  revision: number;
}

/** A change of the call that stands, and why. */
export interface Left {
  space: Space;
  id?: string;
  event: EventName;
  reason: string;
  /** The call that changed the memory since. */
  call_id?: string;
}

/** What became of the changes of a call. */
export interface UndoAnswer {
  /** The call that is undone. */
  undone_call: string;
  /** The call that undid it, which can be undone in turn. */
  call_id: string;
  undone: Undone[];
  left: Left[];
}

/** Whether an event is of the call that is undone. */
type IsOf = (event: Event) => boolean;

const undoOf = (callId: string) => `undo of ${callId}`;

/**
 * Takes back what one call changed, in every space: each memory is again as it was before, by events of this call,
 * unless another call has changed it since or the statement is held by another memory by now. Raises invalid_argument
 * where no event is of that call, or else what kept a space from being searched for it.
 */
export async function undo(core: Core, callId: string, call: Call): Promise<UndoAnswer> {
  const answer: UndoAnswer = { undone_call: callId, call_id: call.id, undone: [], left: [] };
  const brought = await core.imports?.broughtBy(callId);
  const isOf: IsOf = ({ call_id, event_id }) => call_id === callId || brought?.has(event_id) === true;
  const { found, failures } = await search(core, isOf);
  if (found.length === 0 && failures.length > 0) throw failures[0];
  if (found.length === 0)
    throw new KeepsakeError('invalid_argument', `No call ${callId} has left an event in this home; memory_history names the call of each.`);
  for (const { open, events } of found) {
    const { settled, past } = histories(open.space, events, isOf);
    answer.left.push(...settled);
    if (past.length === 0) continue;
    const { undone, left } = await open.commit(originOf(call), ({ projection }) =>
      takeBack(projection, past, { callId, isOf, now: core.clock.now() }),
    );
    answer.undone.push(...undone);
    answer.left.push(...left);
  }
  return answer;
}

/** The spaces in which a call left events; those that cannot be read keep none of the others from being found. */
async function search(core: Core, isOf: IsOf): Promise<{ found: { open: OpenSpace; events: Event[] }[]; failures: unknown[] }> {
  const found: { open: OpenSpace; events: Event[] }[] = [];
  const failures: unknown[] = [];
  for (const space of await core.spaces.known()) {
    const open = core.spaces.open(space);
    try {
      const events = await eventsAround(open, isOf);
      if (events.length > 0) found.push({ open, events });
    } catch (error) {
      core.logger.warn('a space could not be searched', { space, reason: messageOf(error) });
      failures.push(error);
    }
  }
  return { found, failures };
}

/** The events of a call, and all of the memories that it changed, in order. */
async function eventsAround(open: OpenSpace, isOf: IsOf): Promise<Event[]> {
  const events = await allEvents(open);
  const changed = new Set(events.flatMap((event) => (isOf(event) && isChange(event) ? [event.memory_id] : [])));
  return events.filter((event) => isOf(event) || (isChange(event) && changed.has(event.memory_id)));
}

/** What a memory was before a call, and is since. */
interface Past {
  space: Space;
  id: string;
  /** The change of the call that is to be taken back. */
  change: ChangeEvent;
  last: ChangeEvent;
  /** The revision to return to; absent where the memory was forgotten or not there. */
  before: Revision | undefined;
  /** The revision under which it was forgotten before; absent where it was not. */
  forgotten: Revision | undefined;
}

interface Revision {
  revision: number;
  state: MemoryState;
}

function histories(space: Space, events: Event[], isOf: IsOf): { settled: Left[]; past: Past[] } {
  const processed = new Set(events.flatMap((event) => (event.event === 'PROCESSED' ? [event.input_id] : [])));
  const settled = events.flatMap((event): Left[] => {
    if (!isOf(event)) return [];
    if (event.event === 'ERASE') return [{ space, id: event.memory_id, event: 'ERASE', reason: 'what is erased cannot come back' }];
    if (event.event === 'CONFIRM') return [{ space, id: event.memory_id, event: 'CONFIRM', reason: 'that it was said again stays noted' }];
    if (!eventNames.includes(event.event)) return [{ space, event: event.event, reason: 'a newer Keepsake wrote it, and can undo it' }];
    if (event.event === 'RECEIVED' && !processed.has(event.event_id))
      return [{ space, event: 'RECEIVED', reason: 'the input still waits for its model; undo the call again once something came of it' }];
    return [];
  });
  const byMemory = new Map<string, ChangeEvent[]>();
  for (const event of events.filter(isChange)) byMemory.set(event.memory_id, [...(byMemory.get(event.memory_id) ?? []), event]);
  const past = [...byMemory].flatMap(([id, changes]): Past[] => {
    const [change, last] = [changes.find(isOf), changes.at(-1)];
    if (!change || !last || changes.some((event) => event.event === 'ERASE' && isOf(event))) return [];
    return [{ space, id, change, last, ...standing(changes.filter((event) => !isOf(event))) }];
  });
  return { settled, past };
}

/** The newest revision after some changes of one memory: one that is live, or one that was forgotten. */
function standing(changes: ChangeEvent[]): Pick<Past, 'before' | 'forgotten'> {
  const newest = changes.findLast((event) => 'state' in event);
  const revision = newest && { revision: newest.revision, state: newest.state };
  const isLive = newest !== undefined && newest === changes.at(-1);
  return { before: isLive ? revision : undefined, forgotten: isLive ? undefined : revision };
}

function takeBack(
  projection: Projection,
  past: Past[],
  { callId, isOf, now }: { callId: string; isOf: IsOf; now: number },
): Outcome<{ undone: Undone[]; left: Left[] }> {
  const left: Left[] = [];
  const open = new Map<string, Past>();
  for (const each of past) {
    const reason = whyNot(projection.memories.get(each.id), each, { callId, isOf });
    if (reason) left.push({ space: each.space, id: each.id, event: each.change.event, ...reason });
    else open.set(each.id, each);
  }
  // What stays as it is may hold a statement that another was to return to, which then stays, too.
  const rivals = rivalsOf(projection, { open, now });
  for (let doubled: Past[]; ; ) {
    doubled = [...open.values()].filter((each) => {
      const other = rivals(each);
      if (other !== undefined)
        left.push({ space: each.space, id: each.id, event: each.change.event, reason: `the same statement is remembered as ${other}` });
      return other !== undefined;
    });
    for (const { id } of doubled) open.delete(id);
    if (doubled.length === 0) break;
  }
  const inverses = () =>
    [...open.values()].flatMap((each) => {
      const memory = projection.memories.get(each.id);
      return memory ? [inverse(memory, each, undoOf(callId))] : [];
    });
  const draftsOf = (pairs: ReturnType<typeof inverses>) => pairs.flatMap(({ drafts }) => drafts);
  // An insight comes back only with all that it was derived from.
  for (const { memory_id: id } of retirements(projection, draftsOf(inverses()))) {
    const each = open.get(id);
    if (each && open.delete(id)) left.push({ space: each.space, id, event: each.change.event, reason: retiredReason });
  }
  const pairs = inverses();
  return { drafts: draftsOf(pairs), answer: { undone: pairs.map(({ undone }) => undone), left } };
}

/** Why a memory cannot return to what it was; undefined where it can. */
function whyNot(
  memory: Memory | undefined,
  { change, last, before }: Past,
  { callId, isOf }: { callId: string; isOf: IsOf },
): Pick<Left, 'reason' | 'call_id'> | undefined {
  if (!memory || memory.status === 'erased') return { reason: 'the memory was erased since', call_id: last.call_id };
  if ('reason' in last && last.reason === undoOf(callId))
    return { reason: `undone already by call ${last.call_id}`, call_id: last.call_id };
  if (!isOf(last)) return { reason: `changed since by call ${last.call_id}`, call_id: last.call_id };
  if (memory.changed !== last.seq) return { reason: 'changed at this moment by another call' };
  // A call that forgot what it had itself added leaves nothing to take back.
  if (!before && memory.status !== 'live') return { reason: `the same call took its ${change.event} back` };
  return undefined;
}

/**
 * Finds the memory that keeps another from returning to its statement: a live one that stays as it is, or that returns
 * to it first. Reads each memory once, since a call may have changed thousands; `open` may shrink afterwards.
 */
function rivalsOf(projection: Projection, { open, now }: { open: Map<string, Past>; now: number }): (past: Past) => string | undefined {
  const returning = new Map<string, Set<string>>();
  const statementBefore = ({ before }: Past) => (before ? statementOf(before.state) : undefined);
  for (const past of open.values()) {
    const statement = statementBefore(past);
    if (statement !== undefined) returning.set(statement, (returning.get(statement) ?? new Set()).add(past.id));
  }
  const holding = new Map<string, string[]>();
  if (returning.size > 0) {
    for (const memory of projection.memories.values()) {
      const statement = isLive(memory, now) ? statementOf(memory.state) : undefined;
      if (statement !== undefined && returning.has(statement)) holding.set(statement, [...(holding.get(statement) ?? []), memory.id]);
    }
  }
  return (past) => {
    const statement = statementBefore(past) ?? '';
    const first = [...(returning.get(statement) ?? [])].find((id) => id < past.id && open.has(id));
    return first ?? holding.get(statement)?.find((id) => id !== past.id && !open.has(id));
  };
}

/** The events that make a memory what it was: one, or two where it was forgotten with another state than it has now. */
function inverse(memory: Memory, { space, id, before, forgotten }: Past, reason: string): { drafts: EventDraft[]; undone: Undone } {
  const { revision, state } = memory;
  const returnTo = ({ revision: restored, state: earlier }: Revision): EventDraft => ({
    event: 'RESTORE',
    memory_id: id,
    revision: revision + 1,
    base: revision,
    restored,
    state: earlier,
    reason,
  });
  const forget = (at: number): EventDraft => ({ event: 'DELETE', memory_id: id, revision: at, base: at, reason });
  if (before)
    return { drafts: [returnTo(before)], undone: { space, id, event: 'RESTORE', memory: before.state.text, revision: revision + 1 } };
  const reworded = forgotten && canonical(forgotten.state) !== canonical(state) ? forgotten : undefined;
  const last = reworded ? revision + 1 : revision;
  return {
    drafts: [...(reworded ? [returnTo(reworded)] : []), forget(last)],
    undone: { space, id, event: 'DELETE', memory: state.text, revision: last },
  };
}
