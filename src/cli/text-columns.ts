/** Characters that take two columns of a terminal: those of East Asian scripts in their full width, and pictures, also such as are only asked for as one. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Columns that a plain text takes on a terminal. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) columns += wide.test(segment) ? 2 : 1;
  return columns;
}

/** The beginning of a plain text that fits into so many columns, and the rest. */
function split(text: string, columns: number): [beginning: string, rest: string] {
  let taken = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    taken += wide.test(segment) ? 2 : 1;
    // The first character is taken anyway, so that nothing is split for ever.
    if (taken > columns && index > 0) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}

/** A plain text cut to so many columns, with … where something was left out. */
export function cutToColumns(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${split(text, columns - 1)[0]}…`;
}

/** What stays together on a line: words with the punctuation at them. White space is on its own. */
function unitsOf(paragraph: string): string[] {
  const units: string[] = [];
  let isOpening = false;
  for (const { segment, isWordLike } of words.segment(paragraph.replaceAll('\t', '  '))) {
    const isSpace = segment.trim() === '';
    const last = units.at(-1)?.trim() ?? '';
    if (!isSpace && last !== '' && (isOpening || !isWordLike)) units[units.length - 1] += segment;
    else units.push(segment);
    isOpening = !isSpace && !isWordLike && (isOpening || last === '');
  }
  return units;
}

/** A plain text broken into lines of at most so many columns: between words where it has them, as Chinese does without spaces, else anywhere. */
export function wrapped(text: string, columns: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    // What is wider than a line on its own is broken anywhere.
    for (const unit of unitsOf(paragraph)) {
      if (columnsOf(line + unit) <= columns) {
        line += unit;
        continue;
      }
      if (line.trim() !== '') lines.push(line.trimEnd());
      let rest = unit.trim() === '' ? '' : unit;
      while (columnsOf(rest) > columns) {
        const [beginning, others] = split(rest, columns);
        lines.push(beginning);
        rest = others;
      }
      line = rest;
    }
    return [...lines, ...(line.trim() !== '' || lines.length === 0 ? [line.trimEnd()] : [])];
  });
}
