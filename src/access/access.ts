import type { IncomingHttpHeaders } from 'node:http';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/ports.js';
import { ownerOf, type Principal, type Right } from '../core/principal.js';
import type { Page } from '../transports/http/options.js';
import { Refusal } from '../transports/http/refusal.js';
import { createChallenges } from './challenge.js';
import { type IssuerKeysOptions, IssuerUnavailable } from './issuer-keys.js';
import { neededRights } from './needed-rights.js';
import { networkOf } from './network.js';
import { createOAuth, TokenRefused } from './oauth.js';
import { createRateLimiter } from './rate-limiter.js';
import { isExpired, type TokenEntry, usualScopes } from './token-entry.js';
import { isToken, tokenId } from './token-secret.js';
import { watchTokens } from './token-watch.js';

/** Who may use a server over HTTP, and how much. */
export interface AccessOptions {
  /** Absolute path of the file of tokens. */
  tokens: string;
  /** Whether there has to be one: it was asked for by name. */
  tokensRequired: boolean;
  /** The authorization server whose access tokens are accepted; `audience` is what they must name, default the URL with /mcp. */
  oauth?: (IssuerKeysOptions & { audience?: string | undefined }) | undefined;
  /** Whose memory is served where there are neither tokens nor OAuth: everything of the home is then open to anybody. */
  user: string;
  /** Under which clients reach the server, without a slash at its end; asked for once it listens. */
  url: () => string;
  /** Requests a minute of one caller; 0: any number. */
  rate: number;
  /** Live memories of one space; 0: any number. */
  quota: number;
  /** The right that a call of a tool needs; undefined where there is no such tool. */
  rightFor: (toolName: string) => Right | undefined;
  logger: Logger;
}

/** Decides who is let in to a server over HTTP. All of it raises Refusals. */
export interface Access {
  /** Whether anybody is let in: there are neither tokens nor OAuth. */
  isOpen(): Promise<boolean>;
  /** Who sends a request with this Authorization header from this address; `needs` is what refusals tell clients to ask for. */
  authenticate(authorization: string | undefined, address: string, needs?: Right): Promise<Principal>;
  /** Counts a request against the caller's rate, and refuses one that a proxy brings where everybody is taken for the owner. */
  admit(principal: Principal, headers: IncomingHttpHeaders): void;
  /** Refuses a message of the protocol that needs a right that the caller lacks. */
  authorize(principal: Principal, message: unknown): void;
  /** Refuses a caller that lacks a right. */
  demand(principal: Principal | undefined, right: Right): void;
  /** What tells clients where to get access tokens; none without OAuth. */
  pages: Readonly<Record<string, Page>>;
}

/** Failed tries a minute from one address that are told what was wrong. */
const mostFailures = 60;
const needsToken = 'This needs a token; send it as Authorization: Bearer TOKEN.';
/** What proxies add to a request. Nothing is believed of it but that it came from elsewhere. */
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];
const ownerAlone =
  'A proxy brought this request, but without tokens the server takes everybody for its owner; make a token first: keepsake-mcp token add --user NAME';
const metadataPath = '/.well-known/oauth-protected-resource';

