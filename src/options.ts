import type { z } from 'zod';
import { projectSpace, userSpace } from './core/space.js';
import { logLevels } from './logger.js';
import { choice, count, days, file, key, list, name, onOff, origin, secureUrl, text, url, zone } from './option-types.js';

/** One setting: what it is called, what it may be, and what it means. */
export interface Option<T = unknown> {
  /** Its name in the environment and in config.json. */
  readonly name: string;
  /** Its flag, without the dashes. */
  readonly flag?: string;
  /** Turns the text that was given into the value, or refuses it. */
  readonly schema: z.ZodType<T, string>;
  /** What is allowed, for the message that refuses a value. */
  readonly allowed: string;
  /** The only values, where there are few. */
  readonly choices?: readonly string[];
  /** Text that is read when nothing is given. */
  readonly default?: string;
  /** Shown as the default where no text is read: what happens then. */
  readonly otherwise?: string;
  /** One line for people. */
  readonly meaning: string;
  /** Never shown. */
  readonly secret?: true;
}

/** Every setting, in the order of the help. Parser, help, docs/settings.md and doctor are all made from this table. */
export const options = {
  home: {
    name: 'KEEPSAKE_HOME',
    flag: 'home',
    ...file,
    default: '~/.keepsake',
    meaning: 'Folder of all files; only you can read it.',
  },
  user: {
    name: 'KEEPSAKE_USER',
    flag: 'user',
    schema: name(userSpace),
    allowed: '1 to 128 characters without control characters',
    default: 'default',
    meaning: 'Whose memories are used when a call names no user_id.',
  },
  project: {
    name: 'KEEPSAKE_PROJECT',
    flag: 'project',
    schema: name(projectSpace),
    allowed: 'auto, none, or a name of 1 to 128 characters without control characters',
    default: 'auto',
    meaning: "The current project: a name, none, or auto for the git repository's.",
  },
  zone: {
    name: 'KEEPSAKE_TZ',
    flag: 'tz',
    schema: zone,
    allowed: 'a time zone such as Europe/Berlin',
    otherwise: "the system's",
    meaning: 'Time zone of times without offset and of all answers.',
  },
  apiKey: { name: 'OPENAI_API_KEY', ...key, meaning: 'Key of the model endpoint.' },
  baseUrl: {
    name: 'OPENAI_BASE_URL',
    ...url,
    otherwise: "OpenAI's, if a key is given",
    meaning: 'Any OpenAI-compatible endpoint; needs no key if the endpoint needs none.',
  },
  model: {
    name: 'KEEPSAKE_MODEL',
    flag: 'model',
    ...text(),
    default: 'gpt-5-mini',
    meaning: 'Model that extracts facts and decides what they change.',
  },
  visionModel: { name: 'KEEPSAKE_VISION_MODEL', ...text(), otherwise: 'off', meaning: 'Model that reads images.' },
  transcribeModel: {
    name: 'KEEPSAKE_TRANSCRIBE_MODEL',
    ...text(),
    otherwise: 'off',
    meaning: 'Model that transcribes audio.',
  },
  embeddingModel: {
    name: 'KEEPSAKE_EMBEDDING_MODEL',
    ...text(),
    default: 'text-embedding-3-small',
    meaning: 'Model that finds memories by meaning.',
  },
  embeddingBaseUrl: {
    name: 'KEEPSAKE_EMBEDDING_BASE_URL',
    ...url,
    otherwise: 'OPENAI_BASE_URL',
    meaning: 'Endpoint of the embedding model, if it is another one.',
  },
  embeddingApiKey: {
    name: 'KEEPSAKE_EMBEDDING_API_KEY',
    ...key,
    otherwise: 'OPENAI_API_KEY, for the same host',
    meaning: 'Key of the embedding endpoint.',
  },
  rerankModel: {
    name: 'KEEPSAKE_RERANK_MODEL',
    ...text(),
    otherwise: 'off',
    meaning: 'Model that reorders what a search found; needs KEEPSAKE_RERANK_URL too.',
  },
  rerankUrl: {
    name: 'KEEPSAKE_RERANK_URL',
    ...url,
    otherwise: 'off',
    meaning: "The reranker's full URL, such as https://api.jina.ai/v1/rerank; needs a model too.",
  },
  rerankApiKey: {
    name: 'KEEPSAKE_RERANK_API_KEY',
    ...key,
    otherwise: 'OPENAI_API_KEY, for the same host',
    meaning: 'Key of the reranker.',
  },
  infer: {
    name: 'KEEPSAKE_INFER',
    flag: 'infer',
    ...choice('auto', 'model', 'rules'),
    default: 'auto',
    meaning: 'Who finds the facts: the model, the built-in rules, or auto: the model if one is configured.',
  },
  instructions: {
    name: 'KEEPSAKE_INSTRUCTIONS',
    ...text(2000),
    otherwise: 'none',
    meaning: 'What to keep and what to ignore, in your words.',
  },
  reflect: {
    name: 'KEEPSAKE_REFLECT',
    ...count(100_000),
    default: '20',
    meaning: 'New memories of a space before a reflection; 0: only by command.',
  },
  store: {
    name: 'KEEPSAKE_STORE',
    flag: 'store',
    ...choice('auto', 'chroma', 'embedded'),
    default: 'auto',
    meaning: 'Vector index: chroma, embedded (built in), or auto: Chroma where one is configured or can run here.',
  },
  chromaUrl: {
    name: 'CHROMA_URL',
    ...url,
    otherwise: 'a local one is started',
    meaning: 'Chroma server or cluster; for Chroma Cloud a key is enough.',
  },
  chromaApiKey: { name: 'CHROMA_API_KEY', ...key, meaning: 'Key of Chroma Cloud or of your server.' },
  chromaTenant: { name: 'CHROMA_TENANT', ...text(), otherwise: "Chroma's default", meaning: 'Tenant on the Chroma server.' },
  chromaDatabase: { name: 'CHROMA_DATABASE', ...text(), otherwise: "Chroma's default", meaning: 'Database on the Chroma server.' },
  chromaCompat: {
    name: 'KEEPSAKE_CHROMA_COMPAT',
    ...choice('auto', 'off'),
    default: 'auto',
    meaning: 'off: never adapt a copy of the Chroma binary to an older C library.',
  },
  chromaIdle: {
    name: 'KEEPSAKE_CHROMA_IDLE',
    ...count(86_400),
    default: '300',
    meaning: 'Seconds that the shared local Chroma outlives its last user.',
  },
  keepInput: {
    name: 'KEEPSAKE_KEEP_INPUT',
    ...days,
    default: '30d',
    meaning: 'How long the words of processed inputs are kept beside what came of them: days, 0 or forever.',
  },
  accessLog: { name: 'KEEPSAKE_ACCESS_LOG', ...onOff, default: 'on', meaning: 'Note which memories were read when (never the query).' },
  logLevel: {
    name: 'KEEPSAKE_LOG_LEVEL',
    flag: 'log-level',
    ...choice(...logLevels),
    default: 'info',
    meaning: 'How much is logged, on stderr.',
  },
  host: {
    name: 'KEEPSAKE_HOST',
    flag: 'host',
    ...text(),
    default: '127.0.0.1',
    meaning: 'Address that serve --http listens on; one that others can reach needs tokens or OAuth.',
  },
  port: { name: 'KEEPSAKE_PORT', flag: 'port', ...count(65_535), default: '7700', meaning: 'Port of serve --http; 0: any free one.' },
  publicUrls: {
    name: 'KEEPSAKE_PUBLIC_URL',
    flag: 'public-url',
    ...list(origin),
    otherwise: 'the address it listens on',
    meaning: 'URLs of serve --http for clients, separated by commas; the first is its name for OAuth.',
  },
  origins: {
    name: 'KEEPSAKE_ORIGINS',
    ...list(origin),
    otherwise: 'those of its own URLs',
    meaning: 'Origins of web pages that may call serve --http, separated by commas.',
  },
  tokens: {
    name: 'KEEPSAKE_TOKENS',
    flag: 'tokens',
    ...file,
    otherwise: 'tokens.json in the home',
    meaning: 'File of tokens for serve --http.',
  },
  token: { name: 'KEEPSAKE_TOKEN', ...key, meaning: 'Token that connect shows the remote server.' },
  oauthIssuer: {
    name: 'KEEPSAKE_OAUTH_ISSUER',
    ...secureUrl,
    otherwise: 'off',
    meaning: 'Authorization server whose access tokens serve --http accepts.',
  },
  oauthAudience: {
    name: 'KEEPSAKE_OAUTH_AUDIENCE',
    ...text(),
    otherwise: 'the first public URL with /mcp',
    meaning: 'Audience that access tokens must name.',
  },
  oauthJwks: {
    name: 'KEEPSAKE_OAUTH_JWKS',
    ...secureUrl,
    otherwise: "as the issuer's metadata says",
    meaning: "URL of the issuer's public keys.",
  },
  rate: {
    name: 'KEEPSAKE_RATE',
    ...count(1_000_000),
    default: '600',
    meaning: 'Requests a minute that serve --http takes from one token or OAuth user; 0: any number.',
  },
  quota: {
    name: 'KEEPSAKE_QUOTA',
    ...count(100_000_000),
    default: '0',
    meaning: 'Live memories that one space may hold when they come over HTTP; 0: any number.',
  },
} as const satisfies Record<string, Option>;

