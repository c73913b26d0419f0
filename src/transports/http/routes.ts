import type { IncomingMessage } from 'node:http';
import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { answer } from './answers.js';
import type { HttpExchange } from './exchange.js';
import type { HttpLimits } from './limits.js';
import { calledBy } from './message.js';
import type { Endpoint, HttpOptions, HttpServer, ModernLane, Page, Peer } from './options.js';
import { Refusal } from './refusal.js';
import { isModern, isModernHeader } from './revision.js';
import { createSessionRoom } from './sessions.js';
import { createSseLane } from './sse.js';
import { createStreamableLane } from './streamable.js';

/** What one path answers. */
export type Route =
  /** Messages of the protocol, by method of HTTP. */
  | { kind: 'protocol'; methods: Readonly<Record<string, (exchange: HttpExchange, peer: Peer) => Promise<void>>> }
  | { kind: 'page'; page: Page }
  | { kind: 'endpoint'; endpoint: Endpoint };

/** The paths of the server, and the connections behind them. */
export interface Routes {
  at(path: string): Route | undefined;
  sessions: HttpServer['sessions'];
  /** Ends all connections of the protocol. */
  close(): Promise<void>;
}

const paths = { mcp: '/mcp', sse: '/sse', messages: '/messages' };

/** The methods that a route answers. */
export function methodsOf(route: Route): string[] {
  switch (route.kind) {
    case 'page':
      return ['GET', 'HEAD'];
    case 'endpoint':
      return ['POST'];
    case 'protocol':
      return Object.keys(route.methods);
    default:
      return route satisfies never;
  }
}

/** Whether the sender of a request has the version that an ETag names (RFC 9110, section 13.1.2). */
function hasVersion({ headers }: IncomingMessage, etag: string): boolean {
  const known = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}

/** Answers with what a page says. Raises Refusal. */
export async function servePage({ request, response, principal }: HttpExchange, page: Page): Promise<void> {
  const said = await page.answer(principal);
  const etag = said.headers?.ETag;
  if (etag === undefined || !hasVersion(request, etag)) return answer(response, said);
  response.writeHead(304, { ...said.headers });
  response.end();
}

/** Answers with what an endpoint says. Raises Refusals and KeepsakeErrors. */
export async function serveEndpoint({ response, body }: HttpExchange, endpoint: Endpoint, peer: Peer): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('the client is gone')));
  const said = await endpoint({ body, peer, signal: gone.signal });
  answer(response, { status: 200, type: 'application/json', body: JSON.stringify(said) });
}

function requireMessage(body: unknown): void {
  if (!JSONRPCMessageSchema.safeParse(body).success) throw new Refusal(400, 'The body is no message of JSON-RPC 2.0.');
}

/** Every revision of the protocol on its paths, and the pages beside them. */
export function createRoutes(options: HttpOptions, limits: HttpLimits): Routes {
  const { connect, modern: loadModern, pages, endpoints = {}, logger } = options;
  const room = createSessionRoom(limits);
  const streamable = createStreamableLane({ connect, room, limits, logger });
  const sse = createSseLane({ connect, messagePath: paths.messages, room, limits, logger });
  let modern: Promise<ModernLane> | undefined;

  function modernLane(): Promise<ModernLane> {
    modern ??= loadModern().catch((error: unknown) => {
      // The next request tries again.
      modern = undefined;
      throw error;
    });
    return modern;
  }

  async function post(exchange: HttpExchange, peer: Peer): Promise<void> {
    const { request, response, body } = exchange;
    if (isModern(body, request.headers)) {
      exchange.isStream = calledBy(body) === 'subscriptions/listen';
      await (await modernLane()).handle(request, response, { body, peer });
    } else {
      requireMessage(body);
      await streamable.handle(exchange, peer);
    }
  }

  async function inSession(exchange: HttpExchange, peer: Peer): Promise<void> {
    if (isModernHeader(exchange.request.headers))
      throw new Refusal(405, 'Revisions from 2026-07-28 on are served by POST alone.', { Allow: 'POST' });
    exchange.isStream = exchange.request.method === 'GET';
    await streamable.handle(exchange, peer);
  }

  async function listen(exchange: HttpExchange, peer: Peer): Promise<void> {
    exchange.isStream = true;
    await sse.open(exchange, peer);
  }

  async function message(exchange: HttpExchange, peer: Peer): Promise<void> {
    requireMessage(exchange.body);
    await sse.message(exchange, peer);
  }

  const routes = new Map<string, Route>([
    ...Object.entries(pages).map(([path, page]): [string, Route] => [path, { kind: 'page', page }]),
    ...Object.entries(endpoints).map(([path, endpoint]): [string, Route] => [path, { kind: 'endpoint', endpoint }]),
    [paths.mcp, { kind: 'protocol', methods: { GET: inSession, POST: post, DELETE: inSession } }],
    [paths.sse, { kind: 'protocol', methods: { GET: listen } }],
    [paths.messages, { kind: 'protocol', methods: { POST: message } }],
  ]);

  return {
    at: (path) => routes.get(path),
    sessions: () => ({ streamable: streamable.count(), sse: sse.count() }),
    async close() {
      await Promise.all([streamable.close(), sse.close(), modern?.then((lane) => lane.close())]);
    },
  };
}
