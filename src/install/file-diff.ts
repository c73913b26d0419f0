import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { FileChange } from './changes.js';
import { textOf } from './user-file.js';

/** A change of a file as the lines of a unified diff; the line ends of Windows are shown as if they were others. */
export function diffLines({ read, after }: FileChange): string[] {
  const shown = (bytes: Buffer | undefined) => textOf({ path: read.path, bytes }).replaceAll('\r\n', '\n');
  const nameOf = (bytes: Buffer | undefined) => (bytes === undefined ? '/dev/null' : read.path);
  const options = { headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(nameOf(read.bytes), nameOf(after), shown(read.bytes), shown(after), undefined, undefined, options)
    .trimEnd()
    .split('\n');
}
