import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, InMemoryServerEventBus, type McpHttpHandler } from '@modelcontextprotocol/server';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/ports.js';
import { createTally } from '../../core/tally.js';
import { isListenRequest, listenTo } from '../listening.js';
import type { ModernConnection } from '../modern-connection.js';
import type { ModernLane, Peer } from './options.js';
import { Refusal } from './refusal.js';

/** A request of node:http, as the SDK writes its type. */
type NodeRequest = Parameters<ReturnType<typeof toNodeHandler>>[0];

/** Streams of changes that may be open in all, and of one caller. */
const mostStreams = 4096;
const mostStreamsOfOne = 64;

/**
 * The requests of revision 2026-07-28, each with a handler of its own: a stream of changes hears only of the resources
 * that its own caller asked for and may read. `connect` makes what serves one caller.
 */
export function createModernLane(options: {
  connect: (peer: Peer) => ModernConnection;
  logger: Logger;
  /** Streams of changes that may be open in all; default 4,096. */
  streams?: number;
}): ModernLane {
  const { connect, logger, streams: most = mostStreams } = options;
  const open = new Set<McpHttpHandler>();
  const streams = createTally();
  const report = (error: unknown) => logger.debug('a request was not served', { reason: messageOf(error) });

  /** Counts a stream until the returned function is called. Raises Refusal where its caller has too many, or all have. */
  function countStream({ principal: { id } }: Peer): () => void {
    const later = { 'Retry-After': '60' };
    if (streams.of(id) >= mostStreamsOfOne)
      throw new Refusal(503, `This caller has ${mostStreamsOfOne} streams of changes open; close one before opening another.`, later);
    if (streams.total >= most) throw new Refusal(503, 'The server has no room for another stream of changes; try again later.', later);
    return streams.add(id);
  }

  return {
    async handle(request, response, { body, peer }) {
      if (response.closed) return;
      const ends = isListenRequest(body) ? [countStream(peer)] : [];
      response.once('close', () => {
        for (const end of ends) end();
      });
      const connection = connect(peer);
      const bus = new InMemoryServerEventBus(report);
      let message = body;
      if (isListenRequest(body)) {
        const onChange = (uri: string) => bus.publish({ kind: 'resource_updated', uri });
        const listening = await listenTo(body, { connection, onChange, logger });
        // Its client may be gone by now.
        if (response.closed) return listening.stop();
        ends.push(listening.stop);
        message = listening.request;
      }
      const handler = createMcpHandler(() => connection.createServer(), { legacy: 'reject', bus, onerror: report });
      open.add(handler);
      ends.push(() => open.delete(handler));
      await toNodeHandler(handler, { onerror: report })(request as NodeRequest, response, message);
    },
    async close() {
      await Promise.all([...open].map((handler) => handler.close()));
    },
  };
}
