import { keepsake, quantile, start, summary, timed, withHome } from './program.mjs';
import { question, sentence } from './sentences.mjs';

const memories = 10_000;
const batch = 1000;
const warmUp = 20;
const calls = 200;
/** Milliseconds that 95 of 100 recalls may take at most. */
const mostRecall = 20;

async function fill(server) {
  for (let first = 0; first < memories; first += batch) {
    const messages = Array.from({ length: batch }, (_, index) => ({ role: 'user', content: sentence(first + index) }));
    const { results } = await server.call('remember', { messages, infer: false });
    if (results.length !== batch) throw new Error(`${results.length} of ${batch} were remembered`);
  }
}

async function timesOf(count, work) {
  const times = [];
  for (let index = 0; index < count; index += 1) times.push(await timed(() => work(index)));
  return times;
}

/** recall and remember among 10,000 memories, over stdio, without a key; resolves with whether recall is fast enough. */
export async function benchRecall(store) {
  return withHome(async (home) => {
    const env = { KEEPSAKE_HOME: home, KEEPSAKE_STORE: store };
    const first = await start(keepsake, env);
    const filled = await timed(() => fill(first));
    await first.stop();

    const server = await start(keepsake, env);
    const recall = (index) => server.call('recall', { query: question(index) });
    const afterStart = await timed(() => recall(0));
    // The index follows behind the answers; what is measured is the state that lasts.
    await settled(server);
    await timesOf(warmUp, recall);
    const recalls = await timesOf(calls, recall);
    const lists = await timesOf(50, () => server.call('recall', {}));
    const remembers = await timesOf(calls, (index) => server.call('remember', { content: `Note ${index}: ${sentence(memories + index)}` }));
    const both = await timesOf(50, async (index) => {
      await server.call('remember', { content: `Later ${index}: ${sentence(2 * memories + index)}` });
      await recall(index);
    });
    const resident = await server.residentMegabytes();
    await server.stop();
    console.log(
      [
        `${memories} memories, ${store}: filled in ${(filled / 1000).toFixed(1)} s`,
        `recall ${summary(recalls)} (at most ${mostRecall})`,
        `listing ${summary(lists)}`,
        `remember ${summary(remembers)}`,
        `remember and recall ${summary(both)}`,
        `first recall after a start ${afterStart.toFixed(0)} ms`,
        `${resident} MB resident`,
      ].join('\n  '),
    );
    return quantile(recalls, 0.95) < mostRecall;
  });
}

/** Waits until recalls no longer get faster: the index has caught up. */
async function settled(server) {
  const round = async () => quantile(await timesOf(10, (index) => server.call('recall', { query: question(1000 + index) })), 0.5);
  let before = await round();
  for (let rounds = 0; rounds < 60; rounds += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = await round();
    if (now > before * 0.8 && rounds > 4) return;
    before = now;
  }
}
