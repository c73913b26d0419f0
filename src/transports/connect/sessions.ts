import type { Logger } from '../../core/ports.js';
import { RemoteFailure, unanswered } from './failure.js';
import type { Pending } from './in-flight.js';
import { createListening } from './listening.js';
import { type Answer, isAnswer, type Message, type Params } from './message.js';
import { persist } from './persist.js';
import type { Remote, Sending } from './remote.js';

/** A session at the remote. */
export interface Session {
  /** Undefined at a remote that keeps none. */
  readonly id: string | undefined;
  /** Revision of the protocol that was agreed on. */
  readonly revision: string | undefined;
  /** Raised when it is the current one no more. */
  readonly ended: AbortController;
}

type Resuming = Omit<Sending, 'method' | 'message' | 'headers'>;

/** What sessions are made with. */
export interface SessionsOptions {
  remote: Remote;
  /** Gives a message that came in a session to the client. */
  deliver: (message: Message, session: Session) => void;
  /** Value of the header Keepsake-Project. */
  project: () => Promise<string | undefined>;
  logger: Logger;
}

/** The session of the client at the remote, and what it takes to open it anew. */
export interface Sessions {
  /** Opens the session that the client asks for, in place of an earlier one; resolves with the answer for it. Raises RemoteFailure. */
  greet(pending: Pending): Promise<Answer>;
  /** Tells the remote that the client's handshake is over, and listens to it from then on. Raises RemoteFailure. */
  confirm(): Promise<void>;
  /** The current session; one that was lost is opened anew. Raises RemoteFailure. */
  open(): Promise<Session>;
  /** Lets a session go that the remote does not know any more; others stay. */
  leave(session: Session): void;
  /** Posts a message in a session, or outside of any. Raises RemoteFailure. */
  post(session: Session | undefined, message: Message, sending?: Partial<Sending>): Promise<void>;
  /** Takes up a stream behind its last message. Raises RemoteFailure. */
  resume(session: Session, last: string | undefined, sending: Resuming): Promise<void>;
  /** URIs that the client has subscribed to. */
  readonly subscribed: Set<string>;
  /** Ends the session at the remote, too, in at most two seconds. */
  close(): Promise<void>;
}

const closeLimit = 2000;

