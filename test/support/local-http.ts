import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll } from 'vitest';
import type { Principal } from '../../src/core/principal.js';
import type { HttpOptions, HttpServer, Peer } from '../../src/transports/http/options.js';
import { Refusal } from '../../src/transports/http/refusal.js';
import { openHttpServer } from '../../src/transports/http/server.js';
import { callerOf } from './caller.js';

/** Lets in whoever names themselves in the token. */
export async function byName(authorization: string | undefined): Promise<Principal> {
  const name = /^Bearer (\w+)$/.exec(authorization ?? '')?.[1];
  if (name === undefined) throw new Refusal(401, 'Say who you are.', { 'WWW-Authenticate': 'Bearer' });
  return callerOf(name);
}

/**
 * A server of the protocol with two tools: `whoami` says who calls it, and `wait` answers once the server's `release` is
 * called.
 */
export function createToy(): { connect: (peer: Peer) => Server; release(): void; waiting(): number } {
  let release: () => void = () => undefined;
  let waiting = 0;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    release: () => release(),
    waiting: () => waiting,
    connect(peer) {
      const server = new Server({ name: 'toy', version: '1' }, { capabilities: { tools: {}, resources: { subscribe: true } } });
      server.setRequestHandler(ListToolsRequestSchema, () => ({
        tools: ['whoami', 'wait'].map((name) => ({ name, inputSchema: { type: 'object' as const } })),
      }));
      server.setRequestHandler(CallToolRequestSchema, async ({ params }, { sendNotification, _meta }) => {
        if (params.name === 'wait') {
          waiting += 1;
          await sendNotification({ method: 'notifications/progress', params: { progressToken: _meta?.progressToken ?? 1, progress: 1 } });
          await released;
        }
        const { principal, project } = peer;
        return { content: [{ type: 'text', text: JSON.stringify({ id: principal.id, rights: [...principal.rights], project }) }] };
      });
      return server;
    },
  };
}

const opened = new Set<HttpServer>();

afterAll(async () => {
  await Promise.all([...opened].map((server) => server.close(0)));
});

/** Opens a server on a free port of this machine that knows callers by name; it is closed after the file's tests. */
export async function openLocalServer(options: Partial<HttpOptions> = {}): Promise<HttpServer> {
  const quiet = () => undefined;
  const server = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    publicUrls: [],
    origins: [],
    authenticate: byName,
    admit: quiet,
    authorize: quiet,
    connect: createToy().connect,
    modern: async () => ({
      async handle(_request, response, { peer }) {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ modern: peer.principal.id, project: peer.project }));
      },
      close: async () => undefined,
    }),
    pages: {},
    onRequest: quiet,
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    ...options,
  });
  opened.add(server);
  return server;
}
