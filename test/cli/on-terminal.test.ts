import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/cli/text-columns.js';
import type { Stats } from '../../src/core/stats.js';
import { startServer } from '../support/server.js';
import { runCommand } from './run.js';
import { hasTerminal, onTerminal } from './terminal.js';

async function filledHome(...contents: string[]): Promise<string> {
  const server = await startServer();
  for (const content of contents) await server.call('remember', { content, infer: false });
  await server.stop();
  return server.home;
}

const sequence = '\u001b[';

describe.skipIf(!hasTerminal)('on a terminal', () => {
  it('memories are a coloured table that fits, and without colours where NO_COLOR says so', async () => {
    const home = await filledHome(
      '我在上海喝绿茶，而且每天早上都去公园散步，周末会和朋友们一起打羽毛球。',
      'Nora\u001b[2J plays the cello.',
    );
    for (const columns of [70, 36]) {
      const list = onTerminal(['list'], { env: { KEEPSAKE_HOME: home }, columns });
      expect(await list.ended).toBe(0);
      expect(list.shown()).toContain(sequence);
      expect(list.shown()).not.toContain(`${sequence}2J`);
      const lines = stripVTControlCharacters(list.shown()).split('\r\n');
      expect(lines.join('\n')).toMatch(/just now|seconds? ago|minutes? ago/);
      for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
    }
    const plain = onTerminal(['list'], { env: { KEEPSAKE_HOME: home, NO_COLOR: '1' } });
    expect(await plain.ended).toBe(0);
    expect(plain.shown()).toContain('Nora plays the cello.');
    expect(plain.shown()).not.toContain(sequence);
    const json = onTerminal(['list', '--json'], { env: { KEEPSAKE_HOME: home } });
    await json.ended;
    expect((JSON.parse(json.shown()) as { memories: unknown[] }).memories).toHaveLength(2);
  });

  it('forgetting by words is asked about, and no means no', async () => {
    const home = await filledHome('Nora plays the cello.');
    const env = { KEEPSAKE_HOME: home };
    const forget = () => onTerminal(['forget', '--query', 'cello'], { env });
    const refused = forget();
    await refused.shows(/Forget it\?/);
    refused.type('n');
    expect(await refused.ended).toBe(0);
    expect(refused.shown()).toContain('Nothing was forgotten.');
    const given = forget();
    await given.shows(/Forget it\?/);
    given.type('\u0003');
    expect(await given.ended).toBe(0);
    expect(given.shown()).toContain('Nothing was forgotten.');
    const done = forget();
    await done.shows(/Forget it\?/);
    done.type('y');
    expect(await done.ended).toBe(0);
    expect(stripVTControlCharacters(done.shown())).toContain('1 memory was forgotten.');
  });

  it('a text that is being typed is given up with Ctrl-C', async () => {
    const home = await filledHome('Nora plays the cello.');
    const remember = onTerminal(['remember', '-'], { env: { KEEPSAKE_HOME: home } });
    await remember.shows(/Ctrl-D ends it/);
    remember.type('Ann swims.\n\u0003');
    expect(await remember.ended).toBe(1);
    const list = onTerminal(['list'], { env: { KEEPSAKE_HOME: home, NO_COLOR: '1' } });
    await list.ended;
    expect(list.shown()).not.toContain('Ann swims.');
  });

  it('what is asked for and not there is not said to be all, and times are those of the zone', async () => {
    const home = await filledHome('Nora plays the cello.');
    const list = onTerminal(['list', '--kind', 'insight'], { env: { KEEPSAKE_HOME: home } });
    await list.ended;
    expect(list.shown()).toContain('Nothing of this is remembered.');
    const stats = onTerminal(['stats'], { env: { KEEPSAKE_HOME: home, KEEPSAKE_TZ: 'Asia/Shanghai' } });
    await stats.ended;
    const shown = stripVTControlCharacters(stats.shown());
    expect(shown).toMatch(/^user:default · 1 live/);
    const { last_change: changed = '' } =
      (JSON.parse((await runCommand(['stats', '--json'], { KEEPSAKE_HOME: home })).stdout) as Stats).spaces[0] ?? {};
    const there = new Date(Date.parse(changed) + 8 * 3_600_000).toISOString();
    expect(shown).toContain(there.slice(0, 16).replace('T', ' '));
  });

  it('a secret setting is asked for and not shown', async () => {
    const home = await filledHome('Nora plays the cello.');
    const set = onTerminal(['config', 'set', 'OPENAI_API_KEY'], { env: { KEEPSAKE_HOME: home } });
    await set.shows(/OPENAI_API_KEY/);
    set.type('sk-secret-1\r');
    expect(await set.ended).toBe(0);
    expect(set.shown()).not.toContain('sk-secret-1');
    const get = onTerminal(['config', 'get'], { env: { KEEPSAKE_HOME: home } });
    await get.ended;
    expect(stripVTControlCharacters(get.shown())).toMatch(/OPENAI_API_KEY +\(set, not shown\)/);
  });

  it('long work shows how far it is, and leaves nothing of that behind', async () => {
    const home = await filledHome('Nora plays the cello.', 'Olaf sails.');
    const rebuild = onTerminal(['rebuild'], { env: { KEEPSAKE_HOME: home } });
    expect(await rebuild.ended).toBe(0);
    expect(rebuild.shown()).toMatch(/rebuilding [█░]{24} \d+ % {2}\d of 2 {2}user:default/);
    expect(rebuild.shown()).toContain(`\r${sequence}Kuser:default: 2 in the index`);
  });
});
