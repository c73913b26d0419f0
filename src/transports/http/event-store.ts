import type { EventStore } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isJSONRPCErrorResponse, isJSONRPCResultResponse, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { HttpLimits } from './limits.js';

/** What a session has sent lately, for a client that lost its connection. */
export interface SentEvents extends EventStore {
  /** Whether an event, and so all that followed it on its stream, is still there. */
  holds(eventId: string): boolean;
  /**
   * What came after an event on its stream, if the answer which ends that stream is among it; a client then needs no
   * more of it. Undefined where more may come, or the event is not known any more.
   */
  restOf(eventId: string): { eventId: string; message: string }[] | undefined;
  /** Lets everything go. */
  close(): void;
}

interface Kept {
  eventId: string;
  streamId: string;
  /** As JSON; empty for the event that only gives the client an id to come back with. */
  message: string;
  /** Whether it answers the request that opened the stream. */
  ends: boolean;
  drop(): void;
}

/**
 * Keeps what sessions have sent, in memory and within bounds, the newest of all sessions. An event whose successors are
 * kept but which is itself gone is unknown: a stream is never replayed with a gap.
 */
export function createSentEvents({ replaySize, replaySizeOfOne }: Pick<HttpLimits, 'replaySize' | 'replaySizeOfOne'>): () => SentEvents {
  // In order of their arrival, over all sessions.
  const all = new Set<Kept>();
  let total = 0;

  return () => {
    const own = new Map<string, Kept>();
    let size = 0;
    let count = 0;

    function keep(streamId: string, message: JSONRPCMessage): string {
      count += 1;
      const eventId = `${streamId}/${count}`;
      const isPriming = Object.keys(message).length === 0;
      const text = isPriming ? '' : JSON.stringify(message);
      // An id and the bookkeeping take room, too.
      const weight = text.length + 200;
      const kept: Kept = {
        eventId,
        streamId,
        message: text,
        ends: isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message),
        drop() {
          if (!own.delete(eventId)) return;
          all.delete(kept);
          size -= weight;
          total -= weight;
        },
      };
      own.set(eventId, kept);
      all.add(kept);
      size += weight;
      total += weight;
      while (size > replaySizeOfOne && own.size > 1) own.values().next().value?.drop();
      while (total > replaySize && all.size > 1) all.values().next().value?.drop();
      return eventId;
    }

    function after(eventId: string): Kept[] | undefined {
      const from = own.get(eventId);
      if (!from) return undefined;
      const stream = [...own.values()].filter(({ streamId }) => streamId === from.streamId);
      return stream.slice(stream.indexOf(from) + 1);
    }

    return {
      storeEvent: async (streamId, message) => keep(streamId, message),
      // Without getStreamIdForEventId, which is optional, whoever comes back takes its stream over from a connection that
      // may be dead without the server having noticed.
      holds: (eventId) => own.has(eventId),
      async replayEventsAfter(eventId, { send }) {
        for (const kept of after(eventId) ?? []) if (kept.message !== '') await send(kept.eventId, JSON.parse(kept.message));
        return own.get(eventId)?.streamId ?? '';
      },
      restOf(eventId) {
        const rest = after(eventId);
        return rest?.some(({ ends }) => ends) || own.get(eventId)?.ends ? rest : undefined;
      },
      close() {
        for (const kept of [...own.values()]) kept.drop();
      },
    };
  };
}
