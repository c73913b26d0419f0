import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/cli/verify.js';
import { startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { startServer } from '../support/server.js';
import { runCommand, startCommand } from './run.js';

interface Report {
  sound: boolean;
  spaces: { space: string; file: string; events: number; memories: number }[];
  findings: Finding[];
  notes: string[];
}

const log = 'user-default.jsonl';
/** A home in which everything has happened that can; tests take copies of it. */
let lived: string;

beforeAll(async () => {
  lived = await temporaryHome();
  const server = await startServer({ home: lived });
  const remember = async (args: Record<string, unknown>) => (await server.call('remember', args)).structured.results[0]?.id ?? '';
  const lisbon = await remember({ content: 'I live in Lisbon.' });
  await remember({ content: 'My cat is called Doudou.', agent_id: 'one' });
  await remember({ content: 'My cat is called Doudou.', agent_id: 'two' });
  await remember({ memory_id: lisbon, content: 'I live in Porto.' });
  await server.call('forget', { memory_ids: [lisbon] });
  await remember({ memory_id: lisbon, revision: 1 });
  await remember({ content: 'Tea is served at five.', infer: false, expires_at: '2020-01-01' });
  await remember({ content: 'Tea is served at five.', infer: false });
  const secret = await remember({ content: 'The code is 4711.', infer: false, project: 'safe' });
  const { confirm_token } = (await server.call('forget', { project: 'safe', memory_ids: [secret], erase: true })).structured;
  await server.call('forget', { project: 'safe', confirm: confirm_token });
  await server.stop();
});

async function copy(): Promise<string> {
  const home = await temporaryHome();
  await cp(lived, home, { recursive: true });
  return home;
}

async function verified(home: string, env: Record<string, string> = {}): Promise<{ code: number | null; report: Report }> {
  const { code, stdout, stderr } = await runCommand(['verify', '--json'], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', ...env });
  expect(stderr).toBe('');
  return { code, report: JSON.parse(stdout) as Report };
}

/** Changes the lines of the user's log, line 1 being at index 0. */
async function edit(home: string, change: (lines: string[]) => string[]): Promise<void> {
  const path = join(home, 'history', log);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  await writeFile(path, `${change(lines).join('\n')}\n`);
}

/** The file number of the first line with this event, in the home that all are copies of. */
async function lineOf(event: string): Promise<number> {
  const lines = (await readFile(join(lived, 'history', log), 'utf8')).split('\n');
  return lines.findIndex((line) => line.includes(`"event":"${event}"`)) + 1;
}

/** Every file of a history with its content. */
async function fingerprint(home: string): Promise<Record<string, string>> {
  const folder = join(home, 'history');
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await readFile(join(folder, name))).toString('base64')])));
}

/** A line with other fields, and the checksum that fits them if it had one. */
function withFields(line: string, fields: object): string {
  const { sum, ...rest } = { ...(JSON.parse(line) as Record<string, unknown>), ...fields } as Record<string, unknown>;
  return sum === undefined ? JSON.stringify(rest) : sealed(JSON.stringify(rest));
}

function sealed(line: string): string {
  const body = line.replace(/,"sum":"[0-9a-f]{8}"\}$/, '}').slice(0, -1);
  return `${body},"sum":"${createHash('sha256').update(body).digest('hex').slice(0, 8)}"}`;
}

/** Lets this process, which lives, hold the lock of a space. */
async function hold(home: string, name: string): Promise<void> {
  const lock = join(home, 'locks', name);
  for (const epoch of await readdir(lock)) await rm(join(lock, epoch));
  await writeFile(join(lock, '9'), `${process.pid}\nrun\nplace`);
}

