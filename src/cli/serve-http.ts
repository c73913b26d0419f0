import { v7 as uuid } from 'uuid';
import { type Access, openAccess } from '../access/access.js';
import { TokenFileError } from '../access/token-file.js';
import { openApp } from '../app.js';
import { type Config, ConfigError } from '../config.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/ports.js';
import { createFairQueue, usualQueue } from '../fair-queue.js';
import { createServer } from '../mcp/server-2025.js';
import { createService, rightFor } from '../mcp/service.js';
import { createOperation } from '../operation/operation.js';
import type { HttpServer, ModernLane, Peer } from '../transports/http/options.js';
import { currentRequestId } from '../transports/http/request-id.js';
import { openHttpServer } from '../transports/http/server.js';
import { createCallsUnderWay } from './calls-under-way.js';
import { requireSafe } from './require-safe.js';
import { tokensPath } from './tokens-path.js';

/** Milliseconds that calls which are under way get to finish once the server is told to end. */
const drainLimit = 10_000;

/** Who may use the server, once `url` can say where it is. Raises ConfigError. */
async function accessOf(config: Config, { url, logger }: { url: () => string; logger: Logger }): Promise<Access> {
  const { tokens, oauth, rate, quota } = config.http;
  const set = { tokens: tokensPath(config), tokensRequired: tokens !== undefined, oauth, user: config.user, rate, quota };
  try {
    return await openAccess({ ...set, url, rightFor, logger });
  } catch (error) {
    throw error instanceof TokenFileError ? new ConfigError(`KEEPSAKE_TOKENS: ${error.message}`, { cause: error }) : error;
  }
}

/** The name of the project that a configuration names itself. Roots over the network are folders of another machine. */
function configuredProject({ project }: Config): string | undefined {
  return project === 'auto' || project === 'none' ? undefined : project;
}

/** The server over HTTP. Resolves with the exit code when `signal` is raised and everything has ended. Raises ConfigError. */
export async function serveHttp(config: Config, options: { version: string; logger: Logger; signal: AbortSignal }): Promise<number> {
  const { version, logger, signal } = options;
  const { host, port, publicUrls, origins } = config.http;
  const access = await accessOf(config, { url: () => publicUrls[0] ?? server.url, logger });
  requireSafe(config.http, await access.isOpen());
  const operation = createOperation({
    version,
    logger,
    app: () => app,
    sessions: () => server.sessions(),
    isDraining: () => signal.aborted,
    demand: access.demand,
  });
  const app = await openApp(config, { logger, onModelRequest: operation.onModelRequest, onChange: operation.onChange });
  const calls = createCallsUnderWay();
  const service = createService({
    version,
    logger,
    newCallId: () => uuid(),
    keepsake: async () => app.keepsake,
    onCall: calls.count,
    queue: createFairQueue(usualQueue),
    onTool: operation.onTool,
    requestId: currentRequestId,
  });
  const projectOf = (peer: Peer) => async () => peer.project ?? configuredProject(config);
  const connect = (peer: Peer) =>
    createServer({ service, principal: peer.principal, logger, isRemote: true, currentProject: projectOf(peer) });

  async function modern(): Promise<ModernLane> {
    const [{ createClientSide }, { createModernLane }] = await Promise.all([
      import('../mcp/server-2026.js'),
      import('../transports/http/modern-lane.js'),
    ]);
    return createModernLane({
      connect: (peer) => createClientSide({ service, principal: peer.principal, logger, currentProject: projectOf(peer) }),
      logger,
    });
  }

  let server: HttpServer;
  try {
    if (config.store === 'chroma') await app.requireIndex();
    server = await openHttpServer({
      host,
      port,
      publicUrls,
      origins,
      authenticate: access.authenticate,
      admit: access.admit,
      authorize: access.authorize,
      connect,
      modern,
      pages: { ...operation.pages, ...access.pages },
      onRequest: operation.onRequest,
      idle: calls.ended,
      logger,
    });
  } catch (error) {
    await app.close();
    throw startFailure(error, config);
  }
  logger.info('listening', { url: server.url });
  process.stderr.write(`Keepsake serves MCP at ${server.url}/mcp, and for older clients at ${server.url}/sse\n`);
  app
    .warmUp(configuredProject(config))
    .catch((error: unknown) => logger.warn('the home cannot be opened yet', { reason: messageOf(error) }));

  if (!signal.aborted)
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { once: true });
    });
  try {
    await server.close(drainLimit);
  } finally {
    await app.close();
  }
  return 0;
}

/** What kept the server from listening, as its user understands it. */
function startFailure(error: unknown, { http: { host, port } }: Config): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new Error(`Port ${port} of ${host} is in use; end what listens there, or set KEEPSAKE_PORT.`, { cause: error });
    case 'EACCES':
      return new Error(`This user may not listen on port ${port} of ${host}; set KEEPSAKE_PORT to one above 1023.`, { cause: error });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`${host} is no address of this machine; set KEEPSAKE_HOST.`, { cause: error });
    default:
      return error;
  }
}
