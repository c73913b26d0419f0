import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, openApp } from '../src/app.js';
import { readConfig } from '../src/config.js';
import type { Call } from '../src/core/core.js';
import { areWordsDue } from '../src/core/keep-input.js';
import { createProjection } from '../src/core/projection.js';
import { silentLogger } from './store/chroma/fixtures.js';
import { type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { quietEnvironment, until } from './support/server.js';

const day = 24 * 3600 * 1000;
const call: Call = { id: 'call', signal: new AbortController().signal };

let home: string;
let now: number;
let apps: App[];
beforeEach(async () => {
  home = await temporaryHome();
  now = Date.parse('2024-05-01T00:00:00.000Z');
  apps = [];
});
afterEach(async () => {
  for (const app of apps) await app.close();
});

async function open(env: Record<string, string> = {}, { lookEvery }: { lookEvery?: number } = {}): Promise<App> {
  const config = readConfig({ flags: {}, env: { ...quietEnvironment, KEEPSAKE_HOME: home, ...env } });
  const app = await openApp(config, {
    logger: silentLogger,
    clock: { now: () => now },
    quiet: 1,
    ...(lookEvery === undefined ? {} : { lookEvery }),
  });
  apps.push(app);
  await app.warmUp(undefined);
  return app;
}

const say = (app: App, text: string, user = 'default') =>
  app.keepsake.remember(
    { space: `user:${user}`, form: 'content', turns: [{ role: 'user', content: text }], infer: true, kind: 'observation' },
    call,
  );

const lines = async (user = 'default') => (await readFile(join(home, 'history', `user-${user}.jsonl`), 'utf8')).split('\n');
const words = async (user = 'default') =>
  (await lines(user)).flatMap((line) => (line.includes('"RECEIVED"') ? [JSON.parse(line).input.turns[0].content] : []));

describe('the words of an input', () => {
  it('are blanked once they have been kept for as long as they may, and nothing else changes', async () => {
    const app = await open({ KEEPSAKE_KEEP_INPUT: '30d' });
    await say(app, 'Nora plays the cello.');
    now += 20 * day;
    await say(app, 'Tom keeps bees.');
    const before = await lines();
    now += 11 * day;
    await app.close();
    const next = await open({ KEEPSAKE_KEEP_INPUT: '30d' });
    await until(async () => (await words())[0] === '');
    expect(await words()).toEqual(['', 'Tom keeps bees.']);
    const after = await lines();
    const changed = after.flatMap((line, index) => (line === before[index] ? [] : [index]));
    // The first line with its generation, and the RECEIVED.
    expect(changed).toEqual([0, 1]);
    const { memories } = await next.keepsake.recall({ spaces: ['user:default'], limit: 10 }, call);
    expect(memories.map(({ memory }) => memory)).toEqual(['Tom keeps bees.', 'Nora plays the cello.']);
    const { events } = await next.keepsake.history({ scope: ['user:default'], limit: 10 }, call);
    expect(events.map((event) => event.source?.text)).toEqual(['Tom keeps bees.', 'Nora plays the cello.']);
  });

  it('are blanked in a space that is held and that nobody asks for, once they have been kept long enough', async () => {
    const app = await open({}, { lookEvery: 10 });
    await say(app, 'Nora plays the cello.');
    now += 40 * day;
    await until(async () => (await words())[0] === '');
  });

  it('are blanked in a space that nobody opens, too', async () => {
    const app = await open();
    await say(app, 'Nora plays the cello.', 'nora');
    await app.close();
    now += 40 * day;
    await open();
    await until(async () => (await words('nora'))[0] === '');
  });

  it('are not written at all where they are not to be kept and no model is asked', async () => {
    const app = await open({ KEEPSAKE_KEEP_INPUT: '0' });
    const { results } = await say(app, 'Nora plays the cello.');
    expect(results).toMatchObject([{ event: 'ADD', memory: 'Nora plays the cello.' }]);
    expect(await words()).toEqual(['']);
  });

  it.each([
    ['30d', 30 * day, 30.9, false],
    ['30d', 30 * day, 31, true],
    ['0', 0, 0, true],
    ['forever', Number.POSITIVE_INFINITY, 10_000, false],
  ])('kept for %s are due within a day of their time', (_, keepInput, age, isDue) => {
    const projection = { ...createProjection('user:ann'), oldestWords: new Date(now).toISOString() };
    expect(areWordsDue(projection, { keepInput, clock: { now: () => now + age * day } })).toBe(isDue);
    expect(areWordsDue({ ...projection, oldestWords: undefined }, { keepInput, clock: { now: () => now + age * day } })).toBe(false);
  });

  describe('of which a model made something', () => {
    let fake: FakeOpenAi;
    beforeEach(async () => {
      fake = await startFakeOpenAi();
    });
    afterEach(() => fake.close());

    it('are there until its outcome is, however little they are to be kept', async () => {
      const text = 'Nora plays the cello.';
      const fact = { turn: 0, quote: text, text, subject: null, entities: [], occurred_at: null, recurs: null, importance: 5 };
      fake.onChat({ facts: [fact], skipped: [] });
      const model = { OPENAI_BASE_URL: fake.url, KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake', KEEPSAKE_KEEP_INPUT: '0' };
      await fake.stop();
      const app = await open(model);
      expect((await say(app, text)).pending).toBe(true);
      expect(await words()).toEqual([text]);
      await fake.restart();
      await until(async () => (await words())[0] === '');
      const { memories } = await app.keepsake.recall({ spaces: ['user:default'], limit: 10 }, call);
      expect(memories.map(({ memory }) => memory)).toEqual([text]);
    });
  });
});
