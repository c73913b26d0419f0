import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { attachment, changeSource, decidedBy, event, memoryState, receivedInput, skippedPart, turn } from '../src/core/events.js';
import { checksum } from '../src/store/log-line.js';
import { scanLog } from '../src/store/log-scan.js';

const page = readFileSync(new URL('../docs/history-format.md', import.meta.url), 'utf8').replaceAll('\r\n', '\n');

/** The fields that the table under a heading names. */
function documented(heading: string): string[] {
  const section = page.split(/^#+ /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name ?? '').sort();
}

/** The checksum is the line's, not the event's. */
const common = documented('Every event').filter((name) => name !== 'sum');
const example = /```jsonl\n([\s\S]*?)```/.exec(page)?.[1] ?? '';

describe('the page on the history format', () => {
  it.each(event.options.map((option) => [option.shape.event.value, option] as const))(
    'names every field of %s and no other',
    (name, option) => {
      const changes = 'base' in option.shape ? documented('Changes of a memory') : [];
      expect([...common, ...changes, ...documented(name)].sort()).toEqual(Object.keys(option.shape).sort());
    },
  );

  const parts: Record<string, z.ZodObject> = {
    state: memoryState,
    input: receivedInput,
    turns: turn,
    attachments: attachment,
    source: changeSource,
    by: decidedBy,
    skipped: skippedPart,
  };
  it.each(Object.entries(parts))('names every field of %s and no other', (name, schema) => {
    expect(documented(name)).toEqual(Object.keys(schema.shape).sort());
  });

  it('has an example that the program reads whole, and whose first line has the fields that it names', () => {
    const [first = '', ...lines] = example.trim().split('\n');
    expect(Object.keys(JSON.parse(first)).sort()).toEqual(documented('First line'));
    const scan = scanLog(Buffer.from(`${lines.join('\n')}\n`), 0, 2);
    expect(scan.problems).toEqual([]);
    expect(
      lines.map((line) => /^(.*),"sum":"(\w{8})"}$/.exec(line)?.slice(1)).map(([body = '', sum] = []) => checksum(body) === sum),
    ).toEqual(lines.map(() => true));
    expect(scan.events.map((each) => each.event)).toEqual(['RECEIVED', 'ADD', 'PROCESSED', 'RECEIVED', 'UPDATE', 'PROCESSED', 'DELETE']);
  });
});
