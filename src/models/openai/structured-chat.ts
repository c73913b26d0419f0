import type OpenAI from 'openai';
import { z } from 'zod';
import { ModelError, RefusedInputError } from '../../core/ports.js';
import { EndpointError, type OpenAiClient } from './client.js';
import { readAnswer } from './read-answer.js';
import { asRefusal } from './refused-input.js';
import { type JsonSchema, strictSchema } from './strict-schema.js';

/** What a model is asked; `purpose` is a short name in ASCII, the same for every call of one kind. */
export interface Question<Schema extends z.ZodType> {
  purpose: string;
  /** Of the object that must be answered. */
  schema: Schema;
  system: string;
  user: string;
}

/** One request to the model, answered or not; `attempt` counts all requests of one question, from 1. */
export interface CallInfo {
  purpose: string;
  attempt: number;
  milliseconds: number;
  promptTokens?: number;
  completionTokens?: number;
}

/** A chat model that answers in a given shape. */
export interface StructuredChat {
  readonly model: string;
  /**
   * Raises ModelError when the model cannot be reached, and RefusedInputError when it refuses, is cut off, twice misses
   * the schema, or finds the question too long.
   */
  ask<Schema extends z.ZodType>(question: Question<Schema>, signal: AbortSignal): Promise<z.infer<Schema>>;
}

type Message = OpenAI.ChatCompletionMessageParam;

/** How this endpoint wants to be spoken to with this model: learnt from its refusals, kept for the life of the chat. */
interface Manner {
  format: 'json_schema' | 'json_object' | 'text';
  temperature: boolean;
  thinking: 'as it likes' | 'off';
  /** The endpoint takes the schema but does not hold the model to it, so the model must see it. */
  schemaShown: boolean;
}

/** What is used of a chat completion. */
export const completionShape = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish().catch(null),
});

type Completion = z.infer<typeof completionShape>;

/** One question with all that was said about it so far. */
interface Exchange {
  purpose: string;
  schema: JsonSchema;
  messages: Message[];
  attempt: number;
}

/** A structured chat with one model of an endpoint; make one per process, so that what it learnt is learnt once. */
export function createStructuredChat(options: {
  client: OpenAiClient;
  model: string;
  /** Told of every request, retries and refused ones included. */
  onCall?: ((info: CallInfo) => void) | undefined;
}): StructuredChat {
  const { client, model, onCall } = options;
  let learnt: Manner = { format: 'json_schema', temperature: true, thinking: 'as it likes', schemaShown: false };

  async function complete(exchange: Exchange, signal: AbortSignal): Promise<string> {
    for (let manner = learnt; ; ) {
      const body = requestBody({ model, manner, exchange });
      try {
        const answer = await client.request((sdk, request) => counted(exchange, () => sdk.chat.completions.create(body, request)), signal);
        learnt = manner;
        return contentOf(answer, client.baseUrl, model);
      } catch (error) {
        const next = error instanceof EndpointError ? adapted(manner, error) : undefined;
        if (next === undefined) throw asRefusal(error);
        manner = next;
      }
    }
  }

  async function counted(exchange: Exchange, send: () => Promise<unknown>): Promise<Completion | undefined> {
    exchange.attempt += 1;
    const start = performance.now();
    let answer: Completion | undefined;
    try {
      answer = completionShape.safeParse(await send()).data;
      return answer;
    } finally {
      onCall?.({
        purpose: exchange.purpose,
        attempt: exchange.attempt,
        milliseconds: performance.now() - start,
        ...(answer?.usage && { promptTokens: answer.usage.prompt_tokens, completionTokens: answer.usage.completion_tokens }),
      });
    }
  }

  return {
    model,
    async ask({ purpose, schema, system, user }, signal) {
      const messages: Message[] = [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ];
      const exchange = { purpose, schema: strictSchema(schema), messages, attempt: 0 };
      const text = await complete(exchange, signal);
      const first = readAnswer(text, schema);
      if (first.fault === undefined) return first.value;

      learnt = { ...learnt, schemaShown: true };
      const correction = `That cannot be used: ${first.fault}. Answer again with nothing but the corrected JSON object.`;
      messages.push({ role: 'assistant', content: text }, { role: 'user', content: correction });
      const second = readAnswer(await complete(exchange, signal), schema);
      if (second.fault === undefined) return second.value;
      throw new RefusedInputError(`${model} did not answer the ${purpose} as agreed, twice: ${second.fault}`);
    },
  };
}

function requestBody({ model, manner, exchange }: { model: string; manner: Manner; exchange: Exchange }) {
  const { purpose, schema } = exchange;
  const [system, ...others] = exchange.messages;
  const shown = manner.format !== 'json_schema' || manner.schemaShown;
  const agreement = shown ? `\n\nAnswer with one JSON object that fits this JSON schema:\n${JSON.stringify(schema)}` : '';
  return {
    model,
    messages: [{ role: 'system' as const, content: `${system?.content}${agreement}` }, ...others],
    ...(manner.format === 'json_schema' && {
      response_format: { type: 'json_schema' as const, json_schema: { name: purpose, strict: true, schema } },
    }),
    ...(manner.format === 'json_object' && { response_format: { type: 'json_object' as const } }),
    ...(manner.temperature && { temperature: 0 }),
    ...(manner.thinking === 'off' && { enable_thinking: false }),
  };
}

/** The manner to try after a refusal, undefined when it was not about one. Ends, because each step only takes away. */
function adapted(manner: Manner, error: EndpointError): Manner | undefined {
  const { status, said } = error;
  const aboutTheRequest = status === 400 || status === 422;
  // Some servers fail with 500 while compiling a schema they do not support.
  if (!aboutTheRequest && !(status !== undefined && status >= 500)) return undefined;
  if (manner.thinking !== 'off' && /enable_thinking/i.test(said)) return { ...manner, thinking: 'off' };
  if (manner.temperature && /temperature/i.test(said)) return { ...manner, temperature: false };
  const aboutTheFormat = /response.?format|json.?schema|json.?object|structured.?output|guided|grammar/i.test(said);
  if (!aboutTheFormat && !(aboutTheRequest && /unsupported|not supported|does not support/i.test(said))) return undefined;
  if (manner.format === 'json_schema') return { ...manner, format: 'json_object' };
  if (manner.format === 'json_object') return { ...manner, format: 'text' };
  return undefined;
}

/** The words of a completion. Raises ModelError where it is none, or one that was refused, stopped or cut off. */
export function contentOf(completion: Completion | undefined, baseUrl: string, model: string): string {
  const choice = completion?.choices[0];
  if (choice === undefined) {
    throw new ModelError(`${baseUrl} answered something that is no chat completion; the base URL usually ends in /v1`);
  }
  if (choice.message.refusal) throw new RefusedInputError(`${model} refused: ${choice.message.refusal}`);
  if (choice.finish_reason === 'content_filter') throw new RefusedInputError(`${model} was stopped by the endpoint's content filter`);
  if (choice.finish_reason === 'length')
    throw new RefusedInputError(`${model} was cut off at its output limit before the answer was complete`);
  return choice.message.content ?? '';
}
