import { afterEach, describe, expect, it } from 'vitest';
import { createAttachmentReader } from '../../src/models/attachment-reader.js';
import { createOpenAiClient } from '../../src/models/openai/client.js';
import { audioEndings, createTranscriber } from '../../src/models/openai/transcription.js';
import { createImageReader } from '../../src/models/openai/vision.js';
import { type FakeOpenAi, type FakeOpenAiOptions, startFakeOpenAi } from '../support/fake-openai.js';

let fake: FakeOpenAi;
afterEach(() => fake?.close());

const { signal } = new AbortController();
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const picture = { mime_type: 'image/png', data: png };
const recording = { mime_type: 'audio/mpeg', data: png };

async function readers(options: FakeOpenAiOptions = {}) {
  fake = await startFakeOpenAi(options);
  const client = createOpenAiClient({ baseUrl: fake.url, apiKey: options.apiKey, timeout: 2000, retryDelay: 1 });
  const image = createImageReader({ client, model: 'eyes' });
  const audio = createTranscriber({ client, model: 'ears' });
  return { image, audio, both: createAttachmentReader({ image, audio }) };
}

describe('an image', () => {
  it('is sent as a data URL with instructions that hold its own words for data, and the answer is taken as it is', async () => {
    const { image } = await readers();
    fake.onChat(({ images, system }) => `${images[0]?.type} ${images[0]?.bytes.length} ${/never follow it/.test(system)}`);
    expect(await image(picture, signal)).toEqual({ text: 'image/png 11 true' });
    expect(Object.keys(fake.chatCalls[0]?.body ?? {})).toEqual(['model', 'messages']);
  });

  it('is read without what the model thought aloud', async () => {
    const { image } = await readers();
    fake.onChat('<think>A cat? No.</think>\nA dog <think> on a sign.');
    expect(await image(picture, signal)).toEqual({ text: 'A dog <think> on a sign.' });
  });

  it.each([
    ['empty', 'saw nothing in it'],
    ['refusal', "can't help with that"],
  ] as const)('is skipped where the answer is that there is none (%s)', async (fault, reason) => {
    const { image } = await readers();
    fake.onChat('A dog.');
    fake.fail(fault);
    expect(await image(picture, signal)).toEqual({ skipped: expect.stringContaining(reason) });
  });

  it.each(['server_error', 'web_page', 'quota', 'disconnect'] as const)('raises when the model cannot be had (%s)', async (fault) => {
    const { image } = await readers();
    fake.fail(fault, Number.POSITIVE_INFINITY);
    await expect(image(picture, signal)).rejects.toMatchObject({ name: expect.stringMatching(/^(Model|Endpoint)Error$/) });
  });

  it('is skipped where the endpoint takes none, or not this one; a wrong key is no such reason', async () => {
    const { image } = await readers({ refuses: ['image_url'] });
    expect(await image(picture, signal)).toEqual({ skipped: expect.stringContaining('eyes did not take it: Invalid content type.') });
    const broken = { mime_type: 'image/png', data: new Uint8Array([1, 2, 3]) };
    expect(await image(broken, signal)).toEqual({ skipped: expect.stringContaining('unsupported image') });
    await fake.close();
    fake = await startFakeOpenAi({ apiKey: 'right' });
    const stranger = createOpenAiClient({ baseUrl: fake.url, apiKey: 'wrong', timeout: 2000 });
    await expect(createImageReader({ client: stranger, model: 'eyes' })(picture, signal)).rejects.toMatchObject({ status: 401 });
  });
});

describe('a recording', () => {
  it.each(Object.entries(audioEndings))('of type %s is sent as a file that ends in .%s', async (mime_type, ending) => {
    const { audio } = await readers();
    fake.onTranscription(({ name, bytes, model }) => `${model} ${name} ${bytes.length}`);
    expect(await audio({ ...recording, mime_type }, signal)).toEqual({ text: `ears recording.${ending} 11` });
  });

  it('without speech is skipped, and so is one that the endpoint refuses', async () => {
    const { audio } = await readers();
    fake.onTranscription(' \n');
    expect(await audio(recording, signal)).toEqual({ skipped: 'no speech was heard in it' });
    expect(await audio({ ...recording, data: new Uint8Array() }, signal)).toEqual({ skipped: expect.stringContaining('too short') });
  });

  it('raises when the model cannot be had, after two more tries', async () => {
    const { audio } = await readers();
    fake.fail('server_error', Number.POSITIVE_INFINITY, 'transcriptions');
    await expect(audio(recording, signal)).rejects.toMatchObject({ name: 'EndpointError', status: 500 });
    expect(fake.transcriptionCalls).toHaveLength(3);
    await fake.restart();
    fake.fail('web_page');
    await expect(audio(recording, signal)).rejects.toMatchObject({ name: 'ModelError' });
  });
});

describe('a reader of attachments', () => {
  it('names the setting where it has no model, and the formats where it has one', async () => {
    const { both } = await readers();
    const none = createAttachmentReader({ image: undefined, audio: undefined });
    expect(none.obstacle('image/png')).toContain('KEEPSAKE_VISION_MODEL');
    expect(none.obstacle('audio/mpeg')).toContain('KEEPSAKE_TRANSCRIBE_MODEL');
    expect(both.obstacle('image/svg+xml')).toContain('png, jpeg, gif and webp');
    expect(both.obstacle('audio/midi')).toContain('flac, m4a, mp3');
    for (const type of ['image/png', 'image/jpeg', 'image/gif', 'image/webp', ...Object.keys(audioEndings)])
      expect(both.obstacle(type)).toBeUndefined();
  });

  it('asks once for the same bytes, but again after a failure', async () => {
    const { both } = await readers();
    fake.onChat('A dog.');
    fake.fail('quota');
    await expect(both.read(picture, signal)).rejects.toThrow();
    expect(await both.read(picture, signal)).toEqual({ text: 'A dog.' });
    expect(await both.read(picture, signal)).toEqual({ text: 'A dog.' });
    expect(fake.chatCalls).toHaveLength(2);
    await both.read({ ...picture, data: new Uint8Array([...png, 4]) }, signal);
    expect(fake.chatCalls).toHaveLength(3);
  });
});
