import { ownServer, withServerMemory } from './compared-servers.mjs';
import { median, timed, withHome } from './program.mjs';
import { sentence } from './sentences.mjs';
import { table } from './table.mjs';

const repeats = 3;
const killRounds = 5;

const range = (count) => Array.from({ length: count }, (_, index) => index);

/** Statements that several processes write at once on one folder, each all of its own list. */
async function together(server, folder, lists) {
  const run = newRun();
  const processes = await Promise.all(lists.map(() => server.start(folder)));
  run.milliseconds = await timed(() =>
    Promise.all(lists.flatMap((texts, index) => texts.map((text) => write(server, processes[index], text, run)))),
  );
  await Promise.all(processes.map((each) => each.stop()));
  return run;
}

/** Statements that `lanes` callers of one process write until it is killed, once some were acknowledged, again and again. */
async function killed(server, folder, lanes) {
  const run = newRun();
  for (const round of range(killRounds)) {
    const process_ = await server.start(folder);
    const target = run.acknowledged.size + 10 + 17 * round;
    let dead = false;
    const lane = async (number) => {
      for (let step = 0; !dead && step < 1000; step += 1) {
        await write(server, process_, sentence(round * 100_000 + number * 1000 + step), run);
        if (dead || run.acknowledged.size < target) continue;
        dead = true;
        process.kill(process_.pid, 'SIGKILL');
      }
    };
    run.milliseconds += await timed(() => Promise.all(range(lanes).map(lane)));
    await process_.stop();
  }
  return run;
}

function newRun() {
  return { acknowledged: new Set(), calls: 0, failed: 0, milliseconds: 0 };
}

async function write(server, process_, text, run) {
  try {
    await server.create(process_, text);
    run.acknowledged.add(text);
    run.calls += 1;
  } catch (error) {
    // Refused, or cut off by the kill: either way nobody was told that it is kept.
    if (!(error instanceof Error)) throw error;
    run.failed += 1;
  }
}

const own = (count) => (processes) => range(processes).map((index) => range(count).map((each) => sentence(index * count + each)));
const loads = {
  '20 at once, one process': (server, folder) => together(server, folder, own(20)(1)),
  '4 processes, 50 at once each': (server, folder) => together(server, folder, own(50)(4)),
  'the same 25 statements from 4 processes': (server, folder) =>
    together(
      server,
      folder,
      range(4).map(() => own(25)(1)[0]),
    ),
  [`kill -9 among 20 at once, ${killRounds} times`]: (server, folder) => killed(server, folder, 20),
  [`kill -9, one write at a time, ${killRounds} times`]: (server, folder) => killed(server, folder, 1),
};

/** What a new process finds of what was acknowledged; `fault` where it cannot read its own file any more. */
async function lookAfter(server, folder, { acknowledged }) {
  let reader;
  try {
    reader = await server.start(folder);
    const texts = await server.texts(reader);
    const found = new Set(texts);
    return { found: [...acknowledged].filter((text) => found.has(text)).length, doubled: texts.length - found.size };
  } catch (error) {
    return { found: 0, doubled: 0, fault: error.message };
  } finally {
    await reader?.stop();
  }
}

/** One load on one server, several times, each in a folder of its own: sums, and the median time of a call in ms. */
async function measure(server, load) {
  const sum = { acknowledged: 0, found: 0, doubled: 0, failed: 0, times: [], faults: new Set() };
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    await withHome(async (folder) => {
      const run = await load(server, folder);
      const { found, doubled, fault } = await lookAfter(server, folder, run);
      sum.acknowledged += run.acknowledged.size;
      sum.found += found;
      sum.doubled += doubled;
      sum.failed += run.failed;
      sum.times.push(run.milliseconds / run.calls);
      if (fault !== undefined) sum.faults.add(fault);
    });
  }
  return { ...sum, lost: sum.acknowledged - sum.found, time: median(sum.times) };
}

/** Keepsake beside the official memory server under the same load; resolves with whether Keepsake lost and doubled nothing. */
export function benchServerMemory() {
  return withServerMemory(async (rival) => {
    const rows = [];
    const faults = new Set();
    let isSound = true;
    for (const [title, load] of Object.entries(loads)) {
      const results = [await measure(rival, load), await measure(ownServer, load)];
      for (const [index, result] of results.entries()) {
        const { acknowledged, failed, found, lost, doubled, time } = result;
        const isOwn = index === 1;
        const ratio = isOwn ? results[1].time / results[0].time : undefined;
        rows.push([isOwn ? '' : title, isOwn ? ownServer.name : 'server-memory', acknowledged, failed, found, lost, doubled, time, ratio]);
        for (const fault of result.faults) faults.add(`${isOwn ? ownServer.name : rival.name}: ${fault}`);
        if (isOwn && lost + doubled + result.faults.size > 0) isSound = false;
      }
    }
    console.log(`keepsake and ${rival.name}, sums of ${repeats} runs; statements acknowledged, and what a new process then finds`);
    console.log(table(['load', 'server', 'acknowledged', 'failed', 'found', 'lost', 'doubled', 'ms a call', 'ratio'], rows));
    for (const fault of faults) console.log(`  ${fault}`);
    return isSound;
  });
}
