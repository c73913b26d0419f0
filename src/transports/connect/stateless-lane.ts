import { isObject } from '../message.js';
import { RemoteFailure, unanswered } from './failure.js';
import type { Pending } from './in-flight.js';
import { isAnswer, type Message, type Notification, type Request, revisionOf } from './message.js';
import { createPauses, persist } from './persist.js';
import type { Remote } from './remote.js';

interface LaneOptions {
  remote: Remote;
  /** Gives a message to the client. */
  deliver: (message: Message) => void;
  isRepeatable: (request: Request) => boolean;
  /** Value of the header Keepsake-Project. */
  project: () => Promise<string | undefined>;
}

/** Which parameter of a method its header Mcp-Name repeats. */
const named: Record<string, string> = { 'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri' };

/** A text as the value of a header: in base64 between marks where it is not plain. */
function headerValue(text: string): string {
  const isPlain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !text.startsWith('=?base64?');
  return isPlain ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;
}

/**
 * Carries requests of revision 2026-07-28, each by itself: nothing is kept between them, and cutting one off cancels it.
 * What listens for changes goes on listening when the remote starts anew. Raises RemoteFailure.
 */
export function createStatelessLane({ remote, deliver, isRepeatable, project }: LaneOptions): (pending: Pending) => Promise<void> {
  async function headersOf(request: Request): Promise<Record<string, string | undefined>> {
    const name = request.params?.[named[request.method] ?? ''];
    return {
      'mcp-protocol-version': revisionOf(request),
      'mcp-method': request.method,
      'mcp-name': typeof name === 'string' ? headerValue(name) : undefined,
      'keepsake-project': await project(),
    };
  }

  async function send({ request, signal, accept }: Pending, onMessage: (message: Message) => void): Promise<void> {
    const headers = await headersOf(request);
    await remote.exchange({
      method: 'POST',
      message: request,
      headers,
      fresh: !isRepeatable(request),
      signal,
      onAccepted: accept,
      onMessage,
    });
  }

  /** Listens until the client wants no more of it, to the remote that is there. */
  async function listen(pending: Pending): Promise<void> {
    const { next, reset } = createPauses(pending.signal);
    let granted: Notification | undefined;

    function take(message: Message): void {
      if ('method' in message && message.method === 'notifications/subscriptions/acknowledged') {
        reset();
        for (const told of granted ? missed(message) : [message]) deliver(told);
        granted = message;
        return;
      }
      // A remote that is stopped in order says so; the client goes on listening. Whoever was granted nothing has heard all.
      if (isAnswer(message) && 'result' in message && granted && isOfUse(granted)) return;
      deliver(message);
    }

    await persist(() => send(pending, take), { mayRepeat: () => !granted, signal: pending.signal }).catch((error: unknown) => {
      if (!granted) throw error;
    });
    while (!pending.isOver) {
      await next();
      try {
        await send(pending, take);
      } catch (error) {
        if (!(error instanceof RemoteFailure) || !error.passing) throw error;
      }
    }
  }

  return async (pending) => {
    const { request, signal } = pending;
    if (request.method === 'subscriptions/listen') return listen(pending);
    const mayRepeat = (failure: RemoteFailure) => !failure.mayHaveActed || isRepeatable(request);
    await persist(
      async () => {
        await send(pending, deliver);
        if (!pending.isOver) throw unanswered(remote.place);
      },
      { mayRepeat, signal },
    );
  };
}

/** Whether a listening was granted anything. */
function isOfUse(acknowledged: Notification): boolean {
  const granted = acknowledged.params?.notifications;
  return isObject(granted) && Object.keys(granted).length > 0;
}

/** What may have changed while nobody listened, told as changes. */
function missed(acknowledged: Notification): Notification[] {
  const { notifications, _meta } = acknowledged.params ?? {};
  const uris = isObject(notifications) ? notifications.resourceSubscriptions : undefined;
  if (!Array.isArray(uris)) return [];
  return uris.map((uri) => ({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri, _meta } }));
}
