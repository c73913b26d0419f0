import { keepsakeOverHttp, withMem0, withServerMemoryUnderLoad } from './load-systems.mjs';
import { quantile, withHome } from './program.mjs';
import { question, sentence } from './sentences.mjs';
import { residentMegabytes } from './sizes.mjs';
import { table } from './table.mjs';

/** Statements that each caller writes before the clock starts. */
const atFirst = 20;
/** One call in so many writes. */
const writesOneIn = 10;
/** Milliseconds between two looks at the memory of the process. */
const lookEvery = 1000;
/** Statements of one caller are numbered from its own multiple of this on. */
const apart = 1_000_000;

const range = (count) => Array.from({ length: count }, (_, index) => index);

/** Growth in MB a minute over the second half of what was seen, by least squares. */
function slopeOf(seen) {
  const half = seen.slice(Math.floor(seen.length / 2));
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [time, size] = [mean(half.map(({ at }) => at)), mean(half.map(({ megabytes }) => megabytes))];
  const covariance = half.reduce((sum, { at, megabytes }) => sum + (at - time) * (megabytes - size), 0);
  const variance = half.reduce((sum, { at }) => sum + (at - time) ** 2, 0);
  return (covariance / variance) * 60_000;
}

/** Looks at the memory of a process again and again until it is told to end. */
function watchMemory(pid) {
  const begin = performance.now();
  const seen = [];
  const look = async () => seen.push({ at: performance.now() - begin, megabytes: await residentMegabytes(pid) });
  const timer = setInterval(look, lookEvery);
  return () => {
    clearInterval(timer);
    return seen;
  };
}

/** One caller: a call as soon as the one before is answered, until the deadline. Notes times, errors and what was acknowledged. */
async function drive(caller, first, { deadline, run, written }) {
  const timed = async (kind, work) => {
    const begin = performance.now();
    try {
      const answer = await work();
      run.times[kind].push(performance.now() - begin);
      return answer;
    } catch (error) {
      run.errors.push(`${kind}: ${error.message}`);
      return undefined;
    }
  };
  let number = first + written.size;
  // The callers do not all write at the same time.
  for (let step = first / apart; performance.now() < deadline; step += 1) {
    if (step % writesOneIn !== 0) {
      await timed('recall', () => caller.search(question(first + step)));
      continue;
    }
    const text = sentence(number);
    number += 1;
    const key = await timed('remember', () => caller.write(text));
    if (key !== undefined) written.set(key, text);
  }
}

/** What of the acknowledged statements a new process does not find. */
async function lostAfter(system, folder, acknowledged) {
  const process_ = await system.start(folder);
  try {
    let lost = 0;
    for (const [user, written] of acknowledged.entries()) {
      const caller = await process_.open(`user-${user}`);
      const kept = await caller.kept();
      lost += [...written].filter(([key, text]) => kept.get(key) !== text).length;
      await caller.close();
    }
    return lost;
  } finally {
    await process_.stop();
  }
}

/** One system under the load, from an empty folder to the look by a new process. */
function measure(system, { sessions, seconds }) {
  return withHome(async (folder) => {
    const process_ = await system.start(folder);
    const run = { times: { recall: [], remember: [] }, errors: [] };
    const acknowledged = range(sessions).map(() => new Map());
    let seen;
    let milliseconds;
    try {
      const callers = await Promise.all(range(sessions).map((user) => process_.open(`user-${user}`)));
      for (const step of range(atFirst)) {
        await Promise.all(
          callers.map(async (caller, user) => {
            const text = sentence(user * apart + step);
            acknowledged[user].set(await caller.write(text), text);
          }),
        );
      }
      const stopWatching = watchMemory(process_.pid);
      const begin = performance.now();
      const deadline = begin + seconds * 1000;
      await Promise.all(callers.map((caller, user) => drive(caller, user * apart, { deadline, run, written: acknowledged[user] })));
      milliseconds = performance.now() - begin;
      seen = stopWatching();
      await Promise.all(callers.map((caller) => caller.close()));
    } finally {
      await process_.stop();
    }
    const calls = run.times.recall.length + run.times.remember.length;
    return {
      ...run,
      rate: calls / (milliseconds / 1000),
      seen,
      acknowledged: acknowledged.reduce((sum, written) => sum + written.size, 0),
      lost: await lostAfter(system, folder, acknowledged),
    };
  });
}

function rowOf(name, { times, errors, rate, seen, acknowledged, lost }) {
  const quantiles = (kind) => [0.5, 0.95, 0.99].map((share) => (times[kind].length === 0 ? '-' : quantile(times[kind], share)));
  const first = seen[Math.floor(seen.length / 2)]?.megabytes ?? Number.NaN;
  const memory = [first, seen.at(-1)?.megabytes ?? Number.NaN, slopeOf(seen)];
  return [name, rate, ...quantiles('recall'), ...quantiles('remember'), ...memory, errors.length, acknowledged, lost];
}

const headings = ['', 'calls/s', ...['recall', 'remember'].flatMap((tool) => ['p50', 'p95', 'p99'].map((name) => `${tool} ${name}`))];
const more = ['MB at half', 'MB at end', 'MB/min', 'errors', 'acknowledged', 'lost'];

/**
 * Many sessions at once, each with one call under way, nine of ten recalls: Keepsake over HTTP, and the same callers on
 * other memories for at most a minute each. Resolves with whether Keepsake answered every call and lost nothing.
 */
export async function benchLoad({ sessions, seconds, rivals }) {
  const own = await measure(keepsakeOverHttp, { sessions, seconds });
  const rows = [rowOf(keepsakeOverHttp.name, own)];
  const faults = own.errors.slice(0, 5).map((error) => `keepsake: ${error}`);
  const brief = { sessions, seconds: Math.min(seconds, 60) };
  for (const withRival of rivals ? [withServerMemoryUnderLoad, withMem0] : []) {
    try {
      await withRival(async (rival) => {
        const found = await measure(rival, brief);
        rows.push(rowOf(rival.name, found));
        faults.push(...found.errors.slice(0, 5).map((error) => `${rival.name}: ${error}`));
      });
    } catch (error) {
      // Not to be installed here, or not up to this: Keepsake's own figures stand without it.
      faults.push(`${withRival.name}: ${error.message}`);
    }
  }
  console.log(`${sessions} sessions, ${seconds} s (others ${brief.seconds} s), 90 % recall and 10 % remember, milliseconds a call`);
  console.log(table([...headings, ...more], rows));
  const everyTenth = own.seen.filter((_, index) => index % Math.ceil(own.seen.length / 10) === 0);
  console.log(`  keepsake's memory: ${everyTenth.map(({ at, megabytes }) => `${Math.round(at / 1000)} s ${megabytes} MB`).join(', ')}`);
  for (const fault of faults) console.log(`  ${fault}`);
  return own.errors.length === 0 && own.lost === 0;
}
