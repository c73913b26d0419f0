import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../core/errors.js';
import { lateAnswer } from '../core/late-answer.js';
import type { Logger } from '../core/ports.js';
import { createAsked } from './connect/asked.js';
import { failedAnswer, RemoteFailure } from './connect/failure.js';
import { createInFlight, type Pending } from './connect/in-flight.js';
import {
  type Answer,
  cancelledId,
  isAnswer,
  isRequest,
  type Message,
  messageIn,
  type Notification,
  revisionOf,
} from './connect/message.js';
import type { Remote } from './connect/remote.js';
import { createSessionLane } from './connect/session-lane.js';
import { createSessions, type Session } from './connect/sessions.js';
import { createStatelessLane } from './connect/stateless-lane.js';
import { isObject, revisionKey } from './message.js';
import { openStdio } from './stdio-streams.js';
import { tooLargeAnswer } from './too-large.js';
import { doneWithin } from './within.js';

/** What messages are forwarded with. */
export interface ForwardOptions {
  remote: Remote;
  /** Name of the current project for a client with these roots (URIs), on this machine. */
  currentProject: (roots: readonly string[]) => Promise<string | undefined>;
  signal: AbortSignal;
  logger: Logger;
}

/** Milliseconds that requests wait for a client to name its roots, and that it may take for it at all. */
const rootsWait = 2000;
const rootsLimit = 60_000;
/** Milliseconds that requests which are under way get to finish once the client is gone. */
const drainLimit = 5000;
/** Milliseconds that a request gets to reach the remote before it is cancelled there. */
const acceptLimit = 500;

/**
 * Forwards every message between a client on stdin and stdout and a remote server, in any revision of the protocol. What
 * the remote does not answer is answered with the reason. Resolves when the client is gone or the signal is raised.
 */
export async function forwardStdio({ remote, currentProject, signal, logger }: ForwardOptions): Promise<void> {
  const inFlight = createInFlight();
  const { isRepeatable } = inFlight;
  const asked = createAsked(write);
  let hasRoots = false;
  let project: (() => Promise<string | undefined>) | undefined;

  const { lines, stdout, gone, ...streams } = openStdio({
    signal,
    onTooLong(ends) {
      const isModern = `${ends.head}${ends.tail}`.includes(revisionKey);
      const answer = tooLargeAnswer(ends, isModern ? 'modern' : 'legacy');
      if (answer) stdout.write(`${JSON.stringify(answer)}\n`);
    },
  });
  const sessions = createSessions({ remote, deliver, project: projectHeader, logger });
  const lane = createSessionLane({ remote, sessions, deliver, isRepeatable });
  const carryStateless = createStatelessLane({ remote, deliver, isRepeatable, project: projectHeader });

  function write(message: Message): void {
    stdout.write(`${JSON.stringify(message)}\n`);
  }

  /** Gives the client what came from the remote; an answer that nobody waits for is none. */
  function deliver(message: Message, session?: Session): void {
    if (isAnswer(message)) {
      if (inFlight.settle(message)) write(message);
    } else if (!session) write(message);
    else if (isRequest(message)) asked.pass(message, session);
    else write(asked.renamed(message, session));
  }

  async function projectHeader(): Promise<string | undefined> {
    if (!project) {
      const here = currentProject([]);
      project = () => here;
    }
    const name = await project().catch((error: unknown) => {
      logger.warn('the current project cannot be found', { reason: messageOf(error) });
      return undefined;
    });
    return name && encodeURIComponent(name);
  }

  /** The project of the folders that the client has open. */
  async function projectOfRoots(): Promise<string | undefined> {
    const answer = await asked.ask('roots/list', rootsLimit);
    const roots = answer && 'result' in answer && Array.isArray(answer.result.roots) ? answer.result.roots : [];
    return currentProject(roots.flatMap((root: unknown) => (isObject(root) && typeof root.uri === 'string' ? [root.uri] : [])));
  }

  async function answer(pending: Pending): Promise<void> {
    const { request } = pending;
    if (request.method === 'initialize') hasRoots = isObject(request.params?.capabilities) && 'roots' in request.params.capabilities;
    const isStateless = revisionOf(request) !== undefined || request.method === 'server/discover';
    try {
      await (isStateless ? carryStateless(pending) : lane.carry(pending));
    } catch (error) {
      if (pending.isOver) return;
      const failure = error instanceof RemoteFailure ? error : new RemoteFailure(`${messageOf(error)}.`, { mayHaveActed: true });
      logger.warn('the remote has not answered', { method: request.method, reason: failure.message });
      deliver(failedAnswer(request, failure));
    }
  }

  async function cancel(notification: Notification): Promise<void> {
    const id = cancelledId(notification);
    const pending = id === undefined ? undefined : inFlight.drop(id);
    if (!pending) return;
    const isInSession = revisionOf(pending.request) === undefined;
    // Over HTTP it could overtake its request, and nothing would be cancelled.
    if (isInSession) await doneWithin(acceptLimit, pending.accepted);
    // One that has not left yet never will; closing the stream of one that has is no cancelling in a session.
    pending.cut();
    if (isInSession) await lane.tell(notification);
  }

  async function tell(notification: Notification): Promise<void> {
    switch (notification.method) {
      case 'notifications/cancelled':
        return cancel(notification);
      case 'notifications/initialized':
      case 'notifications/roots/list_changed':
        if (hasRoots)
          project = lateAnswer(
            projectOfRoots(),
            pause(rootsWait, undefined, { ref: false }).then(() => currentProject([])),
          );
        return lane.tell(notification);
      default:
        return lane.tell(notification);
    }
  }

  async function reply(message: Answer): Promise<void> {
    const known = asked.reply(message);
    if (known) await lane.reply(known.answer, known.session);
  }

  const unheard = (error: unknown) => logger.warn('a message did not reach the remote', { reason: messageOf(error) });
  const underWay = new Set<Promise<void>>();

  function begin(started: Promise<void>): void {
    const work: Promise<void> = started.catch(unheard).finally(() => underWay.delete(work));
    underWay.add(work);
  }

  async function read(): Promise<void> {
    for await (const line of lines) {
      const message = messageIn(String(line));
      if (!message) continue;
      if (isRequest(message)) begin(answer(inFlight.begin(message)));
      else begin(isAnswer(message) ? reply(message) : tell(message));
    }
  }

  await Promise.race([read(), gone]);
  // What was read last is at work one turn later.
  await nextTurn();
  for (const pending of inFlight.all()) if (pending.request.method === 'subscriptions/listen') inFlight.drop(pending.request.id)?.cut();
  await doneWithin(drainLimit, Promise.all(underWay));
  for (const pending of inFlight.all()) pending.cut();
  await sessions.close();
  remote.close();
  streams.close();
}
