import type { ServerResponse } from 'node:http';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/ports.js';
import type { HttpExchange } from './exchange.js';
import type { HttpLimits } from './limits.js';
import { idOf } from './message.js';
import { errorBody, errorNumbers, Refusal } from './refusal.js';

/** Answers a whole request at once. */
export function answer(response: ServerResponse, { status, type, body }: { status: number; type: string; body: string }): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/**
 * Answers a request that failed: a Refusal with what it says, anything else without a word of what happened. What has
 * not arrived of the request may do so for `linger` milliseconds.
 */
export function refuse(
  { request, response, requestId, body }: HttpExchange,
  error: unknown,
  { linger, logger }: Pick<HttpLimits, 'linger'> & { logger: Logger },
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // Whoever is gone has no use for an answer.
  if (response.destroyed) return;
  const refusal =
    error instanceof Refusal ? error : new Refusal(500, 'The server failed; its log says why.', {}, { code: errorNumbers.internal });
  if (!(error instanceof Refusal))
    logger.error('a request failed', {
      request_id: requestId,
      reason: messageOf(error),
      stack: error instanceof Error ? error.stack : undefined,
    });
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
  if (!request.complete) {
    const { socket } = request;
    // Who waits for leave to send the body now never sends it.
    if (request.headers.expect !== undefined) response.setHeader('Connection', 'close');
    response.once('finish', () => {
      const lingering = setTimeout(() => {
        if (!request.complete) socket.destroy();
      }, linger).unref();
      request.once('close', () => clearTimeout(lingering));
    });
  }
  answer(response, { status: refusal.status, type: 'application/json', body: errorBody(idOf(body), refusal.code, refusal.message) });
}
