import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { keepsake } from './program.mjs';

/** Opens a session of its own; `call` raises where a tool answers an error. */
export async function connectSession(url) {
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return {
    async call(name, given) {
      const answer = await client.callTool({ name, arguments: given }, CallToolResultSchema, { timeout: 300_000 });
      if (answer.isError) throw new Error(answer.content[0].text);
      return answer.structuredContent;
    },
    async close() {
      await client.transport.terminateSession();
      await client.close();
    },
  };
}

/** Starts the built server over HTTP on a free port; whoever starts it stops it. */
export async function startHttp(env = {}) {
  const quiet = { KEEPSAKE_PROJECT: 'none', KEEPSAKE_CHROMA_IDLE: '0', KEEPSAKE_LOG_LEVEL: 'warn', KEEPSAKE_RATE: '0' };
  const child = spawn(process.execPath, [keepsake, 'serve', '--http', '--port', '0'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...quiet, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  let log = '';
  const url = await new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      log += chunk;
      const found = /serves MCP at (http:\S+\/mcp)/.exec(log)?.[1];
      if (found) resolve(new URL(found));
    });
    ended.then(([code]) => reject(new Error(`the server ended with ${code}: ${log}`)));
  });
  return {
    url,
    pid: child.pid,
    /** What it has logged so far. */
    log: () => log,
    connect: () => connectSession(url),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
