import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.js';
import { flagOptions, helpText, optionRows } from '../src/options.js';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'keepsake-config-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const read = (env: Record<string, string> = {}, flags: Record<string, string> = {}) =>
  readConfig({ env: { KEEPSAKE_HOME: home, ...env }, flags });
const writeFile = (content: unknown) =>
  writeFileSync(join(home, 'config.json'), typeof content === 'string' ? content : JSON.stringify(content));

describe('settings', () => {
  it('have defaults that need nothing', () => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(read()).toEqual({
      home,
      user: 'default',
      project: 'auto',
      zone,
      infer: 'auto',
      reflectAfter: 20,
      store: 'auto',
      chroma: { compat: 'auto', idleSeconds: 300 },
      accessLog: true,
      keepInput: 30 * 24 * 3600 * 1000,
      logLevel: 'info',
      http: { host: '127.0.0.1', port: 7700, publicUrls: [], origins: [], rate: 600, quota: 0 },
    });
  });

  it('refuse to insist on a model where none is configured', () => {
    expect(() => read({ KEEPSAKE_INFER: 'model' })).toThrow(/KEEPSAKE_INFER: "model" needs a model; set OPENAI_API_KEY or OPENAI_BASE_URL/);
    expect(read({ KEEPSAKE_INFER: 'model', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }).chat).toBeDefined();
  });

  it('read images and audio with models of the same endpoint, and not without one', () => {
    const media = { KEEPSAKE_VISION_MODEL: 'sees', KEEPSAKE_TRANSCRIBE_MODEL: 'hears' };
    expect(read(media)).not.toHaveProperty('vision.model');
    const endpoint = { baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'k' };
    const config = read({ ...media, OPENAI_BASE_URL: endpoint.baseUrl, OPENAI_API_KEY: 'k' });
    expect(config).toMatchObject({ vision: { ...endpoint, model: 'sees' }, transcription: { ...endpoint, model: 'hears' } });
    expect(read({ OPENAI_API_KEY: 'k' })).toMatchObject({ vision: undefined, transcription: undefined });
  });

  it('live in .keepsake of the home folder unless told otherwise', () => {
    expect(readConfig({ env: { KEEPSAKE_HOME: '' } }).home).toBe(join(homedir(), '.keepsake'));
    expect(readConfig({ flags: { home: '~/elsewhere' } }).home).toBe(join(homedir(), 'elsewhere'));
    expect(readConfig({ flags: { home: 'here' } }).home).toBe(resolve('here'));
  });

  it('come from flags before the environment before config.json', () => {
    writeFile({ KEEPSAKE_USER: 'file', KEEPSAKE_MODEL: 'file', KEEPSAKE_INFER: 'rules', OPENAI_API_KEY: 'k', KEEPSAKE_CHROMA_IDLE: 5 });
    const config = read({ KEEPSAKE_USER: 'environment', KEEPSAKE_MODEL: 'environment' }, { user: 'flag' });
    expect(config).toMatchObject({ user: 'flag', infer: 'rules', chat: { model: 'environment' }, chroma: { idleSeconds: 5 } });
  });

  it('that are empty or unsubstituted count as unset', () => {
    writeFile({ KEEPSAKE_USER: 'file' });
    expect(
      read({ KEEPSAKE_USER: '${user_config.user}', OPENAI_API_KEY: '${OPENAI_API_KEY}', KEEPSAKE_MODEL: ' ' }, { user: '' }),
    ).toMatchObject({
      user: 'file',
    });
    expect(read({ OPENAI_API_KEY: '${OPENAI_API_KEY}' }).chat).toBeUndefined();
  });

  it('may be written by an editor on Windows, with a byte order mark and CRLF', () => {
    writeFile('\uFEFF{\r\n  "KEEPSAKE_USER": "ann"\r\n}\r\n');
    expect(read({}).user).toBe('ann');
  });

  it('keep the name of a user exactly, in NFC', () => {
    expect(read({ KEEPSAKE_USER: 'Zoe\u0308 ' }).user).toBe('Zoë ');
  });
});

it('URLs of clients and origins are written as browsers write origins', () => {
  const { http } = read({
    KEEPSAKE_PUBLIC_URL: 'https://Memory.Example:443/, http://localhost:7700',
    KEEPSAKE_ORIGINS: 'https://app.example/',
  });
  expect(http.publicUrls).toEqual(['https://memory.example', 'http://localhost:7700']);
  expect(http.origins).toEqual(['https://app.example']);
});

