import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  contentFault,
  type FakeImage,
  hasImages,
  imagesOf,
  readMultipart,
  readRecording,
  type TranscriptAnswer,
  textOf,
} from './fake-media.js';
import { dashScopePath, type Relevance, type RerankFault, readRerank, rerankAnswer, rerankError, sharedWords } from './fake-rerank.js';
import { calling, ToolCalls, toolFault, toolNames } from './fake-tools.js';

/** A parsed JSON object. */
type Json = Record<string, unknown>;

/** One request as it arrived; `status` is what was answered, undefined while or if it never was. */
export interface FakeRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: Json;
  status?: number;
  /** Whether the caller was gone before it was answered. */
  abandoned?: true;
}

/** A chat request as a handler sees it; `purpose` is the name of its strict schema, `user` the last user message. */
export interface FakeChat {
  model: string;
  system: string;
  user: string;
  messages: { role: string; content: string }[];
  /** Of all messages. */
  images: FakeImage[];
  purpose?: string | undefined;
  /** Names of the tools that it offers. */
  tools: string[];
}

/** What a chat answers: text, calls of tools, an object to answer as JSON, or a function that makes one; a throw answers 500. */
export type ChatAnswer = string | object | ((chat: FakeChat) => string | object | Promise<string | object>);

/**
 * What can go wrong with any request: hang never answers, stall stops in mid-body, disconnect and half_body close the
 * socket, quota is a 429 not worth a retry, web_page answers 200 with HTML, flood sends two megabytes of space behind the
 * answer.
 */
export type AnyFault =
  | 'rate_limit'
  | 'quota'
  | 'server_error'
  | 'hang'
  | 'stall'
  | 'disconnect'
  | 'broken_body'
  | 'half_body'
  | 'web_page'
  | 'flood';
/**
 * What can go wrong with a chat completion: cut_off stops halfway with finish_reason length. Of a stream: unfinished
 * ends halfway as if that were all, error_event says halfway that the server failed.
 */
export type ChatFault = 'cut_off' | 'refusal' | 'empty' | 'unfinished' | 'error_event';
/** What can go wrong with embeddings; base64 is sent unasked. */
export type EmbeddingFault = 'wrong_count' | 'wrong_width' | 'zero' | 'base64';
/** A fault of a single request. */
export type Fault = AnyFault | ChatFault | EmbeddingFault | RerankFault;

/** How the endpoint behaves throughout. */
export interface FakeOpenAiOptions {
  /** Requests must bring it as bearer token. */
  apiKey?: string;
  /** What it refuses with 400, as some servers do. */
  refuses?: ('json_schema' | 'json_object' | 'temperature' | 'thinking' | 'encoding_format' | 'stream' | 'stream_options' | 'image_url')[];
  /** Answers a chat that asks for a stream as if it had not. */
  ignoresStream?: boolean;
  /** Most texts an embedding request may hold; default 2,048. */
  batchLimit?: number;
  /** Most characters a text to embed may have; default none. */
  textLimit?: number;
  /** Words that mean the same: each is embedded as the word it maps to. */
  synonyms?: Record<string, string>;
  /** Width of the embeddings; default 64. */
  dimension?: number;
  /** What a model of this name embeds a text as; default by its words. */
  embedding?: (text: string, model: string) => Iterable<number>;
  /** The Retry-After of a rate limit, in seconds or a date; default '0'. */
  retryAfter?: string;
}

/** The paths that can be made to fail alone. */
type FakePath = 'chat' | 'embeddings' | 'rerank' | 'transcriptions';

