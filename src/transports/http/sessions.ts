import type { ServerResponse } from 'node:http';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/ports.js';
import type { Principal } from '../../core/principal.js';
import { createTally } from '../../core/tally.js';
import type { HttpLimits } from './limits.js';
import type { Peer } from './options.js';
import { errorNumbers, Refusal } from './refusal.js';

/** One connection of the protocol over many requests, bound to the caller that opened it. */
export interface Session<Handle> {
  /** Unguessable, but no proof of who sends it. */
  readonly id: string;
  readonly peer: Peer;
  readonly handle: Handle;
}

/** The sessions of one transport. */
export interface Sessions<Handle> {
  count(): number;
  /**
   * Makes a session, in place of the one that its caller has not used for longest where it has as many as it may.
   * Raises Refusal 503 where all of these are in use, or the server has no room.
   */
  open(id: string, peer: Peer, make: () => Handle): Session<Handle>;
  /** The caller's session of this id. Raises Refusal 400 without an id, and 404, whether there is no such one or it is another's. */
  find(id: string | undefined, principal: Principal): Session<Handle>;
  /** The session is not idle before a response has ended; it takes the rights and the project that its caller has now. */
  use(session: Session<Handle>, peer: Peer, response: ServerResponse): void;
  /** Frees the room of a session that has ended. */
  remove(id: string): void;
  /** Ends all. */
  close(): Promise<void>;
}

interface Entry<Handle> extends Session<Handle> {
  open: number;
  lastUsed: number;
  /** Gives back its room. */
  free: () => void;
}

/** Room for sessions, shared by the transports. */
export interface SessionRoom {
  /** Whether one principal has as many sessions as it may. */
  isFullFor(principal: Principal): boolean;
  /** Takes the room of one, until the returned function is called. Raises Refusal 503 where there is none. */
  take(principal: Principal): () => void;
}

/** So many sessions in all, and of one principal unless it speaks for many. */
export function createSessionRoom({ sessions, sessionsOfOne }: Pick<HttpLimits, 'sessions' | 'sessionsOfOne'>): SessionRoom {
  const taken = createTally();
  const isFullFor = ({ id, anyUser }: Principal) => !anyUser && taken.of(id) >= sessionsOfOne;
  return {
    isFullFor,
    take(principal) {
      const later = { 'Retry-After': '60' };
      if (taken.total >= sessions) throw new Refusal(503, 'The server has no room for another session; try again later.', later);
      if (isFullFor(principal))
        throw new Refusal(
          503,
          `This caller uses ${taken.of(principal.id)} sessions at once, which is the most; end some with DELETE, or try again later.`,
          later,
        );
      return taken.add(principal.id);
    },
  };
}

/** Keeps the sessions of one transport, and ends with `end` those that nobody has used for long. */
export function createSessions<Handle>(options: {
  room: SessionRoom;
  limits: Pick<HttpLimits, 'sessionIdle' | 'reapEvery'>;
  end: (handle: Handle) => Promise<void>;
  logger: Logger;
}): Sessions<Handle> {
  const { room, limits, end, logger } = options;
  const entries = new Map<string, Entry<Handle>>();

  function remove(id: string): void {
    entries.get(id)?.free();
    entries.delete(id);
  }

  async function endOne({ handle }: Entry<Handle>): Promise<void> {
    try {
      await end(handle);
    } catch (error) {
      logger.warn('a session did not end as it should', { reason: messageOf(error) });
    }
  }

  /** Raises nothing: one that fails must not keep the others. */
  async function endAll(those: Entry<Handle>[]): Promise<void> {
    for (const { id } of those) remove(id);
    await Promise.all(those.map(endOne));
  }

  /** Clients often leave without a word: what they left must not keep them from coming back. */
  function endIdlestOf({ id }: Principal): void {
    const idle = [...entries.values()].filter(({ open, peer }) => open === 0 && peer.principal.id === id);
    const [idlest] = idle.sort((a, b) => a.lastUsed - b.lastUsed);
    if (idlest) void endAll([idlest]);
  }

  const reaper = setInterval(() => {
    const since = Date.now() - limits.sessionIdle;
    void endAll([...entries.values()].filter(({ open, lastUsed }) => open === 0 && lastUsed < since));
  }, limits.reapEvery).unref();

  return {
    count: () => entries.size,
    open(id, peer, make) {
      if (room.isFullFor(peer.principal)) endIdlestOf(peer.principal);
      const free = room.take(peer.principal);
      try {
        const entry = { id, peer, handle: make(), open: 0, lastUsed: Date.now(), free };
        entries.set(id, entry);
        return entry;
      } catch (error) {
        free();
        throw error;
      }
    },
    find(id, principal) {
      if (id === undefined) throw new Refusal(400, 'This request needs the id of a session; begin one with initialize.');
      const entry = entries.get(id);
      if (entry && entry.peer.principal.id === principal.id) return entry;
      throw new Refusal(404, 'There is no such session; begin a new one with initialize.', {}, { code: errorNumbers.noSession });
    },
    use({ id, peer }, { principal, project }, response) {
      const entry = entries.get(id);
      if (!entry) return;
      Object.assign(peer.principal, principal);
      peer.project = project;
      entry.open += 1;
      response.once('close', () => {
        entry.open -= 1;
        entry.lastUsed = Date.now();
      });
    },
    remove,
    async close() {
      clearInterval(reaper);
      await endAll([...entries.values()]);
    },
  };
}
