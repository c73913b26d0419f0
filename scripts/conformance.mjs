#!/usr/bin/env node
// Runs the official conformance suites against the server over HTTP; needs the package registry. --short: the one suite
// that starts on every supported version of node.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { load } from './load.mjs';

const run = promisify(execFile);
const suitePackage = '@modelcontextprotocol/conformance';

/** The first version of node that the newest suite starts on. */
const newestNeeds = 22;

/** Each version of the suite with what it is asked to run, by the name that the baseline has for it. */
const suites = {
  short: { version: '0.1.13', runs: { 'suite all': ['--suite', 'all'] } },
  newest: {
    version: '0.2.0-alpha.12',
    runs: {
      'requirements 2025-11-25': ['--requirements', '2025-11-25'],
      'requirements 2026-07-28': ['--requirements', '2026-07-28'],
    },
  },
};

/** Installs packages in a folder, for the suite alone: a package named node in the project would take the place of node in its scripts. */
async function install(folder, packages) {
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder];
  // npm is a script on Windows, which only a shell starts.
  await run('npm', ['install', ...flags, ...packages], { cwd: folder, timeout: 180_000, shell: process.platform === 'win32' });
}

/** The program that runs a suite of this version, and the node to run it with. */
async function installSuite(folder, version) {
  const hasNode = version !== suites.newest.version || Number.parseInt(process.versions.node, 10) >= newestNeeds;
  await install(folder, [`${suitePackage}@${version}`, ...(hasNode ? [] : [`node@${newestNeeds}`])]);
  const node = hasNode ? process.execPath : join(folder, 'node_modules/node/bin/node');
  return { node, script: join(folder, 'node_modules', suitePackage, 'dist/index.js') };
}

/** The name of the scenario whose results lie in this folder. */
const scenarioOf = (folder) => folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');

/** By scenario what its checks came to. */
async function resultsIn(folder) {
  const results = (await readdir(folder)).map(async (entry) => {
    const checks = JSON.parse(await readFile(join(folder, entry, 'checks.json'), 'utf8'));
    const count = (status) => checks.filter((check) => check.status === status).length;
    const faults = checks.filter(({ status }) => status === 'FAILURE').map(({ id, errorMessage }) => `${id}: ${errorMessage}`);
    return [scenarioOf(entry), { passed: count('SUCCESS'), warned: count('WARNING'), faults }];
  });
  return Object.fromEntries(await Promise.all(results));
}

/** What one run of a suite found. Its exit code is not looked at: it knows nothing of the baseline. Raises where it did not finish. */
async function runSuite({ node, script }, { url, flags, folder }) {
  const args = [script, 'server', '--url', url, ...flags, '--output-dir', folder];
  const { stdout, stderr } = await run(node, args, { cwd: folder, timeout: 180_000, maxBuffer: 64 * 1024 * 1024 }).catch((error) => error);
  if (!stdout?.includes('=== SUMMARY ===')) throw new Error(`the suite did not finish: ${stderr || stdout}`);
  return resultsIn(folder);
}

/** What differs from the baseline, one line each: failures that it does not name, and names of what passes. */
function differences(results, expected = {}) {
  const failing = Object.entries(results).filter(([, { faults }]) => faults.length > 0);
  const unexpected = failing
    .filter(([name]) => !expected[name])
    .flatMap(([name, { faults }]) => faults.map((fault) => `${name}: ${fault}`));
  const stale = Object.keys(expected).filter((name) => !results[name]?.faults.length);
  return [...unexpected, ...stale.map((name) => `${name}: named in the baseline, and passes`)];
}

/** One line of the table: what was run, and how many scenarios and checks came to what. */
function summary(title, results) {
  const all = Object.values(results);
  const sum = (count) => all.reduce((total, result) => total + count(result), 0);
  const failing = all.filter(({ faults }) => faults.length > 0).length;
  const checks = `${sum(({ passed }) => passed)} checks passed, ${sum(({ warned }) => warned)} warned, ${sum(({ faults }) => faults.length)} failed`;
  return `${title.padEnd(52)} ${all.length - failing} of ${all.length} scenarios; ${checks}`;
}

const baseline = JSON.parse(await readFile(new URL('../test/conformance/baseline.json', import.meta.url), 'utf8'));
const chosen = process.argv.includes('--short') ? [suites.short] : [suites.short, suites.newest];
const { openConformanceServer } = await load("export { openConformanceServer } from './test/conformance/server.ts';");
const folder = await mkdtemp(join(tmpdir(), 'keepsake-suites-'));
try {
  for (const { version, runs } of chosen) {
    const program = await installSuite(await mkdtemp(join(folder, 'suite-')), version);
    for (const [name, flags] of Object.entries(runs)) {
      const server = await openConformanceServer();
      try {
        const results = await runSuite(program, { url: server.url, flags, folder: await mkdtemp(join(folder, 'results-')) });
        const faults = differences(results, baseline[name]);
        process.stdout.write(`${summary(`${suitePackage}@${version} ${name}`.slice(suitePackage.indexOf('/') + 1), results)}\n`);
        for (const fault of faults) process.stdout.write(`  ${fault}\n`);
        if (faults.length > 0) process.exitCode = 1;
      } finally {
        await server.close();
      }
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
