import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryHome } from '../support/home.js';
import { runCommand } from './run.js';

let home: string;
beforeEach(async () => {
  home = join(await temporaryHome(), 'home');
});

const config = (args: string[], { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {}) =>
  runCommand(['config', ...args], { KEEPSAKE_HOME: home, ...env }, input);
const stored = async () => JSON.parse(await readFile(join(home, 'config.json'), 'utf8')) as Record<string, unknown>;

describe('config set', () => {
  it('writes a setting that every client of the home then has, readable by its owner alone', async () => {
    expect(await config(['set', 'KEEPSAKE_INFER', 'rules'])).toMatchObject({ code: 0, stderr: '' });
    expect(await config(['set', 'model', 'small'])).toMatchObject({ code: 0, stdout: expect.stringContaining('KEEPSAKE_MODEL is set in') });
    expect(await stored()).toEqual({ KEEPSAKE_INFER: 'rules', KEEPSAKE_MODEL: 'small' });
    for (const [path, mode] of [
      [home, 0o700],
      [join(home, 'config.json'), 0o600],
    ] as const)
      expect((await stat(path)).mode & 0o777).toBe(mode);
    expect((await config(['get', 'KEEPSAKE_MODEL'])).stdout).toBe('small\n');
  });

  it('closes a file that others could read', async () => {
    await mkdir(home);
    await writeFile(join(home, 'config.json'), '{"KEEPSAKE_USER":"ann"}');
    await chmod(join(home, 'config.json'), 0o644);
    await config(['set', 'KEEPSAKE_INFER', 'rules']);
    expect((await stat(join(home, 'config.json'))).mode & 0o777).toBe(0o600);
    expect(await stored()).toEqual({ KEEPSAKE_USER: 'ann', KEEPSAKE_INFER: 'rules' });
  });

  it('takes a secret from stdin, and nothing ever prints it', async () => {
    const secret = 'sk-very-secret-1234567890';
    const ended = [
      await config(['set', 'OPENAI_API_KEY'], { input: `${secret}\n` }),
      await config(['get']),
      await config(['get', '--json']),
      await config(['get', 'OPENAI_API_KEY']),
      await config(['get', 'OPENAI_API_KEY', '--json']),
      await config(['set', 'OPENAI_API_KEY', `${secret} with spaces`]),
      await config(['set', 'OPENAI_API_KEY', secret, '--json']),
    ];
    expect(await stored()).toEqual({ OPENAI_API_KEY: secret });
    for (const { stdout, stderr } of ended) expect(stdout + stderr).not.toContain(secret);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 2, 0]);
    expect(ended[3]?.stdout).toBe('(set, not shown)\n');
  });

  it('refuses what a setting does not take, changes nothing, and names what it takes', async () => {
    await config(['set', 'KEEPSAKE_STORE', 'embedded']);
    const wrong: [string[], RegExp][] = [
      [
        ['set', 'KEEPSAKE_STORE', 'granite'],
        /KEEPSAKE_STORE: "granite" from the command line is not usable; allowed is auto, chroma or embedded\./,
      ],
      [['set', 'KEEPSAKE_STOER', 'auto'], /there is no setting "KEEPSAKE_STOER"; did you mean KEEPSAKE_STORE\?/],
      [['set', 'KEEPSAKE_HOME', '/tmp'], /KEEPSAKE_HOME says where config\.json is/],
      [['set', 'KEEPSAKE_STORE'], /KEEPSAKE_STORE needs a value; to take it out: keepsake-mcp config unset KEEPSAKE_STORE/],
      [['set', 'KEEPSAKE_USER', '${USER}'], /KEEPSAKE_USER needs a value/],
      [['set'], /usage: keepsake-mcp config set NAME \[VALUE\]/],
    ];
    for (const [args, says] of wrong)
      expect(await config(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
    expect(await stored()).toEqual({ KEEPSAKE_STORE: 'embedded' });
  });

  it('says what is missing for it to work, and what wins over it', async () => {
    expect(await config(['set', 'KEEPSAKE_RERANK_MODEL', 'jina'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('a reranker needs its URL too'),
    });
    expect(await config(['set', 'KEEPSAKE_RERANK_URL', 'https://example.com/v1/rerank'])).toMatchObject({ code: 0, stderr: '' });
    const env = { KEEPSAKE_INFER: 'auto' };
    expect((await config(['set', 'KEEPSAKE_INFER', 'rules'], { env })).stderr).toContain(
      'Here the environment says something else, and wins.',
    );
  });

  it('does not touch a file that is damaged', async () => {
    await mkdir(home);
    await writeFile(join(home, 'config.json'), '{"KEEPSAKE_USER":');
    expect(await config(['set', 'KEEPSAKE_TZ', 'UTC'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('mend it first, nothing was changed'),
    });
    expect(await readFile(join(home, 'config.json'), 'utf8')).toBe('{"KEEPSAKE_USER":');
  });

  it('loses nothing when several are set at once', async () => {
    const names = ['KEEPSAKE_USER', 'KEEPSAKE_PROJECT', 'KEEPSAKE_MODEL', 'KEEPSAKE_VISION_MODEL'];
    await Promise.all(names.map((name) => config(['set', name, 'x'])));
    expect(await stored()).toEqual(Object.fromEntries(names.map((name) => [name, 'x'])));
  });
});

describe('config get', () => {
  it('says where each value comes from: flag, environment, file or default', async () => {
    await config(['set', 'KEEPSAKE_USER', 'ann']);
    const { stdout } = await config(['get', '--json', '--model', 'large'], { env: { KEEPSAKE_INFER: 'rules' } });
    const { settings } = JSON.parse(stdout) as { settings: { name: string; value?: string; from?: string; default: string }[] };
    const found = (name: string) => settings.find((setting) => setting.name === name);
    expect(found('KEEPSAKE_MODEL')).toMatchObject({ value: 'large', from: 'the flag --model' });
    expect(found('KEEPSAKE_INFER')).toMatchObject({ value: 'rules', from: 'the environment' });
    expect(found('KEEPSAKE_USER')).toMatchObject({ value: 'ann', from: join(home, 'config.json') });
    expect(found('KEEPSAKE_STORE')).toEqual({ name: 'KEEPSAKE_STORE', default: 'auto', meaning: expect.any(String) });
  });

  it('gives the default of what is not set, and fails where there is none', async () => {
    expect(await config(['get', 'store'])).toMatchObject({ code: 0, stdout: 'auto\n' });
    expect(await config(['get', 'OPENAI_API_KEY'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('OPENAI_API_KEY is not set'),
    });
  });
});

describe('config unset', () => {
  it('takes a setting out, and what nobody knows and keeps every other command from starting', async () => {
    await mkdir(home);
    await writeFile(join(home, 'config.json'), '{"KEEPSAKE_USER":"ann","KEEPSAKE_COLOUR":"blue","KEEPSAKE_TZ":"UTC"}');
    expect((await runCommand(['stats'], { KEEPSAKE_HOME: home })).code).toBe(2);
    expect(await config(['unset', 'KEEPSAKE_COLOUR'])).toMatchObject({ code: 0, stderr: '' });
    expect(await config(['unset', 'keepsake_user'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('KEEPSAKE_USER is taken out'),
    });
    expect(await config(['unset', 'KEEPSAKE_USER'])).toMatchObject({ code: 0, stdout: expect.stringContaining('was not set') });
    expect(await stored()).toEqual({ KEEPSAKE_TZ: 'UTC' });
  });
});
