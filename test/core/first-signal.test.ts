import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { firstSignal } from '../../src/core/first-signal.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test('a time limit that nobody else holds still comes after memory was cleaned up', async () => {
  const call = new AbortController();
  const limited = firstSignal(firstSignal(call.signal, AbortSignal.timeout(100)), AbortSignal.timeout(60_000));
  const aborted = once(limited, 'abort');
  for (let round = 0; round < 3; round++) {
    await setImmediate();
    collectGarbage();
  }
  await aborted;
  expect(limited.reason).toMatchObject({ name: 'TimeoutError' });
});

test('the end of the call ends what was limited, with its reason', () => {
  const call = new AbortController();
  const limited = firstSignal(call.signal, AbortSignal.timeout(60_000));
  call.abort('cancelled');
  expect(limited.reason).toBe('cancelled');
});
