import OpenAI from 'openai';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import { afterAll, expect, it } from 'vitest';
import { listedTool } from '../src/mcp/service.js';
import { tools } from '../src/tools/table.js';
import { startFakeOpenAi } from './support/fake-openai.js';
import { callTools } from './support/fake-tools.js';

const fake = await startFakeOpenAi();
afterAll(() => fake.close());

const client = new OpenAI({ baseURL: fake.url, apiKey: 'none', maxRetries: 0 });
const asked: ChatCompletionMessageParam = { role: 'user', content: 'Hello' };

function offer(name: string, parameters: Record<string, unknown>, description = ''): ChatCompletionTool {
  return { type: 'function', function: { name, description, parameters } };
}

const ours = tools.map(listedTool).map(({ name, inputSchema, description }) => offer(name, inputSchema, description));

function complete(offered: ChatCompletionTool[], messages = [asked]) {
  return client.chat.completions.create({ model: 'fake', messages, tools: offered });
}

it('offers tools that a chat completion takes as they are listed, and calls them whole or streamed', async () => {
  fake.onChat(callTools({ name: 'recall', arguments: { profile: true } }, { name: 'forget', arguments: { all: true } }));
  const { choices } = await complete(ours);
  expect(choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
  const called = { function: { name: 'recall', arguments: '{"profile":true}' } };
  expect(choices[0]?.message.tool_calls).toMatchObject([called, { function: { name: 'forget' } }]);
  const stream = client.chat.completions.stream({ model: 'fake', messages: [asked], tools: ours });
  expect((await stream.finalMessage()).tool_calls).toMatchObject([called, { function: { name: 'forget' } }]);
});

it.each([
  ['a list that does not say of what', offer('a', { type: 'object', properties: { ids: { type: 'array' } } })],
  ['a union at the top', offer('a', { type: 'object', anyOf: [] })],
  ['a name with a dot', offer('a.b', { type: 'object' })],
  ['a description of more than 1,024 characters', offer('a', { type: 'object' }, 'x'.repeat(1025))],
])('refuses a tool with %s, as the API does', async (_, offered) => {
  await expect(complete([offered])).rejects.toThrow(/400/);
});

it('refuses calls that nobody answered and answers that nobody asked for, as the API does', async () => {
  const call = { id: 'call_1', type: 'function' as const, function: { name: 'recall', arguments: '{}' } };
  const calling: ChatCompletionMessageParam = { role: 'assistant', tool_calls: [call] };
  const answer: ChatCompletionMessageParam = { role: 'tool', tool_call_id: 'call_1', content: 'Nothing.' };
  fake.onChat('Done.');
  await expect(complete(ours, [asked, calling, answer])).resolves.toBeDefined();
  await expect(complete(ours, [asked, calling, asked])).rejects.toThrow(/must be followed by tool messages.*call_1/);
  await expect(complete(ours, [asked, answer])).rejects.toThrow(/must be a response to a preceding message/);
});
