import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import type { Principal } from '../../src/core/principal.js';
import { createService } from '../../src/mcp/service.js';
import { exchangeOf, openServiceHome, owner, type ServiceHome } from '../mcp/service-home.js';
import { silentLogger } from '../store/chroma/fixtures.js';
import { callerOf } from '../support/caller.js';
import { temporaryHome } from '../support/home.js';
import { type AnswerData, quietEnvironment } from '../support/server.js';

let home: ServiceHome;
/** Ids of one memory of each space, by its text. */
const ids: Record<string, string> = {};
const project = (name: string, write: boolean) => ({ space: `project:${name}` as const, write });

const ann = callerOf('ann', { spaces: [project('shared', true), project('handbook', false), { space: 'user:team', write: false }] });
const bob = callerOf('bob', { spaces: [project('shared', true)] });
const lead = callerOf('lead', { spaces: [project('*', false)] });
/** A program that speaks for any user. */
const agent = callerOf('agent', { user: undefined, anyUser: true, spaces: [project('shared', true)] });

beforeAll(async () => {
  home = await openServiceHome();
  const places = {
    ann: {},
    bob: {},
    team: {},
    shared: { project: 'shared' },
    handbook: { project: 'handbook' },
    secret: { project: 'secret' },
  };
  for (const [name, place] of Object.entries(places))
    ids[name] = await home.remember(owner, `The lamp of ${name} is green.`, 'project' in place ? place : { user_id: name });
});

/** The text of an answer of a tool, whether it failed, and its data. */
async function call(principal: Principal, tool: string, given: Record<string, unknown>, currentProject?: string) {
  const { isError, content, structuredContent } = await home.service.callTool(tool, given, exchangeOf(principal, currentProject));
  return { text: content[0]?.text ?? '', isError: isError === true, data: structuredContent as unknown as AnswerData };
}

const recalled = async (principal: Principal, given: Record<string, unknown> = {}, currentProject?: string) =>
  (await call(principal, 'recall', { query: 'lamp', ...given }, currentProject)).data.memories.map(({ space }) => space).sort();
const refusalOf = async (principal: Principal, tool: string, given: Record<string, unknown>) => {
  const { isError, text } = await call(principal, tool, given);
  expect(isError, text).toBe(true);
  return text;
};

describe('recall', () => {
  it('searches what is one own, the current project as far as it is open, and what was granted, and names the space of every hit', async () => {
    const { data, text } = await call(ann, 'recall', { query: 'lamp' });
    expect(data.memories.map(({ space }) => space).sort()).toEqual(['project:handbook', 'project:shared', 'user:ann', 'user:team']);
    expect(text).toMatch(/lamp of team .*in user:team;/);
    expect(text).toMatch(/lamp of shared .*in project:shared;/);
    expect(text).not.toMatch(/lamp of ann .*in user:ann/);
    expect(await recalled(bob)).toEqual(['project:shared', 'user:bob']);
    expect(await recalled(bob, {}, 'secret')).toEqual(['project:shared', 'user:bob']);
    expect(await recalled(lead, {}, 'secret')).toEqual(['project:secret']);
    expect(await recalled(ann, { profile: true, query: undefined })).toHaveLength(4);
    expect(await recalled(ann, { query: undefined })).toHaveLength(4);
  });

  it('of all projects searches those that are open', async () => {
    expect(await recalled(bob, { project: '*' })).toEqual(['project:shared', 'user:bob']);
    expect(await recalled(lead, { project: '*' })).toEqual(['project:handbook', 'project:secret', 'project:shared']);
    expect(await recalled(agent, { project: '*', user_id: 'bob' })).toEqual(['project:shared', 'user:bob']);
    expect(await recalled(owner, { project: '*', user_id: 'bob' })).toEqual([
      'project:handbook',
      'project:secret',
      'project:shared',
      'user:bob',
    ]);
  });

  it('of a granted user or project searches that alone', async () => {
    expect(await recalled(ann, { user_id: 'team' })).toEqual(['user:team']);
    expect(await recalled(ann, { project: 'handbook' })).toEqual(['project:handbook']);
    expect(await recalled(ann, { user_id: 'ann', project: 'handbook' })).toEqual(['project:handbook']);
  });
});

