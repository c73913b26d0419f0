import type { ServerResponse } from 'node:http';
import { KeepsakeError, messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/ports.js';
import type { HttpExchange } from './exchange.js';
import { faultBody, isEndpoint, refusalFor } from './faults.js';
import type { HttpLimits } from './limits.js';
import { idOf } from './message.js';
import type { PageAnswer } from './options.js';
import { errorBody, errorNumbers, Refusal } from './refusal.js';

/** Answers a whole request at once. */
export function answer(response: ServerResponse, { status, type, body, headers }: PageAnswer): void {
  response.writeHead(status, { ...headers, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/** What is said of a failure that nobody foresaw. */
const failed = new Refusal(500, 'The server failed; its log says why.', {}, { code: errorNumbers.internal });

/** What is answered to a failure that was foreseen. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  return error instanceof KeepsakeError ? refusalFor(error) : undefined;
}

/**
 * Answers a request that failed: a Refusal with what it says, anything else without a word of what happened; in the
 * words of JSON-RPC, or as a fault where a web page asked. What has not arrived of the request may do so for `linger`
 * milliseconds.
 */
export function refuse(
  { request, response, requestId, path, body }: HttpExchange,
  error: unknown,
  { linger, logger }: Pick<HttpLimits, 'linger'> & { logger: Logger },
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // Whoever is gone has no use for an answer.
  if (response.destroyed) return;
  const refusal = refusalOf(error);
  if (refusal === undefined)
    logger.error('a request failed', {
      request_id: requestId,
      reason: messageOf(error),
      stack: error instanceof Error ? error.stack : undefined,
    });
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
  const { status, headers, code, message } = refusal ?? failed;
  const text = isEndpoint(path) ? faultBody(refusal ?? failed) : errorBody(idOf(body), code, message);
  answer(response, { status, type: 'application/json', body: text, headers });
}