/** A server on loopback that answers, validates and fails like OpenAI's API, and like rerankers. */
export interface FakeOpenAi {
  /** Its base URL, /v1 included. */
  readonly url: string;
  /** The full URLs of its rerankers: the common form and DashScope's own. */
  readonly rerankUrls: { common: string; dashScope: string };
  /** All requests since the start. */
  readonly requests: FakeRequest[];
  /** Those for a chat completion. */
  readonly chatCalls: FakeRequest[];
  /** Those for embeddings. */
  readonly embeddingCalls: FakeRequest[];
  /** Those for a transcription; the body has the fields of the form. */
  readonly transcriptionCalls: FakeRequest[];
  /** Those for a reranking. */
  readonly rerankCalls: FakeRequest[];
  /** Answers in order; the last one stays. Until then: the emptiest object that fits the schema. */
  onChat(...answers: ChatAnswer[]): void;
  /** Transcripts in order; the last one stays. Until then: none of them holds a word. */
  onTranscription(...answers: TranscriptAnswer[]): void;
  /** How rerankings judge from now on; until then by shared words. */
  onRerank(relevance: Relevance): void;
  /** Makes the next `times` requests fail (default 1, Infinity for all), of one path if `path` says so. */
  fail(kind: Fault, times?: number, path?: FakePath): void;
  /** Refuses connections until restart; what is open breaks off. */
  stop(): Promise<void>;
  /** Listens again on the same port, all faults forgotten. */
  restart(): Promise<void>;
  /** Ends it for good. */
  close(): Promise<void>;
}

