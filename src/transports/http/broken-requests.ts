import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from '../../core/ports.js';
import { errorBody, errorNumbers } from './refusal.js';

/** What node's parser met, as an answer. */
function answerTo(code: string | undefined): { status: number; message: string } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, message: 'The headers of this request are too large.' };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, message: 'The chunk extensions of this request are too large.' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'The request did not arrive in time.' };
    default:
      return { status: 400, message: 'This is no valid HTTP request.' };
  }
}

/** Answers on the bare connection, and ends it. Returns the id of the answer. */
function answerAndEnd(connection: Duplex, { status, message }: { status: number; message: string }): string {
  const requestId = randomUUID();
  const body = errorBody(null, errorNumbers.invalidRequest, message);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  connection.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  return requestId;
}

/** Answers what node cannot hand over as a request like every other refusal; `current` is what a socket waits for. */
export function refuseBrokenRequests(
  server: Server,
  { current, logger }: { current: WeakMap<Socket, ServerResponse>; logger: Logger },
): void {
  function refuse(connection: Duplex, answer: { status: number; message: string }): void {
    const requestId = answerAndEnd(connection, answer);
    logger.debug('a broken request was refused', { request_id: requestId, status: answer.status });
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = current.get(socket);
    // Whoever waits for the answer to a whole request would take this for it.
    const isAwaited = response !== undefined && (response.req.complete || response.headersSent);
    if (isAwaited || !socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    refuse(socket, answerTo(error.code));
    socket.destroySoon();
  });
  // Node would hang up on them without a word.
  server.on('connect', (_request, connection: Duplex) => {
    connection.on('error', () => connection.destroy());
    refuse(connection, { status: 400, message: 'This server is no proxy.' });
  });
}
