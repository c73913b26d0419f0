// The server over HTTP from the sources, with its queue or without: node bench/fairness-server.mjs HOME QUEUED. Prints its
// URL, and ends with SIGTERM.
import { once } from 'node:events';
import { load } from '../scripts/load.mjs';

const [home, queued] = process.argv.slice(2);
const parts = await load(`
  export { openApp } from './src/app.js';
  export { readConfig } from './src/config.js';
  export { ownerOf } from './src/core/principal.js';
  export { createFairQueue, usualQueue } from './src/fair-queue.js';
  export { createLogger } from './src/logger.js';
  export { createServer } from './src/mcp/server-2025.js';
  export { createService } from './src/mcp/service.js';
  export { openHttpServer } from './src/transports/http/server.js';`);

const config = parts.readConfig({ flags: {}, env: { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', KEEPSAKE_PROJECT: 'none' } });
const logger = parts.createLogger('error');
const app = await parts.openApp(config, { logger });
let calls = 0;
const service = parts.createService({
  version: 'bench',
  logger,
  newCallId: () => `bench-${++calls}`,
  keepsake: async () => app.keepsake,
  ...(queued === 'true' ? { queue: parts.createFairQueue(parts.usualQueue) } : {}),
});
const owner = parts.ownerOf('default');
const nothing = () => undefined;
const server = await parts.openHttpServer({
  host: '127.0.0.1',
  port: 0,
  publicUrls: [],
  origins: [],
  authenticate: async () => owner,
  admit: nothing,
  authorize: nothing,
  connect: ({ principal }) => parts.createServer({ service, principal, logger, currentProject: async () => undefined }),
  modern: () => Promise.reject(new Error('not measured')),
  pages: {},
  onRequest: nothing,
  logger,
});
console.log(`${server.url}/mcp`);
await once(process, 'SIGTERM');
await server.close(1000);
await app.close();
