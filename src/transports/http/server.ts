import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Principal, Right } from '../../core/principal.js';
import { doneWithin } from '../within.js';
import { type AddressCheck, createAddressCheck, inUrl, isWildcard, withoutBrackets } from './addresses.js';
import { refuse } from './answers.js';
import { readJson, requireJsonType } from './body.js';
import { refuseBrokenRequests } from './broken-requests.js';
import { allowOrigin, answerPreflight, isPreflight } from './cors.js';
import type { HttpExchange } from './exchange.js';
import { isEndpoint } from './faults.js';
import { usualLimits } from './limits.js';
import { calledBy } from './message.js';
import { createOpenRequests } from './open-requests.js';
import type { HttpOptions, HttpServer } from './options.js';
import { peerOf } from './peer.js';
import { Refusal } from './refusal.js';
import { inRequest } from './request-id.js';
import { createRoutes, methodsOf, serveEndpoint, servePage } from './routes.js';

/** What a client may expect before it sends a body. */
const continueForm = '100-continue';
/** Milliseconds for which a connection without a request stays open; longer than proxies keep theirs, so that they end it. */
const keepAliveTimeout = 75_000;
/** Milliseconds of silence after which a connection is probed. */
const silence = 60_000;
/** Milliseconds between two looks for requests that do not arrive. */
const lookForSlow = 5000;
/** Milliseconds that the last answers get to leave once everything has ended. */
const lastMoment = 1000;

function exchangeOf(request: IncomingMessage, response: ServerResponse): HttpExchange {
  const [, authority, path = '', query = ''] = /^(?:https?:\/\/([^/?#]*))?([^?#]*)\??([^#]*)/i.exec(request.url ?? '') ?? [];
  // What comes later understands no whole URLs.
  request.url = query === '' ? path : `${path}?${query}`;
  return { request, response, requestId: randomUUID(), authority, path, query, isStream: false };
}

/**
 * Listens for the protocol in all its revisions over HTTP. Raises what keeps it from listening, such as an error with
 * code EADDRINUSE.
 */
export async function openHttpServer(options: HttpOptions): Promise<HttpServer> {
  const { authenticate, admit, authorize, logger } = options;
  const limits = { ...usualLimits, ...options.limits };
  const routes = createRoutes(options, limits);
  const open = createOpenRequests({ authenticate, limits, logger });
  const current = new WeakMap<Socket, ServerResponse>();
  const unfinished = new Set<ServerResponse>();
  let draining = false;
  let checkAddress: AddressCheck;

  async function identify(exchange: HttpExchange, needs?: Right): Promise<Principal> {
    const { request, response } = exchange;
    // A copy: what the caller may do later is put into it.
    const principal = { ...(await authenticate(request.headers.authorization, request.socket.remoteAddress ?? '', needs)) };
    // Nothing would tell of its end any more.
    if (response.destroyed) throw new Error('the client is gone');
    exchange.principal = principal;
    admit(principal, request.headers);
    open.enter(exchange, principal);
    return principal;
  }

  async function readBody(exchange: HttpExchange): Promise<void> {
    requireJsonType(exchange.request);
    exchange.body = await readJson(exchange.request, exchange.response, limits);
  }

  function requireSingle({ body }: HttpExchange): void {
    if (Array.isArray(body)) throw new Refusal(400, 'Batches are not taken; send each message in a request of its own.');
  }

  /** The way of every request. Raises Refusal. */
  async function serve(exchange: HttpExchange): Promise<void> {
    const { request, response, authority, path } = exchange;
    const sender = checkAddress(request, authority);
    if (sender.kind === 'listed') allowOrigin(response, sender.origin);
    const route = routes.at(path);
    if (!route) throw new Refusal(404, 'There is nothing at this path; the protocol is served at /mcp, and for older clients at /sse.');
    const methods = methodsOf(route);
    if (sender.kind === 'listed' && isPreflight(request)) return answerPreflight(response, methods);
    const method = request.method ?? '';
    if (!methods.includes(method)) throw new Refusal(405, `This path takes ${methods.join(', ')}.`, { Allow: methods.join(', ') });
    if ((request.headers.expect ?? continueForm).toLowerCase() !== continueForm)
      throw new Refusal(417, `This server knows no other Expect than ${continueForm}.`);
    if (route.kind === 'page') {
      if (!route.page.open) await identify(exchange, route.page.needs);
      return servePage(exchange, route.page);
    }
    if (draining) throw new Refusal(503, 'The server is being stopped.', { 'Retry-After': '5', Connection: 'close' });
    const principal = await identify(exchange);
    if (method === 'POST') await readBody(exchange);
    if (route.kind === 'endpoint') return serveEndpoint(exchange, route.endpoint, peerOf(principal, request.headers));
    if (method === 'POST') {
      requireSingle(exchange);
      authorize(principal, exchange.body);
    }
    await route.methods[method]?.(exchange, peerOf(principal, request.headers));
  }

  function report({ request, response, requestId, path, principal, body }: HttpExchange, started: number): void {
    options.onRequest({
      requestId,
      route: routes.at(path) ? path : 'other',
      method: request.method ?? '',
      status: response.headersSent ? response.statusCode : 499,
      milliseconds: performance.now() - started,
      principal: principal?.id,
      called: isEndpoint(path) ? undefined : calledBy(body),
    });
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const started = performance.now();
    const exchange = exchangeOf(request, response);
    current.set(request.socket, response);
    unfinished.add(response);
    response.once('close', () => {
      unfinished.delete(response);
      if (current.get(request.socket) === response) current.delete(request.socket);
      report(exchange, started);
    });
    response.on('error', (error) => logger.debug('an answer did not arrive', { request_id: exchange.requestId, reason: error.message }));
    response.setHeader('X-Request-Id', exchange.requestId);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    void inRequest(exchange.requestId, async () => {
      try {
        await serve(exchange);
      } catch (error) {
        refuse(exchange, error, { linger: limits.linger, logger });
      }
    });
  }

  const { headerTime, bodyTime, connections } = limits;
  const server = createServer({
    headersTimeout: headerTime,
    requestTimeout: headerTime + bodyTime + lookForSlow,
    connectionsCheckingInterval: lookForSlow,
    keepAliveTimeout,
    // Of TCP: tells of clients that vanished without a word.
    keepAlive: true,
    keepAliveInitialDelay: silence,
    // Refused like everything else.
    requireHostHeader: false,
  });
  server.maxConnections = connections;
  // Their size is bounded. Of more than some number node would leave out the rest, and with it an Origin.
  server.maxHeadersCount = 0;
  server.on('request', handle);
  // The body is asked for once it is wanted.
  server.on('checkContinue', handle);
  server.on('checkExpectation', handle);
  refuseBrokenRequests(server, { current, logger });

  server.listen({ host: withoutBrackets(options.host), port: options.port });
  await once(server, 'listening');
  // Such as a connection that cannot be taken because too many files are open.
  server.on('error', (error) => logger.warn('a connection failed', { reason: error.message }));
  const { port } = server.address() as AddressInfo;
  checkAddress = createAddressCheck({ ...options, port });

  return {
    url: `http://${isWildcard(options.host) ? 'localhost' : inUrl(withoutBrackets(options.host))}:${port}`,
    sessions: routes.sessions,
    async close(drain) {
      draining = true;
      const closed = once(server, 'close');
      server.close();
      await doneWithin(drain, Promise.all([open.answered(), options.idle?.()]));
      open.close();
      await routes.close();
      await doneWithin(lastMoment, Promise.all([...unfinished].map((response) => once(response, 'close'))));
      server.closeAllConnections();
      await closed;
    },
  };
}
