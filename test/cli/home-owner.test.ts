import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryHome } from '../support/home.js';
import { program, quietEnvironment, startServer } from '../support/server.js';
import { start } from '../support/started.js';

const service = 65534;

/** A copy of the program that everybody can read, wherever the checkout lies. */
let copy: string;
let home: string;

beforeEach(async () => {
  const folder = await temporaryHome();
  chmodSync(folder, 0o755);
  cpSync(dirname(program), join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  copy = join(folder, 'dist', 'main.js');
  home = await temporaryHome();
});

/** A command that root runs on the home, in a folder that is closed to others. */
async function asRoot(args: string[], { script = copy, env = {} } = {}): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { child, stdout, stderr, ended } = start([script, ...args], {
    env: { ...quietEnvironment, KEEPSAKE_HOME: home, ...env },
    cwd: await temporaryHome(),
  });
  child.stdin.end();
  const code = await ended;
  return { code, stdout: stdout(), stderr: stderr() };
}

function everything(): string[] {
  return [home, ...readdirSync(home, { recursive: true, encoding: 'utf8' }).map((name) => join(home, name))];
}

function giveToService(): void {
  for (const path of everything()) chownSync(path, service, service);
}

/** Owner and group of everything in the home, each once. */
const owners = () => [
  ...new Set(
    everything()
      .map((path) => lstatSync(path))
      .map(({ uid, gid }) => `${uid}:${gid}`),
  ),
];
const servicesOwn = [`${service}:${service}`];

describe.skipIf(process.getuid?.() !== 0)('a command that root runs on the home of another user', () => {
  it('leaves everything in it to that user, whatever it writes', async () => {
    await asRoot(['remember', '--verbatim', 'Nora plays the cello.']);
    giveToService();
    for (const args of [
      ['remember', '--verbatim', 'Olaf sails on the lake.'],
      ['remember', '--verbatim', 'Pia bakes bread.', '--user', 'ann'],
      ['token', 'add', '--user', 'ann'],
      ['config', 'set', 'user', 'ann'],
      ['doctor'],
      ['recall', 'cello'],
    ]) {
      expect(await asRoot(args)).toMatchObject({ code: 0, stderr: expect.not.stringContaining('keepsake-mcp: ') });
      expect(owners(), args.join(' ')).toEqual(servicesOwn);
    }
    const [{ id }] = JSON.parse((await asRoot(['token', 'list', '--json'])).stdout) as [{ id: string }];
    expect((await asRoot(['token', 'revoke', id])).code).toBe(0);
    expect(owners()).toEqual(servicesOwn);
  });

  it('begins an empty one for that user, also as a server on stdin and stdout', async () => {
    giveToService();
    const server = await startServer({ home, program: copy });
    expect((await server.call('remember', { content: 'Nora plays the cello.', infer: false })).isError).toBe(false);
    await server.stop();
    expect(owners()).toEqual(servicesOwn);
  });

  it('stays that of root where root wrote the history, as in a container with a folder of somebody else', async () => {
    await asRoot(['remember', '--verbatim', 'Nora plays the cello.']);
    chownSync(home, service, service);
    expect(await asRoot(['remember', '--verbatim', 'Olaf sails on the lake.'])).toMatchObject({ code: 0 });
    expect((await asRoot(['list'])).stdout).toContain('Nora plays the cello.');
  });

  it('is refused in one line, before anything is written, where that user cannot read the program', async () => {
    giveToService();
    chmodSync(dirname(dirname(copy)), 0o700);
    expect(await asRoot(['remember', '--verbatim', 'Nora plays the cello.'])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^keepsake-mcp: .+ belongs to \S+ \(uid 65534\), who cannot read .+; run it as that user: sudo -u \S+ .+\n$/,
      ),
    });
    expect(readdirSync(home)).toEqual([]);
  });

  it('keeps a file of tokens that lies elsewhere as it was: root may change it, and its owner still read it', async () => {
    giveToService();
    const folder = await temporaryHome();
    const tokens = join(folder, 'tokens.json');
    expect((await asRoot(['token', 'add', '--user', 'ann', '--tokens', tokens])).code).toBe(0);
    chownSync(tokens, service, service);
    expect((await asRoot(['token', 'add', '--user', 'bob', '--tokens', tokens])).code).toBe(0);
    expect(readFileSync(tokens, 'utf8')).toContain('"bob"');
    expect(lstatSync(tokens)).toMatchObject({ uid: service, gid: service });
  });

  it('works on the files of root where it is about these', async () => {
    giveToService();
    const folder = await temporaryHome();
    mkdirSync(join(folder, '.cursor'));
    expect(await asRoot(['install', 'cursor', '--yes'], { env: { HOME: folder } })).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, '.cursor', 'mcp.json'))).toBe(true);
  });
});
