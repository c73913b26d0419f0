import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/ports.js';
import type { Principal } from '../../core/principal.js';
import { createTally } from '../../core/tally.js';
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
  const counts = createTally();
  let whenAnswered: (() => void) | undefined;

  const isAnswered = () => [...open].every(({ isStream }) => isStream);

  /** Takes over what the caller of some requests may do now. One who is not known any more is cut off. */
  async function recheck(authorization: string | undefined, exchanges: HttpExchange[]): Promise<void> {
    const those = exchanges.filter((exchange) => open.has(exchange));
    const [first] = those;
    if (!first) return;
    try {
      const now = await authenticate(authorization, first.request.socket.remoteAddress ?? '');
      for (const { response, principal } of those) {
        if (principal?.id === now.id) Object.assign(principal, now);
        else response.destroy();
      }
    } catch (error) {
      const about = { principal: first.principal?.id, requests: those.length, reason: messageOf(error) };
      if (error instanceof Refusal && error.status < 500) {
        logger.info('streams ended with the rights of their caller', about);
        for (const { response } of those) response.destroy();
      } else {
        // Whoever gives out the rights cannot be asked just now, and says so itself.
        logger.debug('the caller of streams could not be checked', about);
      }
    }
  }

  /** Asks once for each Authorization header, spread over the time until the next look: all at once would hold up calls. */
  function recheckAll(): void {
    const callers = new Map<string | undefined, HttpExchange[]>();
    for (const exchange of open) {
      const { authorization } = exchange.request.headers;
      const those = callers.get(authorization) ?? [];
      those.push(exchange);
      callers.set(authorization, those);
    }
    [...callers].forEach(([authorization, those], index) => {
      setTimeout(() => void recheck(authorization, those), (index / callers.size) * limits.recheckEvery).unref();
    });
  }

  const rechecks = setInterval(recheckAll, limits.recheckEvery).unref();

  return {
    enter(exchange, { id, anyUser }) {
      const count = counts.of(id);
      if (!anyUser && count >= limits.openRequests)
        throw new Refusal(429, `This caller has ${count} requests open, which is the most; wait for some to end.`, { 'Retry-After': '1' });
      const over = counts.add(id);
      open.add(exchange);
      exchange.response.once('close', () => {
        open.delete(exchange);
        over();
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
