#!/usr/bin/env node
// Packs the program as an .mcpb bundle, which Claude Desktop and others install with a double click: npm run mcpb [FILE]
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packExtension } from '@anthropic-ai/mcpb';
import { build } from './build.mjs';
import { load } from './load.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const entryPoint = 'dist/main.js';

/** What a user is asked for when installing, by the key of the option; all of it may be left empty. */
const questions = {
  apiKey: { type: 'string', title: 'API key' },
  baseUrl: { type: 'string', title: 'Base URL of the model endpoint' },
  model: { type: 'string', title: 'Model' },
  home: { type: 'directory', title: 'Folder of the memory' },
  user: { type: 'string', title: 'Whose memory' },
};

function sentence(text, end) {
  return text.replace(/\.$/, end);
}

/** The settings that a user is asked for, and the environment that they are handed over in. A client leaves what is not filled in as it stands here. */
function settings(options) {
  const asked = Object.entries(questions).map(([key, question]) => {
    const { name, meaning, default: value, otherwise, secret = false } = options[key];
    const description = sentence(meaning, `; if left empty: ${value ?? otherwise ?? 'none'}.`);
    const field = { ...question, description, required: false, ...(secret && { sensitive: true }) };
    return { field: name.toLowerCase(), name, question: field };
  });
  return {
    user_config: Object.fromEntries(asked.map(({ field, question }) => [field, question])),
    // Chroma is not in the bundle: without the word for it, each start would warn that it is missing.
    env: { ...Object.fromEntries(asked.map(({ field, name }) => [name, `\${user_config.${field}}`])), [options.store.name]: 'embedded' },
  };
}

/** The bundle's manifest, version 0.3, made from package.json, the option table and the tool table. */
export async function manifest() {
  const { name, version, description, keywords, license, engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { tools, options } = await load(`
    export { tools } from './src/tools/table.js';
    export { options } from './src/options.js';`);
  const { user_config, env } = settings(options);
  const privacy = (await readFile(join(root, 'distribution/privacy.md'), 'utf8')).replace(/^# /, '## ').trim();
  return {
    manifest_version: '0.3',
    name,
    display_name: 'Keepsake',
    version,
    description,
    long_description: `All your assistants share what you tell one of them. Works without a key and without a network; with a model of your choice it works better. Keepsake sends nothing anywhere unless you name such a model; what an assistant recalls goes to whoever runs that assistant's model.\n\n${privacy}`,
    author: { name: 'Keepsake contributors' },
    icon: 'icon.png',
    server: {
      type: 'node',
      entry_point: entryPoint,
      // The client puts the bundle's folder there.
      mcp_config: { command: 'node', args: [`\${__dirname}/${entryPoint}`], env },
    },
    tools: tools.map((tool) => ({ name: tool.name, description: tool.description })),
    // Prompts hold what is remembered, so none has a text that could be stated here.
    prompts_generated: true,
    keywords,
    license,
    compatibility: { platforms: ['darwin', 'linux', 'win32'], runtimes: { node: engines.node } },
    user_config,
  };
}

/** Packs the bundle into a file, and gives its size in bytes. Raises an Error where the manifest does not pass the packer's own check. */
export async function packBundle(file) {
  const folder = await mkdtemp(join(tmpdir(), 'keepsake-mcpb-'));
  try {
    const made = await manifest();
    const { name, version, license } = made;
    await build({ folder: join(folder, 'dist') });
    for (const [from, to] of [
      ['distribution/icon.png', 'icon.png'],
      ['distribution/privacy.md', 'PRIVACY.md'],
      ['LICENSE', 'LICENSE'],
    ])
      await cp(join(root, from), join(folder, to));
    await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(made, undefined, 2)}\n`);
    // Without it node would take the program for CommonJS.
    await writeFile(join(folder, 'package.json'), `${JSON.stringify({ name, version, license, type: 'module' }, undefined, 2)}\n`);
    if (!(await packExtension({ extensionPath: folder, outputPath: file, silent: true })))
      throw new Error(`The bundle ${file} could not be packed; mcpb validate says why.`);
    return (await stat(file)).size;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const file = process.argv[2] ?? `keepsake-mcp-${version}.mcpb`;
  const bytes = await packBundle(file);
  process.stdout.write(`${file}: ${Math.ceil(bytes / 1000)} kB\n`);
}