/** An error answer in OpenAI's form. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly details: { code?: string; param?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
  }
}

/** Starts a fake OpenAI on a random port; the test closes it. */
export async function startFakeOpenAi(options: FakeOpenAiOptions = {}): Promise<FakeOpenAi> {
  const requests: FakeRequest[] = [];
  let answers: ChatAnswer[] = [];
  let transcripts: TranscriptAnswer[] = [];
  let relevance = sharedWords;
  let faults: { kind: Fault; times: number; path: FakePath | undefined }[] = [];
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;

  async function listen(at: number): Promise<Server> {
    const created = createServer((request, response) => void handle(request, response));
    created.listen(at, '127.0.0.1');
    await once(created, 'listening');
    return created;
  }

  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  function takeFault(path: string): Fault | undefined {
    const fault = faults.find((candidate) => candidate.times > 0 && (candidate.path === undefined || path.includes(candidate.path)));
    if (fault !== undefined) fault.times -= 1;
    return fault?.kind;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch (error) {
      // Whoever asked left before everything was said.
      if (request.complete) throw error;
      return;
    }
    const path = request.url ?? '';
    const record: FakeRequest = { path, headers: request.headers, body: {} };
    requests.push(record);
    response.once('close', () => {
      if (!response.writableFinished) record.abandoned = true;
    });
    const fault = takeFault(path);
    if (fault === 'hang') return;
    if (fault === 'disconnect') {
      request.socket.destroy();
      return;
    }
    const send = (status: number, body: string, headers: Record<string, string> = {}) => {
      record.status = status;
      response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': `req_${randomUUID()}`, ...headers });
      if (fault === 'stall') response.write(body.slice(0, body.length / 2));
      else if (fault === 'half_body') response.write(body.slice(0, body.length / 2), () => request.socket.destroy());
      else if (fault === 'flood') response.end(body + ' '.repeat(2_000_000));
      else response.end(fault === 'broken_body' ? body.slice(0, body.length / 2) : body);
    };
    try {
      if (fault === 'web_page') return send(200, '<html>Welcome</html>', { 'content-type': 'text/html' });
      const given = Buffer.concat(chunks);
      if (path === transcriptionPath) record.body = await readMultipart(given, request.headers['content-type'] ?? '');
      else if (chunks.length > 0) record.body = JSON.parse(given.toString()) as Json;
      // Numbers that JSON.stringify cannot write, as Python does.
      const made = await answer(record, fault);
      if (path === '/v1/chat/completions' && record.body.stream === true && !options.ignoresStream)
        return send(200, asStream(made as Completion, fault, record.body), { 'content-type': 'text/event-stream; charset=utf-8' });
      send(200, JSON.stringify(made).replaceAll(/"(NaN|1e999)"/g, '$1'));
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(500, String(error));
      const { code = null, param = null, headers } = refusal.details;
      if (isRerank(path)) return send(refusal.status, JSON.stringify(rerankError(path, refusal, record.body)), headers);
      const type = refusal.status >= 500 ? 'server_error' : 'invalid_request_error';
      send(refusal.status, JSON.stringify({ error: { message: refusal.message, type, param, code } }), headers);
    }
  }

  async function answer({ path, headers, body }: FakeRequest, fault: Fault | undefined): Promise<object> {
    if (fault === 'server_error') throw new Refusal(500, 'The server had an error while processing your request.');
    if (fault === 'quota') throw new Refusal(429, 'You exceeded your current quota.', { code: 'insufficient_quota' });
    if (fault === 'rate_limit') {
      throw new Refusal(429, 'Rate limit reached.', { code: 'rate_limit_exceeded', headers: { 'retry-after': options.retryAfter ?? '0' } });
    }
    if (options.apiKey !== undefined && headers.authorization !== `Bearer ${options.apiKey}`) {
      // Rerankers are known to repeat it.
      const repeated = isRerank(path) ? `: ${headers.authorization}` : '';
      throw new Refusal(401, `Incorrect API key provided${repeated}.`, { code: 'invalid_api_key' });
    }
    if (isRerank(path)) {
      const asked = readRerank(path, body);
      if (asked.fault !== undefined) throw new Refusal(400, asked.fault);
      if (fault === 'validation') throw new Refusal(422, 'List should have at most 1 item');
      return rerankAnswer(path, asked, { relevance, fault });
    }
    if (path === '/v1/models') return { object: 'list', data: [{ id: 'fake', object: 'model', created: 0, owned_by: 'fake' }] };
    if (path === transcriptionPath) return transcriptAnswer(body);
    if (path !== '/v1/chat/completions' && path !== '/v1/embeddings') throw new Refusal(404, `Invalid URL (POST ${path})`);
    if (typeof body.model !== 'string' || body.model === '') throw new Refusal(400, 'you must provide a model parameter');
    return path === '/v1/embeddings' ? embeddingAnswer(body, { ...options, fault }) : chatAnswer(body, fault);
  }

  async function transcriptAnswer(body: Json): Promise<object> {
    const { recording, fault } = readRecording(body);
    if (!recording) throw new Refusal(400, fault ?? '');
    const scripted = (transcripts.length > 1 ? transcripts.shift() : transcripts[0]) ?? '';
    return { text: typeof scripted === 'function' ? await scripted(recording) : scripted };
  }

  async function chatAnswer(body: Json, fault: Fault | undefined): Promise<object> {
    checkChat(body, options.refuses ?? []);
    const chat = chatOf(body);
    const scripted = answers.length > 1 ? answers.shift() : answers[0];
    const made = typeof scripted === 'function' ? await scripted(chat) : (scripted ?? emptiest(schemaOf(body)));
    const calls = made instanceof ToolCalls ? calling(made, body) : undefined;
    const text = fault === 'empty' || calls ? '' : typeof made === 'string' ? made : JSON.stringify(made);
    const content = fault === 'refusal' ? null : fault === 'cut_off' ? text.slice(0, text.length / 2) : text;
    const [prompt_tokens, completion_tokens] = [tokens(JSON.stringify(chat.messages)), tokens(content ?? '')];
    return {
      id: `chatcmpl-${randomUUID()}`,
      object: 'chat.completion',
      created: Math.floor(Date.now() / 1000),
      model: chat.model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content, refusal: fault === 'refusal' ? "I'm sorry, I can't help with that." : null, ...calls },
          logprobs: null,
          finish_reason: fault === 'cut_off' ? 'length' : calls ? 'tool_calls' : 'stop',
        },
      ],
      usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
    };
  }

  return {
    url: `http://127.0.0.1:${port}/v1`,
    rerankUrls: { common: `http://127.0.0.1:${port}/v1/rerank`, dashScope: `http://127.0.0.1:${port}${dashScopePath}` },
    requests,
    get chatCalls() {
      return requests.filter(({ path }) => path.endsWith('/chat/completions'));
    },
    get embeddingCalls() {
      return requests.filter(({ path }) => path.endsWith('/embeddings'));
    },
    get transcriptionCalls() {
      return requests.filter(({ path }) => path === transcriptionPath);
    },
    get rerankCalls() {
      return requests.filter(({ path }) => isRerank(path));
    },
    onTranscription(...scripted) {
      transcripts = scripted;
    },
    onRerank(judge) {
      relevance = judge;
    },
    onChat(...scripted) {
      answers = scripted;
    },
    fail(kind, times = 1, path = undefined) {
      faults.push({ kind, times, path });
    },
    stop,
    async restart() {
      await stop();
      faults = [];
      server = await listen(port);
    },
    close: stop,
  };
}

