import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { messageOf } from './core/errors.js';
import { zone } from './option-types.js';
import { type Option, type OptionValues, options } from './options.js';

/** A setting that cannot be used; the message is one line for stderr and the exit code is 2. */
export class ConfigError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConfigError';
  }
}

/** Where a model is reached. */
export interface ModelEndpoint {
  /** Without a slash at its end. */
  baseUrl: string;
  /** Absent for an endpoint that needs none. */
  apiKey?: string | undefined;
  model: string;
}

/** Where a reranker is reached. */
export interface RerankEndpoint {
  /** In full, with its path. */
  url: string;
  /** Absent for an endpoint that needs none. */
  apiKey?: string | undefined;
  model: string;
}

/** All settings of one process, checked and with their defaults. */
export interface Config {
  /** Absolute path of the folder of all files. */
  home: string;
  /** Name of the user that calls mean when they name none, NFC. */
  user: string;
  /** A project's name, `auto` or `none`. */
  project: string;
  /** IANA name of the time zone. */
  zone: string;
  /** Undefined: no chat model is configured. */
  chat?: ModelEndpoint | undefined;
  /** Undefined: images are not read. */
  vision?: ModelEndpoint | undefined;
  /** Undefined: audio is not transcribed. */
  transcription?: ModelEndpoint | undefined;
  /** Undefined: no embedding model is configured. */
  embedding?: ModelEndpoint | undefined;
  /** Undefined: no reranker is configured. */
  reranker?: RerankEndpoint | undefined;
  infer: OptionValues['infer'];
  instructions?: string | undefined;
  /** New memories of a space before a reflection; 0: only by command. */
  reflectAfter: number;
  store: OptionValues['store'];
  chroma: {
    url?: string | undefined;
    apiKey?: string | undefined;
    tenant?: string | undefined;
    database?: string | undefined;
    compat: OptionValues['chromaCompat'];
    idleSeconds: number;
  };
  /** Milliseconds that the words of processed inputs are kept; Infinity: for good. */
  keepInput: number;
  accessLog: boolean;
  logLevel: OptionValues['logLevel'];
  http: HttpConfig;
  /** What `connect` shows the remote server. */
  token?: string | undefined;
}

/** How the server over HTTP is reached, and by whom. */
export interface HttpConfig {
  host: string;
  /** 0: any free one. */
  port: number;
  /** Origins, such as https://memory.example.com; empty: only the address that it listens on. */
  publicUrls: string[];
  /** Origins of web pages that may call it, besides its own. */
  origins: string[];
  /** Absolute path of the file of tokens. */
  tokens?: string | undefined;
  oauth?: { issuer: string; audience?: string | undefined; jwks?: string | undefined } | undefined;
  /** Requests a minute of one caller; 0: any number. */
  rate: number;
  /** Live memories of one space; 0: any number. */
  quota: number;
}

/** What settings are read from. `given` by a program under their names; `flags` are keyed without dashes. */
export interface ConfigSources {
  given?: Readonly<Record<string, string | undefined>> | undefined;
  flags?: Readonly<Record<string, string | undefined>> | undefined;
  env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A value as it was given, and where. */
export interface Found {
  text: string;
  origin: string;
}

const openAiBaseUrl = 'https://api.openai.com/v1';
/** The values of config.json; numbers and booleans are understood as their text. */
const fileContent = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));

/** A client that substitutes nothing hands over "" or the literal ${NAME}. */
export function isSet(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '' && !/^\s*\$\{[^{}]*\}\s*$/.test(text);
}

function find(option: Option, sources: ConfigSources, file: Record<string, string>, filePath: string): Found | undefined {
  const given = sources.given?.[option.name];
  if (isSet(given)) return { text: given, origin: 'the options' };
  const flag = option.flag && sources.flags?.[option.flag];
  if (isSet(flag)) return { text: flag, origin: `the flag --${option.flag}` };
  const variable = sources.env?.[option.name];
  if (isSet(variable)) return { text: variable, origin: 'the environment' };
  const written = file[option.name];
  return isSet(written) ? { text: written, origin: filePath } : undefined;
}

/** What a text means as the value of an option; the default where there is none. Raises ConfigError. */
export function parse<T>(option: Option<T>, found: Found | undefined): T | undefined {
  const text = found?.text ?? option.default;
  if (text === undefined) return undefined;
  const parsed = option.schema.safeParse(text);
  if (parsed.success) return parsed.data;
  // Whoever writes a password into a URL finds it refused, not printed.
  const open = text.replaceAll(/\/\/\S*@/g, '//***@');
  const shown = option.secret ? `a value of ${text.length} characters` : JSON.stringify(open.length > 80 ? `${open.slice(0, 80)}…` : open);
  throw new ConfigError(`${option.name}: ${shown} from ${found?.origin ?? 'the default'} is not usable; allowed is ${option.allowed}.`);
}

