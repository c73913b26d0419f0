#!/usr/bin/env node
// Writes server.json, the entry of this package in the MCP registry; with --check it only tells whether it still says what the code says.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { load } from './load.mjs';

const path = fileURLToPath(new URL('../server.json', import.meta.url));

/** Settings of commands other than the server that a client starts. */
const elsewhere = [
  ...['host', 'port', 'publicUrls', 'origins', 'tokens', 'token'],
  ...['oauthIssuer', 'oauthAudience', 'oauthJwks', 'rate', 'quota'],
];

/** One option as a registry knows it. A default is shown and not filled in: what is given in the environment wins over config.json. */
function variable({ name, meaning, secret = false, default: value, allowed }) {
  const format = allowed.startsWith('a path') ? 'filepath' : allowed.startsWith('a whole number') ? 'number' : 'string';
  return { name, description: meaning, isRequired: false, isSecret: secret, format, ...(value !== undefined && { placeholder: value }) };
}

/** What server.json says, of schema 2025-12-11. */
export async function serverJson() {
  const { name, mcpName, description, version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const { options } = await load("export { options } from './src/options.js';");
  const unknown = elsewhere.find((key) => !Object.hasOwn(options, key));
  if (unknown !== undefined) throw new Error(`scripts/server-json.mjs leaves out ${unknown}, which is no option`);
  const environmentVariables = Object.entries(options).flatMap(([key, option]) => (elsewhere.includes(key) ? [] : [variable(option)]));
  return {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: mcpName,
    title: 'Keepsake',
    description,
    version,
    packages: [{ registryType: 'npm', identifier: name, version, runtimeHint: 'npx', transport: { type: 'stdio' }, environmentVariables }],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = `${JSON.stringify(await serverJson(), undefined, 2)}\n`;
  if (!process.argv.includes('--check')) await writeFile(path, made);
  else if (made !== (await readFile(path, 'utf8')).replaceAll('\r\n', '\n')) {
    process.stderr.write('server.json does not say what the code says; run: npm run docs\n');
    process.exitCode = 1;
  }
}
