import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { openApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { ownerOf } from '../../src/core/principal.js';
import { createLogger } from '../../src/logger.js';
import { createServer } from '../../src/mcp/server-2025.js';
import { createClientSide } from '../../src/mcp/server-2026.js';
import { createService } from '../../src/mcp/service.js';
import { createModernLane } from '../../src/transports/http/modern-lane.js';
import type { Peer } from '../../src/transports/http/options.js';
import { openHttpServer } from '../../src/transports/http/server.js';
import { withFixtures } from './fixture-service.js';
import { addFixtures as addFixtures2025 } from './fixtures-2025.js';
import { addFixtures as addFixtures2026 } from './fixtures-2026.js';

declare const __VERSION__: string;

/** Milliseconds that calls under way get at the end. */
const drain = 1000;

/**
 * Opens the server over HTTP on loopback, with a new home and with what the official conformance suite wants every
 * server to offer. Closing removes the home.
 */
export async function openConformanceServer(): Promise<{ url: string; close(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'keepsake-conformance-'));
  const env = { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', KEEPSAKE_PROJECT: 'none' };
  const logger = createLogger('error');
  const app = await openApp(readConfig({ flags: {}, env }), { logger });
  const service = withFixtures(
    createService({ version: __VERSION__, logger, newCallId: () => uuid(), keepsake: async () => app.keepsake }),
  );
  const owner = ownerOf('default');
  const currentProject = async () => undefined;
  const modern = (peer: Peer) => {
    const { createServer: create, watch } = createClientSide({ service, principal: peer.principal, logger, currentProject });
    return { createServer: () => addFixtures2026(create()), watch };
  };
  const server = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    publicUrls: [],
    origins: [],
    authenticate: async () => owner,
    admit: () => undefined,
    authorize: () => undefined,
    connect: ({ principal }) => addFixtures2025(createServer({ service, principal, logger, currentProject })),
    modern: async () => createModernLane({ connect: modern, logger }),
    pages: {},
    onRequest: () => undefined,
    logger,
  });
  return {
    url: `${server.url}/mcp`,
    async close() {
      await server.close(drain);
      await app.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
