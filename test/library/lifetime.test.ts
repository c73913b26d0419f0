import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Extractor, openKeepsake } from '../../src/index.js';
import { temporaryHome } from '../support/home.js';
import { start } from '../support/started.js';

const library = new URL('../../dist/index.js', import.meta.url).href;

/** Runs a program that uses the built library, with a temporary folder of its own for the system's. */
async function run(body: string, env: Record<string, string> = {}) {
  const folder = await temporaryHome();
  const system = await temporaryHome();
  const script = join(folder, 'program.mjs');
  await writeFile(script, `import { openKeepsake } from ${JSON.stringify(library)};\n${body}`);
  const { stdout, stderr, ended } = start([script], { env: { TMPDIR: system, TEMP: system, ...env }, cwd: folder });
  const code = await ended;
  return { code, stdout: stdout(), stderr: stderr(), left: await readdir(system), folder };
}

describe('a memory in :memory:', () => {
  it('is gone once it is closed, and nothing listens to the process any more', async () => {
    const ran = await run(`
      import { readdirSync } from 'node:fs';
      import { tmpdir } from 'node:os';
      const listeners = () => process.eventNames().map((name) => [String(name), process.listenerCount(name)]).sort().join();
      const before = listeners();
      const two = [await openKeepsake({ home: ':memory:' }), await openKeepsake({ home: ':memory:' })];
      for (const memory of two) await memory.remember('I live in Lisbon.');
      const there = readdirSync(tmpdir()).length;
      for (const memory of two) await memory.close();
      console.log(JSON.stringify({ there, left: readdirSync(tmpdir()).length, same: before === listeners() }));`);
    expect(ran).toMatchObject({ code: 0, stderr: '', left: [] });
    expect(JSON.parse(ran.stdout)).toEqual({ there: 2, left: 0, same: true });
  });

  it('is gone at the end of a program that does not close it, which ends by itself and prints nothing', async () => {
    const ran = await run(`
      const memory = await openKeepsake({ home: ':memory:' });
      await memory.remember('I live in Lisbon.');
      await memory.recall('Where do I live?');`);
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '', left: [] });
  });

  it.each([
    ['an error that nobody catches', "throw new Error('a fault of the program');", 1, /Error: a fault of the program/],
    ['a call of process.exit', 'process.exit(3);', 3, /^$/],
  ])('is gone after %s', async (_, end, code, stderr) => {
    const ran = await run(`
      const memory = await openKeepsake({ home: ':memory:' });
      await memory.remember('I live in Lisbon.');
      ${end}`);
    expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(stderr), left: [] });
  });

  it('never reads the environment', async () => {
    const env = { KEEPSAKE_HOME: '/nowhere', KEEPSAKE_USER: 'ann', KEEPSAKE_STORE: 'nonsense', OPENAI_BASE_URL: 'nonsense' };
    const ran = await run(
      `
      const memory = await openKeepsake({ home: ':memory:' });
      const { results } = await memory.remember('I live in Lisbon.');
      console.log((await memory.get(results[0].id)).space);
      await memory.close();`,
      env,
    );
    expect(ran).toMatchObject({ code: 0, stdout: 'user:default\n', stderr: '' });
  });
});

const slow: Extractor = { name: 'slow', remote: false, extract: async () => ({ facts: [], skipped: [] }) };

describe('a memory in a folder', () => {
  it('is where the server keeps its own unless another one is named, and outlives the program', async () => {
    const user = await temporaryHome();
    const program = `
      const memory = await openKeepsake({ store: 'embedded' });
      await memory.remember('I live in Lisbon.');
      console.log((await memory.list()).total, memory.home);
      await memory.close();`;
    const first = await run(program, { HOME: user, USERPROFILE: user });
    expect(first).toMatchObject({ code: 0, stdout: `1 ${join(user, '.keepsake')}\n`, stderr: '' });
    expect(await run(program, { HOME: user, USERPROFILE: user })).toMatchObject({ stdout: first.stdout });
  });

  it('is let go of at the end of its block', async () => {
    const home = await temporaryHome();
    const open = () => openKeepsake({ home, store: 'embedded' });
    let outside: Awaited<ReturnType<typeof open>>;
    {
      await using memory = await open();
      outside = memory;
      await memory.remember('I live in Lisbon.');
    }
    await expect(outside.list()).rejects.toMatchObject({ message: expect.stringContaining('closed') });
    await using again = await open();
    expect((await again.list()).total).toBe(1);
  });

  it('waits at its end for calls that are under way', async () => {
    const order: string[] = [];
    let finish: (() => void) | undefined;
    const began = new Promise<void>((resolve) => {
      slow.extract = async ({ turns }) => {
        resolve();
        await new Promise<void>((finished) => {
          finish = finished;
        });
        return { facts: [{ text: turns[0]?.content ?? '', turn: 0, quote: '' }], skipped: [] };
      };
    });
    const memory = await openKeepsake({ home: await temporaryHome(), store: 'embedded', models: { extractor: slow } });
    const said = memory.remember('The sea is salty.').then(() => order.push('remembered'));
    await began;
    const closed = memory.close().then(() => order.push('closed'));
    // Long enough for a memory that does not wait.
    await openKeepsake({ home: ':memory:' }).then((other) => other.close());
    finish?.();
    await Promise.all([said, closed]);
    expect(order).toEqual(['remembered', 'closed']);
  });
});

describe('the program', () => {
  it('loads nothing of the memory before the first one is opened', async () => {
    const ran = await run(`
      import { readFileSync } from 'node:fs';
      const text = readFileSync(${JSON.stringify(fileURLToPath(library))}, 'utf8');
      console.log(text.length < 5_000, typeof openKeepsake);`);
    expect(ran).toMatchObject({ code: 0, stdout: 'true function\n' });
  });
});
