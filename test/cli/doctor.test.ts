import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/cli/finding.js';
import { startFakeIssuer } from '../access/fake-issuer.js';
import { mayMount, mountDisk } from '../damage/mounts.js';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { startServer, until } from '../support/server.js';
import { runCommand } from './run.js';

let home: string;
let endpoint: FakeOpenAi;

beforeEach(async () => {
  home = await temporaryHome();
  endpoint = await startFakeOpenAi({ apiKey: 'sk-right' });
});
afterEach(() => endpoint.close());

/** Runs doctor --json on the home; findings by part. */
async function examined(env: Record<string, string> = {}): Promise<{ code: number | null; text: string; parts: Record<string, Finding> }> {
  const { code, stdout, stderr } = await runCommand(['doctor', '--json'], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', ...env });
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return { code, text: stdout, parts: Object.fromEntries(findings.map((finding) => [finding.part, finding])) };
}

/** Lets a server remember something in the home. */
async function remember(...contents: string[]): Promise<void> {
  const server = await startServer({ home });
  for (const content of contents) await server.call('remember', { content });
  await server.stop();
}

const withModel = (key: string) => ({
  OPENAI_BASE_URL: endpoint.url,
  OPENAI_API_KEY: key,
  KEEPSAKE_MODEL: 'fake',
  KEEPSAKE_EMBEDDING_MODEL: 'fake-m3',
});

describe.runIf(mayMount)('doctor on a full disk', () => {
  it('finds the home broken though its folder is open to writing, and well again once there is space', async () => {
    mountDisk(home, 512);
    await remember('I live in Lisbon.');
    const { bavail, bsize } = statfsSync(home);
    writeFileSync(join(home, 'ballast'), Buffer.alloc(bavail * bsize));
    const full = await examined();
    expect(full.code).toBe(1);
    expect(full.parts.home).toMatchObject({
      standing: 'broken',
      text: expect.stringContaining('ENOSPC'),
      fix: expect.stringContaining('nothing new is remembered'),
    });
    expect(full.parts.history).toMatchObject({ standing: 'ok', text: expect.stringContaining('1 memory') });
    rmSync(join(home, 'ballast'));
    expect(await examined()).toMatchObject({ code: 0, parts: { home: { standing: 'ok' } } });
  });
});

describe('doctor', () => {
  it('prints one line a part and ends with 0 where all is well', async () => {
    await remember('I live in Lisbon.');
    const { code, stdout } = await runCommand(['doctor'], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded' });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(1).map((line) => line.split(/\s+/).slice(0, 2).join(' '))).toEqual([
      'ok node',
      'ok home',
      'ok history',
      'note chat',
      'ok images',
      'ok audio',
      'note embedding',
      'ok reranker',
      'ok store',
      'ok project',
      'ok privacy',
    ]);
    expect(stdout).toContain('1 space, 3 events, 1 memory');
    expect(stdout).toContain('Keepsake sends nothing anywhere; what an assistant recalls goes to whoever runs its model.');
  });

  it('finds the real Chroma with its version and as many vectors as memories, and lets it end', async () => {
    await remember('I live in Lisbon.', 'My cat is called Doudou.');
    const { code, parts } = await examined({ KEEPSAKE_STORE: 'chroma' });
    expect(code).toBe(0);
    expect(parts.store).toMatchObject({ standing: 'ok', data: { vectors: 2, behind: 0 } });
    expect(parts.store?.text).toMatch(/^Chroma \S+ \(binding .*\) at http:\/\/127\.0\.0\.1:\d+; 2 vectors; up to date$/);
    const { pid } = JSON.parse(readFileSync(join(home, 'chroma', 'owner.json'), 'utf8')) as { pid: number };
    await until(() => hasEnded(pid));
  });

  it.runIf(process.platform === 'linux')(
    'says why Chroma cannot run here and what takes its place, which is no fault unless Chroma was demanded',
    async () => {
      spoilChroma();
      const usual = await examined({ KEEPSAKE_STORE: 'auto' });
      expect(usual.code).toBe(0);
      expect(usual.parts.store).toMatchObject({ standing: 'note', fix: expect.stringContaining('does not load here') });
      expect(usual.parts.store?.text).toContain('built-in exact index');
      const demanded = await examined({ KEEPSAKE_STORE: 'chroma' });
      expect(demanded.code).toBe(1);
      expect(demanded.parts.store).toMatchObject({ standing: 'broken', text: expect.stringContaining('KEEPSAKE_STORE=embedded') });
    },
  );

  it('names a Chroma server that does not answer', async () => {
    const { code, parts } = await examined({ KEEPSAKE_STORE: 'auto', CHROMA_URL: await addressOfNobody() });
    expect(code).toBe(1);
    expect(parts.store).toMatchObject({ standing: 'broken', fix: expect.stringContaining('CHROMA_URL') });
  });

  it('reaches the models, names them and never shows the key', async () => {
    const { code, text, parts } = await examined(withModel('sk-right'));
    expect(code).toBe(0);
    expect(parts.chat).toMatchObject({ standing: 'ok', data: { model: 'fake', has_key: true } });
    expect(parts.embedding).toMatchObject({ standing: 'ok', data: { model: 'fake-m3', dimension: 64 } });
    expect(text).not.toContain('sk-right');
  });

  it('looks at what the server over HTTP is reached by and whom it lets in, where that is set up', async () => {
    const open = await examined({ KEEPSAKE_PORT: '7701' });
    expect(open.parts.network).toMatchObject({ standing: 'ok', text: 'serve --http listens on 127.0.0.1:7701' });
    expect(open.parts.tokens).toMatchObject({ standing: 'note', fix: 'make one with: keepsake-mcp token add --user NAME' });
    const exposed = await examined({ KEEPSAKE_PUBLIC_URL: 'https://memory.example' });
    expect(exposed.parts.network).toMatchObject({
      standing: 'broken',
      text: expect.stringMatching(/^KEEPSAKE_PUBLIC_URL: .* needs tokens/),
    });

    await runCommand(['token', 'add', '--user', 'ann'], { KEEPSAKE_HOME: home });
    const issuer = await startFakeIssuer();
    const guarded = await examined({ KEEPSAKE_PUBLIC_URL: 'https://memory.example', KEEPSAKE_OAUTH_ISSUER: issuer.url });
    expect(guarded.parts).toMatchObject({
      network: { standing: 'ok', text: 'serve --http listens on 127.0.0.1:7700, for clients https://memory.example' },
      tokens: { standing: 'ok', text: `1 token in ${join(home, 'tokens.json')}` },
      oauth: { standing: 'ok', text: `${issuer.url} answers with its keys` },
    });
    expect(guarded.code).toBe(0);

    issuer.fail(true);
    writeFileSync(join(home, 'tokens.json'), '{');
    const damaged = await examined({ KEEPSAKE_OAUTH_ISSUER: issuer.url });
    expect(damaged.parts.tokens).toMatchObject({
      standing: 'broken',
      text: expect.stringMatching(/no valid JSON; mend it, or take it away/),
    });
    expect(damaged.parts.oauth).toMatchObject({ standing: 'broken', fix: expect.stringContaining('KEEPSAKE_OAUTH_ISSUER') });
    const missing = await examined({ KEEPSAKE_TOKENS: join(home, 'none.json') });
    expect(missing.parts.tokens).toMatchObject({ standing: 'broken', fix: expect.stringContaining('--tokens') });
  });

  it('tells of the models for images and audio whether they are there, and what it means that there are none', async () => {
    const off = await examined(withModel('sk-right'));
    for (const part of ['images', 'audio'])
      expect(off.parts[part]).toMatchObject({ standing: 'ok', text: expect.stringMatching(/attached (images are|audio is) skipped/) });
    const on = await examined({ ...withModel('sk-right'), KEEPSAKE_VISION_MODEL: 'fake', KEEPSAKE_TRANSCRIBE_MODEL: 'ears' });
    expect(on.parts.images).toMatchObject({ standing: 'ok', data: { model: 'fake' } });
    expect(on.parts.audio).toMatchObject({ standing: 'note', fix: expect.stringContaining('KEEPSAKE_TRANSCRIBE_MODEL to one of fake') });
  });

  it('tells a wrong key from a wrong model, and neither shows the key', async () => {
    const wrongKey = await examined(withModel('sk-wrong'));
    expect(wrongKey.code).toBe(1);
    for (const part of ['chat', 'embedding'])
      expect(wrongKey.parts[part]).toMatchObject({ standing: 'broken', text: expect.stringContaining('401') });
    expect(wrongKey.text).not.toContain('sk-wrong');
    const wrongModel = await examined({ ...withModel('sk-right'), KEEPSAKE_MODEL: 'unheard-of' });
    expect(wrongModel.parts.chat).toMatchObject({ standing: 'note', fix: expect.stringContaining('KEEPSAKE_MODEL to one of fake') });
  });

  it('shows no password that stands in a URL, not even where an error repeats it', async () => {
    const { text } = await examined({ OPENAI_BASE_URL: endpoint.url.replace('//', '//me:open-sesame@'), OPENAI_API_KEY: 'sk-right' });
    expect(text).toContain(endpoint.url.slice('http://'.length));
    expect(text).not.toContain('open-sesame');
  });

  it('says that an endpoint is not there, or does not answer in time', async () => {
    endpoint.fail('hang', Number.POSITIVE_INFINITY, 'embeddings');
    const { code, parts } = await examined({
      ...withModel('sk-right'),
      OPENAI_BASE_URL: await addressOfNobody(),
      KEEPSAKE_EMBEDDING_BASE_URL: endpoint.url,
    });
    expect(code).toBe(1);
    expect(parts.chat).toMatchObject({ standing: 'broken', text: expect.stringContaining('could not be reached') });
    expect(parts.embedding).toMatchObject({ standing: 'broken', text: expect.stringContaining('did not answer') });
    expect(parts.store?.standing).toBe('note');
  });

  it('reaches the reranker, or says why not, and shows no key', async () => {
    const withReranker = (key: string) => ({
      KEEPSAKE_RERANK_MODEL: 'judge',
      KEEPSAKE_RERANK_URL: endpoint.rerankUrls.common,
      KEEPSAKE_RERANK_API_KEY: key,
    });
    const right = await examined(withReranker('sk-right'));
    expect(right.code).toBe(0);
    expect(right.parts.reranker).toMatchObject({
      standing: 'ok',
      data: { model: 'judge', url: endpoint.rerankUrls.common, has_key: true },
    });
    const wrong = await examined(withReranker('sk-wrong'));
    expect(wrong.code).toBe(1);
    expect(wrong.parts.reranker).toMatchObject({ standing: 'broken', text: expect.stringContaining('401') });
    expect(right.text + wrong.text).not.toMatch(/sk-right|sk-wrong/);
  });

  it('warns of an embedding model that knows English alone', async () => {
    const { code, parts } = await examined({ ...withModel('sk-right'), KEEPSAKE_EMBEDDING_MODEL: 'all-MiniLM-L6-v2' });
    expect(code).toBe(0);
    expect(parts.embedding).toMatchObject({ standing: 'note', fix: expect.stringContaining('English') });
  });

  it('shows inputs that wait for a model', async () => {
    const server = await startServer({ home, env: withModel('sk-wrong') });
    const { structured } = await server.call('remember', { content: 'I moved to Porto because of the sea.' });
    await server.stop();
    expect(structured.pending).toBe(true);
    const { parts } = await examined(withModel('sk-wrong'));
    expect(parts.history).toMatchObject({ standing: 'note', text: expect.stringMatching(/1 input waiting since \d{4}-/) });
  });

  it('points at the damaged line of a history and still reads the rest', async () => {
    await remember('I live in Lisbon.', 'My cat is called Doudou.');
    const [name = ''] = readdirSync(join(home, 'history'));
    const path = join(home, 'history', name);
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[2] = '{"damaged';
    writeFileSync(path, lines.join('\n'));
    const { code, parts } = await examined();
    expect(code).toBe(1);
    expect(parts.history).toMatchObject({ standing: 'broken', text: expect.stringContaining('line 3') });
    expect(parts.history?.text).toContain('1 memory');
    expect(parts.store?.standing).toBe('ok');
  });

  it('does not call a log damaged that only a newer program can read', async () => {
    await remember('I live in Lisbon.');
    const log = join(home, 'history', 'user-default.jsonl');
    writeFileSync(log, readFileSync(log, 'utf8').replace('"min_reader":1', '"min_reader":2'));
    const { code, parts } = await examined();
    expect(code).toBe(1);
    expect(parts.history).toMatchObject({ standing: 'broken', text: expect.stringContaining('update with'), fix: 'the rest can be used' });
  });

  it('says that a home cannot be used and still looks at everything else', async () => {
    const file = join(home, 'a-file');
    appendFileSync(file, '');
    const { code, parts } = await examined({ KEEPSAKE_HOME: file });
    expect(code).toBe(1);
    expect(parts.home).toMatchObject({ standing: 'broken', text: expect.stringContaining('KEEPSAKE_HOME') });
    expect(Object.keys(parts)).toEqual(['node', 'home', 'chat', 'project', 'privacy']);
  });

  it('names the permissions that let others look in', async () => {
    writeFileSync(join(home, 'config.json'), JSON.stringify({ OPENAI_API_KEY: 'sk-right' }), { mode: 0o644 });
    chmodSync(join(home, 'config.json'), 0o644);
    const { parts } = await examined({ OPENAI_BASE_URL: endpoint.url });
    expect(parts.home).toMatchObject({ standing: 'note', fix: `chmod 600 ${join(home, 'config.json')}` });
  });
});

/** A URL at which a server was a moment ago. */
async function addressOfNobody(): Promise<string> {
  const gone = await startFakeOpenAi();
  await gone.close();
  return gone.url;
}

/** Puts a file that is no library where the home keeps Chroma's binary for this C library. */
function spoilChroma(): void {
  const name = `chromadb-js-bindings-linux-${process.arch}-gnu`;
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string };
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime: string } };
  mkdirSync(join(home, 'chroma-binding'));
  writeFileSync(join(home, 'chroma-binding', `${name}-${version}-glibc-${header.glibcVersionRuntime}.node`), 'no library');
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    if (['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return true;
    throw error;
  }
}
