import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { json, toml } from './configuration.js';
import { type Machine, settingsFolder } from './machine.js';
import type { RulesFile } from './rules-part.js';
import type { ServerPlace } from './server-part.js';

/** A program that starts MCP servers, and where it is told of them. Paths are absolute. */
export interface Client {
  name: string;
  title: string;
  place(machine: Machine): ServerPlace;
  /** What exists where the client is installed; else the folder of its configuration. */
  sign?(machine: Machine): string;
  /** The file of rules that it reads in every folder. */
  userRules?(machine: Machine): RulesFile;
  /** The file of rules that it reads in one project. */
  projectRules?(folder: string): RulesFile;
  /** The file of its hooks. */
  hooks?(machine: Machine): string;
  /** What makes it read its configuration anew. */
  restart: string;
}

const mcpServers = { format: json, key: 'mcpServers' };
const agents = (folder: string): RulesFile => ({ path: join(folder, 'AGENTS.md') });
const always = (line: string) => `---\n${line}\n---\n`;

const claudeFolder = ({ env, homeFolder }: Machine) => env.CLAUDE_CONFIG_DIR || join(homeFolder, '.claude');
const codexFolder = ({ env, homeFolder }: Machine) => env.CODEX_HOME || join(homeFolder, '.codex');
const geminiFolder = ({ homeFolder }: Machine) => join(homeFolder, '.gemini');
const windsurfFolder = ({ homeFolder }: Machine) => join(homeFolder, '.codeium', 'windsurf');
const codeFolder = (machine: Machine) => join(settingsFolder(machine), 'Code', 'User');

function zedFolder(machine: Machine): string {
  if (machine.platform === 'win32') return join(settingsFolder(machine), 'Zed');
  return join(machine.env.XDG_CONFIG_HOME || join(machine.homeFolder, '.config'), 'zed');
}

/** The folder of Claude Desktop; as a packaged app of Windows it sees its own copy of %APPDATA% alone. */
function desktopFolder(machine: Machine): string {
  const usual = join(settingsFolder(machine), 'Claude');
  if (machine.platform !== 'win32') return usual;
  const packages = join(machine.env.LOCALAPPDATA || join(machine.homeFolder, 'AppData', 'Local'), 'Packages');
  const names = existsSync(packages) ? readdirSync(packages).filter((name) => name.startsWith('Claude_')) : [];
  const packaged = names.sort().map((name) => join(packages, name, 'LocalCache', 'Roaming', 'Claude'));
  return packaged.find((folder) => existsSync(join(folder, desktopFile))) ?? packaged.find(existsSync) ?? packaged[0] ?? usual;
}

const desktopFile = 'claude_desktop_config.json';

/** Every client that `install` knows, in the order in which they are listed. */
export const clients: readonly Client[] = [
  {
    name: 'claude-desktop',
    title: 'Claude Desktop',
    place: (machine) => ({ ...mcpServers, path: join(desktopFolder(machine), desktopFile) }),
    restart: 'Quit Claude Desktop and start it again.',
  },
  {
    name: 'claude-code',
    title: 'Claude Code',
    place: ({ env, homeFolder }) => ({
      ...mcpServers,
      path: join(env.CLAUDE_CONFIG_DIR || homeFolder, '.claude.json'),
      besides: { type: 'stdio' },
    }),
    sign: claudeFolder,
    userRules: (machine) => ({ path: join(claudeFolder(machine), 'CLAUDE.md') }),
    projectRules: (folder) => ({ path: join(folder, 'CLAUDE.md') }),
    hooks: (machine) => join(claudeFolder(machine), 'settings.json'),
    restart: 'Sessions that begin from now on have it.',
  },
  {
    name: 'cursor',
    title: 'Cursor',
    place: ({ homeFolder }) => ({ ...mcpServers, path: join(homeFolder, '.cursor', 'mcp.json') }),
    projectRules: (folder) => ({ path: join(folder, '.cursor', 'rules', 'keepsake.mdc'), heading: always('alwaysApply: true') }),
    restart: 'Cursor notices by itself; see Settings > MCP.',
  },
  {
    name: 'vscode',
    title: 'VS Code',
    place: (machine) => ({ format: json, key: 'servers', path: join(codeFolder(machine), 'mcp.json'), besides: { type: 'stdio' } }),
    userRules: (machine) => ({
      path: join(codeFolder(machine), 'prompts', 'keepsake.instructions.md'),
      heading: always("applyTo: '**'"),
    }),
    projectRules: agents,
    restart: 'VS Code notices by itself; it asks once whether the server may be started.',
  },
  {
    name: 'codex',
    title: 'Codex',
    place: (machine) => ({ format: toml, key: 'mcp_servers', path: join(codexFolder(machine), 'config.toml') }),
    userRules: (machine) => agents(codexFolder(machine)),
    projectRules: agents,
    restart: 'Sessions that begin from now on have it.',
  },
  {
    name: 'gemini',
    title: 'Gemini CLI',
    place: (machine) => ({ ...mcpServers, path: join(geminiFolder(machine), 'settings.json') }),
    userRules: (machine) => ({ path: join(geminiFolder(machine), 'GEMINI.md') }),
    projectRules: (folder) => ({ path: join(folder, 'GEMINI.md') }),
    restart: 'Sessions that begin from now on have it.',
  },
  {
    name: 'windsurf',
    title: 'Windsurf',
    place: (machine) => ({ ...mcpServers, path: join(windsurfFolder(machine), 'mcp_config.json') }),
    userRules: (machine) => ({ path: join(windsurfFolder(machine), 'memories', 'global_rules.md') }),
    projectRules: (folder) => ({ path: join(folder, '.windsurf', 'rules', 'keepsake.md'), heading: always('trigger: always_on') }),
    restart: 'Press Refresh in Windsurf under Settings > Cascade > MCP.',
  },
  {
    name: 'zed',
    title: 'Zed',
    place: (machine) => ({ format: json, key: 'context_servers', path: join(zedFolder(machine), 'settings.json') }),
    projectRules: agents,
    restart: 'Zed notices by itself.',
  },
];

/** The client of a name; undefined for an unknown one. */
export function clientNamed(name: string): Client | undefined {
  return clients.find((client) => client.name === name);
}

/** Whether a client seems to be installed on a machine. */
export function isFound(client: Client, machine: Machine): boolean {
  const { path } = client.place(machine);
  return existsSync(path) || existsSync(client.sign?.(machine) ?? dirname(path));
}
