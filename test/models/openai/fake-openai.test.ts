import { afterEach, describe, expect, it } from 'vitest';
import { type FakeOpenAi, startFakeOpenAi } from '../../support/fake-openai.js';

let fake: FakeOpenAi;
afterEach(() => fake.close());

const post = (path: string, body: object) => fetch(`${fake.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
const chat = (schema: object, more: object = {}) =>
  post('/chat/completions', {
    model: 'small',
    messages: [{ role: 'user', content: 'Hi' }],
    response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } },
    ...more,
  });
const strict = (properties: object) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });

describe('the fake endpoint', () => {
  it('answers the emptiest object that fits the schema until it is told what to say', async () => {
    fake = await startFakeOpenAi();
    const response = await chat(
      strict({ list: { type: 'array', items: { type: 'string' } }, note: { anyOf: [{ type: 'string' }, { type: 'null' }] } }),
    );
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    await expect(response.json()).resolves.toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: '{"list":[],"note":null}' }, finish_reason: 'stop' }],
    });
  });

  it.each([
    ['a property that is not required', { ...strict({ a: { type: 'string' } }), required: [] }, /Missing 'a'/],
    ['an object that is open', { type: 'object', properties: {}, required: [] }, /additionalProperties/],
    ['a keyword it does not know', strict({ a: { type: 'string', minLength: 1 } }), /'minLength' is not permitted/],
    ['a fault deep inside', strict({ a: { type: 'array', items: { type: 'object', properties: {} } } }), /\.a\.items/],
    ['a root that is no object', { type: 'array', items: { type: 'string' } }, /root must be type object/],
  ])('refuses %s in a strict schema', async (_, schema, message) => {
    fake = await startFakeOpenAi();
    const response = await chat(schema);
    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { type: 'invalid_request_error', message: expect.stringMatching(message) },
    });
  });

  it('refuses arguments that OpenAI does not know', async () => {
    fake = await startFakeOpenAi();
    expect((await chat(strict({}), { enable_thinking: false })).status).toBe(400);
  });

  it('fails on one path and not on the other', async () => {
    fake = await startFakeOpenAi();
    fake.fail('server_error', Number.POSITIVE_INFINITY, 'embeddings');
    expect((await post('/embeddings', { model: 'e', input: ['x'] })).status).toBe(500);
    expect((await chat(strict({}))).status).toBe(200);
  });

  it('answers 500 when its script throws', async () => {
    fake = await startFakeOpenAi();
    fake.onChat(() => {
      throw new Error('no');
    });
    expect((await chat(strict({}))).status).toBe(500);
  });

  it('refuses connections between stop and restart, at the same address', async () => {
    fake = await startFakeOpenAi();
    await fake.stop();
    await expect(chat(strict({}))).rejects.toThrow();
    await fake.restart();
    expect((await chat(strict({}))).status).toBe(200);
  });
});
