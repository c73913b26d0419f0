import type { RecallAnswer, RecalledMemory, RememberResult } from './answers.js';
import { type Background, backgroundOf } from './conversation-background.js';
import { createOutcomes } from './conversation-outcomes.js';
import { type Exchange, latestExchanges, messagesOf, systemMessage } from './conversation-prompt.js';
import type { Call, Scope } from './core.js';
import { cut } from './cut.js';
import { messageOf } from './errors.js';
import type { Keepsake } from './keepsake.js';
import { type ChatModel, type Clock, ModelError } from './ports.js';
import type { RecallRequest } from './recall-request.js';
import { formatInstant } from './time/instants.js';

/** Where and as whom a conversation is held. */
export interface ConversationOptions {
  /** What is said is remembered in the first of these spaces; all of them are recalled from. */
  spaces: Scope;
  /** The labels of all its calls; one run a conversation. */
  call: { run_id: string; client?: string | undefined; agent_id?: string | undefined };
  newCallId: () => string;
  clock: Clock;
  /** IANA name or offset. */
  zone: string;
  /** Bounds of what the model is shown beside the user's words, in estimated tokens: 2,000 of memories, 8,000 of earlier turns. */
  memoryTokens?: number | undefined;
  historyTokens?: number | undefined;
}

/** What came of one turn. */
export interface Said {
  /** As far as it came: empty or incomplete where `error` or `stopped` says so. */
  answer: string;
  /** The memories that the model was shown. */
  memories: RecalledMemory[];
  /** What was remembered since it was last told, of earlier turns too. */
  remembered: RememberResult[];
  /** What the turn had to do without. */
  degraded: string[];
  /** Why there is no whole answer, in one line. */
  error?: string;
  /** The signal of the turn was raised before the answer was complete. */
  stopped: boolean;
}

/** What became of earlier turns. */
export type News = Pick<Said, 'remembered' | 'degraded'> & { waiting: number };

/** A conversation with a model that has a memory. Its turns follow one another. */
export interface Conversation {
  /**
   * Answers what the user says; resolves once it is safe in the history, whether or not the model answered. Memory
   * that cannot be read or written is in `degraded`.
   */
  say(text: string, options: { onPiece?: (piece: string) => void; signal: AbortSignal }): Promise<Said>;
  /** What was remembered and is not told yet, and how many turns are still to be worked through. */
  news(signal: AbortSignal): Promise<News>;
}

/** Characters of one turn that are remembered at most, and that are searched for. */
const longestInput = 200_000;
const longestQuery = 4000;
/** Memories that a search may bring, and the standing picture. */
const mostHits = 10;
const mostStanding = 40;

/** Starts a conversation: nothing is asked or written before the first turn. */
export function createConversation(keepsake: Keepsake, model: ChatModel, options: ConversationOptions): Conversation {
  const { spaces, clock, zone, memoryTokens = 2000, historyTokens = 8000 } = options;
  const outcomes = createOutcomes(keepsake, { scope: spaces, run_id: options.call.run_id });
  let exchanges: Exchange[] = [];

  const newCall = (signal: AbortSignal): Call => ({ ...options.call, id: options.newCallId(), signal });
  const now = () => formatInstant(clock.now(), zone);

  /** What is known that bears on the words; those of the turn before too, since "and since when?" finds nothing by itself. */
  async function recalled(text: string, signal: AbortSignal): Promise<Background> {
    const recall = (request: Partial<RecallRequest>) => keepsake.recall({ spaces, limit: mostHits, ...request }, newCall(signal));
    const before = exchanges.at(-1)?.user;
    try {
      const [profile, found, earlier] = await Promise.all([
        recall({ profile: true, limit: mostStanding }),
        recall({ query: cut(text, longestQuery) }),
        before === undefined ? { memories: [] } : recall({ query: cut(before, longestQuery) }),
      ]);
      const degraded = [profile, found, earlier].flatMap((answer: RecallAnswer) => answer.degraded ?? []);
      const hits = [...found.memories, ...earlier.memories];
      const shown = backgroundOf({ hits, profile: profile.memories }, { ownSpace: spaces[0], maxTokens: memoryTokens });
      return { ...shown, degraded: [...new Set(degraded)] };
    } catch (error) {
      // Whatever it is: a conversation goes on without its memory, and says so.
      return { memories: [], lines: [], degraded: signal.aborted ? [] : [`nothing could be recalled: ${messageOf(error)}`] };
    }
  }

  /** Resolves with what went wrong: the words stay in the conversation all the same. */
  async function remembered({ user, assistant }: Exchange, at: string): Promise<string[]> {
    if (user.length > longestInput) return [`this turn could not be remembered: it has more than ${longestInput} characters`];
    // Not the turn's signal: what was said is kept although its answer was stopped.
    const call = newCall(new AbortController().signal);
    const answered =
      assistant === '' || user.length + assistant.length > longestInput ? [] : [{ role: 'assistant' as const, content: assistant }];
    try {
      const turns = [{ role: 'user' as const, content: user }, ...answered];
      const request = { space: spaces[0], form: 'messages' as const, turns, infer: true, kind: 'observation' as const, at, wait: false };
      outcomes.add(await keepsake.remember(request, call), call.id, at);
      return [];
    } catch (error) {
      return [`this turn could not be remembered: ${messageOf(error)}`];
    }
  }

  async function news(signal: AbortSignal): Promise<News> {
    try {
      const results = await outcomes.take(newCall(signal));
      return { remembered: results, degraded: [], waiting: outcomes.waiting };
    } catch (error) {
      return { remembered: [], degraded: [`what was remembered cannot be told: ${messageOf(error)}`], waiting: outcomes.waiting };
    }
  }

  return {
    async say(text, { onPiece, signal }) {
      const at = now();
      const background = await recalled(text, signal);
      exchanges = latestExchanges(exchanges, historyTokens);
      const messages = messagesOf(systemMessage(background.lines, { now: clock.now(), zone }), exchanges, text);
      const exchange: Exchange = { user: text, assistant: '' };
      let failure: ModelError | undefined;
      try {
        for await (const piece of model.stream(messages, signal)) {
          exchange.assistant += piece;
          onPiece?.(piece);
        }
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        failure = error;
      }
      exchanges.push(exchange);
      const lost = await remembered(exchange, at);
      const since = await news(new AbortController().signal);
      const stopped = failure !== undefined && signal.aborted;
      return {
        answer: exchange.assistant,
        memories: background.memories,
        remembered: since.remembered,
        degraded: [...background.degraded, ...lost, ...since.degraded],
        ...(failure && !stopped ? { error: failure.message.replaceAll(/\s+/g, ' ') } : {}),
        stopped,
      };
    },
    news,
  };
}
