import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { type App, openApp } from '../app.js';
import { type Config, ConfigError } from '../config.js';
import { KeepsakeError, messageOf } from '../core/errors.js';
import type { Space } from '../core/ports.js';
import { isLive } from '../core/projection.js';
import { projectSpace, userSpace } from '../core/space.js';
import { csvHeader, csvLine } from '../formats/memory-csv.js';
import { markdownMark, markdownOf } from '../formats/memory-markdown.js';
import { type MemoryRow, rowOf } from '../formats/memory-row.js';
import { createLogger } from '../logger.js';
import type { Flags } from './command.js';
import { createProgress } from './progress.js';
import { plain } from './terminal.js';

const formats = ['jsonl', 'json', 'markdown', 'csv'] as const;
type Format = (typeof formats)[number];

/** What `export` is run with. */
export interface ExportOptions {
  flags: Flags;
  json: boolean;
  signal: AbortSignal;
}

/**
 * Writes what a home remembers to stdout or a file: the whole history as JSON lines or JSON, or its live memories as
 * Markdown or CSV. Resolves with the exit code: 0, or 1 where the history is damaged and something is missing. Raises ConfigError for wrong flags, invalid_argument for a file that
 * cannot be written.
 */
export async function exportMemories(config: Config, { flags, json, signal }: ExportOptions): Promise<number> {
  const format = formatOf(flags, json);
  const { output } = flags;
  const app = await openApp(config, { logger: createLogger(config.logLevel), onlooker: true });
  const progress = createProgress('exporting');
  try {
    const spaces = await spacesOf(app, flags);
    const total = await eventsIn(app, spaces);
    let lines = 0;
    async function* counted(): AsyncGenerator<string> {
      for await (const text of textOf(app, spaces, format)) {
        signal.throwIfAborted();
        lines += 1;
        if (lines % 1000 === 0) progress.update(Math.min(lines, total), total);
        yield text;
      }
    }
    if (typeof output === 'string') await writeFile(output, counted());
    else await writeOut(counted());
    const damages = app.problems();
    for (const problem of damages) process.stderr.write(`not everything could be exported: ${plain(problem)}; see keepsake-mcp verify\n`);
    // A backup that lacks something without a word is worse than none.
    return damages.length > 0 ? 1 : 0;
  } finally {
    progress.end();
    await app.close();
  }
}

function formatOf({ format }: Flags, json: boolean): Format {
  const known = formats.find((each) => each === format);
  if (format !== undefined && known === undefined)
    throw new ConfigError(`--format ${JSON.stringify(format)} is not known; known are ${formats.join(', ')}.`);
  return known ?? (json ? 'json' : 'jsonl');
}

async function spacesOf(app: App, { user, project, 'all-spaces': all }: Flags): Promise<Space[]> {
  const named = [...(typeof user === 'string' ? [userSpace(user)] : []), ...(typeof project === 'string' ? [projectSpace(project)] : [])];
  if (all && named.length > 0) throw new ConfigError('--all-spaces means every space: leave --user and --project out.');
  const known = (await app.keepsake.spaces()).sort();
  const missing = named.find((space) => !known.includes(space));
  if (missing !== undefined)
    throw new KeepsakeError('invalid_argument', `There is no history of ${missing}; keepsake-mcp stats lists the spaces of this home.`);
  return named.length > 0 ? named : known;
}

async function eventsIn(app: App, spaces: readonly Space[]): Promise<number> {
  let events = 0;
  for (const space of spaces) events += await app.core.spaces.open(space).read(({ projection }) => projection.position.sequence);
  return events;
}

async function* textOf(app: App, spaces: readonly Space[], format: Format): AsyncGenerator<string> {
  switch (format) {
    case 'jsonl':
      for await (const line of app.exchange.exportLines(spaces)) yield `${line}\n`;
      return;
    case 'json': {
      let before = '[\n';
      for await (const line of app.exchange.exportLines(spaces)) {
        yield `${before}${line}`;
        before = ',\n';
      }
      yield '\n]\n';
      return;
    }
    case 'markdown':
      yield `${markdownMark}\n\n# Memories\n`;
      for (const space of spaces) {
        const rows = await rowsIn(app, space);
        const texts = new Map(rows.map(({ id, text }) => [id, text]));
        yield* markdownOf(space, rows, (id) => texts.get(id));
      }
      return;
    case 'csv':
      yield csvHeader;
      for (const space of spaces) for (const row of await rowsIn(app, space)) yield csvLine(row);
      return;
    default:
      format satisfies never;
  }
}

/** The live memories of a space, oldest first. */
function rowsIn(app: App, space: Space): Promise<MemoryRow[]> {
  const now = app.core.clock.now();
  return app.core.spaces
    .open(space)
    .read(({ projection }) => [...projection.memories.values()].filter((memory) => isLive(memory, now)).map(rowOf));
}

async function writeOut(texts: AsyncIterable<string>): Promise<void> {
  for await (const text of texts) {
    // A reader that has seen enough is gone.
    if (process.stdout.destroyed) return;
    if (!process.stdout.write(text)) await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]);
  }
}

/** Into a new file that only its owner can read; one that is there is not written over, and half a one is not left. Raises invalid_argument. */
export async function writeFile(path: string, texts: AsyncIterable<string>): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw new KeepsakeError('invalid_argument', `${path} cannot be written (${messageOf(error)}); name a new file that is not there yet.`, {
      cause: error,
    });
  });
  try {
    for await (const text of texts) await file.appendFile(text);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
