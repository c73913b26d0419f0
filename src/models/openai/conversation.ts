import type OpenAI from 'openai';
import { z } from 'zod';
import { messageOf } from '../../core/errors.js';
import { type ChatMessage, type ChatModel, ModelError } from '../../core/ports.js';
import { EndpointError, type OpenAiClient, rootOf } from './client.js';
import { completionShape, contentOf } from './structured-chat.js';
import { withoutThinking } from './thinking.js';

const chunkShape = z.object({
  choices: z.array(
    z.object({
      delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
      finish_reason: z.string().nullish(),
    }),
  ),
});

/** How a stream went so far. */
interface Progress {
  /** Something came that was an event of a stream. */
  begun: boolean;
  finish?: string | undefined;
}

type Stream = AsyncIterable<OpenAI.ChatCompletionChunk> & { controller: AbortController };

/**
 * A model of an endpoint that answers as it writes, or in one piece where the endpoint does not stream. A request is
 * repeated only until the first piece has come. `patience`: milliseconds in which something must come, default a minute.
 */
export function createOpenAiConversation(options: { client: OpenAiClient; model: string; patience?: number | undefined }): ChatModel {
  const { client, model, patience = 60_000 } = options;
  let streams = true;

  /** The answer up to its first piece; undefined where what came is no stream. */
  async function begin(messages: ChatMessage[], signal: AbortSignal) {
    const answer = await client.request(async (sdk, request) => {
      const progress: Progress = { begun: false };
      const stream = await sdk.chat.completions.create({ model, messages, stream: true }, { ...request, timeout: patience });
      const pieces = withoutThinking(contents(stream, progress, { patience, signal: request.signal }));
      return { first: await pieces.next(), pieces, progress };
    }, signal);
    return answer.progress.begun ? answer : undefined;
  }

  async function* streamed(messages: ChatMessage[], signal: AbortSignal): AsyncGenerator<string, 'no stream' | undefined> {
    const answer = await begin(messages, signal).catch((error: unknown) => {
      if (isRefusalToStream(error)) return undefined;
      throw error;
    });
    if (answer === undefined) return 'no stream';
    const { first, pieces, progress } = answer;
    try {
      for (let next = first; !next.done; next = await pieces.next()) yield next.value;
    } catch (error) {
      const how = signal.aborted ? 'was stopped' : `broke off in the middle of its answer: ${messageOf(rootOf(error))}`;
      throw new ModelError(`${client.baseUrl} ${how}`, { cause: error });
    } finally {
      await pieces.return(undefined);
    }
    const fault = faultOf(progress, first.done === true);
    if (fault !== undefined) throw new ModelError(`${model} ${fault}`);
    return undefined;
  }

  return {
    name: model,
    async *stream(messages, signal) {
      if (streams && (yield* streamed([...messages], signal)) === undefined) return;
      const answer = await client.request(
        (sdk, request) => sdk.chat.completions.create({ model, messages: [...messages] }, { ...request, timeout: patience }),
        signal,
      );
      const text = contentOf(completionShape.safeParse(answer).data, client.baseUrl, model);
      streams = false;
      if (text.trim() === '') throw new ModelError(`${model} ${nothing}`);
      yield* withoutThinking([text]);
    },
  };
}

const nothing = 'answered nothing';

/** What is wrong with an answer that has ended. */
function faultOf({ finish }: Progress, isEmpty: boolean): string | undefined {
  if (finish === 'content_filter') return "was stopped by the endpoint's content filter";
  if (finish === 'length') return 'was cut off at its output limit before the answer was complete';
  return isEmpty ? nothing : undefined;
}

function isRefusalToStream(error: unknown): boolean {
  return error instanceof EndpointError && (error.status === 400 || error.status === 422) && /stream/i.test(error.said);
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
