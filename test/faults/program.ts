import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../scripts/build.mjs';
import type { FaultPoint } from '../../src/store/fault-point.js';
import type { FakeChat, FakeOpenAi } from '../support/fake-openai.js';
import { isRunning } from '../support/process-state.js';
import { type StartedServer, type StartOptions, startServer, until } from '../support/server.js';

/** Inside node_modules, so that the program finds its packages. */
const folder = fileURLToPath(new URL('../../node_modules/.cache/keepsake-faults', import.meta.url));

let built: Promise<void> | undefined;

/** Where a process meets its fault: "append#2=SIGKILL" ends it at its second append. */
export type Fault = `${FaultPoint}#${number}=SIG${'KILL' | 'STOP'}`;

/** Starts a build that has fault points, with a fault or without. */
export async function startFaulty({ fault, env, ...options }: StartOptions & { fault?: Fault } = {}): Promise<StartedServer> {
  built ??= build({ faultPoints: true, keepStale: true, folder });
  await built;
  return startServer({ ...options, program: join(folder, 'main.js'), env: { ...env, ...(fault ? { KEEPSAKE_FAULT: fault } : {}) } });
}

/** Waits for the end of a server that was killed, and lets its client go. */
export async function burial(server: StartedServer): Promise<void> {
  await until(() => !isRunning(server.pid));
  await server.stop();
}

/** Kills a server with kill -9. */
export async function killed(server: StartedServer): Promise<void> {
  process.kill(server.pid, 'SIGKILL');
  await burial(server);
}

/** Settings for a model at a fake endpoint. */
export function modelEnvironment(fake: FakeOpenAi): Record<string, string> {
  return { OPENAI_BASE_URL: fake.url, OPENAI_API_KEY: '', KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake' };
}

/** A model that takes each turn for one fact, word for word, and adds it. */
export function literalModel({ purpose, user }: FakeChat): object {
  const shown = user
    .split('\n')
    .filter((line) => line.startsWith(purpose === 'decision' ? '{"fact":' : '{"turn":'))
    .map((line): { content: string } => JSON.parse(line));
  if (purpose === 'decision')
    return { decisions: shown.map((_, index) => ({ fact: index + 1, action: 'ADD', memory: null, text: null, reason: null })) };
  const unsaid = { subject: null, entities: [], occurred_at: null, recurs: null, importance: 5 };
  return { facts: shown.map(({ content }, turn) => ({ turn, quote: content, text: content, ...unsaid })), skipped: [] };
}

/** All live memories that a server lists, page by page. */
export async function listed(server: StartedServer, scope: Record<string, unknown> = {}): Promise<{ id: string; memory: string }[]> {
  const memories: { id: string; memory: string }[] = [];
  for (let cursor: string | undefined; ; ) {
    const { structured, isError, text } = await server.call('recall', { limit: 100, ...scope, ...(cursor ? { cursor } : {}) });
    if (isError) throw new Error(text);
    memories.push(...structured.memories);
    cursor = structured.next_cursor;
    if (cursor === undefined) return memories;
  }
}
