import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connectSession } from './http-program.mjs';
import { quantile, timed } from './program.mjs';
import { question, sentence } from './sentences.mjs';
import { table } from './table.mjs';

/** Calls of the quiet user in each case, one at a time, and milliseconds between two of them: a person's client does not wait for itself. */
const quietCalls = 150;
const pause = 5;
/** Calls that the flood has under way. */
const lanes = 200;

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A process that says in its first line that it is ready; `stop` resolves with what it says last. */
async function startProcess(name, ...given) {
  const child = spawn(process.execPath, [pathOf(name), ...given.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: first, done } = await lines.next();
  if (done) throw new Error(`${name} ended before it was ready`);
  return {
    first,
    async stop() {
      child.kill('SIGTERM');
      const { value } = await lines.next();
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
      return value;
    },
  };
}

/** Milliseconds of each call of a user who sends one at a time. */
async function quietUser({ call }, count) {
  const times = [];
  for (let number = 0; number < count; number += 1) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    times.push(
      await timed(() =>
        number % 10 === 0
          ? call('remember', { user_id: 'u1', content: `${sentence(number)} As of ${performance.now()}.`, infer: false })
          : call('recall', { user_id: 'u1', query: question(number) }),
      ),
    );
  }
  return times;
}

/** What one server gives a quiet user, alone and beside another one's flood. */
async function measure(home, queued) {
  const server = await startProcess('fairness-server.mjs', home, queued);
  try {
    const quiet = await connectSession(server.first);
    await quietUser(quiet, 30);
    const alone = await quietUser(quiet, quietCalls);
    const flood = await startProcess('flood.mjs', server.first, lanes);
    try {
      await quietUser(quiet, 10);
      const flooded = await quietUser(quiet, quietCalls);
      await quiet.close();
      return { alone, flooded, rate: Number(await flood.stop()) };
    } catch (error) {
      await flood.stop();
      throw error;
    }
  } finally {
    await server.stop();
  }
}

/** How one user's calls fare alone and while another one floods the server, with the queue and without; resolves with the first ratio. */
export async function compareFairness(home) {
  const [queued, free] = [await measure(home, true), await measure(home, false)];
  const base = quantile(queued.alone, 0.95);
  const rowOf = (name, times, rate) => [name, quantile(times, 0.5), quantile(times, 0.95), quantile(times, 0.95) / base, rate];
  console.log(`  one user, a call at a time, beside another one's flood of ${lanes} calls at a time; milliseconds a call`);
  console.log(
    table(
      ['', 'p50', 'p95', 'p95 to alone', "the flood's calls/s"],
      [
        rowOf('alone', queued.alone),
        rowOf('flood, with the queue', queued.flooded, queued.rate),
        rowOf('flood, without the queue', free.flooded, free.rate),
      ],
    ),
  );
  return quantile(queued.flooded, 0.95) / base;
}
