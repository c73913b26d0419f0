import type { Logger } from '../../core/ports.js';
import { isLost, RemoteFailure } from './failure.js';
import type { Message } from './message.js';
import { createPauses } from './persist.js';
import type { Session, Sessions, SessionsOptions } from './sessions.js';

/** What is listened with. */
export interface ListeningOptions extends Pick<Sessions, 'open' | 'leave' | 'resume'>, Pick<SessionsOptions, 'deliver'> {
  /** Raised when the client is gone. */
  closing: AbortSignal;
  logger: Logger;
}

/** Makes what hears the remote outside of any answer, for as long as a session is the current one. */
export function createListening({ open, leave, resume, deliver, closing, logger }: ListeningOptions): (session: Session) => Promise<void> {
  async function listen(session: Session): Promise<void> {
    const signal = AbortSignal.any([session.ended.signal, closing]);
    const { next, reset } = createPauses(signal);
    let last: string | undefined;
    const onMessage = (message: Message) => deliver(message, session);
    const onPosition = (eventId: string) => {
      last = eventId;
    };
    while (!signal.aborted) {
      try {
        await resume(session, last, { signal, onAccepted: reset, onMessage, onPosition });
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
