import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryHome } from '../support/home.js';
import { type StartedServer, startServer } from '../support/server.js';
import { examined } from './doctor.js';
import { type Damage, damages, said } from './log-damages.js';

/** Every damage has two logs of its own in one home: one that no process has read before, and one that a server has. */
let home: string;
let running: StartedServer;
let fresh: StartedServer;
let told: string[];
/** The lines of an intact log. */
let intact: string[];

const added = 'Rosa climbs in the Dolomites.';
const userOf = (when: 'before' | 'under', { name }: Damage) => `${when}-${damages.findIndex((damage) => damage.name === name)}`;
const pathOf = (user: string) => join(home, 'history', `user-${user}.jsonl`);

function linesFor(user: string): string[] {
  return intact.map((line, index) => (index === 0 ? line.replace('user:default', `user:${user}`) : line));
}

async function recalled(server: StartedServer, user: string): Promise<string[]> {
  const { structured, isError, text } = await server.call('recall', { user_id: user, limit: 100 });
  return isError ? [text] : structured.memories.map(({ memory }) => memory).sort();
}

beforeAll(async () => {
  home = await temporaryHome();
  running = await startServer({ home });
  for (const content of Object.values(said)) await running.call('remember', { content, infer: false });
  intact = readFileSync(pathOf('default'), 'utf8').split(/(?<=\n)/);
  for (const damage of damages) {
    const [before, under] = [userOf('before', damage), userOf('under', damage)];
    writeFileSync(pathOf(before), damage.damaged(linesFor(before)));
    writeFileSync(pathOf(under), linesFor(under).join(''));
    expect(await recalled(running, under)).toEqual(Object.values(said));
  }
  told = (await examined(home)).history?.data.damage as string[];
  fresh = await startServer({ home });
});

/** Reads and writes a damaged log, and looks for everything that was ever said in it. */
async function survives(damage: Damage, server: StartedServer, user: string): Promise<void> {
  const { refuses, setsAside } = damage;
  const before = readFileSync(pathOf(user));
  const left = damage.left.map((name) => said[name]);
  expect(await recalled(server, user)).toEqual(refuses?.reads ? [expect.stringMatching(`\\[${refuses.reads}\\]$`)] : left);
  const written = await server.call('remember', { user_id: user, content: added, infer: false });
  if (refuses) {
    expect(written.text).toContain(`[${refuses.writes}]`);
    expect(readFileSync(pathOf(user))).toEqual(before);
    return;
  }
  expect(written.structured.results).toMatchObject([{ event: 'ADD', memory: added }]);
  for (const each of [running, fresh]) expect(await recalled(each, user)).toEqual([...left, added]);
  const files = readdirSync(join(home, 'history')).filter((name) => name.startsWith(`user-${user}.jsonl`));
  expect(files).toHaveLength(setsAside ? 2 : 1);
  // Also what cannot be read is kept, for somebody who wants it back.
  const bytes = files.map((name) => readFileSync(join(home, 'history', name), 'latin1')).join('\n');
  for (const line of before.toString('latin1').split('\n')) expect(bytes).toContain(line);
}

describe.each(damages)('a log that $name', (damage) => {
  it('before it is read keeps all that can be read, says what cannot, and goes on', async () => {
    const user = userOf('before', damage);
    const damageOf = told.filter((part) => part.includes(`user-${user}.jsonl`) || part.startsWith(`user:${user}: `));
    expect(damageOf).toEqual(damage.reported ? expect.arrayContaining([expect.stringMatching(damage.reported)]) : []);
    await survives(damage, fresh, user);
    if (damage.reported && !damage.refuses) expect(fresh.log()).toMatch(new RegExp(`user-${user}\\.jsonl.*${damage.reported.source}`));
  });

  it('under a running server keeps all that can be read, says what cannot, and goes on', async () => {
    const user = userOf('under', damage);
    writeFileSync(pathOf(user), damage.damaged(linesFor(user)));
    await survives(damage.isLoss ? { ...damage, refuses: { reads: 'log_unavailable', writes: 'log_unavailable' } } : damage, running, user);
    const reported = damage.missed ?? damage.reported;
    if (reported && !damage.refuses && !damage.isLoss)
      expect(running.log()).toMatch(new RegExp(`user-${user}\\.jsonl.*${reported.source}`));
  });
});
