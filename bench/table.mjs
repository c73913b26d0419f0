/** Lines of a table of texts and numbers: names to the left, numbers to the right. */
export function table(headings, rows) {
  const cells = [headings, ...rows].map((row) => row.map((cell) => (typeof cell === 'number' ? decimal(cell) : String(cell ?? '-'))));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const isNumber = headings.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const lines = cells.map((row) =>
    row.map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))),
  );
  return lines.map((row) => `  ${row.join('  ')}`.trimEnd()).join('\n');
}

/** As many digits as a noisy machine deserves. */
function decimal(number) {
  if (!Number.isFinite(number)) return '-';
  return number.toFixed(Number.isInteger(number) || Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : 2);
}
