import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { temporaryHome } from '../support/home.js';
import { until } from '../support/server.js';
import { runCommand, startCommand } from './run.js';

/** Long enough for a first start of Chroma on a busy machine. */
const patience = 60_000;

/** What a demo left in its temporary folder: files, and processes that have the folder in their command line. */
function leftIn(folder: string): string[] {
  const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return [...readdirSync(folder), ...processes.filter((line) => line.includes(folder))];
}

describe('demo', () => {
  it('tells the whole story on the real Chroma and leaves nothing behind', { timeout: patience }, async () => {
    const folder = await temporaryHome();
    const { code, stdout, stderr } = await runCommand(['demo'], { TMPDIR: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const event of ['ADD', 'NONE', 'UPDATE', 'DELETE', 'RESTORE']) expect(stdout).toContain(` ${event} `);
    expect(stdout).toContain('豆豆');
    expect(stdout).toMatch(/^ +store {2}Chroma \S+ \(binding [^)]+\); 4 vectors; up to date$/m);
    for (const unwanted of ['127.0.0.1', '\u001b']) expect(stdout).not.toContain(unwanted);
    expect(leftIn(folder)).toEqual([]);
  });

  it('says so where the built-in index takes the place of Chroma', { timeout: patience }, async () => {
    const folder = await temporaryHome();
    const { code, stdout } = await runCommand(['demo', '--store', 'embedded'], { TMPDIR: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +store {2}built-in exact index\b.*; 4 vectors; up to date$/m);
    expect(leftIn(folder)).toEqual([]);
  });

  it('uses no model and no home of the one who runs it', { timeout: patience }, async () => {
    const [folder, own] = [await temporaryHome(), await temporaryHome()];
    const settings = { TMPDIR: folder, KEEPSAKE_HOME: own, OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', OPENAI_API_KEY: 'sk-own' };
    const { code, stdout } = await runCommand(['demo', '--store', 'embedded'], settings);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +chat {2}built-in rules/m);
    expect(readdirSync(own)).toEqual([]);
  });

  it('leaves nothing behind when it is interrupted in the middle', { timeout: patience }, async () => {
    const folder = await temporaryHome();
    const { child, ended } = startCommand(['demo'], { TMPDIR: folder });
    let told = '';
    child.stdout?.on('data', (chunk: string) => {
      told += chunk;
    });
    await until(() => told.includes('Said twice'));
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toContain('interrupted');
    expect(leftIn(folder)).toEqual([]);
  });

  it('leaves nothing behind when nobody reads on', { timeout: patience }, async () => {
    const folder = await temporaryHome();
    const { child, ended } = startCommand(['demo', '--store', 'embedded'], { TMPDIR: folder });
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect((await ended).code).toBe(1);
    expect(leftIn(folder)).toEqual([]);
  });
});
