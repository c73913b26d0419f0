import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, type AppOptions, openApp } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { allEvents } from '../src/core/all-events.js';
import type { Call } from '../src/core/core.js';
import type { Space } from '../src/core/ports.js';
import type { RememberRequest } from '../src/core/remember-request.js';
import { silentLogger } from './store/chroma/fixtures.js';
import { type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { quietEnvironment, until } from './support/server.js';

const text = 'Nora plays the cello.';
const found = {
  facts: [{ turn: 0, quote: text, text, subject: null, entities: [], occurred_at: null, recurs: null, importance: 5 }],
  skipped: [],
};
const never = new AbortController().signal;

let fake: FakeOpenAi;
let home: string;
let apps: App[];

beforeEach(async () => {
  fake = await startFakeOpenAi();
  fake.onChat(found);
  home = await temporaryHome();
  apps = [];
});
afterEach(async () => {
  for (const app of apps) await app.close();
  await fake.close();
});

async function open(options: Partial<AppOptions> = {}): Promise<App> {
  const env = {
    ...quietEnvironment,
    KEEPSAKE_HOME: home,
    OPENAI_BASE_URL: fake.url,
    KEEPSAKE_MODEL: 'fake',
    KEEPSAKE_EMBEDDING_MODEL: 'fake',
  };
  const app = await openApp(readConfig({ flags: {}, env }), { logger: silentLogger, modelTimeout: 5000, retryDelay: 20, ...options });
  apps.push(app);
  await app.warmUp(undefined);
  return app;
}

const request: RememberRequest = {
  space: 'user:default',
  form: 'content',
  turns: [{ role: 'user', content: text }],
  infer: true,
  kind: 'observation',
};

function call(signal: AbortSignal): Call {
  return { id: 'call', signal };
}

async function events(app: App): Promise<string[]> {
  const space = app.core.spaces.open('user:default');
  const last = await space.read((view) => view.projection.position.sequence);
  return (await space.events(Array.from({ length: last }, (_, index) => index + 1))).map(({ event }) => event);
}

async function processed(app: App): Promise<string[]> {
  return until(async () => {
    const names = await events(app);
    return names.includes('PROCESSED') && names;
  });
}

/**
 * Leaves an input in so many spaces, and counts the requests that the model has at the same time until all are done: at
 * the end, and at most. It answers none before it has had as many at once as are `expected`.
 */
async function runningAtOnce(app: App, { spaces, expected }: { spaces: number; expected: number }): Promise<[number, number]> {
  let [running, most] = [0, 0];
  fake.onChat(async () => {
    running += 1;
    most = Math.max(most, running);
    await until(() => most >= expected);
    // Long enough for others to come, if they were let.
    await pause(50);
    running -= 1;
    return found;
  });
  const names = Array.from({ length: spaces }, (_, index): Space => `user:user-${index}`);
  for (const space of names) await app.keepsake.remember({ ...request, space, wait: false }, call(never));
  const isDone = (space: Space) => app.core.spaces.open(space).read(({ projection }) => projection.pending.size === 0);
  await until(async () => (await Promise.all(names.map(isDone))).every(Boolean));
  return [running, most];
}

describe('a model that does not answer in time', () => {
  it('leaves the input pending, and it is processed when the model answers again', async () => {
    const app = await open({ modelTimeout: 250 });
    fake.fail('hang', Number.POSITIVE_INFINITY, 'chat');
    const answer = await app.keepsake.remember(request, call(never));
    expect(answer).toMatchObject({ results: [], pending: true, degraded: [expect.stringContaining('did not answer within 250 ms')] });
    expect(await events(app)).toEqual(['RECEIVED']);
    await fake.restart();
    expect(await processed(app)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
  });

  it('that stops in the middle of its answer is no better', async () => {
    const app = await open({ modelTimeout: 250 });
    fake.fail('stall', Number.POSITIVE_INFINITY, 'chat');
    expect((await app.keepsake.remember(request, call(never))).pending).toBe(true);
    await fake.restart();
    expect(await processed(app)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
  });

  it('for embeddings leaves remember to the words, and says so', async () => {
    const app = await open({ modelTimeout: 250 });
    fake.fail('hang', Number.POSITIVE_INFINITY, 'embeddings');
    const answer = await app.keepsake.remember(request, call(never));
    expect(answer).toMatchObject({ results: [{ event: 'ADD' }], pending: false, degraded: [expect.stringMatching(/^embedding: /)] });
  });
});

describe('a call that ends before the model answers', () => {
  it('is answered as pending, and the input is processed in the background', async () => {
    const app = await open();
    fake.fail('hang', Number.POSITIVE_INFINITY, 'chat');
    const answer = await app.keepsake.remember(request, call(AbortSignal.timeout(20)));
    expect(answer).toMatchObject({ results: [], pending: true, input_id: expect.any(String) });
    await fake.restart();
    expect(await processed(app)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
  });

  it('but whose input could not be saved fails: nothing is pending that is not in the log', async () => {
    const app = await open();
    await app.keepsake.remember({ ...request, infer: false, turns: [{ role: 'user', content: 'Olaf sails.' }] }, call(never));
    const path = join(home, 'history', 'user-default.jsonl');
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace('"min_writer":1', '"min_writer":2').replace('"generation":1', '"generation":2'),
    );
    await expect(app.keepsake.remember(request, call(AbortSignal.abort()))).rejects.toMatchObject({ code: 'update_needed' });
  });
});

describe('the background work', () => {
  it('asks no model while nothing is pending', async () => {
    const app = await open();
    await app.keepsake.remember(request, call(never));
    const asked = fake.chatCalls.length;
    await app.core.spaces.open('user:default').read(() => undefined);
    await until(() => app.vectors.index());
    expect(fake.chatCalls).toHaveLength(asked);
    expect(await events(app)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
  });

  it('lets the input go at the end, and the next start takes it up', async () => {
    const app = await open();
    fake.fail('hang', Number.POSITIVE_INFINITY, 'chat');
    await app.keepsake.remember(request, call(AbortSignal.timeout(20)));
    const asked = fake.chatCalls.length;
    await until(() => fake.chatCalls.length > asked);
    await app.close();
    await fake.restart();
    expect(await processed(await open())).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
  });

  it('takes up what waits in any space, opened by a call or not', async () => {
    const app = await open();
    await fake.stop();
    await app.keepsake.remember({ ...request, space: 'user:bob' }, call(never));
    await app.close();
    await fake.restart();
    const next = await open();
    await until(() => fake.chatCalls.some(({ status }) => status === 200));
    await until(() => next.core.spaces.open('user:bob').read((view) => view.projection.pending.size === 0));
  });

  it('takes up what a process that is gone left in a space that this one never opened', async () => {
    const stays = await open({ lookEvery: 50 });
    await fake.stop();
    const goes = await open();
    await goes.keepsake.remember({ ...request, space: 'user:bob' }, call(never));
    await goes.close();
    await fake.restart();
    await until(() => fake.chatCalls.some(({ status }) => status === 200));
    await until(() => stays.core.spaces.open('user:bob').read(({ projection }) => projection.pending.size === 0));
  });

  it('is done in four spaces at a time, however many have something that waits', async () => {
    const app = await open();
    const [running, most] = await runningAtOnce(app, { spaces: 12, expected: 4 });
    expect({ running, most }).toEqual({ running: 0, most: 4 });
  });

  it('reads an input by the rules that fails again and again for no reason that is known, and goes on with the others', async () => {
    const app = await open();
    const { extractor } = app.core;
    app.core.extractor = {
      ...extractor,
      extract: (input, signal) =>
        input.turns[0]?.content === 'My dog is called Rex.' ? Promise.reject(new TypeError('odd')) : extractor.extract(input, signal),
    };
    for (const content of ['My dog is called Rex.', text])
      await app.keepsake.remember({ ...request, turns: [{ role: 'user', content }], wait: false }, call(never));
    const space = app.core.spaces.open('user:default');
    await until(() => space.read(({ projection }) => projection.pending.size === 0));
    const found = (await allEvents(space)).flatMap((event) => (event.event === 'PROCESSED' ? [event] : []));
    expect(found.map(({ skipped }) => skipped)).toEqual([undefined, [{ text: '', reason: 'read by the built-in rules, since odd' }]]);
  });

  it('goes on in the own space although the file of another one is damaged', async () => {
    const app = await open();
    await fake.stop();
    await app.keepsake.remember(request, call(never));
    await app.close();
    await writeFile(join(home, 'history', 'user-bob.jsonl'), 'no history\n');
    await fake.restart();
    const next = await open();
    expect(next.problems()).toEqual([expect.stringContaining('user-bob.jsonl')]);
    await until(() => fake.chatCalls.some(({ status }) => status === 200));
    expect(await processed(next)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
  });

  it('takes an input with nothing durable for done', async () => {
    const app = await open();
    await fake.stop();
    await app.keepsake.remember(request, call(never));
    fake.onChat({ facts: [], skipped: [{ text, reason: 'small talk' }] });
    await fake.restart();
    expect(await processed(app)).toEqual(['RECEIVED', 'PROCESSED']);
  });
});

describe('two processes that work on one input, the first of them stopped for so long that it lost its claim', () => {
  it('settle it once, and both give the same answer', async () => {
    const [first, second] = [await open(), await open()];
    let goOn: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    fake.onChat(() => stopped.then(() => found), found);
    const answer = first.keepsake.remember(request, call(never));
    await until(() => fake.chatCalls.length === 1);
    const locks = join(home, 'locks');
    for (const name of await readdir(locks, { recursive: true })) if (name.startsWith('input-')) await utimes(join(locks, name), 0, 0);
    expect(await processed(second)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
    goOn();
    const { memories } = await second.keepsake.recall({ spaces: ['user:default'], limit: 10 }, call(never));
    expect(await answer).toMatchObject({ results: [{ id: memories[0]?.id, event: 'ADD', memory: text, revision: 1 }], pending: false });
    expect(await events(first)).toEqual(['RECEIVED', 'ADD', 'PROCESSED']);
  });
});