/** What each option's text turns into; undefined where nothing is given and there is no default. */
export type OptionValues = {
  [K in keyof typeof options]: (typeof options)[K] extends { default: string }
    ? z.output<(typeof options)[K]['schema']>
    : z.output<(typeof options)[K]['schema']> | undefined;
};

/** One option as people read it. */
export interface OptionRow {
  name: string;
  /** With its dashes. */
  flag?: string | undefined;
  default: string;
  meaning: string;
  secret: boolean;
}

/** The options for docs/settings.md and doctor, in the order of the help. */
export function optionRows(): OptionRow[] {
  return Object.values<Option>(options).map((option) => ({
    name: option.name,
    flag: option.flag && `--${option.flag}`,
    default: option.default ?? option.otherwise ?? 'none',
    meaning: option.meaning,
    secret: option.secret ?? false,
  }));
}

/** The options as a part of the help, one indented line each. */
export function helpText(): string {
  const rows = optionRows().map((row) => ({ left: [row.flag, row.name].filter(Boolean).join(', '), ...row }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, meaning, default: otherwise }) => `  ${left.padEnd(width)}  ${meaning} [${otherwise}]`).join('\n');
}

/** The flags as node:util's parseArgs wants them. */
export function flagOptions(): Record<string, { type: 'string' }> {
  return Object.fromEntries(Object.values<Option>(options).flatMap(({ flag }) => (flag ? [[flag, { type: 'string' }]] : [])));
}
