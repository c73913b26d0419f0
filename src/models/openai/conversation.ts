import type OpenAI from 'openai';
import { z } from 'zod';
import { messageOf } from '../../core/errors.js';
import { type ChatMessage, type ChatModel, ModelError } from '../../core/ports.js';
import type { ModelOutcome } from '../model-request.js';
import { EndpointError, type OpenAiClient, rootOf } from './client.js';
import { completionShape, contentOf } from './structured-chat.js';
import { withoutThinking } from './thinking.js';

/** How an endpoint is asked for an answer: the first that it does not refuse. */
type Manner = 'streamed with usage' | 'streamed' | 'in one piece';

const chunkShape = z.object({
  choices: z.array(
    z.object({
      delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: z.unknown().optional(),
});

/** How a stream went so far. */
interface Progress {
  /** Something came that was an event of a stream. */
  begun: boolean;
  finish?: string | undefined;
  /** What the endpoint says it took, which comes last. */
  usage?: unknown;
}

type Stream = AsyncIterable<OpenAI.ChatCompletionChunk> & { controller: AbortController };

/**
 * A model of an endpoint that answers as it writes, or in one piece where the endpoint does not stream. A request is
 * repeated only until the first piece has come. `patience`: milliseconds in which something must come, default a minute.
 */
export function createOpenAiConversation(options: { client: OpenAiClient; model: string; patience?: number | undefined }): ChatModel {
  const { client, model, patience = 60_000 } = options;
  let learnt: Manner = 'streamed with usage';

  /** The answer up to its first piece. */
  function begin(messages: ChatMessage[], manner: Manner, signal: AbortSignal) {
    const body = { model, messages, stream: true as const, ...(manner === 'streamed with usage' && withUsage) };
    return client.begin(async (sdk, request) => {
      const progress: Progress = { begun: false };
      const stream = await sdk.chat.completions.create(body, { ...request, timeout: patience });
      const pieces = withoutThinking(contents(stream, progress, { patience, signal: request.signal }));
      return { first: await pieces.next(), pieces, progress };
    }, signal);
  }

  /** Ends with the manner to try next where this one was refused. */
  async function* streamed(messages: ChatMessage[], manner: Manner, signal: AbortSignal): AsyncGenerator<string, Manner | undefined> {
    const begun = await begin(messages, manner, signal).catch((error: unknown) => {
      const next = adapted(manner, error);
      if (next === undefined) throw error;
      return next;
    });
    if (typeof begun === 'string') return begun;
    const { first, pieces, progress } = begun.answer;
    if (!progress.begun) {
      // What came is no stream.
      begun.told('ok', progress);
      return 'in one piece';
    }
    learnt = manner;
    let outcome: ModelOutcome = 'abandoned';
    try {
      for (let next = first; !next.done; next = await pieces.next()) yield next.value;
      outcome = 'ok';
    } catch (error) {
      if (!signal.aborted) outcome = 'failed';
      const how = signal.aborted ? 'was stopped' : `broke off in the middle of its answer: ${messageOf(rootOf(error))}`;
      throw new ModelError(`${client.baseUrl} ${how}`, { cause: error });
    } finally {
      await pieces.return(undefined);
      begun.told(outcome, progress);
    }
    const fault = faultOf(progress, first.done === true);
    if (fault !== undefined) throw new ModelError(`${model} ${fault}`);
    return undefined;
  }

  return {
    name: model,
    async *stream(messages, signal) {
      for (let manner = learnt; manner !== 'in one piece'; ) {
        const next = yield* streamed([...messages], manner, signal);
        if (next === undefined) return;
        manner = next;
      }
      const answer = await client.request(
        (sdk, request) => sdk.chat.completions.create({ model, messages: [...messages] }, { ...request, timeout: patience }),
        signal,
      );
      const text = contentOf(completionShape.safeParse(answer).data, client.baseUrl, model);
      learnt = 'in one piece';
      if (text.trim() === '') throw new ModelError(`${model} ${nothing}`);
      yield* withoutThinking([text]);
    },
  };
}

const nothing = 'answered nothing';
/** An endpoint that streams tells what it took only when asked to. */
const withUsage = { stream_options: { include_usage: true } };

/** What is wrong with an answer that has ended. */
function faultOf({ finish }: Progress, isEmpty: boolean): string | undefined {
  if (finish === 'content_filter') return "was stopped by the endpoint's content filter";
  if (finish === 'length') return 'was cut off at its output limit before the answer was complete';
  return isEmpty ? nothing : undefined;
}

/** The manner to try after a refusal, undefined when it was not about one. */
function adapted(manner: Manner, error: unknown): Manner | undefined {
  if (!(error instanceof EndpointError && (error.status === 400 || error.status === 422))) return undefined;
  const isExtra = /stream.?options|include.?usage|extra|unknown|unrecogni[sz]ed|unexpected|not (permitted|allowed)/i.test(error.said);
  if (manner === 'streamed with usage' && isExtra) return 'streamed';
  return /stream/i.test(error.said) ? 'in one piece' : undefined;
}

/** The words in a stream of events. Raises an Error when it breaks off or nothing comes for too long. */
async function* contents(
  stream: Stream,
  progress: Progress,
  { patience, signal }: { patience: number; signal: AbortSignal },
): AsyncGenerator<string> {
  let isSilent = false;
  const silence = setTimeout(() => {
    isSilent = true;
    stream.controller.abort();
  }, patience);
  try {
    for await (const event of stream) {
      silence.refresh();
      const chunk = chunkShape.safeParse(event).data;
      if (!chunk) continue;
      progress.begun = true;
      const [choice] = chunk.choices;
      progress.finish = choice?.finish_reason ?? progress.finish;
      progress.usage = chunk.usage ?? progress.usage;
      const text = choice?.delta?.content || choice?.delta?.refusal;
      if (text) yield text;
    }
  } finally {
    clearTimeout(silence);
  }
  // The SDK ends a stream that is aborted as if it were complete.
  signal.throwIfAborted();
  if (isSilent) throw new Error(`nothing came for ${patience} ms`);
  if (progress.begun && progress.finish === undefined) throw new Error('the connection ended before the answer did');
}
