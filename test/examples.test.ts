import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import examplesPackage from '../examples/package.json' with { type: 'json' };
import packageJson from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));
const scripts = readdirSync(`${root}examples`).filter((name) => name.endsWith('.js'));
const page = readFileSync(`${root}docs/frameworks.md`, 'utf8').replaceAll('\r\n', '\n');

/** The code of an example. */
function code(name: string): string {
  return readFileSync(`${root}examples/${name}`, 'utf8').replaceAll('\r\n', '\n');
}

/** The packages that an example imports. */
function packagesOf(name: string): string[] {
  return [...code(name).matchAll(/^import .* from '((?:@[^/']+\/)?[^/']+)/gm)].map(([, imported]) => imported ?? '');
}

it.each(scripts)('shows %s on the page about frameworks word for word, and it parses', async (name) => {
  expect(page).toContain(`\`\`\`js\n${code(name)}\`\`\``);
  await expect(promisify(execFile)(process.execPath, ['--check', `${root}examples/${name}`])).resolves.toBeDefined();
});

it('runs each JavaScript example in npm run examples', async () => {
  const { exampleRuns } = await import('../scripts/example-runs.mjs');
  expect(Object.keys(exampleRuns({ callTools: () => ({}) })).sort()).toEqual([...scripts].sort());
});

it('pins what the examples import, and names on the page what was run', () => {
  const { dependencies } = examplesPackage as { dependencies: Record<string, string> };
  for (const imported of scripts.flatMap(packagesOf)) expect(Object.keys(dependencies)).toContain(imported);
  for (const [name, version] of Object.entries(dependencies)) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    if (scripts.flatMap(packagesOf).includes(name) && name !== 'zod') expect(page).toContain(`${name} ${version}`);
  }
});

it('keeps the frameworks out of this package and the examples out of what is published', () => {
  const own = Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies });
  expect(own.filter((name) => name in examplesPackage.dependencies && name !== 'zod')).toEqual([]);
  expect(packageJson.files).toEqual(['dist', 'mcp.json.example']);
});
