import { setTimeout as pause } from 'node:timers/promises';
import { openApp } from '../app.js';
import type { Config } from '../config.js';
import { createChatModel } from '../configured-models.js';
import { type Conversation, createConversation, type Said } from '../core/conversation.js';
import type { Call } from '../core/core.js';
import { KeepsakeError, messageOf } from '../core/errors.js';
import { ModelError } from '../core/ports.js';
import { ownSpaces } from '../core/space.js';
import { currentProject } from '../current-project.js';
import { createLogger } from '../logger.js';
import { type ChatSession, commandIn, runChatCommand } from './chat-commands.js';
import { openChatInput } from './chat-input.js';
import { type ChatPage, createJsonPage, createReadablePage } from './chat-page.js';
import { styled } from './terminal.js';

/** Milliseconds that turns which a model still works through get at the end; what is not done by then goes on later. */
const settleLimit = 10_000;
const settleStep = 200;

const noModel =
  'chat needs a model: set OPENAI_API_KEY for OpenAI, or OPENAI_BASE_URL for another endpoint, in the environment or in config.json.';

/**
 * Holds a conversation on stdin and stdout, a line a turn, until the input ends. Resolves with the exit code: 1 without a
 * model, and where a turn of piped input got no whole answer. Raises KeepsakeErrors when the home cannot be opened.
 */
export async function chat(config: Config, { version, json }: { version: string; json: boolean }): Promise<number> {
  // Log lines between the lines of a conversation are for those who look for a fault.
  const logger = createLogger(config.logLevel === 'debug' ? 'debug' : 'error');
  const model = createChatModel(config);
  if (!model) {
    process.stderr.write(`keepsake-mcp: ${noModel}\n`);
    return 1;
  }
  const app = await openApp(config, { logger });
  const { keepsake, core } = app;
  const project = await currentProject(config, []);
  const spaces = ownSpaces(config.user, project);
  const warmth = app
    .warmUp(project)
    .catch((error: unknown) => logger.warn('the home cannot be looked after', { reason: messageOf(error) }));
  const labels = { run_id: `chat-${core.ids.event()}`, client: `keepsake-mcp/${version}` };
  const conversation = createConversation(keepsake, model, {
    spaces,
    call: labels,
    newCallId: core.ids.event,
    clock: core.clock,
    zone: config.zone,
  });
  const newCall = (signal: AbortSignal): Call => ({ ...labels, id: core.ids.event(), signal });
  try {
    const isInteractive = process.stdin.isTTY && process.stdout.isTTY && !json;
    const page = json ? createJsonPage() : createReadablePage();
    const isWhole = await converse({ conversation, page, keepsake, spaces, newCall, isInteractive });
    return isWhole || isInteractive ? 0 : 1;
  } finally {
    await warmth;
    await app.close();
  }
}

interface Parts extends Pick<ChatSession, 'keepsake' | 'spaces'> {
  conversation: Conversation;
  page: ChatPage;
  newCall: (signal: AbortSignal) => Call;
  isInteractive: boolean;
}

/** Takes turns until the input is over. Resolves with whether every answer came whole. */
async function converse({ conversation, page, keepsake, spaces, newCall, isInteractive }: Parts): Promise<boolean> {
  const input = openChatInput({ isInteractive, onStop: () => page.note('\nctrl-C once more ends, and so does ctrl-D') });
  let last: Said | undefined;
  let isWhole = true;

  async function say(text: string): Promise<void> {
    const signal = input.begin();
    if (isInteractive) page.news(await conversation.news(signal));
    last = await conversation.say(text, { onPiece: page.piece, signal });
    isWhole &&= last.error === undefined;
    page.said(text, last);
  }
  /** Resolves with false when the conversation is over. */
  async function obey(command: { name: string; argument: string }): Promise<boolean> {
    const signal = input.begin();
    const session: ChatSession = {
      keepsake,
      spaces,
      newCall: () => newCall(signal),
      memories: () => last?.memories ?? [],
      async ask(shown, question) {
        page.command(command.name, shown);
        if (!isInteractive) page.note(question);
        const reply = await input.next(question);
        return signal.aborted ? undefined : reply;
      },
    };
    try {
      const answer = await runChatCommand(command, session);
      page.command(command.name, answer);
      return answer.ends !== true;
    } catch (error) {
      if (!(error instanceof KeepsakeError || error instanceof ModelError || signal.aborted)) throw error;
      const message = signal.aborted ? 'stopped' : messageOf(error);
      page.command(command.name, { lines: [message], data: { error: message } });
      return true;
    }
  }
  /** Waits for what a model still makes of the last turns: the next conversation should know it. */
  async function settle(): Promise<void> {
    const signal = input.begin();
    const deadline = performance.now() + settleLimit;
    for (;;) {
      const news = await conversation.news(new AbortController().signal);
      page.news(news);
      const { waiting } = news;
      if (waiting === 0) return;
      // A model that gave no answer will not read anything now either.
      if (signal.aborted || last?.error !== undefined || performance.now() > deadline) {
        page.note(`${waiting} ${waiting === 1 ? 'turn is' : 'turns are'} saved and will be worked through when Keepsake runs next`);
        return;
      }
      await pause(settleStep);
    }
  }

  try {
    if (isInteractive) page.note('A conversation with memory. /help shows the commands, ctrl-D ends.');
    for (;;) {
      const line = await input.next(styled('cyan', 'you> '));
      if (line === undefined) break;
      if (line.trim() === '') continue;
      const command = commandIn(line);
      if (command === undefined) await say(line.trim());
      else if (!(await obey(command))) break;
    }
    await settle();
    return isWhole;
  } finally {
    input.close();
  }
}
