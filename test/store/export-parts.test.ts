import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstLine, lastLine, unpackExport } from '../../src/store/export-parts.js';
import { encodeEvents } from '../../src/store/log-line.js';
import { simulate } from '../core/arbitrary-events.js';
import { temporaryHome } from '../support/home.js';

const header = JSON.stringify({ keepsake: 'history', space: 'user:default', format: 1, min_reader: 1, min_writer: 1, generation: 1 });
const { events } = simulate('here', [{ kind: 'remember', text: 0, pick: 0, wait: 1, ago: 0, who: 0 }]);
const eventLines = encodeEvents(events).toString('utf8').trimEnd().split('\n');
const data = Buffer.from('bytes');
const attachment = JSON.stringify({
  keepsake: 'attachment',
  hash: createHash('sha256').update(data).digest('hex'),
  data: data.toString('base64'),
});
const whole = [firstLine, header, attachment, ...eventLines, lastLine(events.length)];

/** A line that no checksum protects, as a stranger may write it. */
const unsummed = (line: string, fields: object) => JSON.stringify({ ...JSON.parse(line), sum: undefined, ...fields });

async function* valuesOf(lines: readonly string[]) {
  for (const [index, line] of lines.entries()) yield { value: JSON.parse(line) as unknown, where: `line ${index + 1}` };
}

describe('an export that is laid out as a home', () => {
  it('has the lines of its logs, byte for byte, and its attachments', async () => {
    const folder = await temporaryHome();
    expect(await unpackExport(valuesOf(whole), folder)).toBe(events.length);
    expect(readFileSync(join(folder, 'history', 'user-default.jsonl'), 'utf8')).toBe(`${[header, ...eventLines].join('\n')}\n`);
    expect(readdirSync(join(folder, 'attachments', 'user-default'))).toHaveLength(1);
  });

  it('may be a log as it lies in a home, without a last line', async () => {
    expect(await unpackExport(valuesOf([header, ...eventLines]), await temporaryHome())).toBe(events.length);
  });

  it('is an error that says what to do where the disk takes no more', async () => {
    const folder = await temporaryHome();
    mkdirSync(join(folder, 'history', 'user-default.jsonl'), { recursive: true });
    await expect(unpackExport(valuesOf(whole), folder)).rejects.toMatchObject({ code: 'log_unavailable' });
  });

  it.each([
    ['is cut off after line 3', whole.slice(0, 3)],
    ['some are missing', whole.filter((line) => line !== eventLines[1])],
    [
      'line 4: it was changed since it was written',
      whole.map((line) => (line === eventLines[0] ? line.replace('"device":"', '"device":"x') : line)),
    ],
    ['line 4: it is no whole event', whole.map((line) => (line === eventLines[0] ? line.replace('"seq":1,', '') : line))],
    ['line 2: it was written by a newer Keepsake', whole.map((line) => line.replace('"min_reader":1', '"min_reader":2'))],
    ['line 1: it was written by a newer Keepsake', whole.map((line) => line.replace('"export","format":1', '"export","format":2'))],
    ['line 2: "user:" is no name of a space', whole.map((line) => line.replace('user:default', 'user:'))],
    ['line 2: "../etc" is no name of a space', whole.map((line) => line.replace('user:default', '../etc'))],
    ['line 3: the attachment is not what its hash says', whole.map((line) => line.replace('"data":"', '"data":"AAAA'))],
    ['line 4: "soon" is no time', whole.map((line) => (line === eventLines[0] ? unsummed(line, { at: 'soon' }) : line))],
    [
      'line 5: "2024-02-31" is no time',
      whole.map((line) =>
        line === eventLines[1] ? unsummed(line, { state: { ...JSON.parse(line).state, occurred_at: '2024-02-31' } }) : line,
      ),
    ],
    ['line 5: its number 1 does not follow the 1', whole.map((line) => (line === eventLines[1] ? (eventLines[0] ?? '') : line))],
    ['line 4: its number 1 does not follow the 3', [firstLine, header, eventLines[2] ?? '', eventLines[0] ?? '']],
    ['stands behind the end', [...whole, eventLines[0] ?? '']],
    ['begins a second time', [...whole.slice(0, -1), header]],
    ['stands before the first line of a history', [firstLine, ...eventLines]],
    ['it is no line of an export', [firstLine, '7']],
    ['it is no event', [firstLine, header, '{}']],
  ])('is refused where something is wrong: %s', async (says, lines) => {
    await expect(unpackExport(valuesOf(lines), await temporaryHome())).rejects.toThrow(says);
  });
});
