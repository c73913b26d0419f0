/** The line ends of a text: those of Windows if it has any. */
export function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** What separates a block from the text that it is put behind: an empty line. */
function separatorAfter(text: string): string {
  const newline = newlineOf(text);
  if (text === '' || /\n\s*\n$/.test(text)) return '';
  return text.endsWith('\n') ? newline : newline + newline;
}

function emptyLineAtEnd(text: string): string {
  return /\n(\r?\n)$/.exec(text)?.[1] ?? '';
}

/** A text with a block behind it. The block has line feeds between its lines and none at its end. */
export function withBlock(text: string, block: string): string {
  const newline = newlineOf(text);
  return `${text}${separatorAfter(text)}${block.replaceAll('\n', newline)}${newline}`;
}

/** A text without the block that stands between two offsets, nor what was put around it behind the original. */
export function withoutBlock(text: string, [start, end]: readonly [number, number], original: string | undefined): string {
  const before = text.slice(0, start);
  const separator = original === undefined ? emptyLineAtEnd(before) : separatorAfter(original);
  const kept = before.endsWith(separator) ? before.slice(0, before.length - separator.length) : before;
  return `${kept}${text.slice(end).replace(/^\r?\n/, '')}`;
}
