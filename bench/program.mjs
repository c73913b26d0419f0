import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { residentMegabytes } from './sizes.mjs';

/** The built program and the bare server. */
export const keepsake = fileURLToPath(new URL('../dist/main.js', import.meta.url));
export const bare = fileURLToPath(new URL('bare-server.mjs', import.meta.url));

const running = new Set();

/** Runs `work` with a home that is removed afterwards; servers that it left, since it failed, are stopped. */
export async function withHome(work) {
  const home = await mkdtemp(join(tmpdir(), 'keepsake-bench-'));
  try {
    return await work(home);
  } finally {
    await Promise.all([...running].map((server) => server.stop()));
    // Chroma ends by itself once its folder is gone.
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Starts a server behind an SDK client; `call` raises where a tool answers an error. `stderr` is where its log goes. */
export async function start(script, env = {}, stderr = 'inherit') {
  const quiet = { KEEPSAKE_PROJECT: 'none', KEEPSAKE_CHROMA_IDLE: '0', KEEPSAKE_LOG_LEVEL: 'error' };
  const transport = new StdioClientTransport({ command: process.execPath, args: [script], env: { ...quiet, ...env }, stderr });
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(transport);
  const server = {
    client,
    pid: transport.pid,
    async call(name, given) {
      const answer = await client.callTool({ name, arguments: given }, CallToolResultSchema, { timeout: 300_000 });
      if (answer.isError) throw new Error(answer.content[0].text);
      return answer.structuredContent;
    },
    /** Resident memory in MB; only Linux tells. */
    residentMegabytes: () => residentMegabytes(transport.pid),
    async stop() {
      running.delete(server);
      await client.close();
    },
  };
  running.add(server);
  return server;
}

/** Does `count` pieces of work, so many at a time: lane 0 of 10 does number 0, then 10, then 20. */
export async function inParallel(count, lanes, work) {
  const lane = async (first) => {
    for (let number = first; number < count; number += lanes) await work(number);
  };
  await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));
}

/** Looks every `interval` milliseconds until `check` gives something true; undefined after `limit` milliseconds. */
export async function until(check, { limit, interval = 250 }) {
  const deadline = performance.now() + limit;
  for (;;) {
    const found = await check();
    if (found || performance.now() > deadline) return found || undefined;
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}

/** Milliseconds that `work` takes. */
export async function timed(work) {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** The value that this share of the values lies at or below. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}

/** The value in the middle. */
export const median = (values) => quantile(values, 0.5);

/** "p50 1.2 ms, p95 3.4 ms". */
export function summary(milliseconds) {
  return `p50 ${quantile(milliseconds, 0.5).toFixed(1)} ms, p95 ${quantile(milliseconds, 0.95).toFixed(1)} ms`;
}
