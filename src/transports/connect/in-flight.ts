import { isObject } from '../message.js';
import type { Answer, Request } from './message.js';

/** A request of the client that is under way. */
export interface Pending {
  readonly request: Request;
  /** Raised when the client wants it no more. */
  readonly signal: AbortSignal;
  /** Whether nobody waits for an answer any more. */
  isOver: boolean;
  /** What the client was answered. */
  answer?: Answer;
  /** Resolves when the remote has begun to answer. */
  readonly accepted: Promise<void>;
  accept(): void;
  cut(): void;
}

/** The requests of the client that have not been answered yet. */
export interface InFlight {
  begin(request: Request): Pending;
  /** Takes the request that an answer is for out; undefined if nobody waits for it. */
  settle(answer: Answer): Pending | undefined;
  /** Takes a request out that needs no answer any more. */
  drop(id: string | number): Pending | undefined;
  all(): Pending[];
  /** Whether carrying a request out once more does no harm. */
  isRepeatable(request: Request): boolean;
}

/** Keeps the requests that are under way, and learns from tools/list which tools only read. */
export function createInFlight(): InFlight {
  const entries = new Map<string | number, Pending>();
  const readers = new Set<unknown>();

  function drop(id: string | number): Pending | undefined {
    const pending = entries.get(id);
    if (pending) pending.isOver = true;
    entries.delete(id);
    return pending;
  }

  return {
    begin(request) {
      const ending = new AbortController();
      let accept: () => void = () => undefined;
      const accepted = new Promise<void>((resolve) => {
        accept = resolve;
      });
      const cut = () => ending.abort(new Error('the client wants it no more'));
      const pending = { request, signal: ending.signal, isOver: false, accepted, accept, cut };
      entries.set(request.id, pending);
      return pending;
    },
    settle(answer) {
      const pending = drop(answer.id);
      if (!pending) return undefined;
      pending.answer = answer;
      if (pending.request.method === 'tools/list' && 'result' in answer)
        for (const name of readersAmong(answer.result.tools)) readers.add(name);
      return pending;
    },
    drop,
    all: () => [...entries.values()],
    isRepeatable: ({ method, params }) => method !== 'tools/call' || readers.has(params?.name),
  };
}

/** Names of the tools that say of themselves that they change nothing. */
function readersAmong(tools: unknown): unknown[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool) =>
    isObject(tool) && isObject(tool.annotations) && tool.annotations.readOnlyHint === true ? [tool.name] : [],
  );
}
