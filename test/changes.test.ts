import { afterEach, describe, expect, it, vi } from 'vitest';
import { createChanges } from '../src/changes.js';
import type { Core } from '../src/core/core.js';
import type { Logger } from '../src/core/ports.js';
import { ann, openRecallHome } from './core/recall-home.js';
import { silentLogger } from './store/chroma/fixtures.js';
import { until } from './support/server.js';

afterEach(() => {
  vi.useRealTimers();
});

describe('watching spaces', () => {
  it('takes one timer for all, and none once the last watch has ended', async () => {
    const { core } = await openRecallHome();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    const changes = createChanges(() => core);
    const stops = [
      await changes.watch({ spaces: [ann, 'project:shop'] }, () => undefined),
      await changes.watch({ spaces: [ann] }, () => undefined),
    ];
    expect(vi.getTimerCount()).toBe(1);
    changes.changed(core.spaces.open(ann));
    changes.changed(core.spaces.open(ann));
    changes.changed(core.spaces.open('user:bob'));
    expect(vi.getTimerCount()).toBe(2);
    for (const stop of stops) stop();
    expect(vi.getTimerCount()).toBe(0);
    await changes.watch({ spaces: [ann] }, () => undefined);
    changes.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing behind where there is no such memory, or a space cannot be read', async () => {
    const { core } = await openRecallHome();
    const spaces: Core['spaces'] = { ...core.spaces, open: (space) => (space === ann ? core.spaces.open(ann) : fail()) };
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const changes = createChanges(() => ({ ...core, spaces }));
    await expect(changes.watch({ spaces: [ann], memory_id: 'unknown' }, () => undefined)).rejects.toMatchObject({
      code: 'memory_not_found',
    });
    await expect(changes.watch({ spaces: [ann, 'user:bob'] }, () => undefined)).rejects.toThrow('unreadable');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on when a log cannot be read for a while, and logs that once', async () => {
    const home = await openRecallHome();
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
    let looks = 0;
    const bytes: Core['spaces']['bytes'] = async (space) => {
      looks += 1;
      return looks <= 3 ? fail() : home.core.spaces.bytes(space);
    };
    const changes = createChanges(() => ({ ...home.core, logger, spaces: { ...home.core.spaces, bytes } }), { every: 5 });
    let told = 0;
    const stop = await changes.watch({ spaces: [ann] }, () => {
      told += 1;
    });
    await until(() => looks > 3);
    await home.add('Ann has a cat.');
    changes.changed(home.core.spaces.open(ann));
    await until(() => told === 1);
    stop();
    expect(warnings).toEqual(['a watched space cannot be read']);
  });
});

function fail(): never {
  throw new Error('unreadable');
}
