import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ForgetAnswer, HistoryAnswer, HistoryEvent, RecallAnswer, RememberAnswer } from '../../src/core/answers.js';
import { temporaryHome } from '../support/home.js';
import { startServer, until } from '../support/server.js';
import { runCommand, startCommand } from './run.js';

let home: string;
beforeAll(async () => {
  home = await temporaryHome();
});

const run = (args: string[], input?: string) => runCommand(args, { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' }, input);
async function data<A>(...args: string[]): Promise<A> {
  const { code, stdout, stderr } = await run([...args, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as A;
}
const keep = async (...args: string[]) => (await data<RememberAnswer>('remember', '--verbatim', ...args)).results[0]?.id ?? '';
const texts = ({ memories }: RecallAnswer) => memories.map(({ memory }) => memory);

describe('remember and recall', () => {
  it('say and find the same as the tools do, in words and as data', async () => {
    const said = await run([
      'remember',
      'Nora',
      'plays',
      'the',
      'cello.',
      '--verbatim',
      '--metadata',
      'source=me',
      '--metadata',
      'stars=5',
    ]);
    expect(said).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ADD \[mem:\w{14}\] "Nora plays the cello\." \(revision 1\)\n$/),
      stderr: '',
    });
    const { memories } = await data<RecallAnswer>('recall', 'who plays an instrument?', '--explain');
    expect(memories[0]).toMatchObject({ memory: 'Nora plays the cello.', metadata: { source: 'me', stars: 5 }, why: expect.anything() });
    expect((await run(['recall', 'cello'])).stdout).toMatch(/^1 of 1 memories:\n\[mem:\w{14}\] "Nora plays the cello\."/);
    const again = await data<RememberAnswer>('remember', 'nora plays the cello');
    expect(again.results[0]).toMatchObject({ event: 'NONE', id: memories[0]?.id });
  });

  it('take the text from stdin, for - and from a pipe', async () => {
    await run(['remember', '-', '--verbatim'], 'Olaf sails.\n');
    await run(['remember', '--verbatim'], 'Pia dives.\n');
    expect(texts(await data<RecallAnswer>('list')).slice(0, 2)).toEqual(['Pia dives.', 'Olaf sails.']);
    expect(await run(['remember'], ' \n')).toMatchObject({ code: 2, stderr: expect.stringContaining('usage: keepsake-mcp remember TEXT') });
  });

  it('correct a memory, change its labels alone, and bring it back to a revision', async () => {
    const id = await keep('Rex is a dog.');
    await data('remember', 'Rex is a cat.', '--memory-id', id);
    await data('remember', '--memory-id', id, '--pinned');
    await data('remember', '--memory-id', id, '--revision', '1');
    const { events } = await data<HistoryAnswer>('history', id);
    expect(events.map(({ event, memory, revision }) => [event, memory, revision])).toEqual([
      ['ADD', 'Rex is a dog.', 1],
      ['UPDATE', 'Rex is a cat.', 2],
      ['UPDATE', 'Rex is a cat.', 3],
      ['RESTORE', 'Rex is a dog.', 4],
    ]);
  });

  it('keep to a project when they are told to, and to the user otherwise', async () => {
    await keep('The build runs on Mondays.', '--project', 'ship');
    expect(texts(await data<RecallAnswer>('list'))).not.toContain('The build runs on Mondays.');
    expect(texts(await data<RecallAnswer>('list', '--project', 'ship'))).toEqual(['The build runs on Mondays.']);
    expect(texts(await data<RecallAnswer>('recall', 'Mondays', '--project', '*'))).toContain('The build runs on Mondays.');
  });
});

it('an empty home is named, with the command that fills it', async () => {
  const empty = { KEEPSAKE_HOME: await temporaryHome(), KEEPSAKE_STORE: 'embedded' };
  const said = `Nothing is remembered yet in ${empty.KEEPSAKE_HOME}. Try: keepsake-mcp remember "Emma is allergic to peanuts."\n`;
  for (const command of ['list', 'history']) expect((await runCommand([command], empty)).stdout).toBe(said);
  expect((await runCommand(['list', '--kind', 'insight'], empty)).stdout).toBe('Nothing of this is remembered.\n');
  const noModel = { ...empty, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
  expect((await runCommand(['remember', 'I live in Lisbon.', '--no-wait'], noModel)).stdout).toMatch(
    /^Saved as input \S+\. It waits for the model; the next server of this home works through it\.\n/,
  );
});

describe('list', () => {
  it('shows every one of many changes that come at once, and ends when nobody reads them any more', async () => {
    const { child, ended } = startCommand(['list', '--watch', '--json', '--limit', '1', '--project', 'many'], {
      KEEPSAKE_HOME: home,
      KEEPSAKE_STORE: 'embedded',
    });
    let shown = '';
    child.stdout?.on('data', (chunk: string) => {
      shown += chunk;
    });
    await until(() => shown.includes('\n'));
    const server = await startServer({ home });
    const messages = Array.from({ length: 450 }, (_, index) => ({ role: 'user', content: `Box ${index} holds ${index * 7} nails.` }));
    await server.call('remember', { messages, infer: false, project: 'many' });
    await until(() => shown.split('\n').length >= 452);
    const boxes = shown.split('\n').flatMap((line) => /Box (\d+) /.exec(line)?.[1] ?? []);
    expect(boxes.map(Number)).toEqual(messages.map((_, index) => index));
    child.stdout?.destroy();
    await server.call('remember', { content: 'The boxes are full.', infer: false, project: 'many' });
    expect((await ended).code).toBe(0);
    await server.stop();
  });

  it('gives pages, and narrows by kind and time', async () => {
    await keep('Knead, wait, bake.', '--kind', 'procedure', '--at', '2020-05-01');
    const first = await data<RecallAnswer>('list', '--limit', '1');
    const second = await data<RecallAnswer>('list', '--limit', '1', '--cursor', first.next_cursor ?? '');
    expect(texts(first)).not.toEqual(texts(second));
    expect((await run(['list', '--limit', '1'])).stdout).toMatch(/^More: the same command with --cursor \S+$/m);
    expect(texts(await data<RecallAnswer>('list', '--kind', 'procedure'))).toEqual(['Knead, wait, bake.']);
    expect(texts(await data<RecallAnswer>('list', '--until', '2020-12-31'))).toEqual(['Knead, wait, bake.']);
  });

  it('goes on with each change that another program makes, and ends in order', async () => {
    const server = await startServer({ home });
    const { child, ended } = startCommand(['list', '--watch', '--json', '--limit', '1'], {
      KEEPSAKE_HOME: home,
      KEEPSAKE_STORE: 'embedded',
    });
    const lines: string[] = [];
    child.stdout?.on('data', (chunk: string) => lines.push(...chunk.trimEnd().split('\n')));
    await until(() => lines.length > 0);
    const { structured } = await server.call('remember', { content: 'Quinn skates.', infer: false });
    await until(() => lines.length > 1);
    await server.call('forget', { memory_ids: [structured.results[0]?.id] });
    await until(() => lines.length > 2);
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
    const [listed, ...events] = lines.map((line) => JSON.parse(line) as RecallAnswer & HistoryEvent);
    expect(listed?.memories).toHaveLength(1);
    expect(events.map(({ event, memory_id }) => [event, memory_id])).toEqual([
      ['ADD', structured.results[0]?.id],
      ['DELETE', structured.results[0]?.id],
    ]);
    await server.stop();
  });
});

describe('forget', () => {
  it('forgets by ids at once, says why in the history, and fails where none is known', async () => {
    const id = await keep('Sam surfs.');
    expect((await data<ForgetAnswer>('forget', id, 'nothing', '--reason', 'moved inland')).not_found).toEqual(['nothing']);
    const { events } = await data<HistoryAnswer>('history', id);
    expect(events.at(-1)).toMatchObject({ event: 'DELETE', reason: 'moved inland' });
    expect(await run(['forget', id])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`Not found, already forgotten, or changed since: ${id}`),
    });
  });

  it('shows what a query names and forgets nothing where nobody can be asked, and carries it out with --yes', async () => {
    await keep('Tess rows a blue boat.');
    const shown = await run(['forget', '--query', 'blue boat', '--limit', '1']);
    expect(shown).toMatchObject({ code: 2, stderr: expect.stringContaining('Add --yes') });
    expect(shown.stdout).toMatch(/^1 memory would be forgotten; nothing has happened yet\.\n\[mem:\w{14}\] "Tess rows a blue boat\."/);
    expect(shown.stdout).toMatch(/^To carry it out: keepsake-mcp forget --confirm \S+ before \S+\.$/m);
    const { forgotten } = await data<ForgetAnswer>('forget', '--query', 'blue boat', '--limit', '1', '--yes');
    expect(forgotten.map(({ memory }) => memory)).toEqual(['Tess rows a blue boat.']);
  });

  it('carries out a preview by its token, and only that', async () => {
    await keep('Vera draws maps.');
    const preview = await run(['forget', '--query', 'draws maps', '--limit', '1', '--json']);
    await keep('Vera draws maps of caves.');
    const { confirm_token: token = '' } = JSON.parse(preview.stdout) as ForgetAnswer;
    const { forgotten } = await data<ForgetAnswer>('forget', '--confirm', token);
    expect(forgotten.map(({ memory }) => memory)).toEqual(['Vera draws maps.']);
  });

  it('erases for good only when told so twice', async () => {
    const id = await keep('Uma has a secret garden.');
    expect((await run(['forget', id, '--erase'])).code).toBe(2);
    expect(texts(await data<RecallAnswer>('list', '--limit', '1'))).toEqual(['Uma has a secret garden.']);
    expect((await data<ForgetAnswer>('forget', id, '--erase', '--yes')).forgotten).toEqual([{ id, memory: '' }]);
    const grep = spawnSync('grep', ['-r', 'secret garden', home]);
    expect(grep.stdout.toString()).toBe('');
  });

  it('clears a project alone with --all', async () => {
    await keep('The tests run on Tuesdays.', '--project', 'ship');
    const { forgotten } = await data<ForgetAnswer>('forget', '--all', '--project', 'ship', '--yes');
    expect(forgotten.length).toBeGreaterThan(0);
    expect(texts(await data<RecallAnswer>('list', '--project', 'ship'))).toEqual([]);
    expect(texts(await data<RecallAnswer>('list'))).not.toEqual([]);
  });
});

describe('history', () => {
  it('is the feed, newest first, narrowed by words and by event', async () => {
    const { events } = await data<HistoryAnswer>('history', '--limit', '5');
    expect(events.map(({ at }) => at)).toEqual(
      events
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    const found = await data<HistoryAnswer>('history', '--query', 'Sam surfs', '--event', 'DELETE');
    expect(found.events.map(({ event, memory }) => [event, memory])).toEqual([['DELETE', 'Sam surfs.']]);
    expect(await run(['history', 'nothing'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/add --project NAME .*\[memory_not_found\]\n$/),
    });
  });
});