describe('a space that is not open', () => {
  it('is refused by every tool, in the same words whether it exists or not', async () => {
    const calls: [string, Record<string, unknown>][] = [
      ['recall', { query: 'lamp' }],
      ['remember', { content: 'The lamp is blue.' }],
      ['remember', { memory_id: ids.bob, content: 'The lamp is blue.' }],
      ['forget', { memory_ids: [ids.bob] }],
      ['forget', { all: true }],
      ['memory_history', { memory_id: ids.bob }],
    ];
    for (const [tool, given] of calls) {
      for (const [there, missing] of [
        [{ user_id: 'bob' }, { user_id: 'nobody' }],
        [{ project: 'secret' }, { project: 'nothing' }],
        [
          { user_id: 'bob', project: 'shared' },
          { user_id: 'nobody', project: 'shared' },
        ],
      ]) {
        const refused = await refusalOf(ann, tool, { ...given, ...there });
        expect(refused).toMatch(/is not open to this caller; .* \[space_refused\]$/);
        const named = (text: string) => text.replace(/"(user|project):\w+"/, '"$1"');
        expect(named(await refusalOf(ann, tool, { ...given, ...missing }))).toBe(named(refused));
      }
    }
    expect(await recalled(owner, { user_id: 'bob', query: 'blue lamp', min_score: 0 })).toEqual(['user:bob']);
  });

  it('gives nothing away by the ids of its memories', async () => {
    for (const id of [ids.bob, ids.secret]) {
      const calls: [string, Record<string, unknown>][] = [
        ['remember', { memory_id: id, content: 'The lamp is blue.' }],
        ['remember', { memory_id: id, revision: 1 }],
        ['memory_history', { memory_id: id }],
      ];
      for (const [tool, given] of calls) expect(await refusalOf(ann, tool, given)).toMatch(/\[memory_not_found\]$/);
      expect((await call(ann, 'forget', { memory_ids: [id] })).data).toEqual({ forgotten: [], not_found: [id] });
      expect((await call(ann, 'recall', { filters: { id } })).data.memories).toEqual([]);
    }
  });
});

describe('a granted space', () => {
  it('that may be read alone takes no changes', async () => {
    for (const [tool, given] of [
      ['remember', { content: 'The lamp is blue.' }],
      ['remember', { memory_id: ids.handbook, pinned: true }],
      ['forget', { memory_ids: [ids.handbook] }],
      ['forget', { query: 'lamp' }],
    ] as const)
      expect(await refusalOf(ann, tool, { ...given, project: 'handbook' })).toMatch(
        /open to this caller for reading alone; .* \[space_refused\]$/,
      );
    expect(await refusalOf(ann, 'remember', { content: 'The lamp is blue.', user_id: 'team' })).toMatch(/\[space_refused\]$/);
    expect((await call(ann, 'memory_history', { project: 'handbook' })).data.events).toHaveLength(1);
  });

  it('is changed where it is named, and by ids only then', async () => {
    const id = await home.remember(bob, 'The door of shared is red.', { project: 'shared' });
    expect(await refusalOf(ann, 'remember', { memory_id: id, pinned: true })).toMatch(/\[memory_not_found\]$/);
    expect(await refusalOf(ann, 'memory_history', { memory_id: id })).toMatch(/\[memory_not_found\]$/);
    expect((await call(ann, 'forget', { memory_ids: [id] })).data.not_found).toEqual([id]);
    expect((await call(ann, 'remember', { memory_id: id, pinned: true, project: 'shared' })).data.results[0]?.event).toBe('UPDATE');
    expect((await call(ann, 'memory_history', { memory_id: id, project: 'shared' })).data.events).toHaveLength(2);
    expect((await call(ann, 'forget', { memory_ids: [id], project: 'shared' })).data.forgotten).toHaveLength(1);
  });

  it('gets nothing that is remembered without naming it', async () => {
    await home.remember(ann, 'The window of ann is round.');
    expect((await call(ann, 'recall', { query: 'window' })).data.memories.map(({ space }) => space)).toEqual(['user:ann']);
  });
});

