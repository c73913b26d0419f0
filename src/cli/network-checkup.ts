import { existsSync } from 'node:fs';
import { requireIssuerKeys } from '../access/issuer-keys.js';
import { isExpired } from '../access/token-entry.js';
import { readTokens, TokenFileError } from '../access/token-file.js';
import { type Config, ConfigError } from '../config.js';
import { options } from '../options.js';
import { inUrl, withoutBrackets } from '../transports/http/addresses.js';
import { broken, counted, type Finding, working } from './finding.js';
import { programName } from './program-name.js';
import { requireSafe } from './require-safe.js';
import { tokensPath } from './tokens-path.js';

/**
 * Looks at what `serve --http` would be reached by and whom it would let in; at nothing where none of that is set up.
 * Raises nothing for what it finds broken.
 */
export async function networkCheckup(config: Config): Promise<Finding[]> {
  if (!isSetUp(config)) return [];
  const { finding: tokens, found } = await checkTokens(config);
  const isOpen = tokens.standing !== 'broken' && !found && !config.http.oauth;
  return [checkAddress(config, isOpen), tokens, ...(await checkIssuer(config))];
}

function isSetUp(config: Config): boolean {
  const { host, port, publicUrls, origins, tokens, oauth } = config.http;
  const isUsual = host === options.host.default && String(port) === options.port.default;
  return (
    !isUsual || publicUrls.length + origins.length > 0 || tokens !== undefined || oauth !== undefined || existsSync(tokensPath(config))
  );
}

function checkAddress({ http }: Config, isOpen: boolean): Finding {
  const { host, port, publicUrls, origins } = http;
  const data = { host, port, public_urls: publicUrls, origins };
  try {
    requireSafe(http, isOpen);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { ...broken('network', error), data };
  }
  const clients = publicUrls.length === 0 ? '' : `, for clients ${publicUrls.join(', ')}`;
  return working('network', `serve --http listens on ${inUrl(withoutBrackets(host))}:${port}${clients}`, { data });
}

async function checkTokens(config: Config): Promise<{ finding: Finding; found: boolean }> {
  const path = tokensPath(config);
  const make = `make one with: ${programName()} token add --user NAME${config.http.tokens === undefined ? '' : ` --tokens ${path}`}`;
  try {
    const entries = await readTokens(path);
    if (!entries) {
      if (config.http.tokens !== undefined) return { finding: broken('tokens', `there is no file ${path}`, make), found: false };
      const isOpen = !config.http.oauth;
      const text = isOpen ? 'none: whoever can reach the server is its owner' : 'none, as usual with OAuth';
      return { finding: working('tokens', text, { data: { path, tokens: 0 }, note: isOpen && make }), found: false };
    }
    const expired = entries.filter((entry) => isExpired(entry, Date.now())).length;
    const text = `${counted(entries.length, 'token')} in ${path}${expired > 0 ? `, ${expired} of them expired` : ''}`;
    const nobody = entries.length === expired && !config.http.oauth && `nobody is let in; ${make}`;
    return { finding: working('tokens', text, { data: { path, tokens: entries.length, expired }, note: nobody }), found: true };
  } catch (error) {
    if (!(error instanceof TokenFileError)) throw error;
    return { finding: { ...broken('tokens', error), data: { path } }, found: false };
  }
}

async function checkIssuer({ http: { oauth } }: Config): Promise<Finding[]> {
  if (!oauth) return [];
  const data = { ...oauth };
  try {
    await requireIssuerKeys(oauth);
    return [working('oauth', `${oauth.issuer} answers with its keys`, { data })];
  } catch (error) {
    const fix = 'check KEEPSAKE_OAUTH_ISSUER, KEEPSAKE_OAUTH_JWKS and the network; until then its access tokens are refused';
    return [{ ...broken('oauth', error, fix), data }];
  }
}
