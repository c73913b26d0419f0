import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compareFairness } from './fairness.mjs';
import { median, withHome } from './program.mjs';
import { table } from './table.mjs';
import { writeUsers } from './written-home.mjs';

const memories = 100;
/** The budget that processes have of themselves, in bytes, and one that nothing exceeds. */
const budget = 512e6;
const unbounded = Number.MAX_SAFE_INTEGER;
/** Starts of each kind, in turn, for the time of a first recall. */
const starts = 5;
/** How much longer a call of the quiet user may take in a flood, at the 95th percentile. */
const mostSlower = 10;
/** MB that a process may take with a budget, whatever number of users it serves. */
const mostMegabytes = 1500;
/** How much longer a process may take to its first recall in a home of many users than in one of a single user. */
const mostLater = 1.5;
const script = fileURLToPath(new URL('users-process.mjs', import.meta.url));

/** What a process that serves random users says of itself. */
async function serveUsers(home, { users, calls, bytes }) {
  const child = spawn(process.execPath, ['--max-old-space-size=16384', script, home, users, calls, bytes].map(String), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(JSON.parse(line));
  const code = await ended;
  if (code !== 0) throw new Error(`it ended with ${code}`);
  const [{ first }, ...looks] = lines;
  return { first, looks: looks.slice(0, -1), end: looks.at(-1) };
}

/** Prints what processes with a budget and without one took, side by side; resolves with the most MB with a budget. */
async function compareMemory(home, { users, calls }) {
  const within = await serveUsers(home, { users, calls, bytes: budget });
  const all = await serveUsers(home, { users, calls, bytes: unbounded });
  const sizesOf = (look) => [look?.megabytes, look?.held.spaces, look && Math.round(look.held.bytes / 1e6)];
  const columns = ['MB resident', 'spaces held', 'MB estimated'];
  console.log(
    table(
      ['calls', ...columns.map((name) => `budget: ${name}`), ...columns.map((name) => `none: ${name}`)],
      within.looks.map((look, index) => [look.calls, ...sizesOf(look), ...sizesOf(all.looks[index])]),
    ),
  );
  const timesOf = (name, { end: { cold, warm, loopP99, listed, counted } }) => [
    name,
    ...[cold, warm].flatMap((kind) => [kind?.count, kind?.p50, kind?.p95]),
    loopP99,
    listed,
    counted,
  ];
  const headings = ['cold recalls', 'p50', 'p95', 'warm recalls', 'p50', 'p95', 'event loop p99', 'spaces listed', '100 counted'];
  console.log(table(['milliseconds', ...headings], [timesOf('with the budget', within), timesOf('without', all)]));
  return Math.max(...within.looks.map(({ megabytes }) => megabytes));
}

/** How much longer a new process takes to its first recall among many users than with one alone, in turns. */
async function compareStarts(home, users) {
  return withHome(async (alone) => {
    await writeUsers(alone, 1, memories);
    const times = { many: [], one: [] };
    for (let turn = 0; turn < starts; turn += 1) {
      times.many.push((await serveUsers(home, { users, calls: 0, bytes: budget })).first);
      times.one.push((await serveUsers(alone, { users: 1, calls: 0, bytes: budget })).first);
    }
    const later = median(times.many) / median(times.one);
    const shown = (values) => `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`;
    console.log(`  first recall of a process: ${shown(times.many)} among ${users} users, ${shown(times.one)} with one alone`);
    console.log(`  ${later.toFixed(2)} times as long, medians of ${starts} starts each in turn`);
    return later;
  });
}

/** What many users of one process cost: memory over time with and without a budget, recalls, starts, and what a flood does to others. */
export async function benchManyUsers({ users, calls }) {
  return withHome(async (folder) => {
    const home = join(folder, 'home');
    console.log(`${users} users with ${memories} memories each, ${calls} recalls, half of them of a hundred regulars`);
    await writeUsers(home, users, memories);
    const most = await compareMemory(home, { users, calls });
    const later = await compareStarts(home, users);
    const slower = await compareFairness(home);
    return most <= mostMegabytes && later <= mostLater && slower <= mostSlower;
  });
}
