import type { IncomingMessage, ServerResponse } from 'node:http';

const allowedHeaders = [
  'Accept',
  'Authorization',
  'Content-Type',
  'Keepsake-Project',
  'Last-Event-ID',
  'Mcp-Method',
  'Mcp-Name',
  'Mcp-Protocol-Version',
  'Mcp-Session-Id',
].join(', ');

/** Seconds for which a browser need not ask again. */
const remembered = '7200';

/** Lets a web page of a listed origin read the answer. */
export function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', 'Mcp-Session-Id, Retry-After, WWW-Authenticate, X-Request-Id');
  response.setHeader('Vary', 'Origin');
}

/** Whether a browser asks on behalf of a page what it may send. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** Tells a browser which requests a page of a listed origin may send; `methods` are those of the path. */
export function answerPreflight(response: ServerResponse, methods: readonly string[]): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': allowedHeaders,
    'Access-Control-Max-Age': remembered,
  });
  response.end();
}
