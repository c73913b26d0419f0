import type { Readable, Writable } from 'node:stream';
import {
  type JSONRPCMessage,
  type JSONRPCRequest,
  type RequestId,
  SUBSCRIPTION_ID_META_KEY,
  type Transport,
} from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/ports.js';
import { isListenRequest, listenTo } from './listening.js';
import type { ModernConnection } from './modern-connection.js';

/** What one connection is served with. */
export interface ModernStdioOptions {
  connection: ModernConnection;
  /** Whole lines. */
  input: Readable;
  output: Writable;
  /** Bytes of one message. */
  longest: number;
  logger: Logger;
}

/** What serves one connection. */
export interface ModernStdio {
  /** Resolves when every request so far has been answered. */
  answered(): Promise<void>;
  close(): Promise<void>;
}

/** A stream of changes; nothing comes on it before it has been acknowledged. */
interface Stream {
  acknowledged: boolean;
  stop(): void;
}

/** Serves a client of revision 2026-07-28 on a pair of streams. */
export function serveModernStdio({ connection, input, output, longest, logger }: ModernStdioOptions): ModernStdio {
  const wire = new StdioServerTransport(input, output, { maxBufferSize: longest });
  const streams = new Map<RequestId, Stream>();
  const unanswered = new Set<RequestId>();
  let onAnswered: () => void = () => undefined;
  const report = (error: unknown) => logger.debug('on stdin and stdout', { reason: messageOf(error) });

  function end(id: RequestId): void {
    streams.get(id)?.stop();
    streams.delete(id);
  }

  function tell(stream: Stream, id: RequestId, uri: string): void {
    if (!stream.acknowledged) return;
    const params = { uri, _meta: { [SUBSCRIPTION_ID_META_KEY]: id } };
    wire.send({ jsonrpc: '2.0', method: 'notifications/resources/updated', params }).catch(report);
  }

  /** The watches of a stream start before it is acknowledged, and what its client may not read is left out of it. */
  async function listen(request: JSONRPCRequest): Promise<void> {
    const { id } = request;
    end(id);
    const stream: Stream = { acknowledged: false, stop: () => undefined };
    streams.set(id, stream);
    const listening = await listenTo(request, { connection, onChange: (uri) => tell(stream, id, uri), logger });
    // Cancelled while the watches were started.
    if (streams.get(id) !== stream) return listening.stop();
    stream.stop = listening.stop;
    transport.onmessage?.(listening.request);
  }

  function receive(message: JSONRPCMessage): void {
    if (isListenRequest(message)) {
      listen(message).catch(report);
      return;
    }
    if (isRequest(message)) unanswered.add(message.id);
    if ('method' in message && message.method === 'notifications/cancelled') settle(message.params?.requestId as RequestId);
    transport.onmessage?.(message);
  }

  /** A request has been answered, or its client wants no answer any more. */
  function settle(id: RequestId): void {
    end(id);
    unanswered.delete(id);
    if (unanswered.size === 0) onAnswered();
  }

  const transport: Transport = {
    start() {
      wire.onmessage = receive;
      wire.onclose = () => transport.onclose?.();
      wire.onerror = (error) => transport.onerror?.(error);
      return wire.start();
    },
    async send(message) {
      const acknowledged = acknowledgedBy(message);
      const stream = acknowledged === undefined ? undefined : streams.get(acknowledged);
      if (stream) stream.acknowledged = true;
      const sent = wire.send(message);
      if (!('method' in message) && message.id !== undefined) settle(message.id);
      await sent;
    },
    close: () => wire.close(),
  };

  const { close } = serveStdio(() => connection.createServer(), { legacy: 'reject', transport, onerror: report });
  return {
    answered: () =>
      new Promise((resolve) => {
        onAnswered = resolve;
        if (unanswered.size === 0) resolve();
      }),
    async close() {
      for (const id of [...streams.keys()]) end(id);
      await close();
    },
  };
}

function isRequest(message: JSONRPCMessage): message is JSONRPCRequest {
  return 'method' in message && 'id' in message;
}

/** Id of the stream that a message acknowledges. */
function acknowledgedBy(message: JSONRPCMessage): RequestId | undefined {
  if (!('method' in message) || message.method !== 'notifications/subscriptions/acknowledged') return undefined;
  return message.params?._meta?.[SUBSCRIPTION_ID_META_KEY] as RequestId | undefined;
}
