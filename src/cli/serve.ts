import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { v7 as uuid } from 'uuid';
import type { App } from '../app.js';
import type { Config } from '../config.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/ports.js';
import { ownerOf } from '../core/principal.js';
import { createServer } from '../mcp/server-2025.js';
import { createService } from '../mcp/service.js';
import type { ModernConnection } from '../transports/modern-connection.js';
import { serveStdio } from '../transports/stdio.js';
import { doneWithin } from '../transports/within.js';
import { appPage } from '../web/app-page.js';
import { createCallsUnderWay } from './calls-under-way.js';
import { programName } from './program-name.js';

/** Milliseconds that calls which are under way get to finish once the client is gone. */
const drainLimit = 5000;

/** The stdio server: answers the handshake first and opens the home behind it. Resolves when the client is gone. */
export async function serve(config: Config, options: { version: string; logger: Logger; signal: AbortSignal }): Promise<void> {
  const { version, logger, signal } = options;
  let app: Promise<App> | undefined;
  const calls = createCallsUnderWay();

  function opened(): Promise<App> {
    // Loaded here and not above: the handshake must not wait for it.
    app ??= import('../app.js')
      .then(({ openApp }) => openApp(config, { logger }))
      .catch((error: unknown) => {
        // The next call tries again: the folder may be back by then.
        app = undefined;
        throw error;
      });
    return app;
  }

  if (process.stdin.isTTY)
    process.stderr.write(`Keepsake speaks MCP on stdin and stdout and waits for a client. To see what it does: ${programName()} demo\n`);
  const service = createService({
    version,
    logger,
    newCallId: () => uuid(),
    keepsake: async () => (await opened()).keepsake,
    onCall: calls.count,
    appPage,
  });
  const principal = ownerOf(config.user);
  const projectOf = async (roots: string[]) => (await import('../current-project.js')).currentProject(config, roots);

  function legacy(): Server {
    const onReady = (project: () => Promise<string | undefined>) => void warmUp(project);
    return createServer({ service, principal, logger, currentProject: projectOf, onReady });
  }

  async function modern(): Promise<ModernConnection> {
    const { createClientSide } = await import('../mcp/server-2026.js');
    let project: Promise<string | undefined> | undefined;
    const currentProject = () => {
      project ??= projectOf([]);
      return project;
    };
    // There is no handshake to wait for; what was asked first is answered before anything is opened.
    setImmediate(() => void warmUp(currentProject));
    return createClientSide({ service, principal, logger, currentProject });
  }

  async function warmUp(project: () => Promise<string | undefined>): Promise<void> {
    try {
      await (await opened()).warmUp(await project());
    } catch (error) {
      logger.warn('the home cannot be opened yet', { reason: messageOf(error) });
    }
  }

  // Whoever insists on Chroma is refused before the handshake, rather than served without it.
  if (config.store === 'chroma') await (await opened()).requireIndex();
  await serveStdio({ legacy, modern, drain: () => doneWithin(drainLimit, calls.ended()), signal, logger });
  await (await app?.catch(() => undefined))?.close();
}
