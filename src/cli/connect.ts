import { type Config, ConfigError } from '../config.js';
import type { Logger } from '../core/ports.js';
import { isSecureUrl } from '../core/secure-url.js';
import { currentProject } from '../current-project.js';
import { openRemote } from '../transports/connect/remote.js';
import { forwardStdio } from '../transports/connect.js';

const usual = 'https://memory.example.com/mcp';

/** The URL of a remote as it was given; without a path it is /mcp. Raises ConfigError for one that cannot or must not be used. */
export function remoteUrl(given: string, hasToken: boolean): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new ConfigError(`connect needs the URL of a remote Keepsake, such as ${usual}.`);
  const isSecret = [...url.searchParams.keys()].some((name) => /token|key|secret|passw|auth/i.test(name));
  if (url.username || url.password || isSecret)
    throw new ConfigError(
      'connect: the URL must hold no user, password or token, which others on this machine could read; set KEEPSAKE_TOKEN.',
    );
  if (hasToken && !isSecureUrl(url.href))
    throw new ConfigError(`connect: KEEPSAKE_TOKEN is not sent to ${url.host} over http, where anybody on the way can read it; use https.`);
  if (url.pathname === '/') url.pathname = '/mcp';
  url.hash = '';
  return url;
}

/** A stdio server that forwards everything to a remote Keepsake. Resolves with the exit code when the client is gone. */
export async function connect(
  config: Config,
  { address, logger, signal }: { address: string; logger: Logger; signal: AbortSignal },
): Promise<number> {
  const url = remoteUrl(address, config.token !== undefined);
  if (!isSecureUrl(url.href))
    process.stderr.write(`keepsake-mcp: ${url.host} is reached over http; anybody on the way can read the memories. Use https.\n`);
  if (process.stdin.isTTY)
    process.stderr.write(`Keepsake forwards MCP on stdin and stdout to ${url.origin}${url.pathname} and waits for a client.\n`);
  const remote = await openRemote(url, config.token);
  await forwardStdio({ remote, currentProject: (roots) => currentProject(config, roots), signal, logger });
  return 0;
}
