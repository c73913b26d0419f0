import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isInitializeRequest, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import type { Logger } from '../../core/ports.js';
import { createSentEvents, type SentEvents } from './event-store.js';
import type { HttpExchange } from './exchange.js';
import type { HttpLimits } from './limits.js';
import { calledBy, idOf } from './message.js';
import type { HttpOptions, Peer } from './options.js';
import { Refusal } from './refusal.js';
import { createSessions, type Session, type SessionRoom } from './sessions.js';

/** What a session needs that is opened by POST and goes on over many requests. */
interface Streamable {
  server: Server;
  transport: StreamableHTTPServerTransport;
  events: SentEvents;
  /** Ids of the requests whose responses have not ended. */
  underWay: Set<string | number>;
}

/** Streamable HTTP in the revisions up to 2025-11-25. */
export interface StreamableLane {
  count(): number;
  /** Answers POST, GET and DELETE of a caller. Raises Refusal. */
  handle(exchange: HttpExchange, peer: Peer): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds after which a client that lost a stream should come back. */
const retryInterval = 2000;

/** Whether the SDK's transport opens a stream for a request; one that it refuses must not end the stream before. */
function opensStream({ headers }: IncomingMessage): boolean {
  const revision = headers['mcp-protocol-version'];
  const isKnown = revision === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(String(revision));
  return isKnown && headers.accept?.includes('text/event-stream') === true;
}

/** Streamable HTTP over the SDK's transport: a server for each session. */
export function createStreamableLane(options: {
  connect: HttpOptions['connect'];
  room: SessionRoom;
  limits: HttpLimits;
  logger: Logger;
}): StreamableLane {
  const { connect, room, limits, logger } = options;
  const sentEvents = createSentEvents(limits);
  const sessions = createSessions<Streamable>({ room, limits, end: ({ server }) => server.close(), logger });

  function makeSession(peer: Peer): Session<Streamable> {
    const id = randomUUID();
    return sessions.open(id, peer, () => {
      const events = sentEvents();
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => id,
        eventStore: events,
        retryInterval,
        keepAliveMs: limits.keepAlive,
      });
      transport.onerror = (error) => logger.debug('a request of a session failed', { reason: error.message });
      transport.onclose = () => {
        sessions.remove(id);
        events.close();
      };
      return { server: connect(peer), transport, events, underWay: new Set() };
    });
  }

  async function begin(exchange: HttpExchange, peer: Peer): Promise<void> {
    const session = makeSession(peer);
    const { server, transport } = session.handle;
    sessions.use(session, peer, exchange.response);
    await server.connect(transport);
    await transport.handleRequest(exchange.request, exchange.response, exchange.body);
    // A handshake that was refused opens nothing.
    if (transport.sessionId === undefined) await server.close();
  }

  /** Opens a stream, or goes on with one. The newest connection wins: the one before may be dead without anybody knowing. */
  async function listen({ id, handle: { transport, events } }: Session<Streamable>, { request, response }: HttpExchange): Promise<void> {
    const lastEventId = request.headers['last-event-id'];
    if (typeof lastEventId !== 'string') {
      if (opensStream(request)) transport.closeStandaloneSSEStream();
      return transport.handleRequest(request, response);
    }
    if (!events.holds(lastEventId))
      throw new Refusal(400, 'What followed this Last-Event-ID is not kept any more; send the request again where that does no harm.');
    const rest = events.restOf(lastEventId);
    if (rest === undefined) return transport.handleRequest(request, response);
    // The SDK's transport would leave a stream open on which nothing can come any more.
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache, no-transform', 'Mcp-Session-Id': id });
    for (const { eventId, message } of rest) response.write(`event: message\nid: ${eventId}\ndata: ${message}\n\n`);
    response.end();
  }

  /** Takes a message, or the end of the session. */
  async function take({ handle: { transport, underWay } }: Session<Streamable>, { request, response, body }: HttpExchange): Promise<void> {
    const id = calledBy(body) === undefined ? null : idOf(body);
    if (id !== null) {
      // The SDK's transport would give the answer of one to the other, and never end the response of the first.
      if (underWay.has(id)) throw new Refusal(400, 'A request with this id is under way in the session; give each an id of its own.');
      underWay.add(id);
      response.once('close', () => underWay.delete(id));
    }
    await transport.handleRequest(request, response, body);
  }

  return {
    count: sessions.count,
    async handle(exchange, peer) {
      const { request, response, body } = exchange;
      const id = request.headers['mcp-session-id'];
      if (id === undefined && isInitializeRequest(body)) return begin(exchange, peer);
      const session = sessions.find(typeof id === 'string' ? id : undefined, peer.principal);
      sessions.use(session, peer, response);
      exchange.principal = session.peer.principal;
      if (request.method === 'GET') await listen(session, exchange);
      else await take(session, exchange);
    },
    close: sessions.close,
  };
}
