import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clients } from '../../src/install/clients.js';
import { rulesText } from '../../src/install/rules-part.js';
import { client, putInto, read, simulate, takeOutOf, write } from './support.js';

describe('rules for assistants', () => {
  it('are short, and name the tools', () => {
    expect(rulesText.length).toBeLessThan(1500);
    for (const tool of ['recall', 'remember', 'forget', 'memory_history']) expect(rulesText).toContain(`\`${tool}\``);
  });

  it.each(['', 'Be brief.', 'Be brief.\n', '# Rules\r\n\r\n- Be brief.\r\n', '\uFEFFBe brief.\n\n'])(
    'go behind %j and out again, also when it was edited around them',
    async (before) => {
      const computer = await simulate('linux');
      const path = client('claude-code').userRules?.(computer.machine).path ?? '';
      await write(path, before);
      await putInto('claude-code', computer, { rules: true });
      const text = await read(path);
      expect(text.startsWith(before)).toBe(true);
      expect(text.replaceAll('\r\n', '\n')).toContain(rulesText);
      await putInto('claude-code', computer, { rules: true });
      expect(await read(path)).toBe(text);

      await write(path, text.replace('Be brief', 'Be very brief').concat('Mine.\n'));
      await takeOutOf('claude-code', computer);
      expect(await read(path)).toBe(`${before.replace('Be brief', 'Be very brief')}Mine.\n`);

      await write(path, before);
      await putInto('claude-code', computer, { rules: true });
      await takeOutOf('claude-code', computer);
      expect(await read(path)).toBe(before);
    },
  );

  it('are brought up to date where they are', async () => {
    const computer = await simulate('linux');
    const path = client('codex').userRules?.(computer.machine).path ?? '';
    await write(path, 'a\n<!-- keepsake:begin; older -->\nold words\n<!-- keepsake:end -->\nb\n');
    await putInto('codex', computer, { rules: true });
    expect(await read(path)).toContain('a\n<!-- keepsake:begin; "npx -y keepsake-mcp uninstall CLIENT" removes');
    expect(await read(path)).not.toContain('old words');
    await takeOutOf('codex', computer);
    expect(await read(path)).toBe('a\nb\n');
  });

  it('are refused, and nothing is changed, where the end of their block is lost', async () => {
    const computer = await simulate('linux');
    const path = client('codex').userRules?.(computer.machine).path ?? '';
    await write(path, 'a\n<!-- keepsake:begin; older -->\nb\n');
    await expect(putInto('codex', computer, { rules: true })).rejects.toThrow('has lost its end');
    expect(await readdir(join(path, '..'))).toEqual(['AGENTS.md']);
  });

  it.each(clients.filter(({ projectRules }) => projectRules).map(({ name }) => name))(
    'of a project go into the file that %s reads',
    async (name) => {
      const computer = await simulate('linux');
      const folder = join(computer.machine.homeFolder, 'project');
      await putInto(name, computer, { rules: true, projectFolders: [folder] });
      const file = client(name).projectRules?.(folder);
      expect(await read(file?.path ?? '')).toMatch(new RegExp(`^${file?.heading ?? ''}\\s*<!-- keepsake:begin`));
      await takeOutOf(name, computer);
      expect(await readdir(computer.machine.homeFolder)).toEqual(['a home of Keepsake']);
    },
  );

  it('that two clients share stay for the second when the first goes', async () => {
    const computer = await simulate('linux');
    const folder = join(computer.machine.homeFolder, 'project');
    const path = join(folder, 'AGENTS.md');
    await write(path, 'Be brief.\n');
    for (const name of ['codex', 'zed']) await putInto(name, computer, { rules: true, projectFolders: [folder] });
    const both = await read(path);
    expect(both.match(/keepsake:begin/g)).toHaveLength(1);
    await takeOutOf('codex', computer);
    expect(await read(path)).toBe(both);
    await takeOutOf('zed', computer);
    expect(await read(path)).toBe('Be brief.\n');
  });

  it('need a project where a client reads none of its user, and are shown where it reads no file', async () => {
    const computer = await simulate('linux');
    await expect(putInto('cursor', computer, { rules: true })).rejects.toMatchObject({ otherwise: { projectFolders: ['.'] } });
    await expect(putInto('claude-desktop', computer, { rules: true })).rejects.toThrow(rulesText);
    expect(await readdir(computer.machine.homeFolder)).toEqual(['a home of Keepsake']);
  });
});
