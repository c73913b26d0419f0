import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { inParallel, keepsake, quantile, summary, timed, withHome } from './program.mjs';
import { question, sentence } from './sentences.mjs';
import { table } from './table.mjs';
import { writeUsers } from './written-home.mjs';

const memories = 100;
/** Calls of one user that another one's flood is measured by, and how many calls the flood has under way. */
const quietCalls = 200;
const floodLanes = 60;
const floodClients = 4;
/** How much longer a call of the quiet user may take in a flood, at the 95th percentile. */
const mostSlower = 10;
/** MB that a process may take with a budget, whatever number of users it serves. */
const mostMegabytes = 1500;
const script = fileURLToPath(new URL('users-process.mjs', import.meta.url));

/** What a process that serves random users says of itself. */
async function serveUsers(home, { users, calls, bytes }) {
  const child = spawn(process.execPath, ['--max-old-space-size=8192', script, home, users, calls, bytes].map(String), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(JSON.parse(line));
  if (child.exitCode) throw new Error(`it ended with ${child.exitCode}`);
  const [{ first }, ...looks] = lines;
  return { first, looks: looks.slice(0, -1), end: looks.at(-1) };
}

/** Prints what a process took; returns the most. */
function report(name, { first, looks, end }) {
  const most = Math.max(...looks.map(({ megabytes }) => megabytes));
  console.log(`  ${name}: first recall after ${Math.round(first)} ms, event loop p99 ${end.loopP99.toFixed(1)} ms`);
  console.log(
    table(
      ['calls', 'MB resident', 'MB used', 'spaces held', 'MB estimated'],
      looks.map(({ calls, megabytes, heap, held }) => [calls, megabytes, heap, held.spaces, Math.round(held.bytes / 1e6)]),
    ),
  );
  for (const kind of ['cold', 'warm'])
    if (end[kind])
      console.log(`  ${kind}: ${end[kind].count} recalls, p50 ${end[kind].p50.toFixed(1)} ms, p95 ${end[kind].p95.toFixed(1)} ms`);
  console.log(`  all spaces listed in ${Math.round(end.listed)} ms, a hundred of them counted in ${Math.round(end.counted)} ms`);
  return most;
}

/** The server over HTTP, and clients of it. */
async function startHttp(home) {
  const env = { ...process.env, KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', KEEPSAKE_PROJECT: 'none', KEEPSAKE_LOG_LEVEL: 'error' };
  const child = spawn(process.execPath, [keepsake, 'serve', '--http', '--port', '0'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const url = await new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const found = /serves MCP at (\S+\/mcp)/.exec(said)?.[1];
      if (found) resolve(found.replace(/,$/, ''));
    });
    child.once('exit', () => reject(new Error(`the server ended: ${said}`)));
  });
  return {
    async connect() {
      const client = new Client({ name: 'bench', version: '1' });
      await client.connect(new StreamableHTTPClientTransport(new URL(url)));
      return {
        client,
        async call(name, given) {
          const answer = await client.callTool({ name, arguments: given }, CallToolResultSchema, { timeout: 300_000 });
          if (answer.isError) throw new Error(answer.content[0].text);
          return answer.structuredContent;
        },
      };
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Milliseconds of each call of a user who sends one at a time. */
async function quietUser({ call }, count = quietCalls) {
  const times = [];
  for (let number = 0; number < count; number += 1)
    times.push(
      await timed(() =>
        number % 10 === 0
          ? call('remember', { user_id: 'u1', content: `${sentence(number)} As of ${performance.now()}.`, infer: false })
          : call('recall', { user_id: 'u1', query: question(number) }),
      ),
    );
  return times;
}

/** How one user's calls fare alone and while another one floods the server. */
async function fairness(home) {
  const server = await startHttp(home);
  try {
    const quiet = await server.connect();
    await quietUser(quiet, 20);
    const alone = await quietUser(quiet);
    const flooding = await Promise.all(Array.from({ length: floodClients }, () => server.connect()));
    let isOver = false;
    let answered = 0;
    const flood = inParallel(Number.MAX_SAFE_INTEGER, floodLanes, async (number) => {
      if (isOver) throw new Error('over');
      const { call } = flooding[number % floodClients];
      await (number % 4 === 0
        ? call('remember', { user_id: 'u0', content: `${sentence(number)} Flood ${number}.`, infer: false })
        : call('recall', { user_id: 'u0', query: question(number) }));
      answered += 1;
    }).catch((error) => {
      if (!isOver) throw error;
    });
    let flooded;
    const milliseconds = await timed(async () => {
      flooded = await quietUser(quiet);
    });
    isOver = true;
    await flood;
    const ratio = quantile(flooded, 0.95) / quantile(alone, 0.95);
    console.log(`  one user alone: ${summary(alone)}; in another one's flood of ${floodLanes} calls at a time: ${summary(flooded)}`);
    console.log(`  ${ratio.toFixed(1)} times as long at p95, ${Math.round((1000 * answered) / milliseconds)} calls a second of the flood`);
    await Promise.all([quiet, ...flooding].map(({ client }) => client.close()));
    return ratio;
  } finally {
    await server.stop();
  }
}

/** What many users of one process cost: memory over time with and without a budget, recalls, and what a flood does to others. */
export async function benchManyUsers({ users, calls }) {
  return withHome(async (home) => {
    console.log(`${users} users with ${memories} memories each, ${calls} recalls of random users`);
    await writeUsers(home, users, memories);
    const most = report('with the budget', await serveUsers(home, { users, calls, bytes: 512e6 }));
    report('all held, a quarter of the calls', await serveUsers(home, { users, calls: calls / 4, bytes: Number.MAX_SAFE_INTEGER }));
    const ratio = await fairness(home);
    return most <= mostMegabytes && ratio <= mostSlower;
  });
}
