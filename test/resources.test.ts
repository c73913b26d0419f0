import { beforeAll, expect, it } from 'vitest';
import { type StartedServer, startServer } from './support/server.js';

let server: StartedServer;
beforeAll(async () => {
  server = await startServer({ env: { KEEPSAKE_USER: 'ann', KEEPSAKE_PROJECT: 'shop' } });
});

it('lists the profile, and no templates', async () => {
  const { resources } = await server.client.listResources();
  expect(resources).toMatchObject([{ uri: 'keepsake://profile', name: 'profile', mimeType: 'text/plain' }]);
  expect((await server.client.listResourceTemplates()).resourceTemplates).toEqual([]);
});

it("reads the profile of the configured user and the current project, the same text as recall's", async () => {
  await server.call('remember', { content: 'Always answer in German.' });
  await server.call('remember', { content: 'Never use default exports.', project: '.' });
  await server.call('remember', { content: 'I prefer tea.', user_id: 'bob' });
  const { contents } = await server.client.readResource({ uri: 'keepsake://profile' });
  expect(contents).toEqual([
    { uri: 'keepsake://profile', mimeType: 'text/plain', text: (await server.call('recall', { profile: true })).text },
  ]);
  const { text } = contents[0] as { text: string };
  expect(text).toContain('Always answer in German.');
  expect(text).toContain('Never use default exports.');
  expect(text).not.toContain('tea');
});

it('answers that there is no such resource with the code of the protocol, naming those there are', async () => {
  await expect(server.client.readResource({ uri: 'keepsake://nothing' })).rejects.toMatchObject({
    code: -32002,
    message: expect.stringContaining('known are keepsake://profile'),
    data: { uri: 'keepsake://nothing' },
  });
});
