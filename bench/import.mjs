import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeChatGptExport } from './chatgpt-export.mjs';
import { keepsake, until, withHome } from './program.mjs';
import { table } from './table.mjs';

/** Resident memory that an import may ever have, in MB, beyond what the program takes without anything to do. */
const mostMegabytes = 350;

function startImport(home, file) {
  const env = {
    ...process.env,
    KEEPSAKE_HOME: home,
    KEEPSAKE_STORE: 'embedded',
    KEEPSAKE_PROJECT: 'none',
    OPENAI_API_KEY: '',
    OPENAI_BASE_URL: '',
    KEEPSAKE_LOG_LEVEL: 'error',
  };
  return spawn(process.execPath, [keepsake, 'import', file, '--yes', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Steps that the journal of the one import of a home says to be done. */
async function stepsDone(home) {
  const folder = join(home, 'imports');
  const names = await readdir(folder).catch(() => []);
  const journal = names.find((name) => name.endsWith('.json'));
  return journal === undefined ? 0 : JSON.parse(await readFile(join(folder, journal), 'utf8')).done;
}

/** Highest resident memory that a process has had so far, in MB; only Linux tells. */
async function peakOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

/** Waits for the end of a process and tells the most memory that it had, and its exit code. */
async function watched(child) {
  let peak = 0;
  const timer = setInterval(async () => {
    peak = Math.max(peak, await peakOf(child.pid));
  }, 200);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  clearInterval(timer);
  return { peak, code, text };
}

/** How long a ChatGPT export of so many MB takes without a model, how much memory, and that nothing is doubled or lost where it is killed halfway. */
export async function benchImport({ megabytes }) {
  return withHome(async (folder) => {
    const file = join(folder, 'conversations.json');
    const conversations = await writeChatGptExport(file, megabytes * 1e6);
    const home = join(folder, 'home');
    const begin = performance.now();
    const first = startImport(home, file);
    const firstEnded = watched(first);
    await until(async () => first.exitCode !== null || (await stepsDone(home)) > conversations / 2, { limit: 1_800_000 });
    first.kill('SIGKILL');
    const killed = await firstEnded;
    const at = await stepsDone(home);
    const second = await watched(startImport(home, file));
    const seconds = (performance.now() - begin) / 1000;
    const log = await readFile(join(home, 'history', 'user-default.jsonl'), 'utf8');
    const runs = [...log.matchAll(/"run_id":"([^"]+)","event":"RECEIVED"/g)].map(([, run]) => run);
    const peak = Math.max(killed.peak, second.peak);
    console.log(`import of a ChatGPT export without a model, killed after ${at} of ${conversations} conversations and started again`);
    console.log(
      table(
        ['MB', 'conversations', 'inputs in the log', 'seconds in all', 'peak MB', 'log MB'],
        [[megabytes, conversations, runs.length, seconds, peak, (await stat(join(home, 'history', 'user-default.jsonl'))).size / 1e6]],
      ),
    );
    const isWhole = second.code === 0 && runs.length === conversations && new Set(runs).size === conversations;
    if (!isWhole) console.log('inputs were lost or doubled');
    if (peak > mostMegabytes) console.log(`more than ${mostMegabytes} MB were needed`);
    return isWhole && peak <= mostMegabytes;
  });
}
