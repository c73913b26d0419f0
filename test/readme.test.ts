import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(`${root}docs/clients.md`, 'utf8').replaceAll('\r\n', '\n');

/** A client's settings for one server. */
interface Snippet {
  command: string;
  args: string[];
}

/** The servers that a JSON snippet names, under any of the names that clients use. */
function serversOf(json: string): Snippet[] {
  const { mcpServers, servers, context_servers } = JSON.parse(json) as Record<string, Record<string, Snippet> | undefined>;
  return Object.values(mcpServers ?? servers ?? context_servers ?? {});
}

it('says what the code says', async () => {
  await expect(promisify(execFile)(process.execPath, ['scripts/readme.mjs', '--check'], { cwd: root })).resolves.toBeDefined();
});

it('shows clients the bin of this package', () => {
  const bin = Object.keys(packageJson.bin);
  expect(bin).toEqual([packageJson.name]);
  const snippets = [
    readFileSync(`${root}mcp.json.example`, 'utf8'),
    ...[...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json ?? ''),
  ];
  expect(snippets).toHaveLength(5);
  const entries = snippets.flatMap(serversOf);
  expect(entries).toHaveLength(snippets.length);
  for (const server of entries) expect(server).toMatchObject({ command: 'npx', args: ['-y', ...bin] });
  expect(page).toContain(`-- npx -y ${bin[0]}`);
  // On Windows npx is a script that only a shell can start.
  expect(page).toContain(`"command": "cmd", "args": ["/c", "npx", "-y", "${bin[0]}"]`);
});
