import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from '../scripts/load.mjs';
import { askedOf, turn } from './conversation.mjs';
import { bare, keepsake, quantile, start, timed, until, withHome } from './program.mjs';
import { table } from './table.mjs';
import { writeHome } from './written-home.mjs';

/** Memories, and the milliseconds that 95 of 100 recalls among so many may take at most. */
const limits = new Map([
  [10_000, 10],
  [100_000, 30],
]);
/** Milliseconds that taking one memory into words and vectors may cost on average, at every size. */
const mostIndexing = 1;
const warmUp = 40;
const calls = 300;
const additions = 100;
/** Milliseconds that the index may take to be filled. */
const fillLimit = 1_800_000;
/** Milliseconds after which what a start and a filled index leave to be done is done: a checkpoint is kept after two seconds. */
const rest = 10_000;

async function timesOf(count, ...works) {
  const times = works.map(() => []);
  for (let index = 0; index < count; index += 1) {
    for (const [place, work] of works.entries()) times[place].push(await timed(() => work(index)));
  }
  return times;
}

/** Milliseconds of taking each of some more memories into words and vectors, in this process and without a disk. */
async function indexingTimes(home, memories) {
  const { createView, applyAll, openExactIndex, createHashedEmbedder, embeddingText } = await load(`
    export * from './src/core/view.ts';
    export { embeddingText } from './src/core/projection.ts';
    export { openExactIndex } from './src/store/exact-index.ts';
    export { createHashedEmbedder } from './src/models/hashed-embedding.ts';
  `);
  const [, ...lines] = (await readFile(join(home, 'history', 'user-default.jsonl'), 'utf8')).trimEnd().split('\n');
  const [view, index, embedder] = [createView('user:default'), openExactIndex(), createHashedEmbedder()];
  const { signal } = new AbortController();
  const take = async (events) => {
    applyAll(view, events, 'UTC');
    const added = events.filter(({ event }) => event === 'ADD');
    const vectors = await embedder.embed(
      added.map(({ state }) => embeddingText(state)),
      signal,
    );
    const upserts = added.map(({ memory_id, revision, state }, at) => ({ id: memory_id, revision, kind: state.kind, vector: vectors[at] }));
    await index.advance(
      'user:default',
      async () => ({ upserts, deletes: [], position: { sequence: events.at(-1).seq, event: 'last' } }),
      signal,
    );
  };
  const step = 3000;
  for (let at = 0; at < lines.length; at += step) await take(lines.slice(at, at + step).map((line) => JSON.parse(line)));
  const last = JSON.parse(lines.at(-2));
  const [times] = await timesOf(2000, (number) => {
    const { text, subject } = turn(memories + number, memories);
    return take([{ ...last, seq: last.seq + 2 + number, memory_id: `more ${number}`, state: { ...last.state, text, subject } }]);
  });
  return times;
}

/** The figures of one store and size, as a row of the table, and whether they are within the limits. */
async function measure(store, memories) {
  return withHome(async (home) => {
    await writeHome(home, memories, turn);
    const indexing = await indexingTimes(home, memories);
    const [server, other] = [await start(keepsake, { KEEPSAKE_HOME: home, KEEPSAKE_STORE: store }), await start(bare)];
    const recall = async (number) => {
      const { memories: found, degraded } = await server.call('recall', { query: askedOf(number) });
      if (degraded !== undefined) throw new Error(`degraded: ${degraded}`);
      return found;
    };
    // Where words find nothing the index is asked.
    const isFilled = async () => (await server.call('recall', { query: 'xyzzyx' })).degraded === undefined;
    const filled = await timed(() => until(isFilled, { limit: fillLimit }));
    await new Promise((resolve) => setTimeout(resolve, rest));
    const text = JSON.stringify(await recall(0));
    const echo = () => other.call('echo', { text });
    await timesOf(warmUp, (number) => recall(calls + number), echo);
    const [recalls, echoes] = await timesOf(calls, recall, echo);
    const resident = await server.residentMegabytes();
    const [remembers] = await timesOf(additions, (number) => {
      const { text: content, subject: name } = turn(2 * memories + number, memories);
      return server.call('remember', { messages: [{ role: 'user', name, content }], infer: false });
    });
    await Promise.all([server.stop(), other.stop()]);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(recalls, share));
    const perMemory = indexing.reduce((sum, each) => sum + each) / indexing.length;
    return {
      row: [
        store,
        memories,
        p50,
        p95,
        p99,
        p50 / quantile(echoes, 0.5),
        perMemory,
        quantile(remembers, 0.5),
        quantile(remembers, 0.95),
        resident,
        filled / 1000,
      ],
      within: p95 < limits.get(memories) && perMemory < mostIndexing,
    };
  });
}

/** recall and remember over stdio, without a key, by number of memories; resolves with whether both are fast enough. */
export async function benchRecall(store) {
  const found = [];
  for (const memories of limits.keys()) found.push(await measure(store, memories));
  const bounds = [...limits].map(([memories, most]) => `${most} ms among ${memories}`).join(', ');
  console.log(
    `recall in ms (p95 at most ${bounds}), as a multiple of a bare call, and adding one memory (indexing at most ${mostIndexing} ms)`,
  );
  const headings = ['store', 'memories', 'p50', 'p95', 'p99', 'ratio', 'indexing', 'remember p50', 'p95', 'MB', 'index filled s'];
  console.log(
    table(
      headings,
      found.map(({ row }) => row),
    ),
  );
  return found.every(({ within }) => within);
}
