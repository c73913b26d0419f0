// Links and commands that install the server into a client, all made from the one entry of mcp.json.example.
import { readFile } from 'node:fs/promises';

const [[name, entry]] = Object.entries(JSON.parse(await readFile(new URL('../mcp.json.example', import.meta.url), 'utf8')).mcpServers);

/** How a client starts the server: the name it gets there, and the command. */
const server = { name, ...entry };

const cursorQuery = new URLSearchParams({ name, config: Buffer.from(JSON.stringify(entry)).toString('base64') });

/** A page of the web that opens the client: many places where a README is read allow no link of another scheme. */
function vsCode(scheme) {
  const link = `${scheme}:mcp/install?${encodeURIComponent(JSON.stringify(server))}`;
  return `https://insiders.vscode.dev/redirect?url=${encodeURIComponent(link)}`;
}

/** What to open in a browser or to type, by client. */
export const installLinks = {
  cursor: `https://cursor.com/en/install-mcp?${cursorQuery}`,
  vsCode: vsCode('vscode'),
  vsCodeInsiders: vsCode('vscode-insiders'),
  claudeCode: `claude mcp add --scope user ${name} -- ${[entry.command, ...entry.args].join(' ')}`,
};

/** The same as a section of a page: links to click on, and the command for Claude Code. */
export function installSection() {
  const links = [
    `[Install in Cursor](${installLinks.cursor})`,
    `[Install in VS Code](${installLinks.vsCode})`,
    `[Install in VS Code Insiders](${installLinks.vsCodeInsiders})`,
  ].join(' · ');
  return `${links}\n\n\`\`\`sh\n${installLinks.claudeCode}\n\`\`\``;
}
