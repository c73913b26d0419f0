import type { ServerResponse } from 'node:http';
import type { Principal } from '../../core/principal.js';
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
}

/** Room for sessions, shared by the transports. */
export interface SessionRoom {
  /** Whether one principal has as many sessions as it may. */
  isFullFor(principal: Principal): boolean;
  take(principal: Principal): void;
  free(principal: Principal): void;
}

/** So many sessions in all, and of one principal unless it speaks for many. */
export function createSessionRoom({ sessions, sessionsOfOne }: Pick<HttpLimits, 'sessions' | 'sessionsOfOne'>): SessionRoom {
  const taken = new Map<string, number>();
  let total = 0;
  const isFullFor = ({ id, anyUser }: Principal) => !anyUser && (taken.get(id) ?? 0) >= sessionsOfOne;
  return {
    isFullFor,
    take(principal) {
      const own = taken.get(principal.id) ?? 0;
      const later = { 'Retry-After': '60' };
      if (total >= sessions) throw new Refusal(503, 'The server has no room for another session; try again later.', later);
      if (isFullFor(principal))
        throw new Refusal(503, `This caller uses ${own} sessions at once, which is the most; end some with DELETE, or try again later.`, later);
      taken.set(principal.id, own + 1);
      total += 1;
    },
    free({ id }) {
      const own = taken.get(id) ?? 0;
      if (own > 1) taken.set(id, own - 1);
      else taken.delete(id);
      total -= 1;
    },
  };
}

/** Keeps the sessions of one transport, and ends with `end` those that nobody has used for long. */
export function createSessions<Handle>(options: {
  room: SessionRoom;
  limits: Pick<HttpLimits, 'sessionIdle' | 'reapEvery'>;
  end: (handle: Handle) => Promise<void>;
}): Sessions<Handle> {
  const { room, limits, end } = options;
  const entries = new Map<string, Entry<Handle>>();

  function remove(id: string): void {
    const entry = entries.get(id);
    if (entry && entries.delete(id)) room.free(entry.peer.principal);
  }

  async function endAll(those: Entry<Handle>[]): Promise<void> {
    for (const { id } of those) remove(id);
    await Promise.all(those.map(({ handle }) => end(handle)));
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
      room.take(peer.principal);
      try {
        const entry = { id, peer, handle: make(), open: 0, lastUsed: Date.now() };
        entries.set(id, entry);
        return entry;
      } catch (error) {
        room.free(peer.principal);
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
      if (project !== undefined) peer.project = project;
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
