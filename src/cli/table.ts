import CliTable from 'cli-table3';
import { plain, type Style, styled, terminalColumns } from './terminal.js';
import { columnsOf, wrapped } from './text-columns.js';

/** A text in a cell, broken into lines as need be. */
export interface CellPart {
  text: string;
  style?: Style | undefined;
}

/** What stands in a cell, a part below the other. */
export type Cell = string | readonly CellPart[];

/** Columns between two cells, as spaces. */
const gap = '  ';
/** Columns that the widest cells must have left, so that they are read in lines and not in words. */
const narrowest = 24;

const partsOf = (cell: Cell): readonly CellPart[] => (typeof cell === 'string' ? [{ text: cell }] : cell);
const widthOf = (cell: Cell) => Math.max(0, ...partsOf(cell).flatMap(({ text }) => plain(text).split('\n').map(columnsOf)));
const linesOf = (cell: Cell, columns: number) =>
  partsOf(cell).flatMap(({ text, style }) => wrapped(plain(text), columns).map((line) => (style && line ? styled(style, line) : line)));

/**
 * A table without lines between its cells, the cells of column `flexible` broken into lines so that it fits the
 * terminal; on a narrow one each row is a block, the flexible cell first. Texts may be anyone's: what steers a terminal
 * is taken out.
 */
export function table(
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  { flexible, columns = terminalColumns() }: { flexible: number; columns?: number },
): string {
  const fixed = heads.reduce((sum, head, index) => {
    const widest = Math.max(columnsOf(head), ...rows.map((row) => widthOf(row[index] ?? '')));
    return index === flexible ? sum : sum + widest + gap.length;
  }, 0);
  const room = columns - fixed;
  if (room < narrowest) return blocks(rows, { flexible, columns });
  const none = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
  };
  const drawn = new CliTable({
    head: heads.map((head) => styled('bold', head)),
    chars: { ...none, left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: gap },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) drawn.push(row.map((cell, index) => linesOf(cell, index === flexible ? room : columns).join('\n')));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function blocks(rows: readonly (readonly Cell[])[], { flexible, columns }: { flexible: number; columns: number }): string {
  return rows
    .map((row) => {
      const others = row.filter((_, index) => index !== flexible).flatMap((cell) => partsOf(cell).map(({ text }) => text));
      const about: CellPart = { text: others.filter((text) => text !== '').join(' · '), style: 'dim' };
      return [...linesOf(row[flexible] ?? '', columns), ...linesOf([about], columns - gap.length).map((line) => gap + line)].join('\n');
    })
    .join('\n\n');
}
