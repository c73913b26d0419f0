import { appendFile, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.js';
import type { Space } from '../../src/core/ports.js';
import { LogConflict } from '../../src/core/ports.js';
import { withLock } from '../../src/store/lock.js';
import { bundle } from '../support/bundle.js';
import { type Child, start as startProcess } from '../support/children.js';
import { temporaryHome } from '../support/home.js';
import { append, batchOf, linesOf, openLog, start, textsOf } from './log-fixtures.js';

const ann: Space = 'user:ann';
let home: string;
let path: string;
let program: string;

beforeAll(async () => {
  program = await bundle('test/store/log-program.ts');
});
beforeEach(async () => {
  home = await temporaryHome();
  path = join(home, 'user-ann.jsonl');
});

function run(...args: string[]): Child {
  return startProcess(process.execPath, [program, ...args]);
}

/** All that a reader with no past sees. */
async function texts(space = ann): Promise<string[]> {
  return textsOf((await openLog(home).log.read(space, start)).events);
}

async function headerWith(fields: object): Promise<void> {
  const [first = '', ...rest] = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, [JSON.stringify({ ...JSON.parse(first), ...fields }), ...rest].join('\n'));
}

async function tornFiles(): Promise<string[]> {
  return (await readdir(home)).filter((name) => name.includes('.torn-'));
}

