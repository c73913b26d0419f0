import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { type StartedServer, startServer, until } from './support/server.js';

let server: StartedServer;
/** Another process of the same home. */
let other: StartedServer;
/** URIs that the server has told changes of. */
const told: string[] = [];

beforeAll(async () => {
  const env = { KEEPSAKE_USER: 'ann', KEEPSAKE_PROJECT: 'shop' };
  server = await startServer({ env });
  other = await startServer({ env, home: server.home });
  server.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void told.push(params.uri));
});

const textOf = async (uri: string) => ((await server.client.readResource({ uri })).contents[0] as { text: string }).text;
const toldOf = (uri: string) => told.filter((each) => each === uri).length;

it('lists what there is one of before anything is remembered, and the templates', async () => {
  const { resources } = await server.client.listResources();
  expect(resources.map(({ uri, name, mimeType }) => [uri, name, mimeType])).toEqual([
    ['keepsake://profile', 'profile', 'text/plain'],
    ['keepsake://recent', 'recent', 'text/plain'],
    ['keepsake://stats', 'stats', 'application/json'],
    ['ui://keepsake/memories.html', 'memories', 'text/html;profile=mcp-app'],
  ]);
  const { resourceTemplates } = await server.client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['keepsake://memory/{id}', 'keepsake://memory/{id}/history']);
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

it('reads the recent memories, the stats, and each listed memory with its history', async () => {
  expect(await textOf('keepsake://recent')).toContain('Never use default exports.');
  const { spaces } = JSON.parse(await textOf('keepsake://stats'));
  expect(spaces.map(({ space }: { space: string }) => space)).toEqual(['user:ann', 'project:shop']);
  const [memory] = (await server.client.listResources()).resources.slice(4);
  expect(memory).toMatchObject({ name: 'Never use default exports.', mimeType: 'text/plain' });
  expect(await textOf(memory?.uri ?? '')).toContain('space: project:shop');
  const id = memory?.uri.split('/').at(-1);
  expect(await textOf(`${memory?.uri}/history`)).toBe((await server.call('memory_history', { memory_id: id })).text);
});

it('answers that there is no such resource with the code of the protocol, naming those there are', async () => {
  for (const uri of ['keepsake://nothing', 'keepsake://memory/unknown', 'keepsake://memory/unknown/history']) {
    await expect(server.client.readResource({ uri })).rejects.toMatchObject({
      code: -32002,
      message: expect.stringContaining('known are keepsake://profile'),
      data: { uri },
    });
    await expect(server.client.subscribeResource({ uri })).rejects.toMatchObject({ code: -32002 });
  }
});

describe('a subscription', () => {
  it('tells of changes by this process and by another one, and no more after unsubscribing', async () => {
    const uri = 'keepsake://recent';
    await server.client.subscribeResource({ uri });
    await server.call('remember', { content: 'My bicycle is red.' });
    await until(() => toldOf(uri) > 0);
    const before = toldOf(uri);
    await other.call('remember', { content: 'My car is blue.' });
    await until(() => toldOf(uri) > before);
    expect(await textOf(uri)).toContain('My car is blue.');
    await server.client.unsubscribeResource({ uri });
    await server.client.subscribeResource({ uri: 'keepsake://profile' });
    const last = toldOf(uri);
    await other.call('remember', { content: 'My boat is white.' });
    await until(() => toldOf('keepsake://profile') > 0);
    expect(toldOf(uri)).toBe(last);
  });

  it('of a memory tells of its own changes', async () => {
    const { id } = (await server.call('remember', { content: 'My desk has number 4.' })).structured.results[0]!;
    const uri = `keepsake://memory/${id}`;
    await server.client.subscribeResource({ uri });
    await other.call('remember', { memory_id: id, content: 'My desk has number 5.' });
    await until(() => toldOf(uri) > 0);
    expect(await textOf(uri)).toContain('"My desk has number 5."');
  });

  it('keeps no process alive whose client is gone', async () => {
    await other.client.subscribeResource({ uri: 'keepsake://recent' });
    await other.stop();
    await until(() => !isAlive(other.pid));
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

it('completes ids and topics', async () => {
  const ref = { type: 'ref/resource', uri: 'keepsake://memory/{id}' } as const;
  const { completion } = await server.client.complete({ ref, argument: { name: 'id', value: 'bicycle' } });
  expect(completion).toMatchObject({ total: 1, hasMore: false });
  expect(await textOf(`keepsake://memory/${completion.values[0]}`)).toContain('My bicycle is red.');
  await expect(server.client.complete({ ref, argument: { name: 'name', value: '' } })).rejects.toMatchObject({ code: -32602 });
});

it('gives prompts, and refuses one that lacks its argument', async () => {
  expect((await server.client.listPrompts()).prompts.map(({ name }) => name)).toEqual([
    'recall_about',
    'remember_session',
    'review_memories',
  ]);
  const { messages } = await server.client.getPrompt({ name: 'recall_about', arguments: { topic: 'bicycle' } });
  expect(messages[0]?.content).toMatchObject({ type: 'text', text: expect.stringContaining('My bicycle is red.') });
  await expect(server.client.getPrompt({ name: 'recall_about' })).rejects.toMatchObject({ code: -32602 });
});
