import type { Principal, Right } from '../core/principal.js';
import type { Page } from '../transports/http/options.js';
import type { Metrics } from './metrics.js';
import type { Readiness } from './readiness.js';

const json = (status: number, body: object) => ({ status, type: 'application/json', body: `${JSON.stringify(body)}\n` });

/** What the pages are made of. */
export interface PageOptions {
  metrics: Metrics;
  readiness: () => Promise<Readiness>;
  /** Raises Refusal where a caller lacks a right. */
  demand(principal: Principal | undefined, right: Right): void;
}

/** The pages for whoever runs the server: alive at all, ready for requests, and the metrics for those who may see them. */
export function createPages({ metrics, readiness, demand }: PageOptions): Record<string, Page> {
  return {
    '/healthz': {
      open: true,
      answer: async () => json(200, { status: 'alive' }),
    },
    '/readyz': {
      open: true,
      async answer() {
        const found = await readiness();
        return json(found.status === 'ready' ? 200 : 503, found);
      },
    },
    '/metrics': {
      open: false,
      needs: 'metrics:read',
      async answer(principal) {
        demand(principal, 'metrics:read');
        return { status: 200, type: metrics.contentType, body: await metrics.text() };
      },
    },
  };
}
