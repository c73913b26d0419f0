import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../app.js';
import { type Conversation, createConversation } from '../core/conversation.js';
import type { Scope } from '../core/core.js';
import { KeepsakeError } from '../core/errors.js';
import type { ChatModel } from '../core/ports.js';
import type { ChatOptions } from './arguments.js';
import type { ChatAnswer } from './open-keepsake.js';

/** Conversations whose turns are held; of those that were spoken in longer ago only the memories stay. */
const mostConversations = 100;
/** Milliseconds that what becomes of a turn is waited for, and between two looks. */
const settleLimit = 60_000;
const settleStep = 100;

const noModel =
  'chat needs a model: give openKeepsake an apiKey for OpenAI, a baseUrl for another endpoint, or a model of your own as models.chat.';

/** Holds conversations, each under its run, turn after turn. */
export interface Chats {
  /** Answers what is said in the conversation of these spaces, agent and run. Raises invalid_argument without a model. */
  say(text: string, spaces: Scope, options: ChatOptions): Promise<ChatAnswer>;
}

interface Held {
  conversation: Conversation;
  /** The turn that is under way. */
  last: Promise<unknown>;
}

/** Starts with no conversation; `client` names the program in the history. */
export function createChats({ core, keepsake, config }: App, { model, client }: { model: ChatModel | undefined; client: string }): Chats {
  const held = new Map<string, Held>();
  const usualRun = `chat-${core.ids.event()}`;

  function heldOf(chatModel: ChatModel, spaces: Scope, { agent_id, run_id = usualRun }: ChatOptions): Held {
    const key = JSON.stringify([spaces, agent_id, run_id]);
    const found = held.get(key) ?? {
      conversation: createConversation(keepsake, chatModel, {
        spaces,
        call: { run_id, agent_id, client },
        newCallId: core.ids.event,
        clock: core.clock,
        zone: config.zone,
      }),
      last: Promise.resolve(),
    };
    held.delete(key);
    held.set(key, found);
    const [oldest] = held.keys();
    if (held.size > mostConversations && oldest !== undefined) held.delete(oldest);
    return found;
  }

  async function answered(conversation: Conversation, text: string, options: ChatOptions): Promise<ChatAnswer> {
    const { onPiece, wait, signal = new AbortController().signal } = options;
    const said = await conversation.say(text, { ...(onPiece ? { onPiece } : {}), signal });
    const answer: ChatAnswer = { ...said, waiting: 0 };
    const deadline = performance.now() + settleLimit;
    for (;;) {
      const news = await conversation.news(new AbortController().signal);
      answer.remembered.push(...news.remembered);
      answer.waiting = news.waiting;
      // A model that gave no answer will not read anything now either.
      const isHopeless = signal.aborted || said.error !== undefined || performance.now() > deadline;
      if (!wait || news.waiting === 0 || isHopeless) return { ...answer, degraded: [...new Set([...answer.degraded, ...news.degraded])] };
      await pause(settleStep);
    }
  }

  return {
    async say(text, spaces, options) {
      if (!model) throw new KeepsakeError('invalid_argument', noModel);
      if (typeof text !== 'string' || text.trim() === '')
        throw new KeepsakeError('invalid_argument', 'chat needs what the user says, as a text that is not empty.');
      const turns = heldOf(model, spaces, options);
      const turn = turns.last.then(() => answered(turns.conversation, text, options));
      turns.last = turn.catch(() => undefined);
      return turn;
    },
  };
}