/** Keeps one session at a remote, for a client that need not know when it is opened anew. */
export function createSessions({ remote, deliver, project, logger }: SessionsOptions): Sessions {
  const closing = new AbortController();
  const subscribed = new Set<string>();
  let greeting: Params | undefined;
  let isConfirmed = false;
  let current: Promise<Session> | undefined;
  /** What `current` resolved with last. */
  let held: Session | undefined;
  let asked = 0;
  const listen = createListening({ open, leave, resume, subscribed, deliver, closing: closing.signal, logger });

  async function headersOf(session: Session | undefined): Promise<Record<string, string | undefined>> {
    return { 'mcp-session-id': session?.id, 'mcp-protocol-version': session?.revision, 'keepsake-project': await project() };
  }

  async function post(session: Session | undefined, message: Message, sending: Partial<Sending> = {}): Promise<void> {
    await remote.exchange({ method: 'POST', message, signal: closing.signal, ...sending, headers: await headersOf(session) });
  }

  async function resume(session: Session, last: string | undefined, sending: Resuming): Promise<void> {
    await remote.exchange({ method: 'GET', ...sending, headers: { ...(await headersOf(session)), 'last-event-id': last } });
  }

  /** Makes a session the current one; one that cannot be opened leaves none. */
  function become(opening: Promise<Session>): Promise<Session> {
    current = opening;
    opening.then(
      (session) => {
        if (current === opening) held = session;
      },
      () => {
        if (current === opening) current = held = undefined;
      },
    );
    return opening;
  }

  function leave(session: Session): void {
    if (session.ended.signal.aborted) return;
    session.ended.abort(new Error('the session is over'));
    // Another may be on its way already.
    if (held === session) current = undefined;
  }

  /** Asks on the forwarder's own account; resolves with the session that an answer to `initialize` opens, too. */
  async function ask(
    session: Session | undefined,
    method: string,
    params: Params,
  ): Promise<{ answer: Answer; opened: Session | undefined }> {
    asked += 1;
    const message = { jsonrpc: '2.0' as const, id: `keepsake-connect-${asked}`, method, params };
    return asking(session, message, {});
  }

  async function asking(session: Session | undefined, message: Message, { signal, onAccepted }: Partial<Sending>) {
    let answer: Answer | undefined;
    let id: string | string[] | undefined;
    await post(session, message, {
      signal: signal ?? closing.signal,
      onAccepted(headers) {
        id = headers['mcp-session-id'];
        onAccepted?.(headers);
      },
      onMessage(received) {
        if (isAnswer(received)) answer = received;
        else if (session) deliver(received, session);
      },
    });
    if (!answer) throw unanswered(remote.place);
    const revision = 'result' in answer ? answer.result.protocolVersion : undefined;
    const opened =
      typeof revision === 'string' ? { id: typeof id === 'string' ? id : undefined, revision, ended: new AbortController() } : undefined;
    return { answer, opened };
  }

  async function greet({ request, signal, accept }: Pending): Promise<Answer> {
    const earlier = await current?.catch(() => undefined);
    if (earlier) leave(earlier);
    subscribed.clear();
    isConfirmed = false;
    greeting = request.params ?? {};
    const greeted = persist(() => asking(undefined, request, { signal, onAccepted: accept }), { mayRepeat: () => true, signal });
    void become(
      greeted.then(({ opened }) => {
        if (opened) return opened;
        greeting = undefined;
        throw new RemoteFailure('The remote refused the handshake.', {});
      }),
    );
    return (await greeted).answer;
  }

  /** The session that the client opened, once more. */
  async function reopen(): Promise<Session> {
    if (!greeting) return { id: undefined, revision: undefined, ended: new AbortController() };
    const { opened, answer } = await ask(undefined, 'initialize', greeting);
    if (!opened) {
      const reason = 'error' in answer ? answer.error.message : 'no revision';
      throw new RemoteFailure(`The Keepsake at ${remote.place.shown} opens no new session: ${reason}; start the client again.`, {});
    }
    await prepare(opened, subscribed);
    logger.info('a new session was opened at the remote', { remote: remote.place.shown });
    return opened;
  }

  async function resubscribe(session: Session, uri: string): Promise<void> {
    const { answer } = await ask(session, 'resources/subscribe', { uri });
    if ('error' in answer) logger.warn('a resource cannot be watched any more', { reason: answer.error.message });
  }

  /** Brings a session to where the client is, with what an earlier one was subscribed to; if it cannot be brought there, it is ended. */
  async function prepare(session: Session, earlier?: ReadonlySet<string>): Promise<Session> {
    try {
      if (isConfirmed) await post(session, { jsonrpc: '2.0', method: 'notifications/initialized' });
      for (const uri of earlier ?? []) await resubscribe(session, uri);
    } catch (error) {
      leave(session);
      void end(session);
      throw error;
    }
    if (isConfirmed) void listen(session, earlier !== undefined);
    return session;
  }

  /** Ends a session at the remote, in at most two seconds. Raises nothing. */
  async function end(session: Session): Promise<void> {
    if (session.id === undefined) return;
    try {
      await remote.exchange({
        method: 'DELETE',
        headers: { 'mcp-session-id': session.id, 'mcp-protocol-version': session.revision },
        signal: AbortSignal.timeout(closeLimit),
      });
    } catch (error) {
      logger.debug('the session was not ended at the remote', { reason: error instanceof Error ? error.message : String(error) });
    }
  }

  function open(): Promise<Session> {
    return current ?? become(reopen());
  }

  return {
    greet,
    open,
    leave,
    post,
    resume,
    subscribed,
    async confirm() {
      const greeted = open();
      isConfirmed = true;
      await become(greeted.then((session) => prepare(session)));
    },
    async close() {
      closing.abort(new Error('the client is gone'));
      const session = await current?.catch(() => undefined);
      if (session) await end(session);
    },
  };
}
