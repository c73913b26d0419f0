import type { JSONRPCRequest } from '@modelcontextprotocol/server';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/ports.js';
import type { ModernConnection } from './modern-connection.js';

/** Resources that one stream may watch; those beyond are left out of what it is acknowledged. */
const mostWatched = 100;

/** What a subscriptions/listen request has come to. */
export interface Listening {
  /** The request, narrowed to the resources that are watched. */
  request: JSONRPCRequest;
  /** Ends the watches. */
  stop(): void;
}

/** Whether a parsed message opens a stream of changes. */
export function isListenRequest(message: unknown): message is JSONRPCRequest {
  return (
    typeof message === 'object' && message !== null && 'id' in message && 'method' in message && message.method === 'subscriptions/listen'
  );
}

/**
 * Starts to watch the resources that a subscriptions/listen request names. One that its sender may not read is left
 * out of the request, and with it of the acknowledgement.
 */
export async function listenTo(
  request: JSONRPCRequest,
  { connection, onChange, logger }: { connection: ModernConnection; onChange: (uri: string) => void; logger: Logger },
): Promise<Listening> {
  const named = namedResources(request);
  if (named === undefined) return { request, stop: () => undefined };
  const watches = await Promise.all(
    named.slice(0, mostWatched).map(async (uri) => {
      try {
        return { uri, stop: await connection.watch(uri, () => onChange(uri)) };
      } catch (error) {
        logger.debug('a resource is not watched', { reason: messageOf(error) });
        return undefined;
      }
    }),
  );
  const started = watches.filter((watch) => watch !== undefined);
  const notifications = { ...(request.params?.notifications as object), resourceSubscriptions: started.map(({ uri }) => uri) };
  return {
    request: { ...request, params: { ...request.params, notifications } },
    stop: () => {
      for (const { stop } of started) stop();
    },
  };
}

/** The resources that a request names; undefined where it names none in the right form. */
function namedResources({ params }: JSONRPCRequest): string[] | undefined {
  const { notifications } = params ?? {};
  if (typeof notifications !== 'object' || notifications === null || !('resourceSubscriptions' in notifications)) return undefined;
  const { resourceSubscriptions: uris } = notifications;
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string')) return undefined;
  return [...new Set(uris)];
}