describe('a bad value', () => {
  const message = (env: Record<string, string>, flags: Record<string, string> = {}) => {
    try {
      read(env, flags);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return (error as ConfigError).message;
    }
    throw new Error('nothing was refused');
  };

  it('is named with its origin and with what is allowed', () => {
    expect(message({ KEEPSAKE_STORE: 'redis' })).toBe(
      'KEEPSAKE_STORE: "redis" from the environment is not usable; allowed is auto, chroma or embedded.',
    );
    expect(message({}, { 'log-level': 'loud' })).toBe(
      'KEEPSAKE_LOG_LEVEL: "loud" from the flag --log-level is not usable; allowed is debug, info, warn or error.',
    );
    writeFile({ KEEPSAKE_TZ: 'Mars/Olympus' });
    expect(message({})).toBe(
      `KEEPSAKE_TZ: "Mars/Olympus" from ${join(home, 'config.json')} is not usable; allowed is a time zone such as Europe/Berlin.`,
    );
  });

  it.each([
    ['KEEPSAKE_USER', 'x'.repeat(129)],
    ['KEEPSAKE_USER', 'a\nb'],
    ['KEEPSAKE_PROJECT', '*'],
    ['KEEPSAKE_HOME', '${HOME}/.keepsake'],
    ['OPENAI_BASE_URL', 'localhost:11434/v1'],
    ['OPENAI_BASE_URL', 'ftp://host'],
    ...['KEEPSAKE_PUBLIC_URL', 'KEEPSAKE_ORIGINS'].flatMap((name) =>
      ['/mcp', '/a/', '?', '?a=b', '#c'].map((end) => [name, `https://memory.example${end}`] as [string, string]),
    ),
    ['KEEPSAKE_PUBLIC_URL', 'memory.example'],
    ['KEEPSAKE_PUBLIC_URL', 'https://memory.example, https://other.example/mcp'],
    ['KEEPSAKE_CHROMA_IDLE', '-1'],
    ['KEEPSAKE_CHROMA_IDLE', '1.5'],
    ['KEEPSAKE_INSTRUCTIONS', 'x'.repeat(2001)],
    ['KEEPSAKE_KEEP_INPUT', '30 days'],
    ['KEEPSAKE_REFLECT', 'never'],
    ['KEEPSAKE_ACCESS_LOG', 'maybe'],
  ])('%s=%j is refused in one line', (name, value) => {
    expect(message({ [name]: value })).toMatch(new RegExp(`^${name}: "[^\\n]+ is not usable; allowed is [^\\n]+\\.$`));
  });

  it('of a URL with a password is refused without showing it', () => {
    for (const url of [
      'https://me:open-sesame@memory.example',
      'https://me:open/sesame@memory.example',
      'https://open-sesame@memory.example',
    ])
      for (const name of ['KEEPSAKE_PUBLIC_URL', 'KEEPSAKE_ORIGINS']) {
        expect(message({ [name]: url })).toMatch(/without a path, query, fragment, user or password/);
        expect(message({ [name]: url })).not.toMatch(/sesame/);
      }
  });

  it('of a secret is not shown', () => {
    expect(message({ OPENAI_API_KEY: 'sk-one sk-two' })).toBe(
      'OPENAI_API_KEY: a value of 13 characters from the environment is not usable; allowed is printable ASCII without spaces.',
    );
  });

  it('of config.json is not shown either when its JSON is broken', () => {
    writeFile('{"OPENAI_API_KEY": "sk-live-secret" oops}');
    expect(message({})).toMatch(/config\.json cannot be read as settings; [^\n]*: it is no valid JSON$/);
    expect(message({})).not.toContain('secret');
  });

  it('in config.json is refused with the file: bad JSON, other shapes, unknown names and the home itself', () => {
    for (const content of ['{"KEEPSAKE_USER": ', '[]', '{"KEEPSAKE_USER": ["a"]}', '{"KEEPSAKE_USR": "a"}', '{"KEEPSAKE_HOME": "/a"}']) {
      writeFile(content);
      expect(message({})).toMatch(/^[^\n]*config\.json[^\n]*$/);
    }
  });
});

