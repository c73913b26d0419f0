import { readFile, writeFile } from 'node:fs/promises';
import { cpus, platform } from 'node:os';

const page = new URL('../../docs/quality.md', import.meta.url);

/** The day and the machine of a measurement: "2026-11-20, Linux, 2 × CPU, Node 20.1.0". */
export function circumstances() {
  const cores = cpus();
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${platform()}, ${cores.length} × ${cores[0].model.trim()}, Node ${process.versions.node}`;
}

/** A table in Markdown; what is a number stands to the right. */
export function markdown(headings, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = headings.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(headings), line(rule), ...rows.map(line)].join('\n');
}

/** Puts `content` between `<!-- measured: NAME -->` and `<!-- end: NAME -->` of docs/quality.md. */
export async function updatePage(name, content) {
  const text = await readFile(page, 'utf8');
  const [start, end] = [`<!-- measured: ${name} -->`, `<!-- end: ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/quality.md has no section ${start} ... ${end}`);
  await writeFile(page, `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`);
}
