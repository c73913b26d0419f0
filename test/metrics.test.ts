import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, openApp } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { ownerOf } from '../src/core/principal.js';
import { createService, type Service } from '../src/mcp/service.js';
import { createOperation, type Operation } from '../src/operation/operation.js';
import { silentLogger } from './store/chroma/fixtures.js';
import { type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { quietEnvironment, until } from './support/server.js';

const owner = ownerOf('Ann Example');

let fake: FakeOpenAi;
let app: App;
let operation: Operation;
let service: Service;

/** An open home that is watched, with all kinds of models. */
async function open(env: Record<string, string> = {}): Promise<void> {
  const models = {
    OPENAI_BASE_URL: fake.url,
    KEEPSAKE_MODEL: 'fake',
    KEEPSAKE_EMBEDDING_MODEL: 'fake',
    KEEPSAKE_VISION_MODEL: 'eyes',
    KEEPSAKE_TRANSCRIBE_MODEL: 'ears',
    KEEPSAKE_RERANK_MODEL: 'fake',
    KEEPSAKE_RERANK_URL: fake.rerankUrls.common,
  };
  const config = readConfig({ env: { ...quietEnvironment, KEEPSAKE_HOME: await temporaryHome(), ...models, ...env } });
  operation = createOperation({
    version: '1.2.3',
    logger: silentLogger,
    app: () => app,
    sessions: () => ({ streamable: 3, sse: 1 }),
    isDraining: () => false,
    demand: () => undefined,
  });
  app = await openApp(config, { logger: silentLogger, retryDelay: 5, ...operation });
  service = createService({
    version: '1.2.3',
    logger: silentLogger,
    newCallId: randomUUID,
    keepsake: async () => app.keepsake,
    onTool: operation.onTool,
  });
}

const call = (name: string, given: object) =>
  service.callTool(name, given, { principal: owner, signal: new AbortController().signal, currentProject: async () => undefined });

async function page(): Promise<string> {
  return (await operation.pages['/metrics']!.answer(owner)).body;
}

/** The value of a series as it stands in the text, such as `name{label="value"}`. */
async function value(series: string): Promise<number | undefined> {
  const line = (await page()).split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

beforeEach(async () => {
  fake = await startFakeOpenAi();
});
afterEach(async () => {
  await app.close();
  await fake.close();
});

describe('metrics', () => {
  it('calls of tools are counted by what came of them, and timed', async () => {
    await open();
    await call('remember', { content: 'Tea is green.', infer: false });
    await call('recall', { query: 'tea' });
    await call('recall', { query: 'tea', limit: 0 });
    expect(await value('keepsake_tool_calls_total{tool="remember",outcome="ok"}')).toBe(1);
    expect(await value('keepsake_tool_calls_total{tool="recall",outcome="ok"}')).toBe(1);
    expect(await value('keepsake_tool_calls_total{tool="recall",outcome="invalid_argument"}')).toBe(1);
    expect(await value('keepsake_tool_call_duration_seconds_count{tool="recall"}')).toBe(2);
  });

  it('requests to models are counted by kind, with the tokens that the endpoint names', async () => {
    await open();
    fake.onChat((chat) => {
      if (chat.images.length > 0) return 'A red bicycle leans on a wall.';
      if (chat.purpose === 'decision') return { decisions: [] };
      const more = { subject: null, entities: [], occurred_at: null, recurs: null, importance: 5, standing: false };
      return { facts: [{ turn: 0, quote: 'My bicycle is red', text: 'User has a red bicycle.', ...more }], skipped: [] };
    });
    const attachments = [
      { mime_type: 'image/png', data: Buffer.from('\x89PNG\r\n\x1a\nbicycle', 'latin1').toString('base64') },
      { mime_type: 'audio/x-wav', data: Buffer.from('bicycle').toString('base64') },
    ];
    await call('remember', { messages: [{ role: 'user', content: 'My bicycle is red', attachments }] });
    await call('remember', { content: 'The bicycle has eight gears.', infer: false });
    await call('recall', { query: 'bicycle' });
    for (const kind of ['chat', 'embedding', 'rerank', 'vision', 'transcription']) {
      expect(await value(`keepsake_model_requests_total{kind="${kind}",outcome="ok"}`), kind).toBeGreaterThan(0);
      expect(await value(`keepsake_model_request_duration_seconds_count{kind="${kind}"}`), kind).toBeGreaterThan(0);
    }
    expect(await value('keepsake_model_tokens_total{kind="chat",direction="prompt"}')).toBeGreaterThan(100);
    expect(await value('keepsake_model_tokens_total{kind="chat",direction="completion"}')).toBeGreaterThan(5);
    expect(await value('keepsake_model_tokens_total{kind="embedding",direction="prompt"}')).toBeGreaterThan(0);
  });

  it('requests that fail are counted by how, each retry once more', async () => {
    await open({ KEEPSAKE_EMBEDDING_MODEL: '' });
    fake.fail('rate_limit', 1, 'chat');
    fake.fail('quota', 1, 'chat');
    const answer = await call('remember', { content: 'Tea is green.' });
    expect(answer.structuredContent).toMatchObject({ pending: true });
    expect(await value('keepsake_model_requests_total{kind="chat",outcome="rate_limited"}')).toBeGreaterThanOrEqual(2);
    fake.fail('server_error', Number.POSITIVE_INFINITY, 'rerank');
    await call('remember', { content: 'The kettle is blue.', infer: false });
    await call('remember', { content: 'The kettle is old.', infer: false });
    await call('recall', { query: 'kettle' });
    expect(await value('keepsake_model_requests_total{kind="rerank",outcome="failed"}')).toBe(1);
  });

  it('what waits for a model and what the index lacks is counted until it is done', async () => {
    await open();
    fake.fail('server_error', Number.POSITIVE_INFINITY);
    await call('remember', { content: 'Tea is green.', wait: false });
    await call('remember', { content: 'The kettle is blue.', infer: false });
    await until(async () => (await value('keepsake_pending_inputs')) === 1 && (await value('keepsake_index_lag_memories')) === 1);
    await until(async () => (await value('keepsake_index_degraded')) === 1);
    await fake.restart();
    await until(async () => (await value('keepsake_pending_inputs')) === 0 && (await value('keepsake_index_lag_memories')) === 0);
    expect(await value('keepsake_index_degraded')).toBe(0);
  });

  it('sessions, the version and the process itself are told', async () => {
    await open();
    expect(await value('keepsake_sessions{transport="streamable"}')).toBe(3);
    expect(await value('keepsake_sessions{transport="sse"}')).toBe(1);
    await call('remember', { content: 'Tea is green.', infer: false });
    expect(await value('keepsake_held_spaces')).toBe(1);
    expect(await value('keepsake_held_bytes')).toBeGreaterThan(100);
    expect(await value('keepsake_build_info{version="1.2.3"}')).toBe(1);
    expect(await value('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
    expect(await value('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('HTTP requests are counted by route, method and class of status, and a made-up method is one of the others', async () => {
    await open();
    const report = { requestId: 'r', route: '/mcp', milliseconds: 1 };
    operation.onRequest({ ...report, method: 'POST', status: 202 });
    operation.onRequest({ ...report, method: 'POST', status: 200 });
    operation.onRequest({ ...report, method: 'PROPFIND', status: 405 });
    expect(await value('keepsake_http_requests_total{route="/mcp",method="POST",status="2xx"}')).toBe(2);
    expect(await value('keepsake_http_requests_total{route="/mcp",method="other",status="4xx"}')).toBe(1);
  });

  it('neither memories nor queries nor anybody is named', async () => {
    await open();
    await call('remember', { content: 'The zeppelin landed.', infer: false, agent_id: 'scribe', project: 'hangar' });
    await call('recall', { query: 'zeppelin', agent_id: 'scribe', project: 'hangar' });
    expect(await page()).not.toMatch(/zeppelin|scribe|hangar|Ann|fake/i);
  });
});