/** What is used of a completion to stream it. */
interface Completion extends Json {
  choices: [{ message: { content: string | null; refusal: string | null; tool_calls?: Json[] }; finish_reason: string }];
}

/** A completion as server-sent events: the role, then a few words at a time, then why it ended and, if asked for, what it took. */
function asStream({ choices: [{ message, finish_reason }], usage, ...rest }: Completion, fault: Fault | undefined, asked: Json): string {
  const tellsUsage = (asked.stream_options as Json | undefined)?.include_usage === true;
  const chunk = (delta: Json, finish: string | null = null) => ({
    ...rest,
    ...(tellsUsage && { usage: null }),
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const field = message.content === null ? 'refusal' : 'content';
  const pieces = (message.content ?? message.refusal ?? '').match(/\s*\S{1,12}/g) ?? [];
  const calls = message.tool_calls?.map((call, index) => ({ index, ...call }));
  const said = [...pieces.map((piece) => chunk({ [field]: piece })), ...(calls ? [chunk({ tool_calls: calls })] : [])];
  const half = said.slice(0, Math.ceil(said.length / 2));
  const error = { error: { message: 'The server had an error while processing your request.', type: 'server_error' } };
  const start = chunk({ role: 'assistant', content: '', refusal: null });
  const events = (() => {
    if (fault === 'unfinished') return [start, ...half];
    if (fault === 'error_event') return [start, ...half, error];
    const taken = tellsUsage ? [{ ...chunk({}), choices: [], usage }] : [];
    return [start, ...said, chunk({}, finish_reason), ...taken, '[DONE]'];
  })();
  return events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
}

const transcriptionPath = '/v1/audio/transcriptions';

function isRerank(path: string): boolean {
  return path === '/v1/rerank' || path === dashScopePath;
}

function checkChat(body: Json, refuses: string[]): void {
  const known = [
    'model',
    'messages',
    'response_format',
    'temperature',
    'max_tokens',
    'max_completion_tokens',
    'seed',
    'top_p',
    'stream',
    'stream_options',
    'user',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'reasoning_effort',
    'verbosity',
  ];
  if (refuses.includes('thinking')) known.push('enable_thinking');
  const unknown = Object.keys(body).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Refusal(400, `Unrecognized request argument supplied: ${unknown}`);
  if (!Array.isArray(body.messages) || body.messages.length === 0)
    throw new Refusal(400, "Invalid 'messages': empty array.", { param: 'messages' });
  const refused = (body.messages as Json[]).map(contentFault).find((each) => each !== undefined) ?? toolFault(body);
  if (refused !== undefined) throw new Refusal(400, refused, { param: 'messages' });
  for (const { function: offered } of (body.tools ?? []) as { function: { name: string; strict?: boolean; parameters: Json } }[]) {
    const broken = offered.strict === true ? strictFault(offered.parameters, '()') : undefined;
    if (broken !== undefined) throw new Refusal(400, `Invalid schema for function '${offered.name}': ${broken}`, { param: 'tools' });
  }
  if (refuses.includes('image_url') && hasImages(body.messages as Json[]))
    throw new Refusal(400, 'Invalid content type. image_url is only supported by certain models.', { param: 'messages' });
  if (refuses.includes('thinking') && body.enable_thinking !== false) {
    throw new Refusal(400, 'parameter.enable_thinking must be set to false for non-streaming calls');
  }
  if (refuses.includes('stream') && body.stream !== undefined)
    throw new Refusal(400, "Unsupported parameter: 'stream'.", { param: 'stream' });
  if (body.stream_options !== undefined && body.stream !== true)
    throw new Refusal(400, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", { param: 'stream_options' });
  if (refuses.includes('stream_options') && body.stream_options !== undefined)
    throw new Refusal(400, 'Unrecognized request argument supplied: stream_options');
  if (refuses.includes('temperature') && body.temperature !== undefined) {
    throw new Refusal(400, "Unsupported value: 'temperature' does not support 0 with this model.", {
      param: 'temperature',
      code: 'unsupported_value',
    });
  }
  const format = body.response_format as { type: string; json_schema?: Json } | undefined;
  if (format === undefined) return;
  if (refuses.includes(format.type)) {
    throw new Refusal(400, `Invalid parameter: 'response_format' of type '${format.type}' is not supported with this model.`, {
      param: 'response_format',
    });
  }
  if (format.type === 'json_object' && !/json/i.test(JSON.stringify(body.messages))) {
    throw new Refusal(400, "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.");
  }
  if (format.type !== 'json_schema') return;
  const { name, schema, strict } = format.json_schema ?? {};
  if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name))
    throw new Refusal(400, "Invalid 'response_format.json_schema.name'.");
  if (strict !== true) return;
  const fault = (schema as Json)?.type === 'object' ? strictFault(schema as Json, '()') : 'root must be type object';
  if (fault !== undefined) throw new Refusal(400, `Invalid schema for response_format '${name}': ${fault}`, { param: 'response_format' });
}

const strictKeywords = [
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'anyOf',
  '$ref',
  '$defs',
  'description',
  'title',
];

/** The first breach of the rules of OpenAI's strict structured outputs in a schema. */
function strictFault(schema: Json, at: string): string | undefined {
  const unknown = Object.keys(schema).find((keyword) => !strictKeywords.includes(keyword));
  if (unknown !== undefined) return `In context=${at}, '${unknown}' is not permitted.`;
  if (schema.type === undefined && schema.anyOf === undefined && schema.$ref === undefined && schema.enum === undefined) {
    return `In context=${at}, schema must have a 'type' key.`;
  }
  if (schema.type === 'array' && schema.items === undefined) return `In context=${at}, array schema missing items.`;
  const properties = (schema.properties ?? {}) as Record<string, Json>;
  if (schema.type === 'object') {
    if (schema.additionalProperties !== false)
      return `In context=${at}, 'additionalProperties' is required to be supplied and to be false.`;
    const missing = Object.keys(properties).find((name) => !(schema.required as string[] | undefined)?.includes(name));
    if (missing !== undefined) return `In context=${at}, 'required' is required to include every key in properties. Missing '${missing}'.`;
  }
  const nested = {
    ...properties,
    ...(schema.$defs as Json),
    ...(schema.items !== undefined && { items: schema.items }),
    ...(schema.anyOf as Json[]),
  };
  for (const [name, child] of Object.entries(nested)) {
    const fault = strictFault(child as Json, `${at}.${name}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function schemaOf(body: Json): Json {
  return ((body.response_format as { json_schema?: Json } | undefined)?.json_schema?.schema as Json | undefined) ?? {};
}

/** The smallest value of a strict schema: empty lists and texts, null where allowed. */
function emptiest(schema: Json): object {
  const value = (part: Json): unknown => {
    if (Array.isArray(part.type)) return null;
    const alternatives = part.anyOf as Json[] | undefined;
    if (alternatives !== undefined) return alternatives.some(({ type }) => type === 'null') ? null : value(alternatives[0] ?? {});
    if (Array.isArray(part.enum)) return part.enum[0];
    if (part.type === 'array') return [];
    if (part.type === 'string') return '';
    if (part.type === 'boolean') return false;
    return part.type === 'object' ? emptiest(part) : 0;
  };
  return Object.fromEntries(Object.entries((schema.properties ?? {}) as Record<string, Json>).map(([name, part]) => [name, value(part)]));
}

function chatOf(body: Json): FakeChat {
  const given = body.messages as { role: string; content: unknown }[];
  const messages = given.map(({ role, content }) => ({ role, content: textOf(content) }));
  const format = body.response_format as { json_schema?: { name: string } } | undefined;
  return {
    model: String(body.model),
    messages,
    images: given.flatMap(({ content }) => imagesOf(content)),
    system: messages.find(({ role }) => role === 'system')?.content ?? '',
    user: messages.findLast(({ role }) => role === 'user')?.content ?? '',
    purpose: format?.json_schema?.name,
    tools: toolNames(body),
  };
}

function embeddingAnswer(body: Json, options: FakeOpenAiOptions & { fault: Fault | undefined }): object {
  const { fault, batchLimit = 2_048, textLimit = Number.POSITIVE_INFINITY, dimension = 64, synonyms = {}, refuses = [] } = options;
  const { input, encoding_format: format } = body;
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (refuses.includes('encoding_format') && format !== undefined)
    throw new Refusal(400, "Extra inputs are not permitted: 'encoding_format'");
  if (format !== undefined && format !== 'float' && format !== 'base64') throw new Refusal(400, "Invalid 'encoding_format'.");
  if (!texts.every((text) => typeof text === 'string' && text !== '') || texts.length === 0)
    throw new Refusal(400, "'$.input' is invalid.", { param: 'input' });
  if (texts.length > batchLimit)
    throw new Refusal(400, `batch size is invalid, it should not be larger than ${batchLimit}.: input.contents`);
  if (texts.some((text) => String(text).length > textLimit))
    throw new Refusal(400, `This model's maximum context length is ${textLimit} tokens.`);
  const width = fault === 'wrong_width' ? dimension + 1 : dimension;
  const { embedding = (text: string) => bagOfWords(text, { width, synonyms }) } = options;
  const vectors = texts.map((text) =>
    fault === 'zero' ? new Array<number>(width).fill(0) : [...embedding(String(text), String(body.model))],
  );
  if (fault === 'wrong_count') vectors.pop();
  const encode = (vector: number[]) =>
    format === 'base64' || fault === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector;
  const used = tokens(texts.join(' '));
  return {
    object: 'list',
    // Out of order, as the API does not promise any.
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encode(vector) })).reverse(),
    model: body.model,
    usage: { prompt_tokens: used, total_tokens: used },
  };
}

/** Each word adds or takes one in a component of its own hash: shared words bring texts near, others stay near 0. */
function bagOfWords(text: string, { width, synonyms }: { width: number; synonyms: Record<string, string> }): number[] {
  const vector = new Array<number>(width).fill(0);
  for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text.toLowerCase())) {
    if (!isWordLike) continue;
    const hash = fnv1a(Object.hasOwn(synonyms, segment) ? (synonyms[segment] ?? segment) : segment);
    const component = hash % width;
    vector[component] = (vector[component] ?? 0) + (hash & 0x10000 ? 1 : -1);
  }
  if (!vector.some(Boolean)) vector[0] = 1;
  return vector;
}

/** FNV-1a, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}
