import { KeepsakeError } from '../core/errors.js';
import { firstSignal } from '../core/first-signal.js';
import type { Keepsake } from '../core/keepsake.js';
import type { Principal } from '../core/principal.js';
import type { FairQueue, Turn } from '../fair-queue.js';
import type { Confirmation, Tool, ToolContext } from '../tools/tool.js';
import type { Exchange } from './exchange.js';
import { createTimeLimit } from './time-limit.js';

/** One call as the work on it begins. */
export interface BegunCall {
  exchange: Exchange;
  callId: string;
  /** The user that it names, if any. */
  userId?: unknown;
}

/** Does what a tool is for: for who may, when it is their turn, within the tool's time limit. Raises KeepsakeErrors. */
export type InContext = <T>(tool: Tool, call: BegunCall, work: (context: ToolContext) => Promise<T>) => Promise<T>;

/** Makes the context that the work on a call runs in; without `queue` nobody waits for a turn. */
export function createInContext({ keepsake, queue }: { keepsake: () => Promise<Keepsake>; queue?: FairQueue }): InContext {
  return async (tool, { exchange, callId, userId }, work) => {
    requireRight(exchange.principal, tool);
    const limit = createTimeLimit(tool.timeLimit);
    const signal = firstSignal(exchange.signal, limit.signal);
    const { confirmation } = exchange;
    const inTurn = async (turn: Turn) => {
      // The client's user does not have to hurry.
      const ask: Confirmation['ask'] | undefined =
        confirmation && ((question, token) => limit.pausedFor(() => turn.aside(() => confirmation.ask(question, token))));
      return work({ ...exchange, keepsake: await keepsake(), callId, signal, confirmation: ask && { ...confirmation, ask } });
    };
    try {
      return await (queue ? queue.run(callerOf(exchange.principal, userId), signal, inTurn) : inTurn(alone));
    } finally {
      limit.end();
    }
  };
}

/** The turn of a call that nobody else waits for. */
const alone: Turn = { aside: (wait) => wait() };

/** Whose turn a call takes: its user's, with whichever token it came; of a token for any user each has turns of their own. */
function callerOf({ id, user, anyUser }: Principal, userId: unknown): string {
  const named = anyUser && typeof userId === 'string' ? userId : user;
  return named === undefined ? `token ${id}` : `user ${named}`;
}

/** Raises space_refused where the caller may not do what a tool does. */
function requireRight({ rights }: Principal, { name, right }: Tool): void {
  if (rights.has(right)) return;
  throw new KeepsakeError('space_refused', `This caller may not call ${name}: its token lacks the scope ${right}.`);
}
