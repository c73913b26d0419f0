import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../app.js';
import type { Space } from '../core/ports.js';
import { isLeftToOthers } from '../core/queue.js';
import { isReflectionDue } from '../core/reflection/fold.js';
import type { FlushOptions } from './arguments.js';
import type { FlushAnswer } from './open-keepsake.js';

/** Milliseconds between two looks, and that are waited at most where nobody says how long. */
const step = 50;
const usualTimeout = 60_000;

/** Waits until nothing is left to be done behind the answers in these spaces, or until it is told to stop. */
export async function flush(app: App, spaces: ReadonlySet<Space>, { signal, timeout = usualTimeout }: FlushOptions): Promise<FlushAnswer> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const left = await leftIn(app, spaces);
    const isDone = left.pending + left.unreflected + left.unindexed === 0;
    if (isDone || signal?.aborted || performance.now() >= deadline) return left;
    await pause(step);
  }
}

async function leftIn({ core, config, vectors }: App, spaces: ReadonlySet<Space>): Promise<FlushAnswer> {
  const left: FlushAnswer = { pending: 0, unreflected: 0, unindexed: 0 };
  const isReflecting = core.reflector !== undefined && config.reflectAfter > 0;
  for (const name of spaces) {
    const space = core.spaces.open(name);
    await space.read(({ projection }) => {
      left.pending += [...projection.pending].filter(([id, input]) => !isLeftToOthers(core, id, input)).length;
      if (!isReflecting || !isReflectionDue(projection, config.reflectAfter)) return;
      left.unreflected += Math.max(1, projection.reflection.fresh.length);
    });
    left.unindexed += await vectors.lag(space);
  }
  return left;
}
