import { describe, expect, it } from 'vitest';
import type { UndoAnswer } from '../../src/core/undo.js';
import { startServer } from '../support/server.js';
import { runCommand } from './run.js';

/** The program's answer to an undo of a home. */
const undo = (home: string, ...args: string[]) => runCommand(['undo', ...args], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' });

describe('undo', () => {
  it('takes back what a call changed in every space, in a home that is in use, and can be taken back itself', async () => {
    const server = await startServer();
    const own = (await server.call('remember', { content: 'I live in Lisbon.' })).structured.results[0];
    const project = (await server.call('remember', { content: 'The deployment runs on Mondays.', project: 'ship' })).structured.results[0];
    await server.call('forget', { memory_ids: [own?.id] });
    const { events } = (await server.call('memory_history', { events: ['DELETE'] })).structured;
    const listed = async () => (await server.call('recall', { project: '*' })).structured.memories.map(({ memory }) => memory);
    expect(await listed()).toEqual(['The deployment runs on Mondays.']);

    const done = await undo(server.home, events[0]?.call_id ?? '');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toMatch(
      /^brought back {2}\w{14} {2}"I live in Lisbon\." {2}user:default\n1 taken back\. To undo this in turn: keepsake-mcp undo \S+\n$/,
    );
    expect((await listed()).sort()).toEqual(['I live in Lisbon.', 'The deployment runs on Mondays.']);

    const again = await undo(server.home, '--json', /undo (\S+)\n$/.exec(done.stdout)?.[1] ?? '');
    const answer = JSON.parse(again.stdout) as UndoAnswer;
    expect(answer.undone).toEqual([{ space: 'user:default', id: own?.id, event: 'DELETE', memory: 'I live in Lisbon.', revision: 2 }]);
    expect(answer.left).toEqual([]);
    expect(await listed()).toEqual(['The deployment runs on Mondays.']);
    expect(project?.event).toBe('ADD');
    await server.stop();
  });

  it('says what it leaves, and why', async () => {
    const server = await startServer();
    const { results } = (await server.call('remember', { content: 'I live in Lisbon.' })).structured;
    await server.call('remember', { memory_id: results[0]?.id, content: 'I live in Porto.' });
    const { events } = (await server.call('memory_history', { memory_id: results[0]?.id })).structured;
    const [first, second] = events.map(({ call_id }) => call_id);
    const { code, stdout } = await undo(server.home, first ?? '');
    expect(code).toBe(0);
    expect(stdout).toBe(`left          ${results[0]?.id}  ADD: changed since by call ${second}  user:default\nNothing was changed.\n`);
    await server.stop();
  });

  it('shows the first of many changes to people, and all to programs', async () => {
    const server = await startServer();
    const messages = Array.from({ length: 60 }, (_, number) => ({
      role: 'user',
      content: `Locker ${number} belongs to visitor ${number * 7}.`,
    }));
    await server.call('remember', { messages, infer: false });
    const { events } = (await server.call('memory_history', { limit: 1 })).structured;
    const { stdout } = await undo(server.home, events[0]?.call_id ?? '');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(52);
    expect(lines[50]).toBe('and 10 more, which --json lists');
    expect(lines[51]).toMatch(/^60 taken back\. To undo this in turn: /);
    const again = await undo(server.home, '--json', lines[51]?.split(' ').at(-1) ?? '');
    expect((JSON.parse(again.stdout) as UndoAnswer).undone).toHaveLength(60);
    await server.stop();
  });

  it('fails with a call that it does not know, and is used wrongly without one', async () => {
    const server = await startServer();
    await server.call('remember', { content: 'I live in Lisbon.' });
    await server.stop();
    expect(await undo(server.home, 'nothing')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/No call nothing .*; this names the call of each: keepsake-mcp history \[invalid_argument\]\n$/),
    });
    for (const args of [[], ['']])
      expect(await undo(server.home, ...args)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('usage: keepsake-mcp undo CALL_ID'),
      });
  });
});
