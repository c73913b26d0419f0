import type { HistoryAnswer } from '../core/answers.js';
import historyTool from '../tools/memory-history.js';
import { printReply } from './answer.js';
import type { Run } from './command.js';
import { nothingYet, withNextPage } from './command-words.js';
import { historyPage } from './memory-page.js';
import { toolArguments } from './tool-arguments.js';
import { withCommandCalls } from './tool-calls.js';

/** Changes that a person is shown at once. */
const shownAtOnce = 20;

/**
 * Prints what happened to one memory, oldest first, or to all, newest first. Resolves with the exit code 0. Raises
 * UsageError and KeepsakeErrors, among them memory_not_found.
 */
export async function history({ config, args: [memory_id], flags, json, signal }: Run, version: string): Promise<number> {
  const { event, ...others } = flags;
  const given = {
    ...(memory_id === undefined && others.limit === undefined ? { limit: shownAtOnce } : {}),
    ...toolArguments(others),
    ...(event === undefined ? {} : { events: [event].flat() }),
    ...(memory_id === undefined ? {} : { memory_id }),
  };
  return withCommandCalls(config, { version, signal }, async ({ call }) => {
    const isNarrowed = memory_id !== undefined || Object.keys(flags).some((name) => name !== 'limit');
    const nothing = isNarrowed ? 'Nothing of this is in the history.' : nothingYet(config.home);
    const page = ({ events, next_cursor }: HistoryAnswer) => historyPage(events, { now: Date.now(), nothing, cursor: next_cursor });
    const piped = (text: string, answer: HistoryAnswer) => (answer.events.length === 0 ? nothing : withNextPage(text, answer));
    printReply(await call<HistoryAnswer>(historyTool, given), { json, page, piped });
    return 0;
  });
}
