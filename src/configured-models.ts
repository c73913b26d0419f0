import type { Config, ModelEndpoint } from './config.js';
import type { AttachmentReader, ChatModel, Decider, Embedder, Extractor, Reflector, Reranker } from './core/ports.js';
import { createAttachmentReader } from './models/attachment-reader.js';
import { createHashedEmbedder } from './models/hashed-embedding.js';
import type { ModelRequest, OnModelRequest } from './models/model-request.js';
import { createOpenAiClient, EndpointError } from './models/openai/client.js';
import { createOpenAiConversation } from './models/openai/conversation.js';
import { createOpenAiDecider } from './models/openai/decision.js';
import { createOpenAiEmbedder } from './models/openai/embedding.js';
import { createOpenAiExtractor } from './models/openai/extraction.js';
import { withMeasuredNoise } from './models/openai/measured-noise.js';
import { createOpenAiReflector } from './models/openai/reflection.js';
import { createStructuredChat } from './models/openai/structured-chat.js';
import { createTranscriber } from './models/openai/transcription.js';
import { createImageReader } from './models/openai/vision.js';
import { createHttpReranker } from './models/reranker.js';
import { createRulesDecider } from './models/rules/decision.js';
import { createRulesExtractor } from './models/rules/extraction.js';

/** Milliseconds for one attempt at a model: two of them fit into one remember. */
const modelTimeout = 20_000;
/** Times as long for one attempt at an image or a recording: minutes of speech take their time, if need be in the background. */
const mediaPatience = 3;
/** Milliseconds for one whole answer of a conversation, which is read while it is written. */
const answerTimeout = 600_000;
/** Milliseconds for a reranker: what it would improve is there already, and somebody waits for it. */
const rerankTimeout = 2000;

/** The models that the core works with. */
export interface Models {
  extractor: Extractor;
  decider: Decider;
  /** Undefined without a chat model: rules derive nothing. */
  reflector?: Reflector | undefined;
  embedder: Embedder;
  reranker?: Reranker | undefined;
}

/** What a model is for. */
export type ModelKind = 'chat' | 'embedding' | 'rerank' | 'vision' | 'transcription';
/** One request to a model that is over; nothing of what was asked or answered. */
export type ModelReport = ModelRequest & { kind: ModelKind };

/** How models are used; both may be left out. */
export interface ModelUse {
  /** Milliseconds for one attempt at a model. */
  timeout?: number | undefined;
  /** Told of every request, retries included. */
  onRequest?: ((report: ModelReport) => void) | undefined;
}

const tellingOf = (kind: ModelKind, { onRequest }: ModelUse): OnModelRequest | undefined =>
  onRequest && ((request) => onRequest({ kind, ...request }));

/** The models of a configuration; what is not configured is done by rules and the built-in embedding, or left out. */
export function createModels(config: Config, use: ModelUse = {}): Models {
  const clientFor = (kind: ModelKind, endpoint: ModelEndpoint) =>
    createOpenAiClient({ ...endpoint, timeout: use.timeout ?? modelTimeout, onRequest: tellingOf(kind, use) });
  const embedder = config.embedding
    ? withMeasuredNoise(createOpenAiEmbedder({ client: clientFor('embedding', config.embedding), model: config.embedding.model }))
    : createHashedEmbedder();
  const reranker =
    config.reranker && createHttpReranker({ ...config.reranker, timeout: rerankTimeout, onRequest: tellingOf('rerank', use) });
  if (!config.chat || config.infer === 'rules') {
    return { extractor: createRulesExtractor(), decider: createRulesDecider(), embedder, reranker };
  }
  const chat = createStructuredChat({ client: clientFor('chat', config.chat), model: config.chat.model });
  return {
    extractor: createOpenAiExtractor({ chat, instructions: config.instructions }),
    decider: createOpenAiDecider({ chat }),
    reflector: createOpenAiReflector({ chat, instructions: config.instructions }),
    embedder,
    reranker,
  };
}

/** What turns attachments into words. */
export function createReader({ vision, transcription }: Config, use: ModelUse = {}): AttachmentReader {
  const timeout = mediaPatience * (use.timeout ?? modelTimeout);
  const reached = (kind: ModelKind, { model, ...endpoint }: ModelEndpoint) => ({
    client: createOpenAiClient({ ...endpoint, timeout, onRequest: tellingOf(kind, use) }),
    model,
  });
  return createAttachmentReader({
    image: vision && createImageReader(reached('vision', vision)),
    audio: transcription && createTranscriber(reached('transcription', transcription)),
  });
}

/** The model that converses; undefined where none is configured, whoever finds the facts. */
export function createChatModel({ chat }: Config, use: Pick<ModelUse, 'onRequest'> = {}): ChatModel | undefined {
  if (!chat) return undefined;
  const client = createOpenAiClient({ ...chat, timeout: answerTimeout, onRequest: tellingOf('chat', use) });
  return createOpenAiConversation({ client, model: chat.model });
}

/**
 * The models that an endpoint lists: the cheapest way to reach it. Undefined where it lists none; that its path is
 * wrong looks the same. Raises ModelError where it cannot be reached or refuses.
 */
export async function listedModels(endpoint: ModelEndpoint, signal: AbortSignal): Promise<string[] | undefined> {
  const client = createOpenAiClient({ ...endpoint, timeout: modelTimeout });
  try {
    const { data } = await client.request((sdk, options) => sdk.models.list(options), signal);
    return data.map(({ id }) => id);
  } catch (error) {
    if (error instanceof EndpointError && (error.status === 404 || error.status === 405)) return undefined;
    throw error;
  }
}
