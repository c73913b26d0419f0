import { expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { createLogger } from '../../src/logger.js';
import { createService } from '../../src/mcp/service.js';
import type { Stage } from './suite.js';

/** What every lane must say of the server. */
const service = createService({
  version: packageJson.version,
  logger: createLogger('error'),
  newCallId: () => '',
  keepsake: () => Promise.reject(new Error('no memory is needed to list tools')),
});

/** Who the server is, what it can do, and its tools are the same everywhere. */
export function checkHandshake(stage: () => Stage): void {
  it('comes to the newest revision that both sides speak', () => {
    const { client, other, revision } = stage();
    expect([client.revision, other.revision]).toEqual([revision, revision]);
  });

  it('says who it is, what it can do and when to call it', () => {
    const { client } = stage();
    expect(client.getServerVersion()).toMatchObject(service.serverInfo);
    expect(client.getInstructions()).toBe(service.instructions);
    expect(client.getServerCapabilities()).toMatchObject({ tools: {}, resources: { subscribe: true }, prompts: {}, completions: {} });
  });

  it('lists the same tools as anywhere else, in less than 10,000 bytes', async () => {
    const { tools } = await stage().client.listTools();
    expect(tools).toEqual(service.listTools());
    expect(JSON.stringify(tools).length).toBeLessThan(10_000);
  });
}
