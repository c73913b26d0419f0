import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stats } from '../../src/core/stats.js';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { type StartedServer, startServer } from '../support/server.js';
import { runCommand } from './run.js';

let fake: FakeOpenAi;
let server: StartedServer;

beforeEach(async () => {
  fake = await startFakeOpenAi();
  server = await startServer({ env: { OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding' } });
});
afterEach(() => fake.close());

const keep = (content: string, more: object = {}) => server.call('remember', { content, infer: false, ...more });
const environment = () => ({ KEEPSAKE_HOME: server.home, KEEPSAKE_STORE: 'embedded' });
async function counted(): Promise<Stats> {
  const { code, stdout } = await runCommand(['stats', '--json'], environment());
  expect(code).toBe(0);
  return JSON.parse(stdout) as Stats;
}

describe('stats', () => {
  it('counts what each space holds, by kind and by what became of it, the own space first', async () => {
    await keep('Nora plays the cello.', { user_id: 'ann' });
    const { structured } = await keep('Olaf sails.');
    await keep('To bake bread, knead and wait.', { kind: 'procedure' });
    await keep('Pia has a cold.', { expires_at: '2001-01-01' });
    await keep('Rex barks.');
    await server.call('forget', { memory_ids: structured.results.map(({ id }) => id) });
    const { spaces, omitted, unreadable } = await counted();
    expect(spaces.map(({ space }) => space)).toEqual(['user:default', 'user:ann']);
    expect(spaces[0]).toMatchObject({
      live: { observation: 1, procedure: 1 },
      expired: { observation: 1 },
      forgotten: { observation: 1 },
      erased: {},
      pending: { inputs: 0, characters: 0, bytes: 0 },
      events: 13,
      last_change: expect.stringMatching(/^\d{4}-.*Z$/),
      bytes: readFileSync(join(server.home, 'history', 'user-default.jsonl')).length,
    });
    expect({ omitted, unreadable }).toEqual({ omitted: 0, unreadable: [] });
  });

  it('says how much waits for the model and since when, and which models work', async () => {
    await fake.stop();
    const contents = ['Nora plays the cello.', 'Olaf sails.'];
    for (const content of contents) await server.call('remember', { content, wait: false });
    const { spaces } = await counted();
    expect(spaces[0]?.pending).toEqual({
      inputs: 2,
      characters: contents.join('').length,
      bytes: 0,
      since: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const models = { OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'small', KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding' };
    const { stdout } = await runCommand(['stats'], { ...environment(), ...models });
    expect(stdout).toMatch(/^ {2}waiting {4}2 inputs, 32 characters, since \d{4}-.*Z$/m);
    expect(stdout).toMatch(/^models: chat small, embedding fake-embedding, reranker off$/m);
    expect(stdout).not.toContain('none is configured here');
    expect((await runCommand(['stats'], environment())).stdout).toContain('waits for a model, and none is configured here');
  });

  it('changes nothing', async () => {
    await keep('Nora plays the cello.');
    await server.stop();
    const log = () => readFileSync(join(server.home, 'history', 'user-default.jsonl'), 'utf8');
    const before = log();
    const { code, stdout } = await runCommand(['stats'], environment());
    expect(code).toBe(0);
    expect(stdout).toContain('1 live (1 observation)');
    expect(stdout).not.toMatch(/\b1 (?:events|inputs|memories)\b/);
    expect(log()).toBe(before);
  });

  it('names a space that cannot be read, shows the others, and fails', async () => {
    await keep('Nora plays the cello.', { user_id: 'ann' });
    await keep('Olaf sails.');
    await server.stop();
    const path = join(server.home, 'history', 'user-ann.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"min_reader":1', '"min_reader":2'));
    const { code, stdout } = await runCommand(['stats', '--json'], environment());
    expect(code).toBe(1);
    const { spaces, unreadable } = JSON.parse(stdout) as Stats;
    expect(spaces.map(({ space }) => space)).toEqual(['user:default']);
    expect(unreadable).toEqual([{ space: 'user:ann', reason: expect.stringContaining('update with') }]);
  });

  it('says that nothing is remembered yet, and where', async () => {
    const { code, stdout } = await runCommand(['stats'], environment());
    expect(code).toBe(0);
    expect(stdout).toContain(`Nothing is remembered yet in ${server.home}. Try: keepsake-mcp remember "`);
  });
});
