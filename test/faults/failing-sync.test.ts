import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type StartedServer, until } from '../support/server.js';
import { auditedLog, liveTexts } from './audit.js';
import { listed, startFaulty } from './program.js';

const preload = fileURLToPath(new URL('failing-sync.mjs', import.meta.url));

async function turn(server: StartedServer, to: 'fails' | 'works'): Promise<void> {
  process.kill(server.pid, 'SIGUSR2');
  await until(
    () =>
      server
        .log()
        .match(/^fsync \w+$/gm)
        ?.at(-1) === `fsync ${to}`,
  );
}

it.skipIf(process.platform === 'win32')('what could not be brought to the disk is not acknowledged, and does not stand', async () => {
  const server = await startFaulty({ env: { NODE_OPTIONS: `--import ${preload}`, KEEPSAKE_LOG_LEVEL: 'error' } });
  const other = await startFaulty({ home: server.home });
  const remember = (content: string) => server.call('remember', { content, infer: false });
  await remember('First.');
  const { confirm_token } = (await server.call('forget', { memory_ids: [(await listed(server))[0]?.id], erase: true })).structured;
  await turn(server, 'fails');
  expect((await remember('Second.')).text).toContain('[log_unavailable]');
  expect((await server.call('forget', { confirm: confirm_token })).text).toContain('[log_unavailable]');
  for (const each of [server, other]) expect((await listed(each)).map(({ memory }) => memory)).toEqual(['First.']);
  await turn(server, 'works');
  expect((await remember('Second.')).structured.results).toMatchObject([{ event: 'ADD' }]);
  for (const each of [server, other]) expect((await listed(each)).map(({ memory }) => memory)).toEqual(['Second.', 'First.']);
  expect(liveTexts(await auditedLog(server.home))).toEqual(['First.', 'Second.']);
  await Promise.all([server.stop(), other.stop()]);
});
