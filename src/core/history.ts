import { z } from 'zod';
import type { HistoryAnswer, HistoryEvent } from './answers.js';
import { momentArgument } from './arguments.js';
import type { Call, Core, Scope } from './core.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { changeEventNames, type Event, type EventName } from './events.js';
import { defined } from './facts.js';
import { memoryOf, spaceOf } from './lookup.js';
import { eventsOf } from './projection.js';
import { terms } from './ranking/analysis.js';
import type { OpenSpace } from './spaces.js';
import { formatInstant } from './time/instants.js';
import { undisturbed } from './undisturbed.js';

/** What is asked of the history: one memory's life, or the feed. */
export interface HistoryRequest {
  scope: Scope;
  memory_id?: string | undefined;
  query?: string | undefined;
  events?: EventName[] | undefined;
  since?: string | undefined;
  until?: string | undefined;
  agent_id?: string | undefined;
  run_id?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** Serialized bytes of one answer that are never exceeded, but by a single event that is longer on its own. */
const mostBytes = 180_000;
/** Events read at once. */
const step = 200;
/** `after`: number of the last event that was given; `event`: its id, since a merge numbers a log anew. */
const placeSchema = z.object({ after: z.number().int().min(0), event: z.string() });
type PlaceInHistory = z.infer<typeof placeSchema>;

/**
 * One memory's events, oldest first, or those of the space, newest first. Raises KeepsakeErrors memory_not_found,
 * invalid_argument and cursor_invalid.
 */
export async function memoryHistory(core: Core, request: HistoryRequest, { caller }: Call): Promise<HistoryAnswer> {
  const identity = { ...request, limit: undefined, cursor: undefined, caller };
  const place = request.cursor === undefined ? undefined : decodeCursor(request.cursor, placeSchema, identity);
  const { memory_id } = request;
  const open = memory_id === undefined ? core.spaces.open(request.scope[0]) : await spaceOf(core.spaces, request.scope, memory_id);
  const { events, next } = await undisturbed(open, async () => pageOf(core, open, request, place && (await numberOf(open, place))));
  return { events, ...(next ? { next_cursor: encodeCursor(next, identity) } : {}) };
}

/** The events that follow number `after`, as many as one answer may hold, and the last of them if there are more. */
async function pageOf(
  core: Core,
  open: OpenSpace,
  request: HistoryRequest,
  after: number | undefined,
): Promise<{ events: HistoryEvent[]; next?: PlaceInHistory }> {
  const filter = filterOf(core, request);
  const found: HistoryEvent[] = [];
  let bytes = 0;
  let last: PlaceInHistory = { after: 0, event: '' };
  for (const sequences of await numbersAfter(open, request.memory_id, after)) {
    const read = await open.events(sequences);
    const selected = read.filter(filter.selects);
    const textAt = await textsOf(open, selected);
    for (const event of selected.filter((each) => filter.mentions(each, textAt))) {
      const rendered = renderEvent(event, textAt, core.zone);
      bytes += new TextEncoder().encode(JSON.stringify(rendered)).length;
      if (found.length === request.limit || (found.length > 0 && bytes > mostBytes)) return { events: found, next: last };
      found.push(rendered);
      last = { after: event.seq, event: event.event_id };
    }
    // Times never run backwards, so what comes next in the feed is older still.
    if (request.memory_id === undefined && read.some(filter.isBefore)) break;
  }
  return { events: found };
}

/** The number that the last event of the page before has now: its own, or a greater one after a merge. */
async function numberOf(open: OpenSpace, { after, event }: PlaceInHistory): Promise<number> {
  const newest = await open.read(({ projection }) => projection.position.sequence);
  for (let first = after; first <= newest; first += step) {
    const events = await open.events(Array.from({ length: step }, (_, index) => first + index));
    const found = events.find(({ event_id }) => event_id === event);
    if (found) return found.seq;
  }
  return after;
}

/** Numbers of the events that follow `after`, in the order in which they are given, in steps. */
function numbersAfter(open: OpenSpace, memoryId: string | undefined, after: number | undefined): Promise<Iterable<number[]>> {
  return open.read((view) => {
    const { sequence } = view.projection.position;
    // A cursor comes from the caller, and may name a number that has never been given.
    if (memoryId === undefined) return downFrom(Math.min(after === undefined ? sequence : after - 1, sequence));
    return inSteps(eventsOf(memoryOf(view, memoryId)).filter((sequence) => after === undefined || sequence > after));
  });
}

function* inSteps(sequences: number[]): Iterable<number[]> {
  for (let first = 0; first < sequences.length; first += step) yield sequences.slice(first, first + step);
}

function* downFrom(newest: number): Iterable<number[]> {
  for (let first = newest; first > 0; first -= step) yield Array.from({ length: Math.min(step, first) }, (_, index) => first - index);
}

/** The text of a memory at a revision; undefined where it was erased or there was none. */
type TextAt = (memoryId: string, revision: number) => string | undefined;

/** Reads the texts that events speak of without holding them: what was changed, forgotten or confirmed. */
async function textsOf(open: OpenSpace, events: Event[]): Promise<TextAt> {
  const spokenOf = events.flatMap((event) =>
    'memory_id' in event ? [{ id: event.memory_id, revision: 'state' in event ? event.base : event.revision }] : [],
  );
  const sequences = await open.read(({ projection }) =>
    spokenOf.flatMap(({ id, revision }) => projection.memories.get(id)?.revisions[revision - 1] ?? []),
  );
  const states = await open.events([...new Set(sequences)]);
  const texts = new Map(
    states.flatMap((event) =>
      'state' in event && event.state.text !== '' ? [[`${event.memory_id} ${event.revision}`, event.state.text]] : [],
    ),
  );
  return (memoryId, revision) => texts.get(`${memoryId} ${revision}`);
}

/** What a request narrows the events by: all but words can be told from an event alone. */
interface Filter {
  selects: (event: Event) => boolean;
  mentions: (event: Event, textAt: TextAt) => boolean;
  isBefore: (event: Event) => boolean;
}

function filterOf(core: Core, request: HistoryRequest): Filter {
  const { zone } = core;
  const names = new Set<string>(request.events ?? changeEventNames);
  const since = request.since === undefined ? undefined : momentArgument('since', request.since, { zone, edge: 'start' });
  const until = request.until === undefined ? undefined : momentArgument('until', request.until, { zone, edge: 'end' });
  const query = request.query?.trim() ?? '';
  const wanted = [...new Set(terms(query))];
  const isBefore = (event: Event) => since !== undefined && Date.parse(event.at) < since;
  return {
    selects: (event) =>
      names.has(event.event) &&
      (request.memory_id === undefined || ('memory_id' in event && event.memory_id === request.memory_id)) &&
      (request.agent_id === undefined || event.agent_id === request.agent_id) &&
      (request.run_id === undefined || event.run_id === request.run_id) &&
      !isBefore(event) &&
      (until === undefined || Date.parse(event.at) <= until),
    mentions: (event, textAt) => query === '' || mentions(event, textAt, wanted),
    isBefore,
  };
}

/** Whether the words of an event hold every word of the query. */
function mentions(event: Event, textAt: TextAt, wanted: string[]): boolean {
  if (wanted.length === 0) return false;
  const held = new Set(terms(wordsOf(event, textAt).join(' ')));
  return wanted.every((term) => held.has(term));
}

function wordsOf(event: Event, textAt: TextAt): string[] {
  switch (event.event) {
    case 'ADD':
    case 'UPDATE':
    case 'RESTORE':
      return [event.state.text, event.state.subject ?? '', event.reason ?? '', event.source?.text ?? ''];
    case 'DELETE':
    case 'CONFIRM':
    case 'ERASE':
      return [textAt(event.memory_id, event.revision) ?? '', 'reason' in event ? (event.reason ?? '') : ''];
    case 'RECEIVED':
      return event.input.turns.map((turn) => turn.content);
    case 'PROCESSED':
      return (event.skipped ?? []).flatMap((part) => [part.text, part.reason]);
    default:
      event satisfies never;
      return [];
  }
}

function renderEvent(event: Event, textAt: TextAt, zone: string): HistoryEvent {
  const about = 'memory_id' in event ? { memory_id: event.memory_id, revision: event.revision } : {};
  const origin = { client: event.client, agent_id: event.agent_id, run_id: event.run_id };
  const common = {
    event_id: event.event_id,
    call_id: event.call_id,
    at: formatInstant(Date.parse(event.at), zone),
    event: event.event,
    ...about,
  };
  switch (event.event) {
    case 'ADD':
    case 'UPDATE':
    case 'RESTORE': {
      const source = defined({
        ...origin,
        text: event.source ? (event.source.text ?? event.state.text) : undefined,
        role: event.source?.role,
      });
      const previous = event.base > 0 ? textAt(event.memory_id, event.base) : undefined;
      return defined({
        ...common,
        memory: event.state.text,
        previous,
        reason: event.reason,
        source,
        by: event.by && defined(event.by),
      }) as HistoryEvent;
    }
    case 'DELETE':
    case 'ERASE': {
      const source = defined({ ...origin, text: event.source?.text, role: event.source?.role });
      const memory = textAt(event.memory_id, event.revision);
      return defined({ ...common, memory, reason: event.reason, source, by: event.by && defined(event.by) }) as HistoryEvent;
    }
    case 'CONFIRM':
      return defined({ ...common, memory: textAt(event.memory_id, event.revision), source: defined(origin) }) as HistoryEvent;
    case 'RECEIVED':
      return { ...common, source: defined({ ...origin, text: event.input.turns.map((turn) => turn.content).join('\n') || undefined }) };
    case 'PROCESSED':
      return defined({
        ...common,
        reason: event.skipped?.map((part) => `${part.text}: ${part.reason}`).join('; '),
        source: defined(origin),
        by: event.by && defined(event.by),
      }) as HistoryEvent;
    default:
      return event satisfies never;
  }
}
