import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type CallToolResult, ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { temporaryHome } from '../support/home.js';
import { program, quietEnvironment } from '../support/server.js';

let client: Client;
let asked: { message: string; requestedSchema: unknown }[];
let reply: () => ElicitResult;

beforeAll(async () => {
  client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params as (typeof asked)[number]);
    return reply();
  });
  const env = { ...quietEnvironment, KEEPSAKE_HOME: await temporaryHome() };
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [program], env, cwd: '/' }));
});
afterAll(() => client.close());
beforeEach(() => {
  asked = [];
});

const accept: ElicitResult = { action: 'accept', content: { confirm: true } };

async function call(name: string, args: Record<string, unknown>) {
  const { content, structuredContent } = (await client.callTool({ name, arguments: args })) as CallToolResult;
  return { text: content[0]?.type === 'text' ? content[0].text : '', data: structuredContent as Record<string, unknown> };
}

async function remembered(content: string): Promise<string> {
  const { data } = await call('remember', { content });
  return (data.results as { id: string }[])[0]?.id ?? '';
}

const isThere = async (id: string) =>
  ((await call('recall', { filters: { id } })).data.memories as { id: string }[]).some((memory) => memory.id === id);

it('is asked for in the client, in a form with a field, and what was previewed is forgotten in the same call', async () => {
  const id = await remembered('Nora plays the cello.');
  reply = () => accept;
  const { data, text } = await call('forget', { query: 'cello' });
  expect(asked).toMatchObject([
    {
      message: `1 memory would be forgotten; nothing has happened yet.\n[mem:${id}] "Nora plays the cello."\nCarry it out?`,
      requestedSchema: expect.objectContaining({ required: ['confirm'] }),
    },
  ]);
  expect(data).toEqual({ forgotten: [{ id, memory: 'Nora plays the cello.' }], not_found: [] });
  expect(text).toContain('Forgotten: 1.');
  expect(await isThere(id)).toBe(false);
});

it.each<[string, ElicitResult]>([
  ['declined', { action: 'decline' }],
  ['closed', { action: 'cancel' }],
  ['sent without consent', { action: 'accept', content: { confirm: false } }],
])('forgets nothing where it was %s, and leaves the assistant no token', async (_how, result) => {
  const id = await remembered(`Olaf sails, ${_how}.`);
  reply = () => result;
  for (const what of [{ query: 'Olaf' }, { all: true }, { memory_ids: [id], erase: true }])
    expect(await call('forget', what)).toEqual({
      data: { forgotten: [], not_found: [] },
      text: 'The user declined: nothing was forgotten.',
    });
  expect(await isThere(id)).toBe(true);
});

it('falls to a second call where the client could not ask', async () => {
  const id = await remembered('Pia paints.');
  reply = () => {
    throw new Error('no window');
  };
  const { data } = await call('forget', { memory_ids: [id], erase: true });
  expect(data).toMatchObject({ forgotten: [], confirm_token: expect.any(String) });
  expect((await call('forget', { confirm: data.confirm_token })).data).toMatchObject({ forgotten: [{ id }] });
});

it('is not asked for where nothing needs it', async () => {
  const id = await remembered('Quentin quilts.');
  expect((await call('forget', { memory_ids: [id] })).data).toMatchObject({ forgotten: [{ id }] });
  expect((await call('forget', { query: 'zeppelin' })).data).toMatchObject({ count: 0 });
  expect(asked).toEqual([]);
});
