import type { ChatModel, Clock, Decider, Embedder, Extractor, Logger, Reflector, Reranker } from '../core/ports.js';

/** Models of the caller's own, in the place of configured ones; those that are left out stay as they are. */
export interface InjectedModels {
  extractor?: Extractor | undefined;
  decider?: Decider | undefined;
  /** Without it, and without a configured model, nothing is derived. */
  reflector?: Reflector | undefined;
  embedder?: Embedder | undefined;
  reranker?: Reranker | undefined;
  /** The model that `chat` talks to. */
  chat?: ChatModel | undefined;
}

/** The settings, as in the option table of the server, under shorter names. Numbers may be given as such. */
export interface Settings {
  /**
   * Absolute or relative path of the folder of all files; default `.keepsake` in the user's home folder, which is the
   * server's own. `:memory:`: a private temporary folder with the built-in index, removed by `close` and at the end of
   * the process.
   */
  home?: string | undefined;
  /** Whose memory is used by calls that name no `user_id`; default `default`. */
  user?: string | undefined;
  /** The current project: a name, `none`, or `auto` for the git repository of the working directory; default `none`. */
  project?: string | undefined;
  /** IANA name of the time zone of times without offset and of all answers; default the system's. */
  zone?: string | undefined;
  /** Key of the model endpoint. */
  apiKey?: string | undefined;
  /** An OpenAI-compatible endpoint, such as http://localhost:11434/v1; default OpenAI's, if a key is given. */
  baseUrl?: string | undefined;
  /** Model that extracts facts, decides what they change, reflects and converses. */
  model?: string | undefined;
  /** Model that reads images; default none. */
  visionModel?: string | undefined;
  /** Model that transcribes audio; default none. */
  transcribeModel?: string | undefined;
  /** Model that finds memories by meaning. */
  embeddingModel?: string | undefined;
  /** Endpoint of the embedding model, if it is another one. */
  embeddingBaseUrl?: string | undefined;
  /** Key of the embedding endpoint; default `apiKey`, for the same host. */
  embeddingApiKey?: string | undefined;
  /** Model that reorders what a search found; needs `rerankUrl` too. */
  rerankModel?: string | undefined;
  /** The reranker's full URL. */
  rerankUrl?: string | undefined;
  /** Key of the reranker. */
  rerankApiKey?: string | undefined;
  /** Who finds the facts; default `auto`: the model if one is configured, else the built-in rules. */
  infer?: 'auto' | 'model' | 'rules' | undefined;
  /** What to keep and what to ignore, in your words, up to 2,000 characters. */
  instructions?: string | undefined;
  /** New memories of a space before a reflection in the background; 0: only by `reflect`. Default 20. */
  reflect?: number | undefined;
  /** Vector index: default `auto`, Chroma if it can be reached or started, else the built-in one. */
  store?: 'auto' | 'chroma' | 'embedded' | undefined;
  /** Chroma server or cluster; default a local one that is started. */
  chromaUrl?: string | undefined;
  chromaApiKey?: string | undefined;
  chromaTenant?: string | undefined;
  chromaDatabase?: string | undefined;
  /** Seconds that the shared local Chroma outlives its last user; default 300. */
  chromaIdle?: number | undefined;
  /** How long the words of processed inputs are kept beside what came of them: days such as `30d`, `0` or `forever`. */
  keepInput?: string | undefined;
  /** Note which memories were read when, never the query; default true. */
  accessLog?: boolean | undefined;
}

/** How a memory is opened. */
export interface OpenOptions extends Settings {
  /**
   * Where settings are read from that are not given here, under the names of the server's option table: pass
   * `process.env` to have the environment count. By default nothing of the environment is read. What neither says is
   * taken from `config.json` in the home, if there is one.
   */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Name of the program, for the history: which client stated what. */
  client?: string | undefined;
  /** Default: the system's clock. */
  clock?: Clock | undefined;
  /** In the place of configured models. */
  models?: InjectedModels | undefined;
  /** Hears what goes on behind the calls; default nobody. */
  logger?: Logger | undefined;
}
