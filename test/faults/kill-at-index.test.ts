import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { readOwner } from '../../src/store/chroma/handshake.js';
import { temporaryHome } from '../support/home.js';
import { isRunning } from '../support/process-state.js';
import { program, quietEnvironment, until } from '../support/server.js';
import { auditedLog } from './audit.js';
import { burial, startFaulty } from './program.js';

const run = promisify(execFile);
const env = { KEEPSAKE_STORE: 'chroma' };

/** How many vectors another process of the home finds in Chroma, once Chroma is as far as the log. */
async function vectors(home: string): Promise<number | undefined> {
  const { stdout } = await run(process.execPath, [program, 'doctor', '--json'], {
    env: { PATH: process.env.PATH, ...quietEnvironment, ...env, KEEPSAKE_HOME: home },
    cwd: '/',
  });
  const { findings } = JSON.parse(stdout) as { findings: { part: string; data: { vectors: number; behind: number } }[] };
  const { data } = findings.find(({ part }) => part === 'store') ?? {};
  return data?.behind === 0 ? data.vectors : undefined;
}

it.for(['index', 'indexed'] as const)(
  'a process that is killed at %s, after its answer, leaves Chroma to be brought up to date by the next',
  async (point) => {
    const home = await temporaryHome();
    const owners = new Set<number>();
    const noteOwner = () =>
      until(async () => {
        const owner = await readOwner(join(home, 'chroma'));
        return owner && isRunning(owner.pid) && owners.add(owner.pid);
      });
    const dying = await startFaulty({ home, env, fault: `${point}#1=SIGKILL` });
    const owned = noteOwner();
    const { structured } = await dying.call('remember', { content: 'My sister Nora plays the cello.' });
    expect(structured.results).toMatchObject([{ event: 'ADD' }]);
    await owned;
    await burial(dying);
    const server = await startFaulty({ home, env });
    await server.call('remember', { content: 'My brother Olaf sails on the lake.' });
    await noteOwner();
    await until(async () => (await vectors(home)) === 2);
    const whole = await until(async () => {
      const answer = (await server.call('recall', { query: 'who plays the cello?' })).structured;
      return answer.degraded === undefined && answer;
    });
    expect(whole.memories).toMatchObject([{ id: structured.results[0]?.id }]);
    expect((await auditedLog(home)).events.filter(({ event }) => event === 'ADD')).toHaveLength(2);
    await server.stop();
    for (const pid of owners) await until(() => !isRunning(pid));
  },
);
