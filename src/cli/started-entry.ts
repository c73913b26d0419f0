import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { messageOf } from '../core/errors.js';
import type { Machine } from '../install/machine.js';
import type { ServerEntry } from '../install/server-part.js';

/** What a server answered that was started as a client would start it. */
export interface StartedEntry {
  name: string;
  version: string;
  /** How many. */
  tools: number;
  /** Live memories that it knows of. */
  memories: number;
  /** Milliseconds from the start of the process to the answer of the handshake. */
  ready: number;
}

/** Milliseconds after which a client would give up, too. */
const patience = 30_000;
/** Characters of what the server printed that are shown when it fails. */
const longestShown = 500;

/** What a program started from a desktop has as PATH: what a shell adds to it is missing. */
function desktopPath({ platform, env }: Machine): string {
  return platform === 'win32' ? `${env.SystemRoot ?? 'C:\\Windows'}\\System32` : '/usr/bin:/bin:/usr/sbin:/sbin';
}

/** Starts a server from what a client's configuration says, asks it what it has, and ends it. Raises an error with what it printed where it does not answer. */
export async function startEntry(entry: ServerEntry, { machine, version }: { machine: Machine; version: string }): Promise<StartedEntry> {
  const transport = new StdioClientTransport({
    command: entry.command,
    args: entry.args,
    env: { PATH: desktopPath(machine), ...entry.env },
    cwd: machine.platform === 'win32' ? machine.homeFolder : '/',
    stderr: 'pipe',
  });
  let printed = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-longestShown);
  });
  const client = new Client({ name: 'keepsake-install', version });
  const options = { timeout: patience };
  const start = performance.now();
  try {
    await client.connect(transport, options);
    const ready = Math.round(performance.now() - start);
    const { tools } = await client.listTools(undefined, options);
    const recalled = await client.callTool({ name: 'recall', arguments: { limit: 1 } }, CallToolResultSchema, options);
    if (recalled.isError) throw new Error(z.array(z.looseObject({ text: z.string() })).parse(recalled.content)[0]?.text ?? 'recall failed');
    const { total = 0 } = z.looseObject({ total: z.number().optional() }).parse(recalled.structuredContent);
    const info = client.getServerVersion();
    return { name: info?.name ?? '', version: info?.version ?? '', tools: tools.length, memories: total, ready };
  } catch (error) {
    throw new Error([messageOf(error), printed.trim()].filter(Boolean).join(': '), { cause: error });
  } finally {
    await client.close();
  }
}
