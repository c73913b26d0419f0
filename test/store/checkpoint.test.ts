import { appendFile, chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Event, EventDraft } from '../../src/core/events.js';
import type { HistoryLog, Space } from '../../src/core/ports.js';
import { createSpaces, type OpenSpace } from '../../src/core/spaces.js';
import { temporaryHome } from '../support/home.js';
import { append, batchOf, linesOf, openLog, start } from './log-fixtures.js';

const ann: Space = 'user:ann';
const enough = 2000;

let home: string;
let log: string;
let checkpoint: string;
beforeEach(async () => {
  home = await temporaryHome();
  log = join(home, 'user-ann.jsonl');
  checkpoint = join(home, 'checkpoints', 'user-ann');
});

/** A process's view of the space, and how many events it has read from the log so far. */
function openSpace(): { space: OpenSpace; readEvents: () => number; warnings: unknown[] } {
  const { log: history, warnings } = openLog(home);
  let count = 0;
  const counted: HistoryLog = {
    ...history,
    async read(...given) {
      const reading = await history.read(...given);
      count += reading.events.length;
      return reading;
    },
  };
  let made = 0;
  const ids = { memory: () => 'unused', event: () => `${process.pid}-${Math.random()}-${made++}` };
  const options = { history: counted, clock: { now: Date.now }, ids, device: 'desk', zone: 'UTC', onChange: () => undefined };
  return { space: createSpaces(options).open(ann), readEvents: () => count, warnings };
}

const addition = (text: string): EventDraft => ({
  event: 'ADD',
  memory_id: text,
  revision: 1,
  base: 0,
  state: { text, kind: 'observation', said_at: '2024-01-01T00:00:00.000Z' },
});
const add = (space: OpenSpace, ...texts: string[]) =>
  space.commit({ call_id: 'call' }, () => ({ drafts: texts.map(addition), answer: undefined }));
const many = Array.from({ length: enough }, (_, index) => `tea ${index}`);
const size = (space: OpenSpace) => space.read((view) => [view.projection.memories.size, view.lexical.size]);

async function kept(): Promise<void> {
  const { space } = openSpace();
  await add(space, ...many);
  await space.checkpoint();
}

