import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, InMemoryServerEventBus, type McpHttpHandler } from '@modelcontextprotocol/server';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/ports.js';
import { isListenRequest, listenTo } from '../listening.js';
import type { ModernConnection } from '../modern-connection.js';
import type { ModernLane, Peer } from './options.js';
import { Refusal } from './refusal.js';

/** A request of node:http, as the SDK writes its type. */
type NodeRequest = Parameters<ReturnType<typeof toNodeHandler>>[0];

/** Streams of changes that one caller may have open. */
const mostStreams = 64;

/**
 * The requests of revision 2026-07-28, each with a handler of its own: a stream of changes hears only of the resources
 * that its own caller asked for and may read. `connect` makes what serves one caller.
 */
export function createModernLane({ connect, logger }: { connect: (peer: Peer) => ModernConnection; logger: Logger }): ModernLane {
  const open = new Set<McpHttpHandler>();
  /** By the caller's id. */
  const streams = new Map<string, number>();
  const report = (error: unknown) => logger.debug('a request was not served', { reason: messageOf(error) });

  /** Counts a stream until the returned function is called. Raises Refusal where its caller has too many. */
  function countStream({ principal: { id } }: Peer): () => void {
    const count = streams.get(id) ?? 0;
    if (count >= mostStreams)
      throw new Refusal(503, `This caller has ${mostStreams} streams of changes open; close one before opening another.`, {
        'Retry-After': '60',
      });
    streams.set(id, count + 1);
    return () => {
      const left = (streams.get(id) ?? 1) - 1;
      if (left > 0) streams.set(id, left);
      else streams.delete(id);
    };
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
