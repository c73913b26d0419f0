import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { installLinks, installSection } from '../../scripts/install-links.mjs';

const example = JSON.parse(readFileSync(new URL('../../mcp.json.example', import.meta.url), 'utf8')) as {
  mcpServers: Record<string, { command: string; args: string[] }>;
};
const [[name, entry]] = Object.entries(example.mcpServers) as [[string, { command: string; args: string[] }]];

it('the link for Cursor carries the entry of mcp.json.example', () => {
  const { origin, pathname, searchParams } = new URL(installLinks.cursor);
  expect(`${origin}${pathname}`).toBe('https://cursor.com/en/install-mcp');
  expect(searchParams.get('name')).toBe(name);
  expect(JSON.parse(Buffer.from(searchParams.get('config') ?? '', 'base64').toString())).toEqual(entry);
});

it.each([
  ['vscode:', installLinks.vsCode],
  ['vscode-insiders:', installLinks.vsCodeInsiders],
])('the link that opens %s carries the entry of mcp.json.example under its name', (protocol, link) => {
  const { origin, pathname, searchParams } = new URL(link);
  expect(`${origin}${pathname}`).toBe('https://insiders.vscode.dev/redirect');
  const opened = new URL(searchParams.get('url') ?? '');
  expect([opened.protocol, opened.pathname]).toEqual([protocol, 'mcp/install']);
  expect(JSON.parse(decodeURIComponent(opened.search.slice(1)))).toEqual({ name, ...entry });
});

it('the command for Claude Code starts what mcp.json.example starts', () => {
  const [command, ...rest] = installLinks.claudeCode.split(' -- ');
  expect(command).toBe(`claude mcp add --scope user ${name}`);
  expect(rest).toEqual([[entry.command, ...entry.args].join(' ')]);
});

it('the section for the README has links that stay links in Markdown, and the command', () => {
  const section = installSection();
  const links = [...section.matchAll(/\[Install in [^\]]+\]\(([^()\s]+)\)/g)].map(([, link]) => link);
  expect(links).toEqual([installLinks.cursor, installLinks.vsCode, installLinks.vsCodeInsiders]);
  expect(section).toContain(`\`\`\`sh\n${installLinks.claudeCode}\n\`\`\``);
});
