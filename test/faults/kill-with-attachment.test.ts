import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { type StartedServer, until } from '../support/server.js';
import { auditedLog } from './audit.js';
import { burial, type Fault, listed, modelEnvironment, startFaulty } from './program.js';

let fake: FakeOpenAi;
beforeAll(async () => {
  fake = await startFakeOpenAi();
  fake.onChat('A zebra stands there.');
});
afterAll(() => fake.close());

const memory = '[attached image shows] A zebra stands there.';
const data = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).toString('base64');
const messages = [{ role: 'user', content: '', attachments: [{ mime_type: 'image/png', data }] }];

const start = (home?: string, fault?: Fault): Promise<StartedServer> =>
  startFaulty({
    env: { ...modelEnvironment(fake), KEEPSAKE_INFER: 'rules', KEEPSAKE_EMBEDDING_MODEL: '', KEEPSAKE_VISION_MODEL: 'eyes' },
    ...(home === undefined ? {} : { home }),
    ...(fault === undefined ? {} : { fault }),
  });

function kept(home: string): string[] {
  const folder = join(home, 'attachments', 'user-default');
  return existsSync(folder) ? readdirSync(folder) : [];
}

async function erase(server: StartedServer): Promise<void> {
  const [found] = await listed(server);
  const { confirm_token } = (await server.call('forget', { memory_ids: [found?.id], erase: true })).structured;
  await server.call('forget', { confirm: confirm_token });
}

describe.concurrent('a process that is killed', () => {
  it.for([
    ['before the input is in the log has remembered nothing', 'append#1=SIGKILL', []],
    ['once the input is in the log has its picture, which is read after the next start', 'synced#1=SIGKILL', [memory]],
    ['before the outcome is in the log leaves the picture to be read again', 'append#2=SIGKILL', [memory]],
  ] as const)('%s', async ([, fault, memories]) => {
    const dying = await start(undefined, fault);
    const { home } = dying;
    await expect(dying.call('remember', { messages })).rejects.toThrow(/closed/i);
    await burial(dying);
    expect(kept(home)).toHaveLength(1);
    const server = await start(home);
    await until(async () => (await listed(server)).length === memories.length);
    expect((await listed(server)).map((each) => each.memory)).toEqual(memories);
    // What nothing names, because the process ended, goes with the next cleaning.
    await server.call('remember', { messages });
    await until(async () => (await listed(server)).length === 1);
    await erase(server);
    expect(kept(home)).toEqual([]);
    await auditedLog(home);
    await server.stop();
  });

  it('once an erasure is in the log leaves no picture behind after the next start', async () => {
    const first = await start();
    const { home } = first;
    await first.call('remember', { messages });
    await first.stop();
    const dying = await start(home, 'replaced#1=SIGKILL');
    await expect(erase(dying)).rejects.toThrow(/closed/i);
    await burial(dying);
    expect(kept(home)).toHaveLength(1);
    const server = await start(home);
    await until(() => kept(home).length === 0);
    expect(await listed(server)).toEqual([]);
    await server.stop();
  });
});
