import { afterEach, describe, expect, it } from 'vitest';
import { type ChatMessage, type ChatModel, ModelError } from '../../../src/core/ports.js';
import type { ModelRequest } from '../../../src/models/model-request.js';
import { createOpenAiClient } from '../../../src/models/openai/client.js';
import { createOpenAiConversation } from '../../../src/models/openai/conversation.js';
import { type FakeOpenAi, type FakeOpenAiOptions, startFakeOpenAi } from '../../support/fake-openai.js';

let fake: FakeOpenAi;
let told: ModelRequest[];
afterEach(() => fake.close());

const messages: ChatMessage[] = [
  { role: 'system', content: 'Be kind.' },
  { role: 'user', content: 'Hello' },
];
const tokens = (text: string) => Math.ceil(text.length / 4);
const answer = 'Good morning, and welcome to this long and winding answer.';

async function setUp(options: FakeOpenAiOptions & { patience?: number; says?: string } = {}): Promise<ChatModel> {
  fake = await startFakeOpenAi(options);
  fake.onChat(options.says ?? answer);
  told = [];
  const client = createOpenAiClient({ baseUrl: fake.url, timeout: 20_000, retryDelay: 1, onRequest: (request) => told.push(request) });
  return createOpenAiConversation({ client, model: 'talker', patience: options.patience });
}

/** The pieces of an answer, and what ended it early. */
async function heard(model: ChatModel, signal = new AbortController().signal): Promise<{ pieces: string[]; error?: unknown }> {
  const pieces: string[] = [];
  try {
    for await (const piece of model.stream(messages, signal)) pieces.push(piece);
    return { pieces };
  } catch (error) {
    return { pieces, error };
  }
}

describe('a conversation with a model', () => {
  it('gives an answer in the pieces in which it comes', async () => {
    const { pieces, error } = await heard(await setUp());
    expect(error).toBeUndefined();
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join('')).toBe(answer);
    const asked = { model: 'talker', messages, stream: true, stream_options: { include_usage: true } };
    expect(fake.chatCalls.map(({ body }) => body)).toEqual([asked]);
  });

  it('tells what the answer took once it is over, and how it ended', async () => {
    const model = await setUp();
    await heard(model);
    expect(told).toMatchObject([{ outcome: 'ok', promptTokens: tokens(JSON.stringify(messages)), completionTokens: tokens(answer) }]);
    fake.fail('error_event');
    await heard(model);
    for await (const _piece of model.stream(messages, new AbortController().signal)) break;
    expect(told.map(({ outcome }) => outcome)).toEqual(['ok', 'failed', 'abandoned']);
  });

  it('asks an endpoint that refuses to tell what an answer took for the stream alone, and for no more again', async () => {
    const model = await setUp({ refuses: ['stream_options'] });
    for (const _turn of [1, 2]) expect((await heard(model)).pieces.length).toBeGreaterThan(3);
    const alone = { model: 'talker', messages, stream: true };
    expect(fake.chatCalls.map(({ body }) => body)).toEqual([{ ...alone, stream_options: { include_usage: true } }, alone, alone]);
  });

  it('leaves out what the model thinks', async () => {
    const { pieces } = await heard(await setUp({ says: '<think>Let me see, who is this?</think>\n\nGood morning.' }));
    expect(pieces.join('')).toBe('Good morning.');
  });

  it.each([
    ['refuses to stream', { refuses: ['stream'] }, 3],
    ['answers in one piece although asked to stream', { ignoresStream: true }, 3],
  ] as const)('takes the answer in one piece of an endpoint that %s, and asks for no stream again', async (_, options, calls) => {
    const model = await setUp({ ...options, refuses: [...('refuses' in options ? options.refuses : [])] });
    for (const _turn of [1, 2]) expect(await heard(model)).toEqual({ pieces: [answer] });
    expect(fake.chatCalls).toHaveLength(calls);
    expect(fake.chatCalls.slice(1).every(({ body }) => body.stream === undefined)).toBe(true);
  });

  it.each(['rate_limit', 'server_error', 'disconnect'] as const)('tries again after %s before the first piece', async (fault) => {
    const model = await setUp();
    fake.fail(fault, 2);
    expect((await heard(model)).pieces.join('')).toBe(answer);
    expect(fake.chatCalls).toHaveLength(3);
  });

  it.each([
    ['half_body', /broke off in the middle of its answer/],
    ['unfinished', /broke off in the middle of its answer: the connection ended before the answer did/],
    ['error_event', /broke off in the middle of its answer: The server had an error/],
    ['stall', /broke off in the middle of its answer: nothing came for 5000 ms/],
    ['cut_off', /talker was cut off at its output limit/],
  ] as const)('keeps what came before %s, says what happened and does not ask again', async (fault, message) => {
    const model = await setUp(fault === 'stall' ? { patience: 5000 } : {});
    fake.fail(fault);
    const { pieces, error } = await heard(model);
    expect(pieces.length).toBeGreaterThan(1);
    expect(answer.startsWith(pieces.join(''))).toBe(true);
    expect(error).toBeInstanceOf(ModelError);
    expect(String(error)).toMatch(message);
    expect(fake.chatCalls).toHaveLength(1);
  });

  it('says so when nothing is answered, or the page of a web site', async () => {
    const model = await setUp();
    fake.fail('empty');
    expect(String((await heard(model)).error)).toMatch(/talker answered nothing/);
    fake.fail('web_page', 2);
    expect(String((await heard(model)).error)).toMatch(/no chat completion; the base URL usually ends in \/v1/);
  });

  it('gives up on an endpoint that never answers', async () => {
    const model = await setUp({ patience: 50 });
    fake.fail('hang', 3);
    expect((await heard(model)).error).toBeInstanceOf(ModelError);
    expect(fake.chatCalls).toHaveLength(3);
  });

  it('gives the words of a refusal as the answer', async () => {
    const model = await setUp();
    fake.fail('refusal');
    expect((await heard(model)).pieces.join('')).toBe("I'm sorry, I can't help with that.");
  });

  it('stops with the call, before the first piece and after it', async () => {
    const model = await setUp();
    expect(await heard(model, AbortSignal.abort())).toMatchObject({ pieces: [], error: expect.any(ModelError) });
    fake.fail('stall');
    const call = new AbortController();
    const pieces: string[] = [];
    const listening = (async () => {
      for await (const piece of model.stream(messages, call.signal)) {
        pieces.push(piece);
        call.abort();
      }
    })();
    await expect(listening).rejects.toThrow(/was stopped/);
    expect(answer.startsWith(pieces.join(''))).toBe(true);
    expect(pieces.length).toBeGreaterThan(0);
  });
});
