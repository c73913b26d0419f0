import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { everyCommand } from '../src/cli/command.js';
import { commands } from '../src/cli/commands.js';
import { errorCodes } from '../src/core/errors.js';
import { options } from '../src/options.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Paths of files below a folder whose names match, without what is installed, built or hidden. */
function filesBelow(folder: string, name: RegExp): string[] {
  const isLeft = ({ name }: Dirent) => /^(\.|node_modules$|dist$)/.test(name);
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !isLeft(entry));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, name);
    return name.test(entry.name) ? [path] : [];
  });
}

interface Page {
  /** From the root of the repository. */
  name: string;
  path: string;
  text: string;
}

const pages: Page[] = filesBelow(root, /\.md$/).map((path) => ({
  path,
  name: relative(root, path).replaceAll('\\', '/'),
  text: readFileSync(path, 'utf8').replaceAll('\r\n', '\n'),
}));

const known = everyCommand(commands);
const fence = /^```[^\n]*\n([\s\S]*?)^```$/gm;
const withoutFences = (text: string) => text.replaceAll(fence, '');
const headings = (text: string) =>
  [...withoutFences(text).matchAll(/^(#+) (.+)$/gm)].map(([, signs = '', title = '']) => ({ signs, title }));

/** The anchors that GitHub makes of a page's headings. */
function anchorsOf(text: string): string[] {
  const counts = new Map<string, number>();
  return headings(text).map(({ title }) => {
    const words = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
    const before = counts.get(anchor) ?? 0;
    counts.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** Targets of links, those to other sites left out, code left out. */
function linksOf(text: string): string[] {
  const prose = withoutFences(text).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z+.-]+:/.test(target));
}

/** Lines of code: those of blocks without their comments, and what stands in backticks. */
function codeOf(text: string): string[] {
  const lines = [...text.matchAll(fence)].flatMap(([, code = '']) => code.split('\n').map((line) => line.replace(/\s+# .*/, '')));
  return [...lines, ...[...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)];
}

const page = (name: string) => {
  const found = pages.find((each) => each.name === name);
  if (!found) throw new Error(`there is no page ${name}`);
  return found;
};

describe.each(pages)('$name', ({ path, text }) => {
  it('has no link that leads nowhere', () => {
    const dead = linksOf(text).filter((link) => {
      const [file = '', anchor] = decodeURI(link).split('#');
      const target = file === '' ? path : resolve(dirname(path), file);
      const stats = statSync(target, { throwIfNoEntry: false });
      if (!stats) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8').replaceAll('\r\n', '\n')).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it('names only commands, flags, scripts and settings that there are', () => {
    const common = ['json', 'help', 'version', ...Object.values(options).flatMap((option) => ('flag' in option ? [option.flag] : []))];
    const unknown = codeOf(text).flatMap((line) =>
      [...line.matchAll(/keepsake-mcp(?:@latest)? ([a-z]+(?: [a-z]+)?)\b([^|&;]*)/g)].flatMap(([, words = '', rest = '']) => {
        const [name, command] = known.find(([name]) => [words, words.split(' ')[0]].includes(name)) ?? [];
        if (!command) return [words];
        const flags = [...rest.matchAll(/(?<=\s)--([a-z][a-z-]*)/g)].map(([, flag = '']) => flag);
        return flags.filter((flag) => !common.includes(flag) && !command.flags?.[flag]).map((flag) => `${name} --${flag}`);
      }),
    );
    expect(unknown).toEqual([]);

    const scripts = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script);
    expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining(scripts));

    const ofTests = ['KEEPSAKE_FAULT_ROUNDS', 'KEEPSAKE_FAULT_SEED'];
    const settings = [...text.matchAll(/\bKEEPSAKE_[A-Z_]+\b/g)].map(([name]) => name);
    expect([...Object.values(options).map(({ name }) => name), ...ofTests]).toEqual(expect.arrayContaining(settings));
  });
});

describe('docs/troubleshooting.md', () => {
  it('quotes what the program says', () => {
    const source = filesBelow(join(root, 'src'), /\.tsx?$/)
      .map((path) => readFileSync(path, 'utf8'))
      // What is put into a sentence stands for what differs.
      .join('\n')
      .replaceAll(/\$\{[^}]*\}/g, '…');
    const quotations = [...page('docs/troubleshooting.md').text.matchAll(/^ *> (.+)$/gm)].map(([, words = '']) => words);
    expect(quotations.length).toBeGreaterThan(20);
    const parts = quotations.flatMap((words) => words.split('…').map((part) => part.trim()));
    expect(parts.filter((part) => /\w{2}/.test(part) && !source.includes(part))).toEqual([]);
  });

  it('is where the codes of errors that people meet are explained', () => {
    const anchors = anchorsOf(page('docs/troubleshooting.md').text);
    expect(anchors.filter((anchor) => (errorCodes as readonly string[]).includes(anchor))).toEqual(['log_unavailable', 'update_needed']);
  });
});

describe('the README in Chinese', () => {
  const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((name) => page(name).text) as [string, string];
  /** Lines of code, each without its comment and what is quoted in it, which is in the page's language. */
  const commandsOf = (text: string) =>
    [...text.matchAll(fence)].flatMap(([, code = '']) =>
      code.split('\n').map((line) => line.replace(/\s+# .*/, '').replaceAll(/"[^"]*"/g, '""')),
    );
  const targetsOf = (text: string) => linksOf(text).filter((target) => !target.startsWith('#') && !target.startsWith('README'));
  const rowsOf = (text: string) =>
    withoutFences(text)
      .split('\n')
      .filter((line) => line.startsWith('|')).length;

  it('has the sections, the commands, the links and the tables of the English one', () => {
    expect(headings(chinese).map(({ signs }) => signs)).toEqual(headings(english).map(({ signs }) => signs));
    expect(commandsOf(chinese)).toEqual(commandsOf(english));
    expect(targetsOf(chinese)).toEqual(targetsOf(english));
    expect(rowsOf(chinese)).toBe(rowsOf(english));
  });

  it('is linked from the English one, and back', () => {
    expect(linksOf(english)).toContain('README.zh-CN.md');
    expect(linksOf(chinese)).toContain('README.md');
  });
});

describe('README.md', () => {
  const { text } = page('README.md');

  it('fits on few screens, and its first one leads to a recall', () => {
    const lines = text.split('\n');
    expect(lines.length).toBeLessThan(250);
    const first = lines.slice(0, 40).join('\n');
    expect(first).toContain('npx -y keepsake-mcp install ');
    expect(first).toContain('That was your first recall.');
  });

  it('has the two commands that do everything on a fresh machine', () => {
    expect(text).toMatch(/^npm ci && npm run demo +#.*\nnpm ci && npm test +#/m);
  });

  it('leads to every page of the documentation', () => {
    const linked = linksOf(text).map((target) => target.split('#')[0]);
    const documentation = pages.map(({ name }) => name).filter((name) => name.startsWith('docs/'));
    expect(linked).toEqual(expect.arrayContaining(documentation));
  });
});
