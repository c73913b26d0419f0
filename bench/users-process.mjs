// One process that serves many users from the sources: node bench/users-process.mjs HOME USERS CALLS BYTES. Prints a
// JSON line once the first user was answered, one a look, and one at the end; without CALLS the first alone.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { load } from '../scripts/load.mjs';
import { quantile, timed } from './program.mjs';
import { question } from './sentences.mjs';

const [home, users, calls, bytes] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const { openApp, readConfig } = await load(`
  export { openApp } from './src/app.js';
  export { readConfig } from './src/config.js';`);

const config = readConfig({ flags: {}, env: { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', KEEPSAKE_PROJECT: 'none' } });
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: console.error, error: console.error };
const looks = 10;
/** Users of which half of the calls are. */
const regulars = 100;

const print = (line) => console.log(JSON.stringify(line));
const begin = performance.now();
const app = await openApp(config, { logger, heldBytes: bytes });
const call = { id: 'bench', signal: new AbortController().signal };
const recall = (user, number) => app.keepsake.recall({ spaces: [`user:u${user}`], query: question(number), limit: 10 }, call);
await recall(0, 0);
print({ first: performance.now() - begin });

let state = 1;
/** Numbers from 0 up to `most`, the same in each run. */
function random(most) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * most);
}

const answer = (values) =>
  values.length === 0 ? undefined : { count: values.length, p50: quantile(values, 0.5), p95: quantile(values, 0.95) };

/** Recalls of random users, with a look at the process now and then, while the home is looked through behind them. */
async function serve() {
  const looking = app.warmUp(undefined);
  const times = { cold: [], warm: [] };
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  for (let number = 1; number <= calls; number += 1) {
    const user = random(2) === 0 ? random(Math.min(regulars, users)) : random(users);
    const kind = app.core.spaces.isOpen(`user:u${user}`) ? 'warm' : 'cold';
    times[kind].push(
      await timed(async () => {
        const { memories } = await recall(user, number);
        if (memories.length === 0) throw new Error(`user ${user} found nothing`);
      }),
    );
    if (number % Math.ceil(calls / looks) === 0)
      print({ calls: number, megabytes: Math.round(process.memoryUsage.rss() / 1e6), held: app.core.spaces.held() });
  }
  let list = [];
  const listed = await timed(async () => {
    list = await app.keepsake.spaces();
  });
  const counted = await timed(() => app.keepsake.stats(list, call.signal));
  print({ cold: answer(times.cold), warm: answer(times.warm), loopP99: delay.percentile(99) / 1e6, listed, counted });
  return { looking };
}

const served = calls > 0 ? await serve() : undefined;
await app.close();
await served?.looking;