function readConfigFile(path: string): Record<string, string> {
  let content: Record<string, string>;
  try {
    // Editors on Windows put a mark of the byte order before the text.
    content = fileContent.parse(JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')));
  } catch (error) {
    // No file, or a home that cannot be one, which is said where the home is opened.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return {};
    // What a parser says of bad JSON quotes it, and with it a key.
    const fault =
      error instanceof z.ZodError ? z.prettifyError(error) : error instanceof SyntaxError ? 'it is no valid JSON' : messageOf(error);
    throw new ConfigError(
      `${path} cannot be read as settings; it must be one JSON object of names and texts: ${fault.replace(/\s+/g, ' ')}`,
      {
        cause: error,
      },
    );
  }
  const names = Object.values(options).map(({ name }) => name);
  const unknown = Object.keys(content).find((name) => !names.some((known) => known === name) || name === options.home.name);
  if (unknown === undefined) return content;
  throw new ConfigError(`${path}: ${JSON.stringify(unknown)} cannot be set here; allowed are ${names.slice(1).join(', ')}.`);
}

/** The system's time zone, or UTC where it names none: an empty TZ is "Etc/Unknown", with which nothing can be computed. */
function systemZone(): string {
  return zone.safeParse(Intl.DateTimeFormat().resolvedOptions().timeZone).data ?? 'UTC';
}

function sameHost(one: string, other: string): boolean {
  return new URL(one).host === new URL(other).host;
}

function endpoints(values: OptionValues): Pick<Config, 'chat' | 'vision' | 'transcription' | 'embedding'> {
  const { apiKey, baseUrl, embeddingApiKey, embeddingBaseUrl } = values;
  const chatUrl = baseUrl ?? openAiBaseUrl;
  const at = (model: string | undefined) => (model && (apiKey || baseUrl) ? { baseUrl: chatUrl, apiKey, model } : undefined);
  const chat = at(values.model);
  const embeddingUrl = embeddingBaseUrl ?? chatUrl;
  // A key is never sent to a host that it was not given for.
  const embeddingKey = embeddingApiKey ?? (sameHost(embeddingUrl, chatUrl) ? apiKey : undefined);
  const hasEmbedding = embeddingApiKey || embeddingBaseUrl || chat;
  const media = { vision: at(values.visionModel), transcription: at(values.transcribeModel) };
  return {
    chat,
    ...media,
    embedding: hasEmbedding ? { baseUrl: embeddingUrl, apiKey: embeddingKey, model: values.embeddingModel } : undefined,
  };
}

function httpConfig(values: OptionValues): HttpConfig {
  const { host, port, publicUrls = [], origins = [], tokens, oauthIssuer: issuer, oauthAudience, oauthJwks, rate, quota } = values;
  const lacksIssuer = oauthAudience !== undefined || oauthJwks !== undefined;
  if (!issuer && lacksIssuer) throw new ConfigError(`${options.oauthIssuer.name}: OAuth needs its issuer too.`);
  const oauth = issuer === undefined ? undefined : { issuer, audience: oauthAudience, jwks: oauthJwks };
  return { host, port, publicUrls, origins, tokens, oauth, rate, quota };
}

function rerankEndpoint(values: OptionValues): RerankEndpoint | undefined {
  const { rerankModel: model, rerankUrl: address, rerankApiKey, apiKey, baseUrl } = values;
  const names = { model: options.rerankModel.name, url: options.rerankUrl.name, key: options.rerankApiKey.name };
  if (!model && !address) return undefined;
  if (!address) throw new ConfigError(`${names.model}: a reranker needs its URL too; set ${names.url}.`);
  if (!model) throw new ConfigError(`${names.url}: a reranker needs its model too; set ${names.model}.`);
  const { username, password } = new URL(address);
  if (username || password) throw new ConfigError(`${names.url}: it must not hold a user or password; set ${names.key}.`);
  return { url: address, apiKey: rerankApiKey ?? (sameHost(address, baseUrl ?? openAiBaseUrl) ? apiKey : undefined), model };
}

/** Path of the file of settings in the home that the sources name. Raises ConfigError. */
export function configPath(sources: ConfigSources): string {
  return join(parse(options.home, find(options.home, sources, {}, '')) as string, 'config.json');
}

/** Every option with what is given for it, and where; undefined: its default counts. Raises ConfigError. */
export function givenSettings(sources: ConfigSources): { option: Option; found: Found | undefined }[] {
  const path = configPath(sources);
  const file = readConfigFile(path);
  return Object.values<Option>(options).map((option) => ({ option, found: find(option, sources, file, path) }));
}

/**
 * Reads all settings: flags win over environment over config.json in the home over defaults; empty texts and
 * unsubstituted ${...} count as unset. Raises ConfigError for the first value that cannot be used.
 */
export function readConfig(sources: ConfigSources): Config {
  const filePath = configPath(sources);
  const home = dirname(filePath);
  const file = readConfigFile(filePath);
  const values = Object.fromEntries(
    Object.entries<Option>(options).map(([key, option]) => [key, parse(option, find(option, sources, file, filePath))]),
  ) as OptionValues;
  const models = endpoints(values);
  if (values.infer === 'model' && !models.chat) {
    throw new ConfigError(`${options.infer.name}: "model" needs a model; set ${options.apiKey.name} or ${options.baseUrl.name}.`);
  }
  return {
    home,
    user: values.user,
    project: values.project,
    zone: values.zone ?? systemZone(),
    ...models,
    reranker: rerankEndpoint(values),
    infer: values.infer,
    instructions: values.instructions,
    reflectAfter: values.reflect,
    store: values.store,
    chroma: {
      url: values.chromaUrl,
      apiKey: values.chromaApiKey,
      tenant: values.chromaTenant,
      database: values.chromaDatabase,
      compat: values.chromaCompat,
      idleSeconds: values.chromaIdle,
    },
    keepInput: values.keepInput,
    accessLog: values.accessLog,
    logLevel: values.logLevel,
    http: httpConfig(values),
    token: values.token,
  };
}
