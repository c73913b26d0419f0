import { z } from 'zod';

/** How a request went: `refused` with a 4xx, `failed` without any use, `abandoned` when nobody waited for it any more. */
export type ModelOutcome = 'ok' | 'rate_limited' | 'refused' | 'failed' | 'abandoned';

/** One request to a model that is over; nothing of what was asked or answered. */
export interface ModelRequest {
  outcome: ModelOutcome;
  milliseconds: number;
  /** As the endpoint counts them; absent where it does not say. */
  promptTokens?: number | undefined;
  completionTokens?: number | undefined;
}

/** Hears of each request to a model, retries included. */
export type OnModelRequest = (request: ModelRequest) => void;

const count = z.number().nonnegative().optional().catch(undefined);
const answerShape = z.object({
  usage: z.object({
    prompt_tokens: count,
    completion_tokens: count,
    input_tokens: count,
    output_tokens: count,
    total_tokens: count,
  }),
});

/** The tokens that an answer says it took: OpenAI has two pairs of names for them, rerankers only tell the sum. */
function tokensIn(answer: unknown): Pick<ModelRequest, 'promptTokens' | 'completionTokens'> {
  const usage = answerShape.safeParse(answer).data?.usage;
  if (!usage) return {};
  const completionTokens = usage.completion_tokens ?? usage.output_tokens;
  return { promptTokens: usage.prompt_tokens ?? usage.input_tokens ?? usage.total_tokens, completionTokens };
}

/** What a status says of a request; undefined stands for none. */
export function outcomeOf(status: number | undefined): ModelOutcome {
  if (status === undefined || status >= 500) return 'failed';
  if (status === 429) return 'rate_limited';
  return status >= 400 ? 'refused' : 'ok';
}

/** Begins to time a request; what it returns is told once how it ended, with the answer's body if there is one. */
export function timedRequest(onRequest: OnModelRequest | undefined): (outcome: ModelOutcome, answer?: unknown) => void {
  const start = performance.now();
  return (outcome, answer) => onRequest?.({ outcome, milliseconds: performance.now() - start, ...tokensIn(answer) });
}