/** Opens the doors that are set up. Raises TokenFileError. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { oauth, url, quota: most, logger } = options;
  const tokens = await watchTokens({ path: options.tokens, required: options.tokensRequired, logger });
  const verify = oauth && createOAuth({ ...oauth, audience: () => oauth.audience ?? `${url()}/mcp` });
  const challenges = createChallenges(oauth && (() => `${url()}${metadataPath}/mcp`));
  const requests = createRateLimiter({ perMinute: options.rate });
  const failures = createRateLimiter({ perMinute: mostFailures });
  const quota = most === 0 ? undefined : most;
  const owner: Principal = { ...ownerOf(options.user), quota };

  function principalOf(entry: TokenEntry, { id, rights }: Pick<Principal, 'id' | 'rights'>): Principal {
    const anyUser = entry.user === '*';
    return { id, rights, user: anyUser ? undefined : entry.user, anyUser, spaces: entry.grants, quota };
  }

  async function holderOf(token: string): Promise<Principal> {
    const entry = (await tokens.current())?.byId.get(tokenId(token) ?? '');
    if (!isToken(token, entry?.hash) || !entry) throw new TokenRefused('it is unknown or was revoked');
    if (isExpired(entry, Date.now())) throw new TokenRefused('it has expired');
    return principalOf(entry, { id: `token:${entry.id}`, rights: new Set(entry.scopes) });
  }

  async function oauthUser(token: string): Promise<Principal> {
    if (!verify) throw new TokenRefused('it is unknown or was revoked');
    const { subject, scopes } = await verify(token);
    const entry = (await tokens.current())?.bySubject.get(subject);
    if (!entry) return { id: `oauth:${subject}`, rights: scopes, user: subject, anyUser: false, spaces: [], quota };
    if (isExpired(entry, Date.now())) throw new TokenRefused('its user was let in until a day that is past');
    const rights = new Set(entry.scopes.filter((right) => scopes.has(right)));
    // Another id than without the entry: a session that was opened with its grants must not outlive it.
    return principalOf(entry, { id: `subject:${entry.id}`, rights });
  }

  /**
   * What is answered to a token that is not accepted; of many from one address, that they are too many. Good tokens pass
   * all the same: behind a proxy everybody has one address, and nobody shall lock the others out.
   */
  function refusalOf(error: unknown, address: string, needs: Right | undefined): Refusal {
    if (!(error instanceof TokenRefused)) {
      // Without a cause it repeats a failure that was told when it happened.
      const isRepeat = error instanceof IssuerUnavailable && error.cause === undefined;
      logger[isRepeat ? 'debug' : 'warn']('an access token cannot be checked', { reason: messageOf(error) });
      return new Refusal(503, 'The authorization server cannot be asked now; try again later.', { 'Retry-After': '5' });
    }
    const wait = failures.take(networkOf(address));
    if (wait > 0) return tooMany('Too many failed tries from this address', wait);
    return challenges.unauthorized(`The token is not accepted: ${error.message}.`, { needs, wrong: true });
  }

  function demand(principal: Principal | undefined, right: Right): void {
    if (!principal) throw challenges.unauthorized(needsToken, { needs: right });
    if (!principal.rights.has(right)) throw challenges.insufficient(right, principal.rights);
  }

  const isOpen = async () => !oauth && !(await tokens.current());

  return {
    isOpen,
    demand,
    async authenticate(authorization, address, needs) {
      if (await isOpen()) return owner;
      if (authorization === undefined) throw challenges.unauthorized(needsToken, { needs });
      const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
      if (token === undefined) throw challenges.unauthorized('The Authorization header must be Bearer TOKEN, with one token.', { needs });
      try {
        return await (token.startsWith('ks_') ? holderOf(token) : oauthUser(token));
      } catch (error) {
        throw refusalOf(error, address, needs);
      }
    },
    admit({ id }, headers) {
      if (id === owner.id && proxyHeaders.some((name) => headers[name] !== undefined)) throw new Refusal(403, ownerAlone);
      const wait = requests.take(id);
      if (wait > 0) throw tooMany(`More than ${options.rate} requests a minute`, wait);
    },
    authorize(principal, message) {
      for (const right of neededRights(message, options.rightFor)) demand(principal, right);
    },
    pages: oauth ? metadataPages(oauth.issuer, url) : {},
  };
}

function tooMany(what: string, seconds: number): Refusal {
  return new Refusal(429, `${what}; wait ${seconds} s.`, { 'Retry-After': String(seconds) });
}

/** The metadata of the protected resource (RFC 9728), where clients look for it. */
function metadataPages(issuer: string, url: () => string): Access['pages'] {
  const page: Page = {
    open: true,
    async answer() {
      const metadata = {
        resource: `${url()}/mcp`,
        authorization_servers: [issuer],
        scopes_supported: usualScopes,
        bearer_methods_supported: ['header'],
        resource_name: 'Keepsake',
      };
      return { status: 200, type: 'application/json', body: JSON.stringify(metadata) };
    },
  };
  return { [metadataPath]: page, [`${metadataPath}/mcp`]: page };
}
