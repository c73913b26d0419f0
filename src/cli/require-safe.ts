import { type Config, ConfigError } from '../config.js';
import { isLoopback, isWildcard } from '../transports/http/addresses.js';
import { programName } from './program-name.js';

const needs = `needs tokens (make one with: ${programName()} token add --user NAME) or OAuth (KEEPSAKE_OAUTH_ISSUER); without them only a loopback address such as 127.0.0.1 is served`;

/** Raises ConfigError where others than this machine's users could reach a memory that no token guards. */
export function requireSafe({ host, publicUrls }: Config['http'], isOpen: boolean): void {
  if (isOpen && !isLoopback(host)) throw new ConfigError(`KEEPSAKE_HOST: ${host} is not a loopback address, which ${needs}.`);
  // What a proxy passes on comes from this machine, whoever sent it.
  const reached = publicUrls.find((url) => !isLoopback(new URL(url).hostname));
  if (isOpen && reached !== undefined)
    throw new ConfigError(`KEEPSAKE_PUBLIC_URL: ${reached} can be reached from other machines, which ${needs}.`);
  if (isWildcard(host) && publicUrls.length === 0)
    throw new ConfigError(`KEEPSAKE_PUBLIC_URL: with KEEPSAKE_HOST ${host} it must say under which URLs clients reach the server.`);
}
