import { v7 as uuid } from 'uuid';
import type { Access } from '../access/access.js';
import { openApp } from '../app.js';
import type { Config } from '../config.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/ports.js';
import { createFairQueue, usualQueue } from '../fair-queue.js';
import { createServer } from '../mcp/server-2025.js';
import { createService } from '../mcp/service.js';
import { createOperation } from '../operation/operation.js';
import type { HttpServer, ModernLane, Peer } from '../transports/http/options.js';
import { currentRequestId } from '../transports/http/request-id.js';
import { openHttpServer } from '../transports/http/server.js';
import { appPage } from '../web/app-page.js';
import { createEndpoints } from '../web/endpoints.js';
import { createPages } from '../web/pages.js';
import { createCallsUnderWay } from './calls-under-way.js';

/** Milliseconds that calls which are under way get to finish once the server is told to end. */
const drainLimit = 10_000;

/** What a server over HTTP is opened with; where it listens is in the configuration. */
export interface NetworkServerOptions {
  version: string;
  logger: Logger;
  /** Raised when it is to end. */
  signal: AbortSignal;
  access: Access;
  /** The current project of callers that name none. */
  project: string | undefined;
}

/** A server over HTTP that listens, with the home behind it. */
export interface NetworkServer {
  /** Where it can be reached on this machine, such as http://127.0.0.1:7700. */
  readonly url: string;
  /** Resolves when `signal` is raised and everything has ended. */
  ended(): Promise<void>;
}

/** Opens the home and serves it over HTTP: the protocol, the dashboard, and the pages for whoever runs the server. */
export async function openNetworkServer(config: Config, options: NetworkServerOptions): Promise<NetworkServer> {
  const { version, logger, signal, access, project } = options;
  const { host, port, publicUrls, origins } = config.http;
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
    appPage,
  });
  const projectOf = (peer: Peer) => async () => peer.project ?? project;
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

  const watched = {
    readiness: operation.readiness,
    problems: app.problems,
    indexFault: () => app.vectors.fault(),
    now: Date.now,
  };

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
      pages: { ...createPages(), ...operation.pages, ...access.pages },
      endpoints: createEndpoints({ version, service, projectOf, watched }),
      onRequest: operation.onRequest,
      idle: calls.ended,
      logger,
    });
  } catch (error) {
    await app.close();
    throw startFailure(error, config);
  }
  logger.info('listening', { url: server.url });
  app.warmUp(project).catch((error: unknown) => logger.warn('the home cannot be opened yet', { reason: messageOf(error) }));

  return {
    url: server.url,
    async ended() {
      if (!signal.aborted)
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
        });
      try {
        await server.close(drainLimit);
      } finally {
        await app.close();
      }
    },
  };
}

/** What kept the server from listening, as its user understands it. */
function startFailure(error: unknown, { http: { host, port } }: Config): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new Error(`Port ${port} of ${host} is in use; end what listens there, or give another with --port.`, { cause: error });
    case 'EACCES':
      return new Error(`This user may not listen on port ${port} of ${host}; give one above 1023 with --port.`, { cause: error });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`${host} is no address of this machine; set KEEPSAKE_HOST.`, { cause: error });
    default:
      return error;
  }
}
