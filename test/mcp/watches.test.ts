import { beforeAll, describe, expect, it } from 'vitest';
import { mostWatched } from '../../src/mcp/watch-allowance.js';
import { callerOf } from '../support/caller.js';
import { until } from '../support/server.js';
import { exchangeOf, openServiceHome, type ServiceHome } from './service-home.js';

const alice = callerOf('alice', { spaces: [{ space: 'project:shop', write: false }] });
const bob = callerOf('bob');

let home: ServiceHome;
/** The same home as another process sees it. */
let other: ServiceHome;

beforeAll(async () => {
  home = await openServiceHome();
  other = await openServiceHome({ home: home.home });
});

/** Counts what is told of a resource. */
async function watched(uri: string, who = alice) {
  const seen = { told: 0 };
  const stop = await home.service.watchResource(uri, exchangeOf(who), () => {
    seen.told += 1;
  });
  return Object.assign(seen, { stop });
}

/** Resolves once everything that happened before in a caller's space was told to whoever watches it. */
async function settled(who: typeof alice): Promise<void> {
  const mark = await watched('keepsake://recent', who);
  await home.remember(who, `A mark that is set at ${performance.now()}.`);
  await until(() => mark.told > 0);
  mark.stop();
}

describe('a watched resource', () => {
  it('tells of a change that this process made', async () => {
    const recent = await watched('keepsake://recent');
    await home.remember(alice, 'Alice owns a telescope.');
    await until(() => recent.told > 0);
    recent.stop();
  });

  it('tells of what another process of the home wrote', async () => {
    const profile = await watched('keepsake://profile');
    await other.remember(alice, 'Alice has moved to Oslo.');
    await until(() => profile.told > 0);
    profile.stop();
  });

  it('tells of nothing any more in a project that is granted no longer', async () => {
    const dave = callerOf('dave', { spaces: [{ space: 'project:shop', write: true }] });
    const recent = await watched('keepsake://recent', dave);
    await home.remember(dave, 'The shop has a new awning.', { project: 'shop' });
    await until(() => recent.told > 0);
    const { told } = recent;
    Object.assign(dave, { spaces: [] });
    await home.remember(callerOf('erin', { spaces: [{ space: 'project:shop', write: true }] }), 'The shop sells tea.', { project: 'shop' });
    await settled(alice);
    const own = await watched('keepsake://recent', dave);
    await home.remember(dave, 'Dave rows.');
    await until(() => own.told > 0);
    expect(recent.told).toBe(told + 1);
    for (const each of [recent, own]) each.stop();
  });

  it('tells of changes in a granted project, and not of those of another user', async () => {
    const carol = callerOf('carol', { spaces: [{ space: 'project:shop', write: true }] });
    const recent = await watched('keepsake://recent');
    await home.remember(bob, 'Bob has a new bicycle.');
    await settled(bob);
    expect(recent.told).toBe(0);
    await home.remember(carol, 'The shop closes at eight.', { project: 'shop' });
    await until(() => recent.told > 0);
    recent.stop();
  });

  it('that is one memory tells of its own changes alone, by any process', async () => {
    const id = await home.remember(alice, 'The desk of Alice is number 4.');
    const memory = await watched(`keepsake://memory/${id}`);
    const history = await watched(`keepsake://memory/${id}/history`);
    await home.remember(alice, 'The chair of Alice is green.');
    await settled(alice);
    expect([memory.told, history.told]).toEqual([0, 0]);
    await home.call(alice, 'remember', { memory_id: id, content: 'The desk of Alice is number 5.' });
    await until(() => memory.told === 1 && history.told === 1);
    await other.call(alice, 'forget', { memory_ids: [id] });
    await until(() => memory.told === 2 && history.told === 2);
    memory.stop();
    history.stop();
  });

  it('tells nothing any more once it was stopped, also of what was about to be told', async () => {
    const recent = await watched('keepsake://recent');
    await home.remember(alice, 'Alice likes the rain.');
    recent.stop();
    recent.stop();
    await settled(alice);
    expect(recent.told).toBe(0);
  });
});

it('watches so many at a time for one caller, and says so; what was stopped makes room', async () => {
  const dora = callerOf('dora');
  const all = await Promise.all(Array.from({ length: mostWatched }, () => watched('keepsake://profile', dora)));
  await expect(watched('keepsake://profile', dora)).rejects.toMatchObject({
    fault: 'invalid_params',
    message: expect.stringContaining('unsubscribe'),
  });
  (await watched('keepsake://profile', bob)).stop();
  await expect(watched('keepsake://memory/unknown', bob)).rejects.toMatchObject({ fault: 'resource_not_found' });
  all[0]?.stop();
  all[0]?.stop();
  all[0] = await watched('keepsake://profile', dora);
  await expect(watched('keepsake://profile', dora)).rejects.toMatchObject({ fault: 'invalid_params' });
  for (const each of all) each.stop();
  (await watched('keepsake://profile', dora)).stop();
});
