import { expect, it } from 'vitest';
import { until } from '../support/server.js';
import type { Lane, Stage } from './suite.js';

const known = ['keepsake://profile', 'keepsake://recent', 'keepsake://stats', 'ui://keepsake/memories.html'];

/** The code of the error, which clients of the second line translate to that of the newest revision. */
const codeOf = ({ sdk }: Lane) => (sdk === 'SDK 1.x' ? -32002 : -32602);

/** What is served beside tools: resources, and news of them. */
export function checkResources(stage: () => Stage): void {
  async function remember(content: string): Promise<string> {
    const { structured } = await stage().other.call('remember', { content, infer: false });
    return structured.results[0]?.id ?? '';
  }

  async function read(uri: string): Promise<string> {
    const { contents } = await stage().client.readResource({ uri });
    expect(contents).toMatchObject([{ uri, mimeType: expect.any(String), text: expect.any(String) }]);
    return (contents[0] as { uri: string; text: string }).text;
  }

  it('lists resources and templates, and reads each of them', async () => {
    const id = await remember('Olga paints boats.');
    const { resources } = await stage().client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([...known, expect.stringContaining('keepsake://memory/')]);
    const { resourceTemplates } = await stage().client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate).sort()).toEqual([
      'keepsake://memory/{id}',
      'keepsake://memory/{id}/history',
    ]);
    for (const uri of [...known.slice(0, 2), `keepsake://memory/${id}`, `keepsake://memory/${id}/history`]) {
      expect(await read(uri)).toContain('Olga paints boats.');
    }
    expect(await read('keepsake://stats')).toMatch(/1/);
  });

  it.each(['keepsake://nothing', 'keepsake://memory/mem-nowhere', 'keepsake://memory/mem-nowhere/history', 'file:///etc/passwd'])(
    'answers that there is no resource %s',
    async (uri) => {
      const { client, lane } = stage();
      await expect(client.readResource({ uri })).rejects.toMatchObject({ code: codeOf(lane), message: expect.stringContaining(uri) });
    },
  );

  it('tells who watches a resource of its changes by another client, and nobody after that', async () => {
    const { client } = stage();
    const changed: string[] = [];
    const stop = await client.watch('keepsake://recent', (uri) => changed.push(uri));
    await remember('Olga paints a harbour.');
    await until(() => changed.length > 0);
    expect(new Set(changed)).toEqual(new Set(['keepsake://recent']));
    await stop();
    const told = changed.length;
    const profile: string[] = [];
    const stopProfile = await client.watch('keepsake://profile', (uri) => profile.push(uri));
    await remember('Olga paints a lighthouse.');
    // By the time that the one is told, so would have been the other.
    await until(() => profile.length > 0);
    expect(changed).toHaveLength(told);
    await stopProfile();
  });
}
