import { afterEach, describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/core/ports.js';
import { createOpenAiClient, EndpointError, type OpenAiClient, type OpenAiClientOptions } from '../../../src/models/openai/client.js';
import { type FakeOpenAi, type FakeOpenAiOptions, startFakeOpenAi } from '../../support/fake-openai.js';
import { until } from '../../support/server.js';

let fake: FakeOpenAi;
afterEach(() => fake.close());

async function setUp(options: Partial<OpenAiClientOptions> = {}, fakeOptions: FakeOpenAiOptions = {}): Promise<OpenAiClient> {
  fake = await startFakeOpenAi(fakeOptions);
  return createOpenAiClient({ baseUrl: fake.url, timeout: 5_000, retryDelay: 1, ...options });
}

const models = (client: OpenAiClient, signal = new AbortController().signal) =>
  client.request((sdk, options) => sdk.get('/models', options), signal);

describe('the client', () => {
  it('sends the key as bearer token', async () => {
    const client = await setUp({ apiKey: 'sk-test' }, { apiKey: 'sk-test' });
    await expect(models(client)).resolves.toMatchObject({ object: 'list' });
  });

  it('sends no Authorization header without a key, whatever the environment holds', async () => {
    process.env.OPENAI_API_KEY = 'sk-environment';
    try {
      await models(await setUp());
    } finally {
      delete process.env.OPENAI_API_KEY;
    }
    expect(fake.requests[0]?.headers.authorization).toBeUndefined();
  });

  it.each(['rate_limit', 'server_error', 'disconnect', 'broken_body', 'half_body'] as const)('tries again after %s', async (fault) => {
    const client = await setUp();
    fake.fail(fault, 2);
    await expect(models(client)).resolves.toMatchObject({ object: 'list' });
    expect(fake.requests).toHaveLength(3);
  });

  it('gives up after two retries and says what came', async () => {
    const client = await setUp();
    fake.fail('server_error', 3);
    await expect(models(client)).rejects.toThrow(/answered 500: The server had an error/);
    expect(fake.requests).toHaveLength(3);
  });

  it('waits as long as Retry-After says and not its own delay', async () => {
    const client = await setUp({ retryDelay: 1_000_000 }, { retryAfter: '0' });
    fake.fail('rate_limit');
    await expect(models(client)).resolves.toMatchObject({ object: 'list' });
  });

  it('takes a date as Retry-After too', async () => {
    const client = await setUp({ retryDelay: 1_000_000 }, { retryAfter: 'Thu, 01 Jan 1970 00:00:00 GMT' });
    fake.fail('rate_limit');
    await expect(models(client)).resolves.toMatchObject({ object: 'list' });
  });

  it('does not wait for a Retry-After of an hour', async () => {
    const client = await setUp({}, { retryAfter: '3600' });
    fake.fail('rate_limit');
    await expect(models(client)).rejects.toThrow(/429/);
    expect(fake.requests).toHaveLength(1);
  });

  it('stops waiting for a retry when the call ends', async () => {
    const client = await setUp({}, { retryAfter: '50' });
    fake.fail('rate_limit');
    const call = new AbortController();
    const answer = models(client, call.signal);
    await until(() => fake.requests[0]?.status === 429);
    call.abort();
    await expect(answer).rejects.toThrow(/before the call ended/);
    expect(fake.requests).toHaveLength(1);
  });

  it('does not retry a wrong key, and names the setting', async () => {
    const client = await setUp({ apiKey: 'wrong' }, { apiKey: 'sk-test' });
    await expect(models(client)).rejects.toThrow(/401: Incorrect API key provided.*check the API key/);
    expect(fake.requests).toHaveLength(1);
  });

  it('does not retry a wrong path, and names the base URL', async () => {
    const client = await setUp();
    const failure = client.request((sdk, options) => sdk.get('/nothing', options), new AbortController().signal);
    await expect(failure).rejects.toThrow(/404.*base URL/);
    expect(fake.requests).toHaveLength(1);
  });

  it('does not retry when the quota is used up', async () => {
    const client = await setUp();
    fake.fail('quota');
    await expect(models(client)).rejects.toMatchObject({ status: 429 });
    expect(fake.requests).toHaveLength(1);
  });

  it.each(['hang', 'stall'] as const)('ends an attempt that meets a %s and tries again', async (fault) => {
    const client = await setUp({ timeout: 500 });
    fake.fail(fault);
    await expect(models(client)).resolves.toMatchObject({ object: 'list' });
  });

  it('says so when every attempt hangs', async () => {
    const client = await setUp({ timeout: 50 });
    fake.fail('hang', 3);
    const failure = await models(client).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EndpointError);
    expect(failure).toBeInstanceOf(ModelError);
    expect(failure).toMatchObject({ status: undefined, message: `${fake.url} did not answer within 50 ms` });
  });

  it('sends nothing when the call is over already', async () => {
    const client = await setUp();
    await expect(models(client, AbortSignal.abort())).rejects.toBeInstanceOf(ModelError);
    expect(fake.requests).toHaveLength(0);
  });

  it('says why the first address of a name was not reached', async () => {
    const client = await setUp();
    const refused = new AggregateError([new Error('connect ECONNREFUSED ::1:11434'), new Error('connect ECONNREFUSED 127.0.0.1:11434')]);
    const failure = client.request(() => Promise.reject(new TypeError('fetch failed', { cause: refused })), new AbortController().signal);
    await expect(failure).rejects.toThrow(/could not be reached.*ECONNREFUSED ::1:11434/);
  });

  it('says that nobody listens, and works again when somebody does', async () => {
    const client = await setUp();
    await fake.stop();
    await expect(models(client)).rejects.toThrow(/could not be reached.*ECONNREFUSED/);
    await fake.restart();
    await expect(models(client)).resolves.toMatchObject({ object: 'list' });
  });
});
