import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from 'vitest';
import { type AppOptions, openApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import type { Space } from '../../src/core/ports.js';
import { createUsageMeter } from '../../src/library/usage-meter.js';
import { createLogger } from '../../src/logger.js';
import { temporaryHome } from '../support/home.js';

const space: Space = 'user:default';
const call = { id: 'one', signal: new AbortController().signal };
const logger = createLogger('error', () => undefined);

async function open(options: Partial<AppOptions>) {
  return openApp(readConfig({ env: { KEEPSAKE_HOME: await temporaryHome(), KEEPSAKE_STORE: 'embedded' } }), { logger, ...options });
}

const request = () => ({
  ...{ space, form: 'content' as const, infer: false, kind: 'observation' as const },
  turns: [{ role: 'user' as const, content: 'Tea.' }],
});

it('what follows a change is not done in the context of the call that made it', async () => {
  const calls = new AsyncLocalStorage<string>();
  const contexts: (string | undefined)[] = [];
  const app = await open({ onChange: () => contexts.push(calls.getStore()) });
  try {
    await calls.run('a call', () => app.keepsake.remember(request(), call));
    expect(new Set(contexts)).toEqual(new Set([undefined]));
  } finally {
    await app.close();
  }
});

it('the index follows outside of the context of the call that noticed that it is behind', async () => {
  const calls = new AsyncLocalStorage<string>();
  const contexts: (string | undefined)[] = [];
  const embedder = {
    ...{ model: 'all the same', dimension: 2, noise: 0, remote: false },
    async embed(texts: string[]) {
      contexts.push(calls.getStore());
      return texts.map(() => Float32Array.from([1, 0]));
    },
  };
  const app = await open({ models: { embedder }, onlooker: true });
  try {
    await app.keepsake.remember(request(), call);
    contexts.length = 0;
    calls.run('a call', () => app.vectors.changed(app.core.spaces.open(space)));
    await expect.poll(() => contexts.length).toBeGreaterThan(0);
    expect(contexts).toEqual([undefined]);
  } finally {
    await app.close();
  }
});

it('a request that is over after its call was answered changes nothing of the answer', async () => {
  const meter = createUsageMeter();
  const report = { kind: 'chat', outcome: 'abandoned', milliseconds: 1, promptTokens: 7 } as const;
  let late: (() => void) | undefined;
  const { usage } = await meter.during(async () => {
    late = AsyncLocalStorage.bind(() => meter.hear(report));
    meter.hear(report);
    return {};
  });
  late?.();
  expect(usage).toMatchObject({ model_calls: 1, tokens_in: 7 });
  expect(meter.takeBackground()).toMatchObject({ model_calls: 1, tokens_in: 7 });
  expect(meter.takeBackground()).toMatchObject({ model_calls: 0 });
  expect(meter.total()).toMatchObject({ model_calls: 2, tokens_in: 14 });
});
