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

  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).toString('base64');
  const see = (url: unknown, role = 'user') =>
    post('/chat/completions', { model: 'eyes', messages: [{ role, content: [{ type: 'image_url', image_url: { url } }] }] });

  it('shows an image to its script', async () => {
    fake = await startFakeOpenAi();
    fake.onChat(({ images }) => images.map(({ type, bytes }) => `${type} ${bytes.length}`).join());
    await expect((await see(`data:image/png;base64,${png}`)).json()).resolves.toMatchObject({
      choices: [{ message: { content: 'image/png 8' } }],
    });
  });

  it.each([
    ['an address', 'http://127.0.0.1/a.png', 'user', /data URL/],
    ['no base64', 'data:image/png;base64,@@@@', 'user', /data URL/],
    ['another type', `data:image/tiff;base64,${png}`, 'user', /unsupported image/],
    ['bytes of another type', `data:image/gif;base64,${png}`, 'user', /unsupported image/],
    ['an image of the system', `data:image/png;base64,${png}`, 'system', /only allowed for messages with role 'user'/],
    ['nothing', undefined, 'user', /data URL/],
  ])('refuses %s for an image', async (_, url, role, message) => {
    fake = await startFakeOpenAi();
    const response = await see(url, role);
    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { message: expect.stringMatching(message) } });
  });

  const hear = (fields: Record<string, string | File>) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return fetch(`${fake.url}/audio/transcriptions`, { method: 'POST', body });
  };
  const file = (name: string, text = 'RIFF') => new File([text], name);

  it('answers transcriptions as it is told, and shows the file to its script', async () => {
    fake = await startFakeOpenAi();
    await expect((await hear({ model: 'ears', file: file('a.wav') })).json()).resolves.toEqual({ text: '' });
    fake.onTranscription(({ model, name, bytes }) => `${model} ${name} ${bytes}`, 'the last one stays');
    await expect((await hear({ model: 'ears', file: file('a.wav') })).json()).resolves.toEqual({ text: 'ears a.wav RIFF' });
    for (const _ of [1, 2])
      await expect((await hear({ model: 'ears', file: file('a.wav') })).json()).resolves.toEqual({ text: 'the last one stays' });
    fake.fail('server_error', 1, 'transcriptions');
    expect((await hear({ model: 'ears', file: file('a.wav') })).status).toBe(500);
  });

  it.each([
    ['a file of another kind', () => ({ model: 'ears', file: file('a.txt') })],
    ['an empty file', () => ({ model: 'ears', file: file('a.wav', '') })],
    ['no file', () => ({ model: 'ears', file: 'a.wav' })],
    ['no model', () => ({ file: file('a.wav') })],
    ['fields that OpenAI does not know', () => ({ model: 'ears', file: file('a.wav'), speed: 'fast' })],
  ])('refuses %s for a transcription', async (_, fields) => {
    fake = await startFakeOpenAi();
    expect((await hear(fields() as Record<string, string | File>)).status).toBe(400);
  });
});
