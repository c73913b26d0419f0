import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { type Config, readConfig } from '../config.js';
import { chromaProcess } from '../configured-index.js';
import { messageOf } from '../core/errors.js';
import { createLogger } from '../logger.js';
import { checkup } from './checkup.js';
import { StoryError, type Teller, tellStory } from './story.js';
import { styled } from './terminal.js';

/** What the demo is run with. */
export interface DemoOptions {
  version: string;
  /** The program itself, which is started as a client would start it. */
  script: string;
  signal: AbortSignal;
}

/** Milliseconds that Chroma gets to end once its last user is gone. */
const endLimit = 15_000;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Tells a story with the real server in a temporary home, and leaves nothing behind: no folder and no process, also
 * when it fails or is interrupted. It needs no key and uses none. Resolves with the exit code: 1 when an answer was
 * not the expected one.
 */
export async function demo(config: Config, options: DemoOptions): Promise<number> {
  const { version } = options;
  // A reader that has seen enough, such as head, ends it in order too.
  const unread = new AbortController();
  process.stdout.on('error', (error) => unread.abort(error));
  const signal = AbortSignal.any([options.signal, unread.signal]);
  const home = await realpath(await mkdtemp(join(tmpdir(), 'keepsake-demo-')));
  const env = {
    KEEPSAKE_HOME: home,
    KEEPSAKE_PROJECT: 'none',
    KEEPSAKE_STORE: config.store,
    KEEPSAKE_CHROMA_COMPAT: config.chroma.compat,
    KEEPSAKE_CHROMA_IDLE: '0',
    KEEPSAKE_LOG_LEVEL: 'error',
  };
  const own = readConfig({ env });
  const clients: Client[] = [];
  try {
    print(styled('bold', `Keepsake ${version}: a story told by the real server, in a temporary home`));
    for (const name of ['demo-1', 'demo-2']) {
      const client = new Client({ name, version });
      clients.push(client);
      await client.connect(serverOf(env, options));
    }
    const memories = await tellStory(tellerOf(clients, signal));
    await tellParts(own, memories, signal);
    return 0;
  } catch (error) {
    process.stderr.write(`\nThe demo ends here: ${signal.aborted ? 'interrupted' : messageOf(error)}\n`);
    return 1;
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await removeHome(own);
    print(styled('dim', 'Nothing of this is left: the servers have ended, the temporary home is removed.'));
  }
}

/** The server as a desktop program would start it. */
function serverOf(env: Record<string, string>, { script }: DemoOptions): StdioClientTransport {
  return new StdioClientTransport({ command: process.execPath, args: [script], env, stderr: 'inherit' });
}

function tellerOf([first, second]: Client[], signal: AbortSignal): Teller {
  const speakers: Record<string, string> = { first: 'assistant', second: '2nd assistant' };
  return {
    async call(name, given, assistant = 'first') {
      const client = assistant === 'first' ? first : second;
      // A signal of its own for each call: the client never takes its listeners off.
      const options = { signal: AbortSignal.any([signal]) };
      const answer = await client?.callTool({ name, arguments: given }, CallToolResultSchema, options);
      if (!answer || answer.isError) throw new StoryError(`an answer of ${name}`, answer?.content);
      return answer.structuredContent;
    },
    scene: (title) => print(`\n${styled('bold', title)}`),
    line: (who, what) => print(`  ${styled(who === 'keepsake' ? 'green' : 'cyan', (speakers[who] ?? who).padStart(13))}  ${what}`),
  };
}

/** Says what the story was told with, once the vectors of its memories are in the index. */
async function tellParts(config: Config, memories: number, signal: AbortSignal): Promise<void> {
  print(`\n${styled('bold', 'What did this')}`);
  const findings = await checkup(config, { logger: createLogger('error'), signal });
  for (const { part, text, standing, fix } of findings) {
    if (!['store', 'chat', 'embedding'].includes(part)) continue;
    if (standing === 'broken') throw new StoryError(`a working ${part}`, `${text} ${fix ?? ''}`);
    // Where it listened is of no use once it is gone.
    print(
      `  ${styled('green', part.padStart(13))}  ${text.replace(/ at http:\S+?(?=;)/, '')}${fix && part === 'store' ? ` (${fix})` : ''}`,
    );
  }
  const { vectors } = findings.find(({ part }) => part === 'store')?.data ?? {};
  if (vectors !== memories) throw new StoryError(`${memories} vectors in the index`, vectors);
}

/** Waits until Chroma, which ends with its last user, has ended, and removes the folder. */
async function removeHome(config: Config): Promise<void> {
  const pid = await chromaProcess(config);
  const deadline = performance.now() + endLimit;
  while (pid !== undefined && (await isRunning(pid))) {
    if (performance.now() > deadline) throw new Error(`The Chroma process ${pid} of the demo does not end.`);
    await pause(20);
  }
  await rm(config.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Whether a process runs; one that has ended and waits for its parent to notice does not. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    if (['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
