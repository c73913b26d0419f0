import { type Access, openAccess } from '../access/access.js';
import { TokenFileError } from '../access/token-file.js';
import { type Config, ConfigError } from '../config.js';
import type { Logger } from '../core/ports.js';
import { rightFor } from '../mcp/service.js';
import { type NetworkServer, openNetworkServer } from './network-server.js';
import { requireSafe } from './require-safe.js';
import { tokensPath } from './tokens-path.js';

/** Who may use the server, once `url` can say where it is. Raises ConfigError. */
async function accessOf(config: Config, { url, logger }: { url: () => string; logger: Logger }): Promise<Access> {
  const { tokens, oauth, rate, quota } = config.http;
  const set = { tokens: tokensPath(config), tokensRequired: tokens !== undefined, oauth, user: config.user, rate, quota };
  try {
    return await openAccess({ ...set, url, rightFor, logger });
  } catch (error) {
    throw error instanceof TokenFileError ? new ConfigError(`KEEPSAKE_TOKENS: ${error.message}`, { cause: error }) : error;
  }
}

/** The name of the project that a configuration names itself. Roots over the network are folders of another machine. */
function configuredProject({ project }: Config): string | undefined {
  return project === 'auto' || project === 'none' ? undefined : project;
}

/** The server over HTTP. Resolves with the exit code when `signal` is raised and everything has ended. Raises ConfigError. */
export async function serveHttp(config: Config, options: { version: string; logger: Logger; signal: AbortSignal }): Promise<number> {
  const [publicUrl] = config.http.publicUrls;
  const access = await accessOf(config, { url: () => publicUrl ?? server.url, logger: options.logger });
  requireSafe(config.http, await access.isOpen());
  const server: NetworkServer = await openNetworkServer(config, { ...options, access, project: configuredProject(config) });
  process.stderr.write(`Keepsake serves MCP at ${server.url}/mcp, and for older clients at ${server.url}/sse\n`);
  process.stderr.write(`The dashboard is at ${publicUrl ?? server.url}/\n`);
  await server.ended();
  return 0;
}