describe('a token that speaks for any user', () => {
  it('acts for the user that each call names, and has to name one', async () => {
    await home.remember(agent, 'The garden of cid is wide.', { user_id: 'cid' });
    expect(await recalled(agent, { query: 'garden', user_id: 'cid' })).toEqual(['user:cid']);
    for (const [tool, given] of [
      ['recall', { query: 'garden' }],
      ['recall', { query: 'garden', project: '*' }],
      ['remember', { content: 'The garden is wide.' }],
      ['remember', { content: 'The garden is wide.', project: 'shared' }],
      ['forget', { query: 'garden' }],
      ['memory_history', {}],
    ] as const)
      expect(await refusalOf(agent, tool, given)).toBe(
        'The token of this caller speaks for any user; say as user_id whose memory is meant. [invalid_argument]',
      );
    expect(await refusalOf(agent, 'recall', { query: 'lamp', user_id: 'cid', project: 'secret' })).toMatch(/\[space_refused\]$/);
  });
});

describe('a confirm token', () => {
  it('is good for the user alone that it was made for, in a shared project too', async () => {
    const shared = { project: 'shared' };
    await home.remember(ann, 'The roof of shared is flat.', shared);
    const { confirm_token } = (await call(ann, 'forget', { query: 'roof', ...shared })).data;
    for (const [other, given] of [
      [bob, {}],
      [agent, { user_id: 'bob' }],
      [owner, {}],
    ] as const)
      expect(await refusalOf(other, 'forget', { confirm: confirm_token, ...shared, ...given })).toMatch(
        /another caller's.* \[confirm_invalid\]$/,
      );
    expect((await call(ann, 'forget', { confirm: confirm_token, ...shared })).data.forgotten).toHaveLength(1);
  });

  it('of a program that speaks for any user goes with the user that it named', async () => {
    const given = { project: 'shared', user_id: 'ann' };
    await home.remember(ann, 'The fence of shared is low.', { project: 'shared' });
    const { confirm_token } = (await call(agent, 'forget', { query: 'fence', ...given })).data;
    expect(await refusalOf(agent, 'forget', { confirm: confirm_token, project: 'shared', user_id: 'bob' })).toMatch(/\[confirm_invalid\]$/);
    expect((await call(agent, 'forget', { confirm: confirm_token, ...given })).data.forgotten).toHaveLength(1);
  });
});

describe('a cursor', () => {
  it('is good for the caller alone that it was made for, in a shared project too', async () => {
    const calls = [
      ['recall', { limit: 1, project: 'shared' }],
      ['recall', { query: 'shared', limit: 1, min_score: 0, project: 'shared' }],
      ['memory_history', { limit: 1, project: 'shared' }],
    ] as const;
    await home.remember(ann, 'The cellar of shared is dry.', { project: 'shared' });
    for (const [tool, given] of calls) {
      const { next_cursor: cursor } = (await call(ann, tool, given)).data;
      expect(cursor).toEqual(expect.any(String));
      expect(await refusalOf(bob, tool, { ...given, cursor })).toMatch(/\[cursor_invalid\]$/);
      expect((await call(ann, tool, { ...given, cursor })).isError).toBe(false);
    }
  });
});

