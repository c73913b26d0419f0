import { inParallel, keepsake, median, start, timed, withHome } from './program.mjs';
import { sentence } from './sentences.mjs';
import { table } from './table.mjs';

const writes = 1200;
/** Calls under way at a time, over all processes: the load is the same, only who serves it differs. */
const underWay = 40;
const rounds = 5;
const cases = [
  { processes: 1, spaces: 1 },
  { processes: 4, spaces: 1 },
  { processes: 1, spaces: 4 },
  { processes: 4, spaces: 4 },
];

/** Writes a second of some processes on one home; with as many spaces each has one of its own. */
async function rateOf({ processes, spaces }) {
  return withHome(async (home) => {
    const servers = await Promise.all(
      Array.from({ length: processes }, () => start(keepsake, { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' })),
    );
    const write = (server, number) =>
      server.call('remember', { content: sentence(number), infer: false, user_id: `user ${number % spaces}` });
    await Promise.all(servers.map((server, index) => write(server, writes + index)));
    const milliseconds = await timed(() =>
      Promise.all(
        servers.map((server, index) =>
          inParallel(writes / processes, underWay / processes, (turn) => write(server, turn * processes + index)),
        ),
      ),
    );
    const totals = await Promise.all(
      Array.from({ length: spaces }, async (_, space) => (await servers[0].call('recall', { user_id: `user ${space}`, limit: 1 })).total),
    );
    await Promise.all(servers.map((server) => server.stop()));
    const kept = totals.reduce((sum, total) => sum + total);
    if (kept !== writes + processes) throw new Error(`${kept} of ${writes + processes} statements were kept`);
    return writes / (milliseconds / 1000);
  });
}

/** What sharing a home costs: writes a second of one and four processes in one and four spaces, in turns. */
export async function benchShared() {
  const rates = cases.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, each] of cases.entries()) rates[index].push(await rateOf(each));
  }
  const base = median(rates[0]);
  console.log(`${writes} writes, ${underWay} under way at a time, medians of ${rounds} rounds`);
  console.log(
    table(
      ['processes', 'spaces', 'writes a second', 'ratio'],
      cases.map(({ processes, spaces }, index) => [processes, spaces, Math.round(median(rates[index])), median(rates[index]) / base]),
    ),
  );
  return true;
}
