import type { ServerResponse } from 'node:http';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Logger } from '../../core/ports.js';
import type { HttpExchange } from './exchange.js';
import type { HttpLimits } from './limits.js';
import type { HttpOptions, Peer } from './options.js';
import { Refusal } from './refusal.js';
import { createSessions, type SessionRoom } from './sessions.js';

/** What a session needs whose answers all come on the stream that opened it. */
interface SseSession {
  server: Server;
  transport: SSEServerTransport;
  stream: ServerResponse;
}

/** The transport HTTP+SSE of revision 2024-11-05, which older clients speak. */
export interface SseLane {
  count(): number;
  /** Opens a stream by GET. Raises Refusal. */
  open(exchange: HttpExchange, peer: Peer): Promise<void>;
  /** Takes a message for a stream of the caller. Raises Refusal. */
  message(exchange: HttpExchange, peer: Peer): Promise<void>;
  close(): Promise<void>;
}

/** HTTP+SSE over the SDK's transport: a server for each stream; messages are posted to `messagePath`. */
export function createSseLane(options: {
  connect: HttpOptions['connect'];
  messagePath: string;
  room: SessionRoom;
  limits: HttpLimits;
  logger: Logger;
}): SseLane {
  const { connect, messagePath, room, limits, logger } = options;
  const sessions = createSessions<SseSession>({ room, limits, end: ({ server }) => server.close(), logger });

  return {
    count: sessions.count,
    async open(exchange, peer) {
      const { response: stream } = exchange;
      const transport = new SSEServerTransport(messagePath, stream);
      const id = transport.sessionId;
      const session = sessions.open(id, peer, () => {
        const comments = setInterval(() => stream.write(':\n\n'), limits.keepAlive).unref();
        transport.onclose = () => {
          clearInterval(comments);
          sessions.remove(id);
        };
        return { server: connect(peer), transport, stream };
      });
      sessions.use(session, peer, stream);
      stream.setHeader('X-Accel-Buffering', 'no');
      await session.handle.server.connect(transport);
    },
    async message(exchange, peer) {
      const id = new URLSearchParams(exchange.query).get('sessionId') ?? undefined;
      const session = sessions.find(id, peer.principal);
      const { transport, stream, server } = session.handle;
      sessions.use(session, peer, exchange.response);
      if (stream.writableLength > limits.unread) {
        await server.close();
        stream.destroy();
        throw new Refusal(503, 'The stream of this session is not read; begin a new one.');
      }
      await transport.handleMessage(exchange.body as JSONRPCMessage);
      exchange.response.writeHead(202).end();
    },
    close: sessions.close,
  };
}
