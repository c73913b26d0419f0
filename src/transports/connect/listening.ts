import type { Logger } from '../../core/ports.js';
import { isLost, RemoteFailure } from './failure.js';
import { type Message, updated } from './message.js';
import { createPauses } from './persist.js';
import type { Session, Sessions, SessionsOptions } from './sessions.js';

/** What is listened with. */
export interface ListeningOptions extends Pick<Sessions, 'open' | 'leave' | 'resume' | 'subscribed'>, Pick<SessionsOptions, 'deliver'> {
  /** Raised when the client is gone. */
  closing: AbortSignal;
  logger: Logger;
}

/** Hears what the remote says outside of any answer, for as long as a session is the current one. */
export type Listen = (
  session: Session,
  /** Whether there may have been changes of what is subscribed to before anybody listened. */
  mayHaveMissed: boolean,
) => Promise<void>;

/** Makes what listens to one remote. */
export function createListening({ open, leave, resume, subscribed, deliver, closing, logger }: ListeningOptions): Listen {
  async function listen(session: Session, mayHaveMissed: boolean): Promise<void> {
    const signal = AbortSignal.any([session.ended.signal, closing]);
    const { next, reset } = createPauses(signal);
    let last: string | undefined;
    const onMessage = (message: Message) => deliver(message, session);
    const onPosition = (eventId: string) => {
      last = eventId;
    };
    for (let isAgain = mayHaveMissed; !signal.aborted; isAgain = true) {
      const onAccepted = () => {
        reset();
        // Nothing says where the remote should go on.
        if (isAgain && last === undefined) for (const uri of subscribed) deliver(updated(uri), session);
      };
      try {
        await resume(session, last, { signal, onAccepted, onMessage, onPosition });
        await next();
      } catch (error) {
        if (!(error instanceof RemoteFailure) || error.status === 405) return;
        logger.debug('the stream of the remote broke', { reason: error.message });
        if (isLost(error, session)) return revive(session);
        if (error.status === 400) last = undefined;
        await next().catch(() => undefined);
      }
    }
  }

  /** Opens a session anew for what was subscribed to, however long that takes. */
  async function revive(session: Session): Promise<void> {
    leave(session);
    const { next } = createPauses(closing);
    while (!closing.aborted) {
      try {
        await open();
        return;
      } catch (error) {
        if (!(error instanceof RemoteFailure)) return;
        logger.debug('no session can be opened at the remote yet', { reason: error.message });
        await next().catch(() => undefined);
      }
    }
  }

  return listen;
}
