import { type Answer, cancelledId, type Message, type Notification, type Params, type Request } from './message.js';
import type { Session } from './sessions.js';

type Asker = { session: Session; id: string | number } | { hear: (answer: Answer) => void };

/** What is asked of the client, by the remote and by the forwarder itself. */
export interface Asked {
  /** Hands a request of the remote on. */
  pass(request: Request, session: Session): void;
  /** A notification of the remote with the id that the client knows of what it takes back. */
  renamed(notification: Notification, session: Session): Notification;
  /** Asks the client; undefined if it has not answered within so many milliseconds. */
  ask(method: string, limit: number): Promise<Answer | undefined>;
  /** The answer as the remote knows it, and the session that it belongs to; undefined for what the remote has not asked. */
  reply(answer: Answer): { answer: Answer; session: Session } | undefined;
}

/** Gives each request to the client an id of its own: those of the remote begin anew with each session. */
export function createAsked(write: (message: Message) => void): Asked {
  const askers = new Map<string | number, Asker>();
  /** Sessions whose end takes back what they have asked. */
  const followed = new WeakSet<Session>();
  let last = 0;

  function note(asker: Asker): number {
    last += 1;
    askers.set(last, asker);
    return last;
  }

  function takeBackAll(session: Session): void {
    const reason = 'the remote no longer waits for it';
    for (const [id, asker] of [...askers]) {
      if (!('session' in asker) || asker.session !== session) continue;
      askers.delete(id);
      write({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id, reason } });
    }
  }

  function follow(session: Session): void {
    if (followed.has(session)) return;
    followed.add(session);
    session.ended.signal.addEventListener('abort', () => takeBackAll(session), { once: true });
  }

  return {
    pass(request, session) {
      follow(session);
      write({ ...request, id: note({ session, id: request.id }) });
    },
    renamed(notification, session) {
      const theirs = notification.method === 'notifications/cancelled' ? cancelledId(notification) : undefined;
      if (theirs === undefined) return notification;
      const found = [...askers].find(([, asker]) => 'session' in asker && asker.session === session && asker.id === theirs);
      if (!found) return notification;
      askers.delete(found[0]);
      return { ...notification, params: { ...notification.params, requestId: found[0] } satisfies Params };
    },
    ask(method, limit) {
      return new Promise((resolve) => {
        const late = setTimeout(() => {
          askers.delete(id);
          resolve(undefined);
        }, limit).unref();
        const id = note({
          hear(answer) {
            clearTimeout(late);
            resolve(answer);
          },
        });
        write({ jsonrpc: '2.0', id, method });
      });
    },
    reply(answer) {
      const asker = askers.get(answer.id);
      askers.delete(answer.id);
      if (!asker) return undefined;
      if ('session' in asker) return { answer: { ...answer, id: asker.id }, session: asker.session };
      asker.hear(answer);
      return undefined;
    },
  };
}
