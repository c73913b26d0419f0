import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ModelError } from '../../../src/core/ports.js';
import { createOpenAiClient } from '../../../src/models/openai/client.js';
import { type CallInfo, createStructuredChat, type StructuredChat } from '../../../src/models/openai/structured-chat.js';
import { type FakeOpenAi, type FakeOpenAiOptions, startFakeOpenAi } from '../../support/fake-openai.js';

let fake: FakeOpenAi;
let calls: CallInfo[];
afterEach(() => fake.close());

async function setUp(options: FakeOpenAiOptions = {}): Promise<StructuredChat> {
  fake = await startFakeOpenAi(options);
  calls = [];
  const client = createOpenAiClient({ baseUrl: fake.url, timeout: 5_000, retryDelay: 1 });
  return createStructuredChat({ client, model: 'small', onCall: (info) => calls.push(info) });
}

const schema = z.object({
  city: z.string().min(1),
  size: z.number().int().min(1).max(10).optional(),
  tags: z.array(z.string()).nullish(),
});
const ask = (chat: StructuredChat) =>
  chat.ask({ purpose: 'place', schema, system: 'Name the city.', user: 'Where is the tower?' }, new AbortController().signal);
const formats = () => fake.chatCalls.map(({ body }) => (body.response_format as { type: string } | undefined)?.type);

describe('a structured chat', () => {
  it('asks with a strict schema at temperature 0 and reads the answer', async () => {
    const chat = await setUp();
    fake.onChat((request) => ({ city: `${request.system} ${request.user}`, size: 3, tags: null }));
    await expect(ask(chat)).resolves.toEqual({ city: 'Name the city. Where is the tower?', size: 3, tags: null });
    expect(fake.chatCalls[0]?.body).toMatchObject({
      model: 'small',
      temperature: 0,
      response_format: { json_schema: { name: 'place', strict: true } },
    });
  });

  it('takes null for what is optional, since a strict schema knows no absence', async () => {
    const chat = await setUp();
    fake.onChat({ city: 'Paris', size: null, tags: null });
    await expect(ask(chat)).resolves.toEqual({ city: 'Paris' });
    expect(fake.chatCalls).toHaveLength(1);
  });

  it('tells of each request with its tokens and its place', async () => {
    const chat = await setUp();
    fake.onChat({ city: 'Paris' });
    fake.fail('server_error');
    await ask(chat);
    expect(calls).toEqual([
      { purpose: 'place', attempt: 1, milliseconds: expect.any(Number) },
      {
        purpose: 'place',
        attempt: 2,
        milliseconds: expect.any(Number),
        promptTokens: expect.any(Number),
        completionTokens: expect.any(Number),
      },
    ]);
  });

  it('steps down to json_object and then to plain text, shows the schema there, and remembers it', async () => {
    const chat = await setUp({ refuses: ['json_schema', 'json_object'] });
    fake.onChat('The answer is {"city": "Paris"}.');
    await expect(ask(chat)).resolves.toEqual({ city: 'Paris' });
    await ask(chat);
    expect(formats()).toEqual(['json_schema', 'json_object', undefined, undefined]);
    expect(JSON.stringify(fake.chatCalls.at(-1)?.body.messages)).toContain('additionalProperties');
  });

  it('stays at json_object where that is taken', async () => {
    const chat = await setUp({ refuses: ['json_schema'] });
    fake.onChat({ city: 'Paris' });
    await ask(chat);
    await ask(chat);
    expect(formats()).toEqual(['json_schema', 'json_object', 'json_object']);
  });

  it('leaves out the temperature where it is refused, keeps the schema, and remembers it', async () => {
    const chat = await setUp({ refuses: ['temperature'] });
    fake.onChat({ city: 'Paris' });
    await ask(chat);
    await ask(chat);
    expect(fake.chatCalls.map(({ body }) => body.temperature)).toEqual([0, undefined, undefined]);
    expect(formats()).toEqual(['json_schema', 'json_schema', 'json_schema']);
  });

  it('switches thinking off where the endpoint asks for that', async () => {
    const chat = await setUp({ refuses: ['thinking'] });
    fake.onChat({ city: 'Paris' });
    await expect(ask(chat)).resolves.toEqual({ city: 'Paris' });
  });

  it('does not step down for a wrong key', async () => {
    const chat = await setUp({ apiKey: 'sk-test' });
    await expect(ask(chat)).rejects.toThrow(/401/);
    expect(fake.chatCalls).toHaveLength(1);
  });

  it('names the fault to the model once', async () => {
    const chat = await setUp();
    fake.onChat({ city: '' }, { city: 'Paris' });
    await expect(ask(chat)).resolves.toEqual({ city: 'Paris' });
    const messages = fake.chatCalls[1]?.body.messages as { role: string; content: string }[];
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages[0]?.content).toContain('"city"');
    expect(messages[3]?.content).toMatch(/^That cannot be used: city: .*expected string/);
  });

  it('gives up when the second answer is no better', async () => {
    const chat = await setUp();
    fake.onChat('Paris, of course!');
    const failure = await ask(chat).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: 'RefusedInputError',
      message: 'small did not answer the place as agreed, twice: the answer held no complete JSON object',
    });
    expect(fake.chatCalls).toHaveLength(2);
  });

  it('asks again after an empty answer', async () => {
    const chat = await setUp();
    fake.onChat({ city: 'Paris' });
    fake.fail('empty');
    await expect(ask(chat)).resolves.toEqual({ city: 'Paris' });
  });

  it.each([
    ['refusal', /refused: I'm sorry/],
    ['cut_off', /cut off at its output limit/],
  ] as const)('does not retry a %s and says so', async (fault, message) => {
    const chat = await setUp();
    fake.onChat({ city: 'Paris' });
    fake.fail(fault);
    await expect(ask(chat)).rejects.toMatchObject({ name: 'RefusedInputError', message: expect.stringMatching(message) });
    expect(fake.chatCalls).toHaveLength(1);
  });

  it.each(['server_error', 'quota', 'disconnect'] as const)('does not blame the question for a %s', async (fault) => {
    const chat = await setUp();
    fake.fail(fault, Number.POSITIVE_INFINITY);
    await expect(ask(chat)).rejects.toMatchObject({ name: 'EndpointError' });
  });

  it('says when the endpoint speaks no chat at all', async () => {
    const chat = await setUp();
    fake.fail('web_page');
    const failure = await ask(chat).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ModelError);
    expect(failure).toMatchObject({ message: expect.stringContaining('no chat completion') });
  });
});