describe('a quota', () => {
  const dora = callerOf('dora', { quota: 3, spaces: [project('small', true)] });

  it('refuses what would be added beyond it, whole, and takes corrections, forgetting and what is known', async () => {
    const id = await home.remember(dora, 'The first shelf is oak.');
    await home.remember(dora, 'The second shelf is ash.');
    const many = { messages: ['Third', 'Fourth'].map((name) => ({ role: 'user', content: `The ${name} shelf is elm.` })), infer: false };
    expect(await refusalOf(dora, 'remember', many)).toBe(
      'user:dora holds 2 of the 3 memories that it may, and this would add 2 more; forget what is no longer needed, or correct what is there with memory_id. [too_large]',
    );
    await home.remember(dora, 'The third shelf is elm.');
    for (const infer of [true, false])
      expect(await refusalOf(dora, 'remember', { content: 'I live in Lisbon.', infer })).toMatch(/would add one more; .*\[too_large\]$/);
    expect((await call(dora, 'remember', { content: 'The first shelf is oak.' })).data.results[0]?.event).toBe('NONE');
    expect((await call(dora, 'remember', { memory_id: id, content: 'The first shelf is beech.' })).data.results[0]?.event).toBe('UPDATE');
    expect((await call(dora, 'forget', { memory_ids: [id] })).data.forgotten).toHaveLength(1);
    await home.remember(dora, 'The fourth shelf is pine.');
    expect(await refusalOf(dora, 'remember', { memory_id: id, revision: 1 })).toMatch(/\[too_large\]$/);
    await home.remember(dora, 'The small project has a shelf, too.', { project: 'small' });
    expect(await home.remember(callerOf('dora'), 'The fifth shelf is fir.')).not.toBe('');
  });

  it('counts what waits for a model as one memory each, at least', async () => {
    const config = readConfig({
      flags: {},
      env: { ...quietEnvironment, KEEPSAKE_HOME: await temporaryHome(), OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' },
    });
    const app = await openApp(config, { logger: silentLogger, retryDelay: 60_000 });
    onTestFinished(() => app.close());
    const service = createService({ version: '1', logger: silentLogger, newCallId: () => uuid(), keepsake: async () => app.keepsake });
    const remember = (content: string) =>
      service.callTool('remember', { content, wait: false }, exchangeOf(callerOf('dora', { quota: 1 })));
    expect((await remember('The first shelf is oak.')).structuredContent).toMatchObject({ pending: true });
    expect((await remember('The second shelf is ash.')).content[0]?.text).toMatch(
      /holds 0 of the 1 memories that it may with 1 inputs that wait, and this would add one more; .*\[too_large\]$/,
    );
  });
});

describe('a caller that may write or delete, but not read', () => {
  const writer = callerOf('ulla', { rights: new Set(['memory:write', 'memory:delete'] as const) });
  const text = 'Ulla drives a red Volvo.';

  it('learns nothing of what was remembered before from what it says', async () => {
    const id = await home.remember(owner, text, { user_id: 'ulla' });
    for (const given of [
      { content: 'Ulla drives a Volvo.', infer: false },
      { content: text.toUpperCase(), infer: false },
      { content: 'Ulla no longer drives a Volvo.' },
      { memory_id: id, metadata: { colour: 'red' } },
    ]) {
      const answer = await call(writer, 'remember', given);
      expect(answer.isError, answer.text).toBe(false);
      expect(JSON.stringify(answer)).not.toContain('red Volvo');
      expect(answer.data).not.toHaveProperty('similar');
    }
  });

  it('forgets without being shown what', async () => {
    const id = await home.remember(owner, 'Ulla sails a blue boat.', { user_id: 'ulla' });
    const preview = await call(writer, 'forget', { query: 'boat' });
    expect(preview.data).toMatchObject({ candidates: [{ id }], confirm_token: expect.any(String) });
    const done = await call(writer, 'forget', { confirm: preview.data.confirm_token });
    expect(done.data.forgotten).toMatchObject([{ id }]);
    for (const { text: said, data } of [preview, done]) expect(said + JSON.stringify(data)).not.toContain('blue');
  });
});
