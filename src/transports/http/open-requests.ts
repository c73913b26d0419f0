import type { Logger } from '../../core/ports.js';
import type { Principal } from '../../core/principal.js';
import type { HttpExchange } from './exchange.js';
import type { HttpLimits } from './limits.js';
import type { HttpOptions } from './options.js';
import { Refusal } from './refusal.js';

/** The requests that are under way, streams among them. */
export interface OpenRequests {
  /** From now on until its response has ended. Raises Refusal 429 where the caller has too many. */
  enter(exchange: HttpExchange, principal: Principal): void;
  /** Resolves once none is left but streams. */
  answered(): Promise<void>;
  close(): void;
}

/** Counts the requests of each caller, and ends those whose caller may not listen any more. */
export function createOpenRequests(options: {
  authenticate: HttpOptions['authenticate'];
  limits: Pick<HttpLimits, 'openRequests' | 'recheckEvery'>;
  logger: Logger;
}): OpenRequests {
  const { authenticate, limits, logger } = options;
  const open = new Set<HttpExchange>();
  const counts = new Map<string, number>();
  let whenAnswered: (() => void) | undefined;

  const isAnswered = () => [...open].every(({ isStream }) => isStream);

  /** Takes over what the caller may do now. A caller who is not known any more is cut off. */
  async function recheck({ request, response, principal, requestId }: HttpExchange): Promise<void> {
    if (!principal) return;
    try {
      const now = await authenticate(request.headers.authorization, request.socket.remoteAddress ?? '');
      if (now.id === principal.id) Object.assign(principal, now);
      else response.destroy();
    } catch (error) {
      if (error instanceof Refusal && error.status < 500) {
        logger.info('a stream ended with the rights of its caller', { request_id: requestId, principal: principal.id });
        response.destroy();
      } else {
        // Whoever gives out the rights cannot be asked just now.
        logger.warn('the caller of a stream could not be checked', { request_id: requestId, error });
      }
    }
  }

  const rechecks = setInterval(() => {
    for (const exchange of open) void recheck(exchange);
  }, limits.recheckEvery).unref();

  return {
    enter(exchange, { id, anyUser }) {
      const count = counts.get(id) ?? 0;
      if (!anyUser && count >= limits.openRequests)
        throw new Refusal(429, `This caller has ${count} requests open, which is the most; wait for some to end.`, { 'Retry-After': '1' });
      counts.set(id, count + 1);
      open.add(exchange);
      exchange.response.once('close', () => {
        open.delete(exchange);
        const left = (counts.get(id) ?? 1) - 1;
        if (left > 0) counts.set(id, left);
        else counts.delete(id);
        if (isAnswered()) whenAnswered?.();
      });
    },
    async answered() {
      if (isAnswered()) return;
      await new Promise<void>((resolve) => {
        whenAnswered = resolve;
      });
    },
    close: () => clearInterval(rechecks),
  };
}
