import { openApp } from '../app.js';
import type { Config } from '../config.js';
import type { MergedSpace } from '../core/merge/merge-into.js';
import { createLogger } from '../logger.js';
import { plain, styled } from './terminal.js';

/** What `merge` is run with. */
export interface MergeOptions {
  /** A log, a home or its history folder. */
  path: string;
  json: boolean;
  signal: AbortSignal;
}

const counted = (count: number, one: string, many: string) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]);

function lineOf({ space, received, settled, joined, blanked }: MergedSpace): string {
  const parts = [
    ...counted(received, 'event came in', 'events came in'),
    ...counted(settled, 'conflict settled', 'conflicts settled'),
    ...counted(joined, 'double joined', 'doubles joined'),
    ...counted(blanked, 'event lost words that were removed there', 'events lost words that were removed there'),
  ];
  return `${styled('bold', space)}: ${parts.length > 0 ? parts.join(', ') : 'nothing new'}`;
}

/**
 * Unites the history of another home into this one, space by space, and prints a line for each as it is done, or with
 * `json` all of them as data at the end. Resolves with the exit code: 0, or 1 where parts of the other history are damaged
 * or missing and were left out. Raises KeepsakeErrors, among them update_needed for a log of a newer program, before
 * anything is changed.
 */
export async function merge(config: Config, { path, json, signal }: MergeOptions): Promise<number> {
  const app = await openApp(config, { logger: createLogger(config.logLevel) });
  const spaces: MergedSpace[] = [];
  const problems: string[] = [];
  try {
    for await (const { merged, problems: found } of app.exchange.mergeFrom(path, signal)) {
      spaces.push(merged);
      problems.push(...found);
      if (!json) process.stdout.write(`${[lineOf(merged), ...found.map((each) => styled('yellow', plain(`  ${each}`)))].join('\n')}\n`);
    }
    if (json) process.stdout.write(`${JSON.stringify({ spaces, problems }, undefined, 2)}\n`);
    // What is damaged was left out, and must not be taken for saved.
    return problems.length > 0 ? 1 : 0;
  } finally {
    await app.close();
  }
}
