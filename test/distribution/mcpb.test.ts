import { execFile, execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { getMcpConfigForManifest, type McpbManifestAny } from '@anthropic-ai/mcpb';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { packBundle } from '../../scripts/mcpb.mjs';
import { tools } from '../../src/tools/table.js';
import { temporaryHome } from '../support/home.js';
import { type Answer, answerOf } from '../support/server.js';

const run = promisify(execFile);
const mcpb = fileURLToPath(new URL('../../node_modules/@anthropic-ai/mcpb/dist/cli/cli.js', import.meta.url));

let bytes: number;
let folder: string;
let manifest: McpbManifestAny;

beforeAll(async () => {
  const file = join(await temporaryHome(), 'keepsake.mcpb');
  bytes = await packBundle(file);
  folder = await temporaryHome();
  await run(process.execPath, [mcpb, 'unpack', file, folder]);
  manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
});

/** What puts a program into a network of its own that leads nowhere; empty where that is not allowed. */
function withoutNetwork(): string[] {
  try {
    execFileSync('unshare', ['--user', '--map-root-user', '--net', 'true'], { stdio: 'ignore' });
    return ['unshare', '--user', '--map-root-user', '--net'];
  } catch (error) {
    // Another system, or a container that may not: proxies that nobody answers at stand in.
    if (error instanceof Error) return [];
    throw error;
  }
}

const nowhere = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' };

interface Running {
  call(name: string, args: Record<string, unknown>): Promise<Answer>;
  log(): string;
  stop(): Promise<void>;
}

interface BundleOptions {
  /** The user's home folder; else one that the bundle has no use for. */
  userHome?: string;
  /** Hands over "" for what was not given, where other clients leave the variable as it stands. */
  emptied?: boolean;
}

/** Starts the unpacked bundle as a client would that its user has told no more than `given`. */
async function startBundle(
  given: Record<string, string>,
  { userHome = '/nowhere', emptied = false }: BundleOptions = {},
): Promise<Running> {
  const config = await getMcpConfigForManifest({
    manifest,
    extensionPath: folder,
    systemDirs: {},
    userConfig: emptied ? { ...Object.fromEntries(Object.keys(manifest.user_config ?? {}).map((key) => [key, ''])), ...given } : given,
    pathSeparator: sep,
  });
  if (!config) throw new Error('the manifest asks for settings');
  const [command = '', ...args] = [...withoutNetwork(), config.command, ...(config.args ?? [])];
  const transport = new StdioClientTransport({
    command,
    args,
    env: { HOME: userHome, PATH: [dirname(process.execPath), process.env.PATH].join(':'), ...nowhere, KEEPSAKE_TZ: 'UTC', ...config.env },
    cwd: '/',
    stderr: 'pipe',
  });
  let log = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  return {
    call: async (name, args) => answerOf(await client.callTool({ name, arguments: args })),
    log: () => log,
    stop: () => client.close(),
  };
}

describe('the bundle', () => {
  it("passes its own tool's check", async () => {
    const { stdout } = await run(process.execPath, [mcpb, 'validate', join(folder, 'manifest.json')]);
    expect(stdout).toContain('Manifest schema validation passes!');
    expect(stdout).toContain('Icon validation passed');
    expect(stdout).not.toContain('ERROR');
  });

  it('is small, and holds the program, its licences, what it does with data, and an icon', async () => {
    expect(bytes).toBeLessThan(3_000_000);
    const names = await readdir(folder);
    expect(names).toEqual(expect.arrayContaining(['manifest.json', 'package.json', 'LICENSE', 'PRIVACY.md', 'icon.png', 'dist']));
    expect(names).not.toContain('node_modules');
    expect(await readFile(join(folder, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8')).toContain('@modelcontextprotocol/sdk');
    const icon = await readFile(join(folder, 'icon.png'));
    expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([512, 512]);
  });

  it('says what the package says: version, node, tools', () => {
    expect(manifest).toMatchObject({
      manifest_version: '0.3',
      name: packageJson.name,
      version: packageJson.version,
      license: 'MIT',
      compatibility: { runtimes: { node: packageJson.engines.node } },
      tools: tools.map(({ name, description }) => ({ name, description })),
      prompts_generated: true,
    });
    expect(manifest.long_description).toContain('There is no telemetry');
    expect(manifest.long_description).toMatch(/^.* what an assistant recalls goes to whoever runs that assistant's model\.\n/);
  });

  it('asks for a key as a secret, an endpoint, a model, a folder and a name, and needs none of them', () => {
    const asked = Object.entries(manifest.user_config ?? {}).map(([key, { type, sensitive, required }]) => [
      key,
      type,
      sensitive,
      required,
    ]);
    expect(asked).toEqual([
      ['openai_api_key', 'string', true, false],
      ['openai_base_url', 'string', undefined, false],
      ['keepsake_model', 'string', undefined, false],
      ['keepsake_home', 'directory', undefined, false],
      ['keepsake_user', 'string', undefined, false],
    ]);
  });
});

describe('the unpacked bundle, with nothing else installed and no network', () => {
  it('remembers, and recalls after a restart what it was told, in the folder that the user named', async () => {
    const home = join(await temporaryHome(), 'memory');
    const first = await startBundle({ keepsake_home: home });
    const { structured } = await first.call('remember', { content: 'My sister Ines keeps bees in Porto.' });
    expect(structured.results).toMatchObject([{ event: 'ADD' }]);
    expect((await first.call('recall', { query: 'bees' })).text).toContain('Ines keeps bees');
    await first.stop();
    // That Chroma is not in the bundle is no news, and no fault.
    expect(first.log()).not.toMatch(/chroma|"level":"(?:warn|error)"/i);
    const second = await startBundle({ keepsake_home: home });
    const answer = await second.call('recall', { query: 'who keeps bees' });
    expect(answer.structured).toMatchObject({ memories: [{ memory: 'My sister Ines keeps bees in Porto.', space: 'user:default' }] });
    expect(answer.structured.degraded).toBeUndefined();
    await second.stop();
    expect(await readdir(home)).toContain('history');
  });

  it.each([
    ['emptied', true],
    ['left alone, so that they still name a variable', false],
  ])('has what it has without settings where they were %s', async (_, emptied) => {
    const userHome = await temporaryHome();
    const server = await startBundle({}, { userHome, emptied });
    await server.call('remember', { content: 'I play the viola.', infer: false });
    const { memories } = (await server.call('recall', {})).structured;
    expect(memories).toMatchObject([{ memory: 'I play the viola.', space: 'user:default' }]);
    await server.stop();
    expect(await readdir(userHome)).toEqual(['.keepsake']);
  });

  it('hands over what was filled in', async () => {
    const home = join(await temporaryHome(), 'memory');
    const server = await startBundle({ keepsake_home: home, keepsake_user: 'ines' });
    await server.call('remember', { content: 'I play the viola.', infer: false });
    expect((await server.call('recall', {})).structured.memories).toMatchObject([{ space: 'user:ines' }]);
    await server.stop();
  });
});
