import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { KeepsakeError, messageOf } from '../core/errors.js';
import { faultIn } from './fault.js';
import type { Item } from './item.js';
import { type MemoryRow, memoryOfRow, rowFields } from './memory-row.js';
import { longestElement } from './text-lines.js';
import { isFields } from './values.js';

/** Begins a cell that a spreadsheet would take for a formula; reading takes it away again. */
const guard = "'";
const isFormula = /^'*[=+\-@\t\r]/;

function cellOf(value: unknown): string {
  const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return typeof value === 'string' && isFormula.test(text) ? `${guard}${text}` : text;
}

/** The first line of the file, and what tells it from others. */
export const csvHeader = stringify([[...rowFields]], { record_delimiter: '\r\n' });

/** One live memory as a line; what could be taken for a formula is guarded by an apostrophe. */
export function csvLine(row: MemoryRow): string {
  return stringify([rowFields.map((field) => cellOf(row[field]))], { record_delimiter: '\r\n' });
}

/** Columns that hold JSON. */
const structured = new Set<string>(['pinned', 'metadata', 'agent_ids', 'run_ids']);

function valueIn(field: string, cell: string): unknown {
  // Spreadsheets write TRUE and FALSE.
  if (structured.has(field)) return JSON.parse(field === 'pinned' ? cell.toLowerCase() : cell);
  return cell.startsWith(guard) && isFormula.test(cell) ? cell.slice(1) : cell;
}

/** The memories of such a file; only the column `text` has to be there. Raises invalid_argument, naming the line. */
export async function* memoriesInCsv(chunks: AsyncIterable<string>, file: string): AsyncGenerator<Item> {
  const records = parse({
    columns: true,
    bom: true,
    info: true,
    relax_column_count: false,
    skip_empty_lines: true,
    max_record_size: longestElement,
  });
  const fed = feed(chunks, records);
  try {
    for await (const { record, info } of records as AsyncIterable<{ record: Record<string, string>; info: { lines: number } }>) {
      if (!('text' in record)) throw faultIn(file, 'line 1', 'there is no column "text"');
      yield rowIn(record, `the row that ends in line ${info.lines}`);
    }
    await fed;
  } catch (error) {
    if (error instanceof KeepsakeError) throw error;
    const line = isFields(error) && typeof error.lines === 'number' ? `line ${error.lines}` : 'as a whole';
    throw faultIn(file, line, messageOf(error), { cause: error });
  }
}

async function feed(chunks: AsyncIterable<string>, parser: ReturnType<typeof parse>): Promise<void> {
  try {
    for await (const chunk of chunks)
      if (!parser.write(chunk)) await new Promise<void>((resolve) => void parser.once('drain', resolve).once('close', () => resolve()));
    parser.end();
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function rowIn(record: Record<string, string>, where: string): Item {
  try {
    const cells = Object.entries(record).filter(([, cell]) => cell !== '');
    return memoryOfRow(Object.fromEntries(cells.map(([field, cell]) => [field, valueIn(field, cell)])));
  } catch (error) {
    if (!(error instanceof z.ZodError || error instanceof SyntaxError || error instanceof KeepsakeError)) throw error;
    return {
      form: 'left out',
      where,
      reason: error instanceof z.ZodError ? z.prettifyError(error).replace(/\s+/g, ' ') : messageOf(error),
    };
  }
}
