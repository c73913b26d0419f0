import type { HistoryEvent, RecalledMemory } from '../../core/answers.js';
import type { EventName } from '../../core/events.js';
import type { SpaceRequest } from '../api.js';
import type { Api } from './api.js';

/** What is shown of a memory's life: its changes, and who said it again. */
const shownEvents: EventName[] = ['ADD', 'UPDATE', 'DELETE', 'RESTORE', 'ERASE', 'CONFIRM'];
/** Pages of 200 events that are read of one life. */
const mostPages = 10;

/** What happened to a memory. */
export interface Life {
  /** Oldest first; of a very long life the first 2,000. */
  events: HistoryEvent[];
  isWhole: boolean;
}

/** Asks for a memory's life. Raises ApiError. */
export async function lifeOf(api: Api, memory: { id: string; space: SpaceRequest }, signal: AbortSignal): Promise<Life> {
  const request = { ...memory.space, memory_id: memory.id, events: shownEvents, limit: 200 };
  const events: HistoryEvent[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const answer = await api.call('memory_history', { ...request, cursor }, signal);
    events.push(...answer.events);
    cursor = answer.next_cursor;
    if (cursor === undefined) break;
  }
  return { events, isWhole: cursor === undefined };
}

/** What its history says of a memory: whether it is held, and its last words. */
export interface Standing {
  status: 'live' | 'forgotten' | 'erased';
  /** The revision that is current, or was when it ended; 0 where nothing is known. */
  revision: number;
  /** Empty where they are erased. */
  text: string;
}

/** What a life has come to. */
export function standingOf(events: readonly HistoryEvent[]): Standing {
  const changes = events.filter(({ event }) => event !== 'CONFIRM');
  const last = changes.at(-1);
  const status = last?.event === 'DELETE' ? 'forgotten' : last?.event === 'ERASE' ? 'erased' : 'live';
  return { status, revision: last?.revision ?? 0, text: status === 'erased' ? '' : (last?.memory ?? '') };
}

/** What is known of a memory whose life was not read to its end: what recall gives, if it gives it whole. */
export function standingNow(memory: RecalledMemory | undefined): Standing | undefined {
  return memory && !memory.truncated ? { status: 'live', revision: memory.revision, text: memory.memory } : undefined;
}

/** Memories that are forgotten by now, of a feed of endings and returns, newest first: what ended and did not come back since. */
export function forgottenIn(events: readonly HistoryEvent[]): HistoryEvent[] {
  const seen = new Set<string>();
  return events.filter(({ memory_id, event }) => {
    if (memory_id === undefined || seen.has(memory_id)) return false;
    seen.add(memory_id);
    return event === 'DELETE';
  });
}
