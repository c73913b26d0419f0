import { isLost, RemoteFailure, unanswered } from './failure.js';
import type { Pending } from './in-flight.js';
import type { Answer, Message, Notification, Request } from './message.js';
import { createPauses, persist } from './persist.js';
import type { Remote } from './remote.js';
import type { Session, Sessions } from './sessions.js';

/** Carries the messages of the revisions up to 2025-11-25, which live in sessions. */
export interface SessionLane {
  /** Carries a request until it is answered. Raises RemoteFailure. */
  carry(pending: Pending): Promise<void>;
  /** Sends what is not answered. Raises RemoteFailure. */
  tell(notification: Notification): Promise<void>;
  /** Sends an answer to the session that has asked, for as long as it lasts. Raises RemoteFailure, or the reason of its end. */
  reply(answer: Answer, asking: Session): Promise<void>;
}

interface LaneOptions {
  remote: Remote;
  sessions: Sessions;
  deliver: (message: Message, session: Session | undefined) => void;
  isRepeatable: (request: Request) => boolean;
}

/** A failure before anything was sent of what is to be carried. Raises it. */
function beforehand(error: unknown): never {
  throw error instanceof RemoteFailure ? new RemoteFailure(error.message, { ...error, mayHaveActed: false }) : error;
}

/** The lane in the sessions with one remote. */
export function createSessionLane({ remote, sessions, deliver, isRepeatable }: LaneOptions): SessionLane {
  /** Sends a request; a stream that breaks is resumed behind its last message. */
  async function attempt(session: Session, pending: Pending): Promise<void> {
    const { request, signal, accept } = pending;
    const { next } = createPauses(signal);
    let last: string | undefined;
    const onMessage = (message: Message) => deliver(message, session);
    const onPosition = (eventId: string) => {
      last = eventId;
    };
    try {
      await sessions.post(session, request, { signal, fresh: !isRepeatable(request), onAccepted: accept, onMessage, onPosition });
    } catch (error) {
      if (last === undefined) throw error;
    }
    while (!pending.isOver) {
      if (last === undefined) throw unanswered(remote.place);
      await next();
      try {
        await persist(() => sessions.resume(session, last, { signal, onMessage, onPosition }), { mayRepeat: () => true, signal });
      } catch (error) {
        if (isLost(error, session)) sessions.leave(session);
        throw error instanceof RemoteFailure ? unanswered(remote.place) : error;
      }
    }
  }

  async function inSession(work: (session: Session) => Promise<void>): Promise<void> {
    const session = await sessions.open().catch(beforehand);
    try {
      await work(session);
    } catch (error) {
      if (!isLost(error, session)) throw error;
      sessions.leave(session);
      throw new RemoteFailure(`The Keepsake at ${remote.place.shown} has ended the session.`, { passing: true });
    }
  }

  function noteSubscription({ request: { method, params }, answer }: Pending): void {
    const uri = params?.uri;
    if (typeof uri !== 'string' || !answer || !('result' in answer)) return;
    if (method === 'resources/subscribe') sessions.subscribed.add(uri);
    if (method === 'resources/unsubscribe') sessions.subscribed.delete(uri);
  }

  return {
    async carry(pending) {
      const { request, signal } = pending;
      if (request.method === 'initialize') return deliver(await sessions.greet(pending), undefined);
      const mayRepeat = (failure: RemoteFailure) => !failure.mayHaveActed || isRepeatable(request);
      await persist(() => inSession((session) => attempt(session, pending)), { mayRepeat, signal });
      noteSubscription(pending);
    },
    async tell(notification) {
      if (notification.method === 'notifications/initialized') return sessions.confirm();
      await inSession((session) => sessions.post(session, notification));
    },
    async reply(answer, asking) {
      const send = () =>
        inSession(async (session) => {
          if (asking === session) await sessions.post(session, answer);
        });
      // A call waits for it, and whoever has it already passes over a second one.
      await persist(send, { mayRepeat: () => true, signal: asking.ended.signal });
    },
  };
}
