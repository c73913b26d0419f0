import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inParallel, keepsake, start, timed, until, withHome } from './program.mjs';
import { question, sentence } from './sentences.mjs';
import { ifThere, residentMegabytes, sizesOf } from './sizes.mjs';
import { table } from './table.mjs';

const memories = 100;
/** Changes between two reads that leave something in access/ and confirm/. */
const readEvery = 100;

/** Bytes that a folder may ever hold, whatever happened to the memories; `history` is the log's. */
const limits = {
  access: () => 9e6,
  // Vectors of the built-in embedding are made anew sooner than they are read.
  cache: () => 0,
  checkpoints: ({ history }) => 2 * history,
  chroma: () => 30e6 + memories * 20_000,
  'chroma-binding': () => 200e6,
  locks: () => 100_000,
};

/** What a memory may go through. Those under way at a time are different ones, so that none waits for another. */
const changes = {
  corrections: (server, ids) => (turn) => server.call('remember', { memory_id: ids[turn % memories], content: sentence(memories + turn) }),
  replacements: (server, ids) => async (turn) => {
    const { results } = await server.call('remember', { content: sentence(memories + turn), infer: false });
    await server.call('forget', { memory_ids: [ids[turn % memories]] });
    ids[turn % memories] = results[0].id;
  },
};

/** Sizes of a home at rest, and the memory of its server and of Chroma in MB. */
async function lookAt(server, home) {
  let before = '';
  const isAtRest = async () => {
    const now = JSON.stringify(await sizesOf(home));
    const same = now === before;
    before = now;
    return same;
  };
  await until(isAtRest, { limit: 60_000, interval: 1500 });
  const owner = JSON.parse((await ifThere(readFile(join(home, 'chroma', 'owner.json'), 'utf8'))) ?? '{}');
  return { sizes: await sizesOf(home), resident: await server.residentMegabytes(), chromaResident: await residentMegabytes(owner.pid) };
}

/** The most that each folder of a home has held while `work` was done, in bytes, looked at twice a second. */
async function peaksDuring(home, work) {
  const most = {};
  let isEnded = false;
  const look = async () => {
    for (const [name, { bytes }] of Object.entries(await sizesOf(home))) most[name] = Math.max(most[name] ?? 0, bytes);
    return isEnded;
  };
  const watching = until(look, { limit: Number.POSITIVE_INFINITY, interval: 500 });
  try {
    await work();
  } finally {
    isEnded = true;
    await watching;
  }
  return most;
}

async function growthOf(kind, store, count) {
  return withHome(async (home) => {
    const env = { KEEPSAKE_HOME: home, KEEPSAKE_STORE: store };
    const server = await start(keepsake, env);
    const messages = Array.from({ length: memories }, (_, number) => ({ role: 'user', content: sentence(number) }));
    const { results } = await server.call('remember', { messages, infer: false });
    await server.call('recall', { query: question(0) });
    const change = changes[kind](
      server,
      results.map(({ id }) => id),
    );
    const turnOf = async (turn) => {
      await change(turn);
      if (turn % readEvery !== 0) return;
      await server.call('recall', { query: question(turn) });
      await server.call('forget', { query: question(turn), limit: 5 });
    };

    const looks = [await lookAt(server, home)];
    let milliseconds = 0;
    const most = await peaksDuring(home, async () => {
      for (const half of [0, 1]) {
        milliseconds += await timed(() => inParallel(count / 2, memories, (turn) => turnOf((half * count) / 2 + turn)));
        looks.push(await lookAt(server, home));
      }
    });
    const { total } = await server.call('recall', { limit: 1 });
    if (total !== memories) throw new Error(`there are ${total} memories, not ${memories}`);
    await server.stop();

    let again;
    const restart = await timed(async () => {
      again = await start(keepsake, env);
      await again.call('recall', { query: question(0) });
    });
    looks.push(await lookAt(again, home));
    await again.stop();
    return { looks, most, milliseconds, restart };
  });
}

/** Prints what grew and by how much; returns whether every folder stayed within its limit. */
function report({ kind, store, count }, { looks, most, milliseconds, restart }) {
  const rows = Object.keys(looks.at(-1).sizes).map((folder) => {
    const bytes = looks.map(({ sizes }) => sizes[folder]?.bytes ?? 0);
    const limit = limits[folder]?.({ history: most.history }) ?? Number.POSITIVE_INFINITY;
    const isKept = Math.max(most[folder] ?? 0, bytes[3]) <= limit;
    const verdict = Number.isFinite(limit) ? `${Math.round(limit / 1e3)} ${isKept ? 'kept' : 'EXCEEDED'}` : '';
    const kilobytes = [...bytes, most[folder] ?? 0].map((each) => Math.round(each / 1e3));
    return { isKept, row: [folder, ...kilobytes, (bytes[2] - bytes[0]) / count, looks[3].sizes[folder].files, verdict] };
  });
  const rate = Math.round(count / (milliseconds / 1000));
  console.log(
    `${count} ${kind} of ${memories} memories, ${store}: ${rate} a second, first recall after a restart ${Math.round(restart)} ms`,
  );
  console.log(
    table(
      ['kB', '0 %', '50 %', '100 %', 'restarted', 'most', 'bytes a change', 'files', 'limit'],
      rows.map(({ row }) => row),
    ),
  );
  const resident = (key) => looks.map((look) => look[key] || '-').join(', ');
  console.log(`  MB resident: server ${resident('resident')}; Chroma ${resident('chromaResident')}`);
  return rows.every(({ isKept }) => isKept);
}

/**
 * What many corrections of few memories leave on the disk, and a tenth as many replacements, which cost a new memory
 * each; resolves with whether all but the log stays within its limits.
 */
export async function benchGrowth({ stores, updates }) {
  let isKept = true;
  for (const store of stores) {
    for (const load of [
      { kind: 'corrections', store, count: updates },
      { kind: 'replacements', store, count: updates / 10 },
    ])
      isKept = report(load, await growthOf(load.kind, store, load.count)) && isKept;
  }
  return isKept;
}
