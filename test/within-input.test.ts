import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, openApp } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { userSpace } from '../src/core/space.js';
import { silentLogger } from './store/chroma/fixtures.js';
import { temporaryHome } from './support/home.js';
import { quietEnvironment } from './support/server.js';

let app: App;
let users = 0;
beforeAll(async () => {
  const home = await temporaryHome();
  app = await openApp(readConfig({ flags: {}, env: { ...quietEnvironment, KEEPSAKE_HOME: home } }), { logger: silentLogger });
});
afterAll(() => app.close());

/** Tells somebody new several things in one call, without a model; resolves with the events and what is then live, oldest first. */
async function tell(...said: string[]) {
  users += 1;
  const space = userSpace(`user ${users}`);
  const call = { id: `call-${users}`, client: 'test', signal: AbortSignal.timeout(60_000) };
  const turns = said.map((content) => ({ role: 'user' as const, content }));
  const { results } = await app.keepsake.remember({ space, form: 'messages', turns, infer: true, kind: 'observation' }, call);
  const { memories } = await app.keepsake.recall({ spaces: [space], limit: 100 }, call);
  return { space, call, results, events: results.map(({ event }) => event), live: memories.map(({ memory }) => memory).sort() };
}

it.each([
  ['I live in Cairo.', 'I moved to Oslo.'],
  ['I like tea.', 'I no longer like tea.'],
  ['我住在北京。', '我搬到上海了。'],
  ['我喜欢茶。', '我不再喜欢茶了。'],
])('what was said in the same call is superseded as in two: %s %s', async (before, after) => {
  expect((await tell(before, 'My sister lives in Lima.', after)).live).toEqual([after, 'My sister lives in Lima.'].sort());
});

it('a change of a change is the last word, and what was said before stays in the history', async () => {
  const { live, results, call, space } = await tell('I live in Cairo.', 'I moved to Oslo.', 'I moved to Bergen.');
  expect(live).toEqual(['I moved to Bergen.']);
  const { events } = await app.keepsake.history({ scope: [space], memory_id: results[0]?.id ?? '', limit: 50 }, call);
  expect(events.map(({ memory }) => memory)).toEqual(['I live in Cairo.', 'I moved to Oslo.', 'I moved to Bergen.']);
});

it('two changes of what was remembered before end with the later one', async () => {
  const { call, space } = await tell('I live in Cairo.');
  const turns = ['I moved to Oslo.', 'I moved to Bergen.'].map((content) => ({ role: 'user' as const, content }));
  await app.keepsake.remember({ space, form: 'messages', turns, infer: true, kind: 'observation' }, call);
  const { memories } = await app.keepsake.recall({ spaces: [space], limit: 100 }, call);
  expect(memories.map(({ memory }) => memory)).toEqual(['I moved to Bergen.']);
});

it('what coexists in two calls coexists in one', async () => {
  const said = ['I like mango.', 'I like peaches.', "I don't like bananas.", 'My wife works at Bosch.', 'I work at Siemens.'];
  expect((await tell(...said)).live).toEqual([...said].sort());
});

it('all of it is one call that is undone at once', async () => {
  const { space, call } = await tell('I live in Cairo.', 'I moved to Oslo.');
  await app.keepsake.undo(call.id, { ...call, id: 'undo' });
  expect((await app.keepsake.recall({ spaces: [space], limit: 100 }, call)).memories).toEqual([]);
});
