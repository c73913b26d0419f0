import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { expect, it } from 'vitest';
import { createServer } from '../../src/mcp/server-2025.js';
import type { Service } from '../../src/mcp/service.js';
import { silentLogger } from '../store/chroma/fixtures.js';
import { until } from '../support/server.js';
import { openServiceHome, owner } from './service-home.js';

/** How many watches have begun, and how many of them have ended. */
interface Watches {
  begun: number;
  ended: number;
}

/** A client of a server whose watches begin once `ready` has resolved. */
async function connected(watches: Watches, ready: () => Promise<void> = async () => undefined): Promise<Client> {
  const { service } = await openServiceHome();
  const counting: Service = {
    ...service,
    async watchResource(...given) {
      await ready();
      const stop = await service.watchResource(...given);
      watches.begun += 1;
      return () => {
        watches.ended += 1;
        stop();
      };
    },
  };
  const server = createServer({ service: counting, principal: owner, logger: silentLogger, currentProject: async () => undefined });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' });
  await Promise.all([server.connect(theirs), client.connect(ours)]);
  return client;
}

it('a connection that is closed ends its watches, and one for a URI that is subscribed to twice', async () => {
  const watches = { begun: 0, ended: 0 };
  const client = await connected(watches);
  await client.subscribeResource({ uri: 'keepsake://profile' });
  await client.subscribeResource({ uri: 'keepsake://profile' });
  await client.subscribeResource({ uri: 'keepsake://recent' });
  expect(watches).toEqual({ begun: 3, ended: 1 });
  await client.close();
  expect(watches.ended).toBe(3);
});

it('a connection that is closed while a watch begins leaves none behind', async () => {
  const watches = { begun: 0, ended: 0 };
  let isAsked = false;
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const client = await connected(watches, () => {
    isAsked = true;
    return held;
  });
  const refused = expect(client.subscribeResource({ uri: 'keepsake://profile' })).rejects.toThrow();
  await until(() => isAsked);
  await client.close();
  await refused;
  goOn();
  await until(() => watches.begun === 1 && watches.ended === 1);
});
