import { z } from 'zod';
import type { HistoryAnswer, HistoryEvent } from './answers.js';
import { momentArgument } from './arguments.js';
import type { Call, Core, Scope } from './core.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { changeEventNames, type Event, type EventName } from './events.js';
import { defined } from './facts.js';
import { memoryOf, spaceOf } from './lookup.js';
import type { Projection } from './projection.js';
import { terms } from './ranking/analysis.js';
import { formatInstant } from './time/instants.js';

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
const placeSchema = z.object({ after: z.number().int() });

/**
 * One memory's events, oldest first, or those of the space, newest first. Raises KeepsakeErrors memory_not_found,
 * invalid_argument and cursor_invalid.
 */
export async function memoryHistory(core: Core, request: HistoryRequest, _call: Call): Promise<HistoryAnswer> {
  const identity = { ...request, limit: undefined, cursor: undefined };
  const place = request.cursor === undefined ? undefined : decodeCursor(request.cursor, placeSchema, identity);
  const { memory_id } = request;
  const open = memory_id === undefined ? core.spaces.open(request.scope[0]) : await spaceOf(core.spaces, request.scope, memory_id);
  const passes = filterOf(core, request);
  return open.read(({ projection, lexical }) => {
    if (memory_id !== undefined) memoryOf({ projection, lexical }, memory_id);
    const inOrder = memory_id === undefined ? projection.events.toReversed() : projection.events;
    const isNext = (event: Event) => !place || (memory_id === undefined ? event.seq < place.after : event.seq > place.after);
    const all = inOrder.filter((event) => isNext(event) && passes(event, projection));
    const events: HistoryEvent[] = [];
    let bytes = 0;
    for (const event of all.slice(0, request.limit)) {
      const rendered = renderEvent(event, projection, core.zone);
      bytes += new TextEncoder().encode(JSON.stringify(rendered)).length;
      if (events.length > 0 && bytes > mostBytes) break;
      events.push(rendered);
    }
    const last = all[events.length - 1];
    return events.length < all.length && last ? { events, next_cursor: encodeCursor({ after: last.seq }, identity) } : { events };
  });
}

function filterOf(core: Core, request: HistoryRequest): (event: Event, projection: Projection) => boolean {
  const { zone } = core;
  const names = new Set<string>(request.events ?? changeEventNames);
  const since = request.since === undefined ? undefined : momentArgument('since', request.since, { zone, edge: 'start' });
  const until = request.until === undefined ? undefined : momentArgument('until', request.until, { zone, edge: 'end' });
  const query = request.query?.trim() ?? '';
  const wanted = [...new Set(terms(query))];
  return (event, projection) => {
    const at = Date.parse(event.at);
    return (
      names.has(event.event) &&
      (request.memory_id === undefined || ('memory_id' in event && event.memory_id === request.memory_id)) &&
      (request.agent_id === undefined || event.agent_id === request.agent_id) &&
      (request.run_id === undefined || event.run_id === request.run_id) &&
      (since === undefined || at >= since) &&
      (until === undefined || at <= until) &&
      (query === '' || mentions(event, projection, wanted))
    );
  };
}

/** Whether the words of an event hold every word of the query. */
function mentions(event: Event, projection: Projection, wanted: string[]): boolean {
  if (wanted.length === 0) return false;
  const held = new Set(terms(wordsOf(event, projection).join(' ')));
  return wanted.every((term) => held.has(term));
}

function wordsOf(event: Event, projection: Projection): string[] {
  switch (event.event) {
    case 'ADD':
    case 'UPDATE':
    case 'RESTORE':
      return [event.state.text, event.state.subject ?? '', event.reason ?? '', event.source?.text ?? ''];
    case 'DELETE':
    case 'CONFIRM':
    case 'ERASE':
      return [textAt(projection, event.memory_id, event.revision) ?? '', 'reason' in event ? (event.reason ?? '') : ''];
    case 'RECEIVED':
      return event.input.turns.map((turn) => turn.content);
    case 'PROCESSED':
      return (event.skipped ?? []).flatMap((part) => [part.text, part.reason]);
    default:
      event satisfies never;
      return [];
  }
}

function textAt(projection: Projection, memoryId: string, revision: number): string | undefined {
  return projection.memories.get(memoryId)?.states.get(revision)?.text;
}

function renderEvent(event: Event, projection: Projection, zone: string): HistoryEvent {
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
      const previous = event.base > 0 ? textAt(projection, event.memory_id, event.base) : undefined;
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
      const memory = textAt(projection, event.memory_id, event.revision);
      return defined({ ...common, memory, reason: event.reason, source, by: event.by && defined(event.by) }) as HistoryEvent;
    }
    case 'CONFIRM':
      return defined({ ...common, memory: textAt(projection, event.memory_id, event.revision), source: defined(origin) }) as HistoryEvent;
    case 'RECEIVED':
      return { ...common, source: defined({ ...origin, text: event.input.turns.map((turn) => turn.content).join('\n') }) };
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
