import { type FileChange, isNothing } from '../install/changes.js';
import { diffLines } from '../install/file-diff.js';
import type { PartKind } from '../install/part.js';
import { plain, styled } from './terminal.js';

const titles: Record<PartKind, string> = { server: 'server', rules: 'rules for assistants', hooks: 'hooks' };

/** One line that says what became of a file. */
export function changeLine(change: FileChange, direction: 'put' | 'take'): string {
  const { part, read, after } = change;
  const done = isNothing(change)
    ? direction === 'put'
      ? 'as it was'
      : 'left'
    : after === undefined
      ? 'removed'
      : read.bytes === undefined
        ? 'made'
        : 'changed';
  return `${done.padEnd(9)}  ${titles[part.kind].padEnd(20)}  ${read.path}`;
}

/** A change as a unified diff for people. */
export function diffText(change: FileChange): string {
  const coloured = (line: string) => {
    const shown = plain(line);
    if (/^(\+\+\+|---) /.test(line)) return styled('bold', shown);
    if (line.startsWith('@@')) return styled('cyan', shown);
    return line.startsWith('+') ? styled('green', shown) : line.startsWith('-') ? styled('red', shown) : shown;
  };
  return diffLines(change).map(coloured).join('\n');
}