describe('a checkpoint', () => {
  it('saves the next process from reading the log again', async () => {
    await kept();
    const { space, readEvents } = openSpace();
    expect(await size(space)).toEqual([enough, enough]);
    expect(readEvents()).toBe(0);
    await append(openLog(home).log, ann, ['coffee']);
    expect(await size(space)).toEqual([enough + 1, enough + 1]);
    expect(readEvents()).toBe(1);
    await add(space, 'milk');
    expect((await space.events([1, enough + 1, enough + 2])).map((event) => 'state' in event && event.state.text)).toEqual([
      'tea 0',
      'coffee',
      'milk',
    ]);
    const after = openSpace();
    expect(await size(after.space)).toEqual([enough + 2, enough + 2]);
    expect(after.readEvents()).toBe(2);
  });

  it('is for its owner alone', async () => {
    await kept();
    expect((await stat(checkpoint)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(home, 'checkpoints'))).toEqual(['user-ann']);
  });

  it('is only written when enough is new', async () => {
    const { space } = openSpace();
    await add(space, 'tea');
    await space.checkpoint();
    expect(await readdir(home)).not.toContain('checkpoints');
    await add(space, ...many);
    await space.checkpoint();
    const before = await readFile(checkpoint);
    await add(space, 'coffee');
    await space.checkpoint();
    expect(await readFile(checkpoint)).toEqual(before);
  });

  it('that is damaged, torn or of another program is not used', async () => {
    await kept();
    const whole = await readFile(checkpoint);
    const torn = whole.subarray(0, whole.length / 2);
    const flipped = Buffer.from(whole);
    flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 1;
    for (const damaged of [torn, flipped, Buffer.alloc(0), Buffer.from('what is this')]) {
      await writeFile(checkpoint, damaged);
      const { space, readEvents } = openSpace();
      expect(await size(space)).toEqual([enough, enough]);
      expect(readEvents()).toBe(enough);
    }
  });

  it('goes with what is erased, before the log that held it', async () => {
    await kept();
    const { space } = openSpace();
    await writeFile(`${checkpoint}.new`, 'tea 7, half written');
    const without = (events: Event[]) => events.filter((event) => !('state' in event) || event.state.text !== 'tea 7');
    await space.rewrite(() => ({
      answer: undefined,
      rewriting: {
        events(events) {
          return without(events).map((event, index) => ({ ...event, seq: index + 1, event_id: `e${index}`, batch: 'e0' }));
        },
      },
    }));
    expect(await readdir(join(home, 'checkpoints'))).toEqual([]);
    expect(await size(openSpace().space)).toEqual([enough - 1, enough - 1]);
  });

  it('is not written of a log that was replaced meanwhile', async () => {
    const { space } = openSpace();
    await add(space, ...many);
    const other = openSpace();
    await other.space.rewrite(() => ({ answer: undefined, rewriting: { events: (events) => events.map((event) => ({ ...event })) } }));
    await space.checkpoint();
    expect(await readdir(join(home, 'checkpoints'))).toEqual([]);
  });

  it('does not stand for a log that another took the place of, and says what is missing', async () => {
    await kept();
    const lines = (await readFile(log, 'utf8')).split('\n');
    await rm(log);
    await append(openLog(home).log, ann, ['coffee', 'milk']);
    const { space, warnings } = openSpace();
    expect(await size(space)).toEqual([2, 2]);
    expect(warnings).toEqual([expect.stringContaining(`ends at event 2, but held ${enough} before`)]);
    await writeFile(log, lines.join('\n'));
    expect(await size(openSpace().space)).toEqual([enough, enough]);
  });

  it('does not stand for a log that was cut short', async () => {
    await kept();
    await append(openLog(home).log, ann, ['coffee']);
    await truncate(log, (await stat(log)).size - 300_000);
    const { space, warnings } = openSpace();
    expect((await size(space))[0]).toBe(0);
    expect(warnings.join()).toContain(`but held ${enough} before`);
  });

  it('keeps what was found to be damaged in the part of the log that is not read again', async () => {
    await append(openLog(home).log, ann, ['coffee']);
    await appendFile(log, `what is this\n${linesOf(batchOf(2, ['milk']))}`);
    await kept();
    const { space, warnings } = openSpace();
    await space.read(() => undefined);
    expect(warnings.join()).toContain('line 3 is not an event');
  });

  it('keeps nothing of damage that has been mended since', async () => {
    await append(openLog(home).log, ann, ['coffee']);
    await appendFile(log, '{"seq":2,"event_id":"half');
    const before = openSpace();
    await before.space.read(() => undefined);
    expect(before.warnings).toHaveLength(1);
    await add(before.space, ...many);
    await before.space.checkpoint();
    const { space, warnings, readEvents } = openSpace();
    await space.read(() => undefined);
    expect([readEvents(), warnings]).toEqual([0, []]);
  });

  it('does not hide a line that was damaged since, nor what stands around it', async () => {
    await append(openLog(home).log, ann, ['coffee']);
    await kept();
    const lines = (await readFile(log, 'utf8')).split('\n');
    await writeFile(log, lines.map((line, index) => (index === 1 ? line.replaceAll('"', '#') : line)).join('\n'));
    const { space, readEvents, warnings } = openSpace();
    expect(await size(space)).toEqual([enough + 1, enough + 1]);
    expect(readEvents()).toBe(0);
    expect((await space.events([1, 2, 3])).map(({ seq }) => seq)).toEqual([2, 3]);
    expect(warnings.join()).toContain('line 2 is not an event');
    expect(await size(space)).toEqual([enough + 1, enough + 1]);
  });

  it.skipIf(process.getuid?.() === 0)('that cannot be written costs nothing but the time of the next start', async () => {
    await mkdir(join(home, 'checkpoints'));
    await chmod(join(home, 'checkpoints'), 0o500);
    const { space } = openSpace();
    await add(space, ...many);
    await expect(space.checkpoint()).rejects.toThrow();
    expect(await size(space)).toEqual([enough, enough]);
    expect((await openLog(home).log.read(ann, start)).events).toHaveLength(enough);
  });
});
