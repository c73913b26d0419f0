import type { Logger } from '../core/ports.js';
import type { RequestReport } from '../transports/http/options.js';

/** Asked every few seconds by whoever watches the server: an answer that is as it should be is no news. */
const probes = new Set(['/healthz', '/readyz', '/metrics']);

/** Methods and names of tools look like this; whatever else a client writes there is not repeated. */
const usual = /^[a-z]+(\/[a-z_]+){0,3}( [\w.-]{1,64})?$/i;

const shown = (called: string | undefined) => (called === undefined || usual.test(called) ? called : 'other');

/** Logs one line a request, with what no token, query or memory can be read from. */
export function logRequests(logger: Logger): (report: RequestReport) => void {
  return ({ requestId, milliseconds, method, route, status, principal, called }) => {
    const isNews = !probes.has(route) || status >= 400;
    const fields = { request_id: requestId, method, route, status, ms: Math.round(milliseconds), principal, called: shown(called) };
    logger[isNews ? 'info' : 'debug']('request', fields);
  };
}
