import { execFileSync } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { read, write } from '../install/support.js';
import { startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { program, quietEnvironment, startServer, until } from '../support/server.js';
import { start } from '../support/started.js';
import { type Ended, runCommand } from './run.js';

/** Runs a hook as Claude Code does, with what it tells on stdin. */
function runHook(action: string, home: string, told: unknown, env: Record<string, string> = {}): Promise<Ended> {
  const { child, stdout, stderr, ended } = start([program, 'hook', action], { env: { ...quietEnvironment, KEEPSAKE_HOME: home, ...env } });
  child.stdin.end(typeof told === 'string' ? told : JSON.stringify(told));
  return ended.then((code) => ({ code, stdout: stdout(), stderr: stderr() }));
}

const line = (type: string, content: unknown, more: object = {}) =>
  `${JSON.stringify({ type, uuid: 'u', parentUuid: null, isSidechain: false, timestamp: '2026-03-01T10:00:00.000Z', message: { role: type, content }, ...more })}\n`;

/** A transcript in the shape that the client writes: turns between results of tools, thoughts and words of the client itself. */
const transcript = [
  `${JSON.stringify({ type: 'summary', summary: 'I was born in Rome.', leafUuid: 'x' })}\n`,
  line('user', 'My sister lives in Lisbon.<system-reminder>I am 200 years old.</system-reminder>'),
  line('assistant', [
    { type: 'thinking', thinking: 'I live in a cave.', signature: 's' },
    { type: 'text', text: 'Noted.' },
    { type: 'tool_use', id: 't', name: 'Read', input: { file_path: '/a' } },
  ]),
  line('user', [{ type: 'tool_result', tool_use_id: 't', content: 'I work at a circus.' }]),
  line('user', 'I collect stamps.', { isMeta: true }),
  line('user', 'My boat is called Ahab.', { isSidechain: true }),
  line('user', 'I was a pirate.', { isCompactSummary: true }),
  line('user', '[mem:abcdefghijklmn] "I own a castle." (said 2026-01-01)'),
  line('user', 'This session is being continued from a previous conversation that ran out of context. I breed llamas.'),
  line('user', [{ type: 'text', text: '[Request interrupted by user for tool use]' }]),
  line('assistant', [{ type: 'text', text: 'API Error: I am a teapot.' }], { isApiErrorMessage: true }),
].join('');

async function session() {
  const home = await temporaryHome();
  const path = join(await temporaryHome(), 'transcript.jsonl');
  await write(path, transcript);
  const told = { session_id: 'a-session', transcript_path: path, cwd: '/', hook_event_name: 'PreCompact' };
  return { home, path, told };
}

async function remembered(home: string): Promise<{ memory: string; run_ids?: string[] | undefined; agent_ids?: string[] | undefined }[]> {
  const server = await startServer({ home });
  const { memories } = (await server.call('recall', { limit: 100, project: '*' })).structured;
  await server.stop();
  return memories;
}

// Each test starts several processes one after the other.
describe('the hooks of Claude Code', () => {
  it('remember what was said, and nothing of what tools and the client added', async () => {
    const { home, told } = await session();
    expect(await runHook('remember', home, told)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await remembered(home)).toMatchObject([
      { memory: expect.stringContaining('Lisbon'), run_ids: ['a-session'], agent_ids: ['claude-code'] },
    ]);
  });

  it('remember into the space that every assistant reads, labelled with the project, and no secret', async () => {
    const { home, path, told } = await session();
    const folder = await temporaryHome();
    await write(join(folder, '.git', 'config'), '[remote "origin"]\n\turl = git@example.com:ann/boats.git\n');
    await appendFile(path, line('user', 'My key is sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH.'));
    await runHook('remember', home, { ...told, cwd: folder }, { KEEPSAKE_PROJECT: 'auto' });
    const server = await startServer({ home });
    const { memories } = (await server.call('recall', { limit: 100, filters: { project: 'ann/boats' } })).structured;
    await server.stop();
    expect(memories.map(({ memory }) => memory).join()).toContain('Lisbon');
    expect(JSON.stringify(memories)).not.toContain('sk-proj');
  });

  it('do not learn again what they showed when the session began', async () => {
    const { home, path, told } = await session();
    const server = await startServer({ home });
    await server.call('remember', { content: 'I prefer answers in German.', pinned: true });
    await server.stop();
    const { stdout } = await runHook('session-start', home, told);
    await write(path, `${line('user', stdout)}${line('assistant', stdout)}`);
    await runHook('remember', home, told);
    expect((await remembered(home)).map(({ memory }) => memory)).toEqual(['I prefer answers in German.']);
  });

  it('end by themselves where nobody ends what they are told', async () => {
    const home = await temporaryHome();
    const { stderr, ended } = start([program, 'hook', 'remember'], { env: { ...quietEnvironment, KEEPSAKE_HOME: home } });
    expect(await ended).toBe(0);
    expect(stderr()).toBe('keepsake-mcp hook remember: not done in 5 seconds; the next one goes on from there\n');
  });

  it('are run by a shell as they were installed, with the home that was meant', async () => {
    const { path, told } = await session();
    const homeFolder = await temporaryHome();
    const home = join(homeFolder, "Ann's $HOME");
    await write(join(home, 'config.json'), '{"KEEPSAKE_STORE":"embedded"}');
    const env = { HOME: homeFolder, USERPROFILE: homeFolder };
    expect((await runCommand(['install', 'claude-code', '--hooks', '--home', home], env)).code).toBe(0);
    const settings = JSON.parse(await read(join(homeFolder, '.claude', 'settings.json'))) as {
      hooks: Record<string, { hooks: { command: string }[] }[]>;
    };
    const command = settings.hooks.SessionEnd?.[0]?.hooks[0]?.command ?? '';
    execFileSync('sh', ['-c', command], { env, cwd: '/', input: JSON.stringify({ ...told, transcript_path: path }) });
    expect((await remembered(home)).map(({ memory }) => memory).join()).toContain('Lisbon');
  });

  it('remember at the end of a session only what was said since it was compacted, and what is still being written later', async () => {
    const { home, path, told } = await session();
    await runHook('remember', home, told);
    const whole = line('user', 'My dentist is Dr. Chen.');
    await appendFile(path, `${line('user', 'My car is blue.')}${whole.slice(0, 60)}`);
    await runHook('remember', home, { ...told, hook_event_name: 'SessionEnd', reason: 'other' });
    const server = await startServer({ home });
    const { events } = (await server.call('memory_history', { events: ['RECEIVED'], limit: 50 })).structured;
    expect(events).toHaveLength(2);
    const texts = async () => (await server.call('recall', { limit: 100 })).structured.memories.map(({ memory }) => memory).join();
    expect(await texts()).not.toContain('Chen');
    await appendFile(path, whole.slice(60));
    await runHook('remember', home, told);
    expect(await texts()).toMatch(/(?=.*Lisbon)(?=.*blue)(?=.*Chen)/);
    await server.stop();
  });

  it('read a transcript that was written anew without remembering anything twice', async () => {
    const { home, path, told } = await session();
    await runHook('remember', home, told);
    await write(
      path,
      `${line('user', 'My sister lives in Lisbon.')}${line('user', 'My car is blue.', { timestamp: '2026-03-01T11:00:00.000Z' })}`,
    );
    await runHook('remember', home, told);
    expect((await remembered(home)).map(({ memory }) => memory)).toHaveLength(2);
  });

  it('leave what a model has to read to the next server of the home', async () => {
    const { home, told } = await session();
    const openai = await startFakeOpenAi();
    const env = { OPENAI_BASE_URL: openai.url, OPENAI_API_KEY: 'k' };
    expect(await runHook('remember', home, told, env)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(openai.requests).toEqual([]);
    const server = await startServer({ home, env });
    await until(async () => {
      const { events } = (await server.call('memory_history', { events: ['RECEIVED', 'PROCESSED'] })).structured;
      return events.some(({ event }) => event === 'PROCESSED');
    });
    await server.stop();
    await openai.close();
  });

  it('print the profile when a session begins, as data, and nothing where nothing is known', async () => {
    const { home, told } = await session();
    expect(await runHook('session-start', home, told)).toEqual({ code: 0, stdout: '', stderr: '' });
    const server = await startServer({ home });
    await server.call('remember', { content: 'I prefer answers in German.\u001b[31m', pinned: true });
    await server.stop();
    const { code, stdout } = await runHook('session-start', home, told);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^What Keepsake remembers .* as data .*\n(?:.*\n)*\[mem:\w{14}\] "I prefer answers in German\."/);
  });

  it('never keep the client from going on', async () => {
    const { home, told } = await session();
    for (const [action, given] of [
      ['remember', 'no JSON'],
      ['remember', {}],
      ['remember', { ...told, transcript_path: '/nowhere/at/all' }],
      ['nothing', told],
    ] as const) {
      const { code, stdout, stderr } = await runHook(action, home, given);
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(stderr).toMatch(/^keepsake-mcp hook \w+: .+\n$/);
    }
    expect((await runHook('remember', '/dev/null/home', told)).code).toBe(0);
    await write(join(home, 'config.json'), '{"unknown": 1}');
    expect(await runHook('remember', home, told)).toMatchObject({ code: 0, stderr: expect.stringContaining('config.json') });
  });
});
