import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keepsake, median, start, timed, until, withHome } from './program.mjs';
import { question } from './sentences.mjs';
import { ifThere, sizesOf } from './sizes.mjs';
import { table } from './table.mjs';
import { writeHome } from './written-home.mjs';

const runs = 5;
/** Milliseconds from spawn to the first recall, with a checkpoint, that the largest home may take. */
const mostFirstRecall = 1000;
/** Milliseconds that the index may take to be filled, and the checkpoint to be written. */
const settleLimit = 600_000;

/** A server that has answered its first recall: milliseconds since its spawn to initialize and to that answer, MB, and what the answer lacked. */
async function startOf(env) {
  const begin = performance.now();
  const server = await start(keepsake, env);
  const initialize = performance.now() - begin;
  const { memories, degraded } = await server.call('recall', { query: question(7) });
  const recall = performance.now() - begin;
  if (memories.length === 0) throw new Error('the first recall found nothing');
  return { server, initialize, recall, resident: await server.residentMegabytes(), degraded: degraded !== undefined };
}

async function timesOf(count, env, before) {
  const found = [];
  for (let run = 0; run < count; run += 1) {
    await before();
    const { server, ...times } = await startOf(env);
    await server.stop();
    found.push(times);
  }
  return found;
}

/** One that is still being written has another name. */
const isWritten = async (folder) => ((await ifThere(readdir(folder))) ?? []).some((name) => !name.endsWith('.new'));

/** The starts of one home in each state that it can be in, as rows of a table, and the median that counts. */
async function startsOf(store, memories) {
  return withHome(async (home) => {
    await writeHome(home, memories);
    const env = { KEEPSAKE_HOME: home, KEEPSAKE_STORE: store };
    const checkpoints = join(home, 'checkpoints');

    const { server, ...first } = await startOf(env);
    let whole;
    const filling = await timed(async () => {
      // Words that nothing knows: an index is asked.
      whole = await until(async () => (await server.call('recall', { query: 'xyzzyx' })).degraded === undefined, {
        limit: settleLimit,
      });
    });
    const hasCheckpoint = await until(() => isWritten(checkpoints), { limit: whole ? 30_000 : 0 });
    const settled = await server.residentMegabytes();
    const { total } = await server.call('recall', { limit: 1 });
    if (total !== memories) throw new Error(`${total} of ${memories} written memories were read`);
    await server.stop();

    const warm = hasCheckpoint ? await timesOf(runs, env, () => undefined) : [];
    const cold = await timesOf(3, env, () => rm(checkpoints, { recursive: true, force: true }));
    const sizes = await sizesOf(home);
    const row = (state, times) => [
      store,
      memories,
      state,
      ...['initialize', 'recall', 'resident'].map((key) => Math.round(median(times.map((each) => each[key])))),
      `${times.filter(({ degraded }) => degraded).length} of ${times.length}`,
    ];
    return {
      rows: [row('log alone', [first]), row('no checkpoint', cold), ...(hasCheckpoint ? [row('checkpoint', warm)] : [])],
      note: `${store}, ${memories}: ${whole ? `index whole ${(filling / 1000).toFixed(1)} s after the first recall` : 'index not whole in time'}, then ${settled} MB resident; ${bytesOf(sizes)}`,
      recall: hasCheckpoint ? median(warm.map(({ recall }) => recall)) : Number.POSITIVE_INFINITY,
    };
  });
}

function bytesOf(sizes) {
  const named = Object.entries(sizes).filter(([, { bytes }]) => bytes >= 100_000);
  return named.map(([name, { bytes }]) => `${name} ${(bytes / 1e6).toFixed(1)} MB`).join(', ');
}

/** The first recall after a spawn, by number of memories and store; resolves with whether checkpoints make it fast enough. */
export async function benchStartup({ stores, sizes }) {
  const found = [];
  for (const store of stores) for (const size of sizes) found.push(await startsOf(store, size));
  console.log(`from spawn to initialize and to the first recall, medians of ${runs} (at most ${mostFirstRecall} ms with a checkpoint)`);
  console.log(
    table(
      ['store', 'memories', 'home with', 'initialize ms', 'recall ms', 'MB', 'degraded'],
      found.flatMap(({ rows }) => rows),
    ),
  );
  for (const { note } of found) console.log(`  ${note}`);
  return found.every(({ recall }) => recall < mostFirstRecall);
}
