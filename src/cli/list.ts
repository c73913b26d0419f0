import type { HistoryEvent, RecallAnswer } from '../core/answers.js';
import { firstSignal } from '../core/first-signal.js';
import { callOf } from '../tools/call.js';
import recallTool from '../tools/recall.js';
import { searchedSpaces } from '../tools/spaces.js';
import { printReply } from './answer.js';
import { type Flags, type Run, UsageError } from './command.js';
import { nothingYet, withNextPage } from './command-words.js';
import { eventLine, recalledPage } from './memory-page.js';
import { isForPeople, styled } from './terminal.js';
import { toolArguments } from './tool-arguments.js';
import { type ToolCalls, withCommandCalls } from './tool-calls.js';

const mostTokens = 20_000;
/** Events that are read at a time when something has changed. */
const mostEvents = 200;

/**
 * Lists memories, newest first; with --watch each change, too, by whatever program, until the signal is raised. Resolves
 * with the exit code 0. Raises UsageError and KeepsakeErrors.
 */
export async function list({ config, flags, json, signal }: Run, version: string): Promise<number> {
  const { watch, kind, cursor } = flags;
  if (watch && cursor !== undefined) throw new UsageError('--watch begins with the newest; leave --cursor out');
  const given = {
    max_tokens: mostTokens,
    ...toolArguments(flags, ['watch', 'kind']),
    ...(kind === undefined ? {} : { filters: { kind } }),
  };
  return withCommandCalls(config, { version, signal }, async (calls) => {
    const watching = watch ? await startWatching(calls, flags.project) : undefined;
    const reply = await calls.call<RecallAnswer>(recallTool, given);
    // One answer a line, since more follow.
    if (watch && json) process.stdout.write(`${JSON.stringify(reply.structured)}\n`);
    else {
      const nothing = nothingIn(flags, config.home);
      const page = (answer: RecallAnswer) => recalledPage(answer, { now: Date.now(), nothing });
      const piped = (text: string, answer: RecallAnswer) =>
        answer.memories.length === 0 ? text.replace(/^.*/, () => nothing) : withNextPage(text, answer);
      printReply(reply, { json, page, piped });
    }
    await watching?.until(firstSignal(signal, readerGone()), (event) =>
      process.stdout.write(`${json ? JSON.stringify(event) : eventLine(event)}\n`),
    );
    return 0;
  });
}

const nothingIn = (flags: Flags, home: string) =>
  Object.keys(flags).some((name) => name !== 'watch' && name !== 'limit') ? 'Nothing of this is remembered.' : nothingYet(home);

/** Raised when nobody reads what is printed any more, such as head once it has seen enough. */
function readerGone(): AbortSignal {
  const gone = new AbortController();
  process.stdout.once('error', () => gone.abort());
  return gone.signal;
}

interface Watching {
  /** Tells of each change since the watching began, in order, until the signal is raised. Raises KeepsakeErrors. */
  until(signal: AbortSignal, tell: (event: HistoryEvent) => void): Promise<void>;
}

async function startWatching({ app, within }: ToolCalls, project: unknown): Promise<Watching> {
  const named = typeof project === 'string' ? { project } : {};
  const spaces = await within(recallTool, (context) => searchedSpaces(named, context));
  const latest = (limit: number, cursor?: string) =>
    within(recallTool, (context) => context.keepsake.history({ scope: spaces, limit, cursor }, callOf({}, context)));
  /** What is newer than an event, oldest first. */
  const since = async (last: string | undefined) => {
    const fresh: HistoryEvent[] = [];
    let cursor: string | undefined;
    do {
      const { events, next_cursor } = await latest(mostEvents, cursor);
      const known = events.findIndex(({ event_id }) => event_id === last);
      fresh.push(...(known === -1 ? events : events.slice(0, known)));
      cursor = known === -1 ? next_cursor : undefined;
    } while (cursor !== undefined);
    return fresh.reverse();
  };
  let wake: () => void = () => undefined;
  let isChanged = false;
  const stop = await app.keepsake.watch({ spaces }, () => {
    isChanged = true;
    wake();
  });
  let last = (await latest(1)).events[0]?.event_id;
  return {
    async until(signal, tell) {
      if (isForPeople()) process.stderr.write(`${styled('dim', 'Each change follows as it happens; Ctrl-C ends.')}\n`);
      // What is watched may change without this process having anything else to do.
      const alive = setInterval(() => undefined, 60_000);
      signal.addEventListener('abort', () => wake(), { once: true });
      try {
        while (!signal.aborted) {
          if (!isChanged) await new Promise<void>((resolve) => (wake = resolve));
          if (!isChanged) continue;
          isChanged = false;
          for (const event of await since(last)) {
            tell(event);
            last = event.event_id;
          }
        }
      } finally {
        clearInterval(alive);
        stop();
      }
    },
  };
}
