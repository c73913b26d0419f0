import { openApp } from '../app.js';
import type { Config } from '../config.js';
import type { Left, Undone } from '../core/undo.js';
import { createLogger } from '../logger.js';
import { raiseInCommandWords } from './command-words.js';
import { programName } from './program-name.js';
import { plain, styled } from './terminal.js';

/** What `undo` is run with. */
export interface UndoOptions {
  callId: string;
  version: string;
  json: boolean;
  signal: AbortSignal;
}

/** Changes of one kind that are shown to people; programs get all of them. */
const mostLines = 50;

const undoneAs = { DELETE: 'forgotten', RESTORE: 'brought back' };

function undoneLine({ space, id, event, memory }: Undone): string {
  return `${styled('green', undoneAs[event].padEnd(12))}  ${id}  ${plain(JSON.stringify(memory))}  ${styled('dim', space)}`;
}

function leftLine({ space, id, event, reason }: Left): string {
  return `${styled('yellow', 'left'.padEnd(12))}  ${[id, `${event}: ${reason}`].filter(Boolean).join('  ')}  ${styled('dim', space)}`;
}

function shown(lines: string[]): string[] {
  return lines.length > mostLines ? [...lines.slice(0, mostLines), `and ${lines.length - mostLines} more, which --json lists`] : lines;
}

/**
 * Takes back what one call changed and prints a line for each change, or with `json` the same as data. Resolves with
 * the exit code 0, also when a change was left. Raises KeepsakeErrors, among them invalid_argument for an unknown call.
 */
export async function undo(config: Config, { callId, version, json, signal }: UndoOptions): Promise<number> {
  const app = await openApp(config, { logger: createLogger(config.logLevel) });
  try {
    const call = { id: app.core.ids.event(), client: `keepsake-mcp/${version}`, signal };
    const answer = await app.keepsake.undo(callId, call).catch(raiseInCommandWords);
    const lines = [...shown(answer.undone.map(undoneLine)), ...shown(answer.left.map(leftLine))];
    const counts = `${answer.undone.length} taken back${answer.left.length > 0 ? `, ${answer.left.length} left` : ''}`;
    const end =
      answer.undone.length > 0 ? `${counts}. To undo this in turn: ${programName()} undo ${answer.call_id}` : 'Nothing was changed.';
    process.stdout.write(json ? `${JSON.stringify(answer, undefined, 2)}\n` : `${[...lines, end].join('\n')}\n`);
    return 0;
  } finally {
    await app.close();
  }
}
