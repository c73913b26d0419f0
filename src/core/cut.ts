/** The text, or as much of it as fits `longest` UTF-16 units with an ellipsis where it was cut. */
export function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;
}

/** A text in pieces of at most `longest` UTF-16 units, cut behind a line where there is one and never within a character. */
export function textPieces(text: string, longest: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const line = rest.lastIndexOf('\n', longest - 1) + 1;
    const end = line > longest / 2 ? line : /[\uD800-\uDBFF]/.test(rest.charAt(longest - 1)) ? longest - 1 : longest;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}
