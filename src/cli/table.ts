import { stripVTControlCharacters } from 'node:util';
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
 * terminal; on a narrow one each row is a block, the cells in their order. Texts may be anyone's: what steers a terminal
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
  // The library takes some scripts for wider than they are, and draws the columns that wide.
  for (let room = columns - fixed; room >= narrowest; ) {
    const drawn = draw(heads, rows, { flexible, room, columns });
    const excess = Math.max(...drawn.map((line) => columnsOf(stripVTControlCharacters(line)))) - columns;
    if (excess <= 0) return drawn.join('\n');
    room -= excess;
  }
  return blocks(rows, { flexible, columns });
}

interface Drawing {
  flexible: number;
  /** Columns that the flexible cells have. */
  room: number;
  columns: number;
}

/** The lines of a table. */
function draw(heads: readonly string[], rows: readonly (readonly Cell[])[], { flexible, room, columns }: Drawing): string[] {
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
    .map((line) => line.trimEnd());
}

function blocks(rows: readonly (readonly Cell[])[], { flexible, columns }: { flexible: number; columns: number }): string {
  return rows
    .map((row) => {
      const [lead] = joined(row.slice(0, flexible));
      const rest = joined(row.slice(flexible + 1)).map((part): CellPart => ({ ...part, style: 'dim' }));
      return [
        ...(lead ? linesOf([lead], columns) : []),
        ...linesOf(row[flexible] ?? '', columns).filter((line) => !lead || line !== ''),
        ...linesOf(rest, columns - gap.length).map((line) => gap + line),
      ].join('\n');
    })
    .join('\n\n');
}

/** Cells in one line, in the style of the first that has one; nothing where all are empty. */
function joined(cells: readonly Cell[]): CellPart[] {
  const parts = cells.flatMap(partsOf).filter(({ text }) => text !== '');
  const style = parts.find((part) => part.style !== undefined)?.style;
  return parts.length === 0 ? [] : [{ text: parts.map(({ text }) => text).join(' · '), style }];
}