describe('a history', () => {
  it('makes nothing before the first event', async () => {
    const { log } = openLog(home);
    expect(await log.read(ann, start)).toEqual({ events: [], reset: false, position: start });
    expect(await log.append(ann, start, () => [])).toEqual(start);
    expect(await log.spaces()).toEqual([]);
    expect((await readdir(home)).filter((name) => name !== 'locks')).toEqual([]);
  });

  it('tells how long a log is and when it was written to last, and of none nothing', async () => {
    const { log } = openLog(home);
    expect([await log.bytes(ann), await log.changedAt(ann)]).toEqual([0, 0]);
    await append(log, ann, ['a']);
    await utimes(path, 1_000, 2_000);
    expect([await log.bytes(ann), await log.changedAt(ann)]).toEqual([(await stat(path)).size, 2_000_000]);
  });

  it('begins with a line that states the space, its format and generation, for its owner alone', async () => {
    const { log } = openLog(home);
    expect(await append(log, ann, ['a', 'b'])).toEqual({ generation: 1, sequence: 2 });
    const [header = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(header)).toEqual({ keepsake: 'history', space: ann, format: 1, min_reader: 1, min_writer: 1, generation: 1 });
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([1, 2]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await log.spaces()).toEqual([ann]);
  });

  it('gives a reader only what was appended since, whoever appended it', async () => {
    const [writer, reader] = [openLog(home).log, openLog(home).log];
    const one = await append(writer, ann, ['a']);
    expect(textsOf((await reader.read(ann, start)).events)).toEqual(['a']);
    await append(writer, ann, ['b', 'c'], one);
    const { events, reset, position } = await reader.read(ann, one);
    expect(textsOf(events)).toEqual(['b', 'c']);
    expect(reset).toBe(false);
    expect(position).toEqual({ generation: 1, sequence: 3 });
    expect(textsOf((await reader.read(ann, one)).events)).toEqual(['b', 'c']);
  });

  it('shows a writer what others appended before it decides', async () => {
    const [one, other] = [openLog(home).log, openLog(home).log];
    const position = await append(one, ann, ['a']);
    await append(other, ann, ['b']);
    let missed: string[] = [];
    await one.append(ann, position, (reading) => {
      missed = textsOf(reading.events);
      return batchOf(reading.position.sequence + 1, ['c']);
    });
    expect(missed).toEqual(['b']);
    expect(await texts()).toEqual(['a', 'b', 'c']);
  });

  it('refuses a batch that expects another place, and nothing of it counts', async () => {
    const { log } = openLog(home);
    await append(log, ann, ['a', 'b']);
    await expect(log.append(ann, start, () => batchOf(2, ['stale'], 'stale'))).rejects.toThrow(LogConflict);
    expect(await texts()).toEqual(['a', 'b']);
    await append(log, ann, ['c']);
    expect(await texts()).toEqual(['a', 'b', 'c']);
  });

  it('keeps spaces apart', async () => {
    const { log } = openLog(home);
    await append(log, ann, ['a']);
    await append(log, 'project:ann', ['p']);
    expect(await texts()).toEqual(['a']);
    expect(await texts('project:ann')).toEqual(['p']);
    expect((await log.spaces()).sort()).toEqual(['project:ann', ann]);
  });

  it('loses and doubles nothing when several processes append at the same time', async () => {
    const writers = ['one', 'two', 'three', 'four'].map((name) => run('write', home, ann, name, '25'));
    for (const writer of writers) expect(await writer.ended).toMatchObject({ code: 0, stderr: '' });
    const { log, warnings } = openLog(home);
    const { events, position } = await log.read(ann, start);
    expect(events.map((event) => event.seq)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(new Set(textsOf(events)).size).toBe(200);
    expect(position.sequence).toBe(200);
    expect(warnings).toEqual([]);
    expect((await readFile(path, 'utf8')).trimEnd().split('\n')).toHaveLength(201);
  });
});

describe('a history that was damaged', () => {
  it('reads up to the last whole batch, sets a torn end aside with the next write, and reports it', async () => {
    await append(openLog(home).log, ann, ['a']);
    const whole = await readFile(path, 'utf8');
    const batch = linesOf(batchOf(2, ['torn', 'off']));
    for (const length of [1, 30, batch.indexOf('\n'), batch.indexOf('\n') + 1, batch.length - 1]) {
      await writeFile(path, whole + batch.slice(0, length));
      const { log, warnings } = openLog(home);
      expect(textsOf((await log.read(ann, start)).events)).toEqual(['a']);
      expect(await readFile(path, 'utf8')).toBe(whole + batch.slice(0, length));
      await append(log, ann, ['b']);
      expect(await texts()).toEqual(['a', 'b']);
      expect(log.problems()).toEqual([
        `user-ann.jsonl: the last ${length} bytes are an unfinished write`,
        `user-ann.jsonl: an unfinished write of ${length} bytes was set aside`,
      ]);
      expect(warnings).toEqual(log.problems());
      const [torn = ''] = await tornFiles();
      expect(await readFile(join(home, torn), 'utf8')).toBe(batch.slice(0, length));
      expect((await stat(join(home, torn))).mode & 0o777).toBe(0o600);
      await rm(join(home, torn));
    }
  });

  it('is not one while another process is writing', async () => {
    await append(openLog(home).log, ann, ['a']);
    const whole = await readFile(path, 'utf8');
    const batch = linesOf(batchOf(2, ['b', 'c']));
    const { log, warnings } = openLog(home);
    await withLock(join(home, 'locks', 'user-ann'), async () => {
      await writeFile(path, whole + batch.slice(0, 30));
      expect(textsOf((await log.read(ann, start)).events)).toEqual(['a']);
    });
    expect(warnings).toEqual([]);
  });

  it('begins anew where even the first line was torn off', async () => {
    await append(openLog(home).log, ann, ['a']);
    const header = (await readFile(path, 'utf8')).split(/(?<=\n)/)[0] ?? '';
    for (const length of [1, header.length - 1, header.length]) {
      await writeFile(path, header.slice(0, length));
      expect(await texts()).toEqual([]);
      const { log } = openLog(home);
      await append(log, ann, ['b']);
      expect(await texts()).toEqual(['b']);
      expect(log.problems()).toHaveLength(length < header.length ? 2 : 0);
    }
  });

  it('sets a batch aside whose writer had lost the lock', async () => {
    await append(openLog(home).log, ann, ['a', 'b']);
    await appendFile(path, linesOf(batchOf(2, ['stale'], 'stale')));
    const { log } = openLog(home);
    expect(textsOf((await log.read(ann, start)).events)).toEqual(['a', 'b']);
    await append(log, ann, ['c']);
    expect(await readFile(path, 'utf8')).not.toContain('stale');
    expect(await readFile(join(home, (await tornFiles())[0] ?? ''), 'utf8')).toContain('stale');
  });

  it('reports lost and unreadable lines once, and goes on', async () => {
    await append(openLog(home).log, ann, ['a']);
    await appendFile(path, `no event\n${linesOf(batchOf(4, ['d']))}`);
    const { log, warnings } = openLog(home);
    expect(textsOf((await log.read(ann, start)).events)).toEqual(['a', 'd']);
    await append(log, ann, ['e']);
    expect(await texts()).toEqual(['a', 'd', 'e']);
    expect(log.problems()).toEqual([
      'user-ann.jsonl: line 3 is not an event and is left out',
      'user-ann.jsonl: events 2 to 3 are missing before line 4',
    ]);
    expect(warnings).toEqual(log.problems());
    expect(await readFile(path, 'utf8')).toContain('no event\n');
  });

  it('is refused when it belongs to another space or is no history, and stays as it is', async () => {
    await append(openLog(home).log, ann, ['a']);
    await headerWith({ space: 'user:bob' });
    const before = await readFile(path, 'utf8');
    await expect(openLog(home).log.read(ann, start)).rejects.toMatchObject({ code: 'log_unavailable', message: /user:bob/ });
    await expect(append(openLog(home).log, ann, ['b'])).rejects.toMatchObject({ code: 'log_unavailable' });
    expect(await readFile(path, 'utf8')).toBe(before);
    await writeFile(path, 'my diary\n');
    await expect(append(openLog(home).log, ann, ['b'])).rejects.toMatchObject({ code: 'log_unavailable' });
    expect(await readFile(path, 'utf8')).toBe('my diary\n');
  });

  it('is not silently begun anew when it disappears', async () => {
    const { log } = openLog(home);
    const position = await append(log, ann, ['a']);
    await rm(path);
    await expect(log.read(ann, position)).rejects.toMatchObject({ code: 'log_unavailable' });
  });

  it('is read anew when an older copy was put in its place', async () => {
    const { log } = openLog(home);
    const position = await append(log, ann, ['a']);
    const backup = await readFile(path);
    await append(log, ann, ['b'], position);
    await writeFile(path, backup);
    const { events, reset } = await log.read(ann, { generation: 1, sequence: 2 });
    expect(reset).toBe(true);
    expect(textsOf(events)).toEqual(['a']);
    await append(log, ann, ['c']);
    expect(await texts()).toEqual(['a', 'c']);
  });
});

describe('a history of a newer program', () => {
  beforeEach(() => append(openLog(home).log, ann, ['a']));

  it('is read but not written when it only allows that', async () => {
    await headerWith({ format: 7, min_writer: 7 });
    const before = await readFile(path, 'utf8');
    const { log } = openLog(home);
    expect(textsOf((await log.read(ann, start)).events)).toEqual(['a']);
    await expect(append(log, ann, ['b'])).rejects.toMatchObject({ code: 'update_needed', message: /npx -y keepsake-mcp@latest/ });
    await expect(log.rewrite(ann, start, () => ({ events: (events) => events }))).rejects.toMatchObject({
      code: 'update_needed',
    });
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('is neither read nor written when it does not allow that', async () => {
    await headerWith({ format: 7, min_reader: 7, min_writer: 7 });
    await expect(openLog(home).log.read(ann, start)).rejects.toMatchObject({ code: 'update_needed' });
    await expect(append(openLog(home).log, ann, ['b'])).rejects.toMatchObject({ code: 'update_needed' });
  });

  it('is read and written when it allows that, whatever else its first line says', async () => {
    await headerWith({ format: 7, colour: 'blue' });
    await append(openLog(home).log, ann, ['b']);
    expect(await texts()).toEqual(['a', 'b']);
  });
});

describe('a write that fails', () => {
  it.skipIf(process.platform === 'win32')('is taken back, and the next one succeeds', async () => {
    await append(openLog(home).log, ann, ['a']);
    const before = await readFile(path, 'utf8');
    // No file may grow beyond some tens of kB: the write stops short in the middle, as on a full disk.
    const { ended } = startProcess('sh', ['-c', 'ulimit -f 64; exec "$@"', 'sh', process.execPath, program, 'big', home, ann, '600000']);
    expect(await ended).toMatchObject({ stdout: 'log_unavailable\n1 events\nwritten up to 2\n', stderr: '' });
    expect(await texts()).toEqual(['a', 'small']);
    expect((await readFile(path, 'utf8')).startsWith(before)).toBe(true);
    expect(await tornFiles()).toEqual([]);
  });
});

describe('a process that was stopped under the lock', () => {
  it.skipIf(process.platform === 'win32')('does no harm when it goes on after another one took over', async () => {
    const spaces: Space[] = ['user:overtaken', 'user:alone', 'user:rewriting'];
    for (const space of spaces) await append(openLog(home).log, space, ['first']);
    const stopped = [
      run('stall', home, 'user:overtaken', 'late'),
      run('stall', home, 'user:alone', 'late'),
      run('stall-rewrite', home, 'user:rewriting'),
    ];
    for (const child of stopped) await child.says('held');
    await Promise.all([
      append(openLog(home).log, 'user:overtaken', ['meanwhile']),
      openLog(home).log.append('user:alone', start, () => []),
      append(openLog(home).log, 'user:rewriting', ['meanwhile']),
    ]);
    for (const child of stopped) child.kill('SIGCONT');
    const said = await Promise.all(stopped.map(async (child) => (await child.ended).stdout.split('\n')[1]));
    expect(said).toEqual(['LogConflict', 'written up to 3', 'LogConflict']);
    for (const space of spaces) await append(openLog(home).log, space, ['last']);
    expect(await texts('user:overtaken')).toEqual(['first', 'meanwhile', 'last']);
    expect(await texts('user:alone')).toEqual(['first', 'late-a', 'late-b', 'last']);
    expect(await texts('user:rewriting')).toEqual(['first', 'meanwhile', 'last']);
    expect((await readdir(home)).filter((name) => name.includes('.rewrite'))).toEqual([]);
  });
});

describe('a rewrite', () => {
  it('replaces what it is told to, keeps every other byte, and appends', async () => {
    const { log } = openLog(home);
    await append(log, ann, ['a', 'b']);
    // Spacing, order and fields as another program may have written them.
    const [richer] = batchOf(3, ['c']);
    await appendFile(path, `${JSON.stringify({ mood: 'glad', ...richer }, null, 1).replaceAll('\n', ' ')}\n`);
    await appendFile(path, linesOf([{ ...batchOf(4, ['d'])[0], event: 'TRANSLATE', tongue: 'fr' }]));
    const before = (await readFile(path, 'utf8')).split('\n');
    const position = await log.rewrite(ann, start, (missed) => ({
      events: (events) => [
        ...events.map((event) =>
          'state' in event && event.state.text === 'b' ? { ...event, state: { ...event.state, text: '' } } : event,
        ),
        ...batchOf(missed.position.sequence + 1, ['e']),
      ],
    }));
    expect(position).toEqual({ generation: 2, sequence: 5 });
    const after = (await readFile(path, 'utf8')).split('\n');
    expect(JSON.parse(after[0] ?? '')).toMatchObject({ space: ann, generation: 2 });
    expect(after[1]).toBe(before[1]);
    const unsealed = (line = '') => line.replace(/,"sum":"[0-9a-f]{8}"}$/, '}');
    expect(unsealed(after[2])).toBe(unsealed(before[2]?.replace('"text":"b"', '"text":""')));
    expect(after.slice(3, 5)).toEqual(before.slice(3, 5));
    expect(await texts()).toEqual(['a', '', 'c', 'd', 'e']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readdir(home)).sort()).toEqual(['locks', 'user-ann.jsonl']);
  });

  it('makes every follower start anew', async () => {
    const [writer, follower] = [openLog(home).log, openLog(home).log];
    await append(writer, ann, ['a']);
    const { position } = await follower.read(ann, start);
    await writer.rewrite(ann, position, () => ({ events: (events) => [...events, ...batchOf(2, ['b'])] }));
    const { events, reset } = await follower.read(ann, position);
    expect(reset).toBe(true);
    expect(textsOf(events)).toEqual(['a', 'b']);
    await append(follower, ann, ['c'], { generation: 2, sequence: 2 });
    expect(textsOf((await writer.read(ann, { generation: 2, sequence: 2 })).events)).toEqual(['c']);
  });

  it('takes the lines that must go out of what was set aside, and keeps the rest beside the log', async () => {
    const { log } = openLog(home);
    await append(log, ann, ['a']);
    await appendFile(path, '{"secret": 1}\n{"other": 2}\n{"torn');
    await append(log, ann, ['b']);
    await appendFile(path, `{"secret": 3}\n{"more": 4}\n${linesOf(batchOf(3, ['c']))}`);
    await writeFile(`${path}.rewrite-1`, 'a secret');
    const plan = { events: (events: Event[]) => [...events, ...batchOf(4, ['d'])], drops: (line: string) => line.includes('secret') };
    await log.rewrite(ann, start, () => plan);
    const kept = await Promise.all((await tornFiles()).map((name) => readFile(join(home, name), 'utf8')));
    expect(kept.sort()).toEqual(['{"more": 4}\n', '{"other": 2}\n{"torn']);
    expect(await texts()).toEqual(['a', 'b', 'c', 'd']);
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(6);
    expect((await readdir(home)).filter((name) => name.includes('.rewrite'))).toEqual([]);
  });

  it('that has nothing to change leaves the file alone', async () => {
    const { log } = openLog(home);
    await append(log, ann, ['a']);
    const before = await stat(path);
    await log.rewrite(ann, start, () => undefined);
    expect((await stat(path)).ino).toBe(before.ino);
    await openLog(home).log.rewrite('user:nobody', start, () => undefined);
    expect(await readdir(home)).not.toContain('user-nobody.jsonl');
  });
});
