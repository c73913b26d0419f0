import { bare, keepsake, quantile, start, timed, withHome } from './program.mjs';

const runs = 15;
/** How much slower than a bare SDK server the start may be. */
const mostRatio = 1.5;

async function startOf(script, home) {
  let server;
  const milliseconds = await timed(async () => {
    server = await start(script, { KEEPSAKE_HOME: home });
  });
  await server.stop();
  return milliseconds;
}

/** From spawn to the answer of initialize, in turns with a bare server; resolves with whether it is fast enough. */
export async function benchStart() {
  const times = { [keepsake]: [], [bare]: [] };
  await withHome(async (home) => {
    for (let run = 0; run <= runs; run += 1) {
      // The first round only warms the disk's cache.
      for (const script of [keepsake, bare]) {
        const milliseconds = await startOf(script, home);
        if (run > 0) times[script].push(milliseconds);
      }
    }
  });
  const [own, other] = [keepsake, bare].map((script) => quantile(times[script], 0.5));
  const ratio = own / other;
  console.log(`start: ${own.toFixed(0)} ms, bare SDK server ${other.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (at most ${mostRatio})`);
  return ratio < mostRatio;
}