describe('model endpoints', () => {
  it('are OpenAI for both models when there is only a key', () => {
    const endpoint = { baseUrl: 'https://api.openai.com/v1', apiKey: 'sk' };
    expect(read({ OPENAI_API_KEY: ' sk\n' })).toMatchObject({
      chat: { ...endpoint, model: 'gpt-5-mini' },
      embedding: { ...endpoint, model: 'text-embedding-3-small' },
    });
  });

  it('need no key when there is a base URL', () => {
    const config = read({ OPENAI_BASE_URL: 'http://localhost:11434/v1/', KEEPSAKE_EMBEDDING_MODEL: 'bge-m3' });
    expect(config.chat).toEqual({ baseUrl: 'http://localhost:11434/v1', model: 'gpt-5-mini' });
    expect(config.embedding).toEqual({ baseUrl: 'http://localhost:11434/v1', model: 'bge-m3' });
  });

  it('may be one for embeddings alone', () => {
    const config = read({ KEEPSAKE_EMBEDDING_BASE_URL: 'http://localhost:1234/v1' });
    expect(config.chat).toBeUndefined();
    expect(config.embedding?.baseUrl).toBe('http://localhost:1234/v1');
  });

  it('get the key of the chat endpoint only on the same host', () => {
    const own = { OPENAI_API_KEY: 'sk', OPENAI_BASE_URL: 'https://one.example/v1' };
    expect(read({ ...own, KEEPSAKE_EMBEDDING_BASE_URL: 'https://one.example/v2' }).embedding?.apiKey).toBe('sk');
    expect(read({ ...own, KEEPSAKE_EMBEDDING_BASE_URL: 'https://two.example/v1' }).embedding?.apiKey).toBeUndefined();
    expect(
      read({ ...own, KEEPSAKE_EMBEDDING_BASE_URL: 'https://two.example/v1', KEEPSAKE_EMBEDDING_API_KEY: 'two' }).embedding?.apiKey,
    ).toBe('two');
  });
});

describe('a reranker', () => {
  const url = 'https://one.example/v1/rerank';

  it('is configured by its model and its full URL, and needs no key', () => {
    expect(read().reranker).toBeUndefined();
    expect(read({ KEEPSAKE_RERANK_API_KEY: 'r' }).reranker).toBeUndefined();
    expect(read({ KEEPSAKE_RERANK_MODEL: 'judge', KEEPSAKE_RERANK_URL: url }).reranker).toEqual({ model: 'judge', url });
  });

  it.each([
    ['KEEPSAKE_RERANK_MODEL', 'judge', /^KEEPSAKE_RERANK_MODEL: [^\n]* set KEEPSAKE_RERANK_URL\.$/],
    ['KEEPSAKE_RERANK_URL', url, /^KEEPSAKE_RERANK_URL: [^\n]* set KEEPSAKE_RERANK_MODEL\.$/],
  ])('with %s alone is refused with the name of what is missing', (name, value, message) => {
    expect(() => read({ [name]: value })).toThrow(ConfigError);
    expect(() => read({ [name]: value })).toThrow(message);
  });

  it('with a password in its URL is refused without showing it', () => {
    const bad = () => read({ KEEPSAKE_RERANK_MODEL: 'judge', KEEPSAKE_RERANK_URL: 'https://me:open-sesame@one.example/rerank' });
    expect(bad).toThrow(/^KEEPSAKE_RERANK_URL: [^\n]* set KEEPSAKE_RERANK_API_KEY\.$/);
    expect(bad).not.toThrow(/sesame/);
  });

  it('gets the key of the chat endpoint only on the same host', () => {
    const env = { OPENAI_API_KEY: 'sk', KEEPSAKE_RERANK_MODEL: 'judge', KEEPSAKE_RERANK_URL: url };
    expect(read({ ...env, OPENAI_BASE_URL: 'https://one.example/v1' }).reranker?.apiKey).toBe('sk');
    expect(read(env).reranker?.apiKey).toBeUndefined();
    expect(read({ ...env, KEEPSAKE_RERANK_API_KEY: 'r', OPENAI_BASE_URL: 'https://one.example/v1' }).reranker?.apiKey).toBe('r');
  });
});

describe('the table', () => {
  it('is in the help as a whole, a line an option', () => {
    const names = optionRows().map(({ name }) => name);
    for (const name of names) expect(helpText()).toContain(name);
    expect(helpText().split('\n')).toHaveLength(names.length);
  });

  it('gives every option a default for people and one line of meaning, and each name once', () => {
    const rows = optionRows();
    for (const row of rows) {
      expect(row.default).not.toBe('');
      expect(row.meaning).toMatch(/^[^\n]{10,100}\.$/);
    }
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });

  it('feeds parseArgs', () => {
    const { values } = parseArgs({ args: ['--log-level', 'debug', '--tz=UTC'], options: flagOptions() });
    expect(read({}, values as Record<string, string>)).toMatchObject({ logLevel: 'debug', zone: 'UTC' });
  });
});
