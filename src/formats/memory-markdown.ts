import { z } from 'zod';
import { KeepsakeError, messageOf } from '../core/errors.js';
import type { Kind } from '../core/events.js';
import type { ImportedMemory, Item } from './item.js';
import { type MemoryRow, memoryOfRow } from './memory-row.js';

/** What the file begins with, and is recognised by. */
export const markdownMark = '<!-- keepsake-mcp: live memories; keepsake-mcp import reads this file -->';

const kindHeadings: Record<Kind, string> = { observation: 'Observations', procedure: 'How-tos', insight: 'Insights' };
/** What opens and closes the part of an entry that only the import reads. */
const [dataOpen, dataClose] = ['  <!-- ', ' -->'];

/** The memories of a space for a person, by whom they are about, kind and date; `textOf` finds the sources of insights. */
export function* markdownOf(space: string, rows: readonly MemoryRow[], textOf: (id: string) => string | undefined): Generator<string> {
  yield `\n## ${escaped(space)}\n`;
  for (const subject of [...new Set(rows.map((row) => row.subject ?? ''))].sort()) {
    const about = rows.filter((row) => (row.subject ?? '') === subject);
    yield `\n### ${subject === '' ? (space.startsWith('user:') ? 'About the user' : 'About the project') : `About ${escaped(subject)}`}\n`;
    for (const kind of ['observation', 'procedure', 'insight'] as const) {
      const those = about.filter((row) => row.kind === kind).sort((a, b) => (dateOf(a) < dateOf(b) ? -1 : 1));
      if (those.length === 0) continue;
      yield `\n#### ${kindHeadings[kind]}\n\n`;
      for (const row of those) yield entryOf(row, textOf);
    }
  }
}

const dateOf = ({ occurred_at, said_at }: MemoryRow) => (occurred_at ?? said_at).slice(0, 10);

function entryOf(row: MemoryRow, textOf: (id: string) => string | undefined): string {
  const { text, ...rest } = row;
  const notes = [
    row.occurred_at === undefined ? undefined : `said ${row.said_at.slice(0, 10)}`,
    row.recurs,
    row.expires_at && `until ${row.expires_at.slice(0, 10)}`,
    row.pinned && 'pinned',
    ...Object.entries(row.metadata ?? {}).map(([name, value]) => `${name}: ${value}`),
  ].filter((note) => typeof note === 'string');
  // Inside a comment nothing may look like its end, and no person has to read it.
  const data = JSON.stringify(rest).replace(/[<>]|-(?=-)/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const sources = (row.sources ?? []).map((id) => `  - from: ${escaped(textOf(id) ?? `${id}, which is gone`).replaceAll('\n', ' ')}\n`);
  return [
    `- **${dateOf(row)}** ${escaped(text).replaceAll('\n', '\n  ')}\n`,
    `${dataOpen}${data}${dataClose}\n`,
    ...(notes.length > 0 ? [`  - ${escaped(notes.join('; ')).replaceAll('\n', ' ')}\n`] : []),
    ...sources,
  ].join('');
}

/** Text as Markdown that shows it as it is. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]#>|~]|^[-+](?=\s)|^\d+(?=[.)])/gm, (sign) =>
      /\d/.test(sign) ? `&#${sign.charCodeAt(0)};${sign.slice(1)}` : `\\${sign}`,
    );
}

function unescaped(text: string): string {
  return text.replace(
    /\\([\\`*_[\]#>|~+-])|&(?:#(\d+)|(amp|lt));/g,
    (_, sign?: string, code?: string, name?: string) =>
      sign ?? (code === undefined ? (name === 'amp' ? '&' : '<') : String.fromCodePoint(Number(code))),
  );
}

/**
 * The memories of such a file: the text as it stands there by now, dates and labels from the comment below it. Where one
 * of both is gone the other is left out.
 */
export function memoriesInOurMarkdown(text: string): Item[] {
  const items: Item[] = [];
  let entry: { words: string[]; line: number } | undefined;
  const endEntry = () => {
    if (entry)
      items.push({
        form: 'left out',
        where: `the memory in line ${entry.line}`,
        reason: 'the comment with its dates and labels is not below it',
      });
    entry = undefined;
  };
  for (const [index, line] of text.split('\n').entries()) {
    // Within a line of the file the text may have other signs that end a line.
    const begun = /^- \*\*\d{4}(?:-\d{2}){0,2}\*\* (.*)$/s.exec(line);
    if (begun) {
      endEntry();
      entry = { words: [begun[1] ?? ''], line: index + 1 };
    } else if (line.startsWith(dataOpen) && line.endsWith(dataClose)) {
      if (entry) items.push(entryIn(entry.words.map(unescaped).join('\n'), line.slice(dataOpen.length, -dataClose.length), index + 1));
      else items.push({ form: 'left out', where: `line ${index + 1}`, reason: 'dates and labels without the text of a memory above them' });
      entry = undefined;
    } else entry?.words.push(line.replace(/^ {2}/, ''));
  }
  endEntry();
  return items;
}

function entryIn(text: string, data: string, line: number): ImportedMemory | Item {
  try {
    return memoryOfRow({ ...z.record(z.string(), z.unknown()).parse(JSON.parse(data)), text });
  } catch (error) {
    if (!(error instanceof z.ZodError || error instanceof SyntaxError || error instanceof KeepsakeError)) throw error;
    return { form: 'left out', where: `the memory above line ${line}`, reason: messageOf(error).replace(/\s+/g, ' ').slice(0, 200) };
  }
}
