#!/usr/bin/env node
// Runs each example of examples/ with its framework, the built server and a scripted model; needs the package registry.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { build } from './build.mjs';
import { exampleRuns } from './example-runs.mjs';
import { load } from './load.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** A copy of examples/ with its packages, in which `npx keepsake-mcp` is the built server. */
async function install(folder) {
  await cp(join(root, 'examples'), folder, { recursive: true });
  // Exact versions are pinned, so npm need not look for others that would suit the peers better.
  const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...flags], { cwd: folder, timeout: 120_000 });
  await symlink(root, join(folder, 'node_modules', 'keepsake-mcp'));
  await symlink('../keepsake-mcp/dist/main.js', join(folder, 'node_modules', '.bin', 'keepsake-mcp'));
}

/** The memories that a client finds in a home, in the order of their texts. */
async function recalled(home, given) {
  const client = new Client({ name: 'examples', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [join(root, 'dist/main.js'), '--home', home] }));
  try {
    const { structuredContent } = await client.callTool({ name: 'recall', arguments: given });
    return structuredContent.memories.map(({ memory }) => memory).sort();
  } finally {
    await client.close();
  }
}

/** What is wrong with what an example printed and left in memory. */
async function faultsOf({ says, saysNot, remembered }, { stdout, home, unused }) {
  const faults = [
    ...says.filter((words) => !words.test(stdout)).map((words) => `did not print ${words}`),
    ...saysNot.filter((words) => words.test(stdout)).map((words) => `printed ${words}`),
    ...(unused > 0 ? [`left ${unused} answers of the model unasked`] : []),
  ];
  for (const { arguments: given, memories } of remembered) {
    const found = await recalled(home, given);
    if (JSON.stringify(found) !== JSON.stringify(memories)) faults.push(`remembers ${JSON.stringify(found)} for ${JSON.stringify(given)}`);
  }
  return faults;
}

/** Runs one example as its user would; resolves with what went wrong. */
async function runExample(folder, { name, script, startFakeOpenAi }) {
  const endpoint = await startFakeOpenAi({ apiKey: 'sk-examples' });
  const user = await mkdtemp(join(folder, 'user-'));
  const home = join(user, '.keepsake');
  await mkdir(home, { mode: 0o700 });
  // Servers that clients start inherit little of the environment, but every one of them reads this file.
  await writeFile(join(home, 'config.json'), JSON.stringify({ KEEPSAKE_STORE: 'embedded' }), { mode: 0o600 });
  const answers = [...script.answers];
  endpoint.onChat((chat) => {
    const answer = answers.shift();
    if (answer === undefined) throw new Error('the script has no further answer');
    return typeof answer === 'function' ? answer(chat) : answer;
  });
  try {
    const env = { PATH: process.env.PATH, HOME: user, OPENAI_BASE_URL: endpoint.url, OPENAI_API_KEY: 'sk-examples' };
    const { stdout } = await run(process.execPath, [name], { cwd: folder, env, timeout: 60_000 });
    if (process.argv.includes('--verbose')) process.stdout.write(stdout);
    return await faultsOf(script, { stdout, home, unused: answers.length });
  } catch (error) {
    if (error.stderr === undefined) throw error;
    return [`ended with ${error.code ?? error.signal}: ${error.stdout}${error.stderr}`];
  } finally {
    await endpoint.close();
  }
}

await build({ keepStale: true });
const support = await load(`
  export { startFakeOpenAi } from './test/support/fake-openai.js';
  export { callTools } from './test/support/fake-tools.js';`);
const folder = await mkdtemp(join(tmpdir(), 'keepsake-examples-'));
try {
  await install(folder);
  for (const [name, script] of Object.entries(exampleRuns(support))) {
    const faults = await runExample(folder, { name, script, ...support });
    process.stdout.write(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name}\n${faults.map((fault) => `       ${fault}\n`).join('')}`);
    if (faults.length > 0) process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