describe('verify', () => {
  it('finds a home sound in which everything has happened that can', async () => {
    const { code, report } = await verified(await copy());
    expect(report.findings).toEqual([]);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      sound: true,
      spaces: [
        { space: 'project:safe', memories: 0 },
        { space: 'user:default', memories: 4 },
      ],
    });
    expect(report.notes).toEqual([expect.stringContaining('built-in')]);
  });

  it('says so in words', async () => {
    const home = await copy();
    const { code, stdout } = await runCommand(['verify'], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^sound: spaces 2, events \d+, memories 4, in /);
    await edit(home, (lines) => lines.with(2, '{"damaged'));
    const damaged = await runCommand(['verify'], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' });
    expect(damaged.code).toBe(1);
    expect(damaged.stdout).toContain(`user:default ${log}:3 it is no JSON\n`);
    expect(damaged.stdout).toMatch(/^\d+ found: /m);
  });

  it('ends in order where its reader has seen enough', async () => {
    const { child, ended } = startCommand(['verify', '--json'], { KEEPSAKE_HOME: await copy(), KEEPSAKE_STORE: 'embedded' });
    child.stdout?.destroy();
    expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.each<[string, (lines: string[]) => string[], (lines: number) => Partial<Finding>]>([
    ['a line of rubbish', (lines) => lines.toSpliced(4, 0, 'rubbish'), () => ({ line: 5, text: 'it is no JSON' })],
    ['a line that is no event', (lines) => lines.toSpliced(4, 0, '{"a":1}'), () => ({ line: 5, text: 'it is no event' })],
    ['a line with a NUL', (lines) => lines.toSpliced(4, 0, '\0'), () => ({ line: 5, text: 'it is no JSON' })],
    [
      'an event that lacks a field',
      (lines) => lines.with(2, withFields(lines[2] ?? '', { state: undefined })),
      () => ({ line: 3, text: expect.stringMatching(/^it is no proper ADD: state /) as unknown as string }),
    ],
    [
      'a text that was changed behind the program',
      (lines) => lines.with(2, sealed(lines[2] ?? '').replace('Lisbon', 'London')),
      () => ({ line: 3, text: 'its checksum does not fit: it was changed by something else' }),
    ],
    [
      'a checksum whose name was changed',
      (lines) => lines.with(2, sealed(lines[2] ?? '').replace('"sum":', '"stm":')),
      () => ({ line: 3, text: 'its checksum does not fit: it was changed by something else' }),
    ],
    [
      'a time that runs backwards',
      (lines) => lines.with(3, withFields(lines[3] ?? '', { at: '1999-01-01T00:00:00.000Z' })),
      () => ({ line: 4, text: expect.stringContaining('its time 1999') as unknown as string }),
    ],
    [
      'lines that were taken out',
      (lines) => lines.toSpliced(1, 3),
      () => ({ line: 2, text: 'events 1 to 3 are missing before this line' }),
    ],
    [
      'lines that were doubled',
      (lines) => [...lines, ...lines.slice(1, 4)],
      (lines) => ({ line: lines - 2, text: expect.stringMatching(/^number 1 was given before/) as unknown as string }),
    ],
    ['an end that was torn off', (lines) => [...lines, (lines[1] ?? '').slice(0, 40)], (lines) => ({ line: lines, text: 'it is no JSON' })],
  ])('names %s with its line, and changes nothing', async (_, damage, finding) => {
    const home = await copy();
    let count = 0;
    await edit(home, (lines) => {
      const damaged = damage(lines);
      count = damaged.length;
      return damaged;
    });
    const before = await fingerprint(home);
    const { code, report } = await verified(home);
    expect(code).toBe(1);
    expect(report.sound).toBe(false);
    expect(report.findings).toContainEqual({ space: 'user:default', file: log, ...finding(count) });
    expect(await fingerprint(home)).toEqual(before);
  });

  it.each([
    ['UPDATE', { revision: 7 }, 'should have revision 2 here, not 7'],
    ['UPDATE', { base: 5 }, 'is changed on revision 5, but 1 was current'],
    ['DELETE', { memory_id: 'nobody' }, 'DELETE of memory nobody, which was never added'],
    ['RESTORE', { restored: 9 }, 'is brought back to revision 9, which it never had'],
    ['CONFIRM', { memory_id: 'nobody' }, 'CONFIRM of memory nobody, which was never added'],
    ['PROCESSED', { input_id: 'nothing' }, 'PROCESSED of input nothing, which is not above'],
    ['UPDATE', { source: { input_id: 'nothing' } }, 'it came from input nothing, which is not above'],
  ])('names the line of %s with %o', async (event, fields, text) => {
    const home = await copy();
    const line = await lineOf(event);
    await edit(home, (lines) => lines.with(line - 1, withFields(lines[line - 1] ?? '', fields)));
    const { code, report } = await verified(home);
    expect(code).toBe(1);
    expect(report.findings).toContainEqual({ space: 'user:default', file: log, line, text: expect.stringContaining(text) });
  });

  it('names an end without a line feed, and leaves it where it is', async () => {
    const home = await copy();
    const path = join(home, 'history', log);
    const whole = await readFile(path, 'utf8');
    await writeFile(path, `${whole}{"seq":`);
    const { report } = await verified(home);
    expect(report.findings).toEqual([
      {
        space: 'user:default',
        file: log,
        line: whole.split('\n').length,
        text: 'its 7 bytes are the end of a write that was never completed',
      },
    ]);
    expect(await readFile(path, 'utf8')).toBe(`${whole}{"seq":`);
  });

  it('is not alarmed by a write that is under way, however long it takes', async () => {
    const home = await copy();
    const path = join(home, 'history', log);
    const whole = await readFile(path, 'utf8');
    const [, first = ''] = whole.split('\n');
    await writeFile(path, `${whole}${first}\n${first.slice(0, 50)}`);
    await hold(home, 'user-default');
    const { code, report } = await verified(home);
    expect(report.findings).toEqual([]);
    expect(code).toBe(0);
  });

  it('names a file under another name, and one that is no history', async () => {
    const home = await copy();
    await rename(join(home, 'history', log), join(home, 'history', 'user-other.jsonl'));
    await writeFile(join(home, 'history', 'user-empty.jsonl'), '');
    const { code, report } = await verified(home);
    expect(code).toBe(1);
    expect(report.findings).toEqual([
      { file: 'user-empty.jsonl', line: 1, text: 'it is not the first line of a history' },
      { space: 'user:default', file: 'user-other.jsonl', line: 1, text: `its space belongs in ${log}` },
    ]);
  });

  it('does not judge what a newer program wrote', async () => {
    const home = await copy();
    await edit(home, (lines) => lines.with(0, withFields(lines[0] ?? '', { min_reader: 99 })));
    const { code, report } = await verified(home);
    expect(code).toBe(1);
    expect(report.findings).toMatchObject([{ file: log, line: 1, text: expect.stringContaining('newer Keepsake') }]);
  });

  it('names what was left in the folder, but not the replacement that another program is making', async () => {
    const home = await copy();
    const leave = (name: string) => writeFile(join(home, 'history', name), 'words');
    await leave(`${log}.torn-1700000000000`);
    await leave(`${log}.rewrite-3`);
    await leave('project-safe.jsonl.rewrite-9');
    await leave('notes.txt');
    await hold(home, 'project-safe');
    const { code, report } = await verified(home);
    expect(code).toBe(1);
    expect(report.findings.map(({ file, text }) => [file, text.split(/[;,]/)[0]])).toEqual([
      ['notes.txt', 'it is no part of a history'],
      [`${log}.rewrite-3`, 'a replacement of the log that was never completed'],
      [`${log}.torn-1700000000000`, 'the end of a write that was never completed'],
    ]);
  });

  it('makes nothing where there is nothing', async () => {
    const home = join(await temporaryHome(), 'none');
    const { code, report } = await verified(home);
    expect(code).toBe(0);
    expect(report).toEqual({ sound: true, spaces: [], findings: [], notes: [expect.stringContaining('no history yet')] });
    await expect(stat(home)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('says what is no home, and is not alarmed by what a file manager leaves', async () => {
    const home = await copy();
    await writeFile(join(home, 'history', '.DS_Store'), 'icons');
    expect((await verified(home)).report.findings).toEqual([]);
    expect(await runCommand(['verify'], { KEEPSAKE_HOME: join(home, 'home.json') })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/home\.json.* cannot be read .*KEEPSAKE_HOME.*\[log_unavailable\]\n$/),
    });
  });

  it('processes no input that waits, and says when an index cannot be reached', async () => {
    const home = await temporaryHome();
    const gone = await startFakeOpenAi();
    await gone.close();
    const server = await startServer({ home, env: { OPENAI_BASE_URL: gone.url, KEEPSAKE_MODEL: 'fake' } });
    await server.call('remember', { content: 'The sea is near.', infer: false });
    expect((await server.call('remember', { content: 'I moved to Porto because of the sea.' })).structured.pending).toBe(true);
    await server.stop();
    const before = await fingerprint(home);
    const { code, report } = await verified(home, { KEEPSAKE_STORE: 'chroma', CHROMA_URL: gone.url });
    expect(report.notes).toEqual([expect.stringMatching(/^index: user:default was not compared: Chroma could not be reached/)]);
    expect(code).toBe(0);
    expect(report.findings).toEqual([]);
    expect(await fingerprint(home)).toEqual(before);
  });
});
