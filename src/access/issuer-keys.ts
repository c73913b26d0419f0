import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { messageOf } from '../core/errors.js';
import { isSecureUrl } from '../core/secure-url.js';

/** The authorization server does not answer as it should: whether a token is good cannot be told now. */
export class IssuerUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IssuerUnavailable';
  }
}

/** Where the keys of an authorization server come from. */
export interface IssuerKeysOptions {
  /** Without a slash at its end. */
  issuer: string;
  /** URL of its keys; else its metadata names it. */
  jwks?: string | undefined;
  /** Milliseconds for which an issuer that failed is left alone. */
  pause?: number | undefined;
  /** Milliseconds after which an unknown key is looked for again. */
  cooldown?: number | undefined;
}

/** Milliseconds for one answer of the issuer. */
const patience = 5000;
const usualPause = 5000;
const usualCooldown = 30_000;

const metadata = z.object({ issuer: z.string(), jwks_uri: z.url() });
const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

/** Where the metadata of an issuer may lie: as of OAuth 2.0, and as of OpenID Connect in both readings. */
function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname === '/' ? '' : pathname;
  const inserted = ['oauth-authorization-server', 'openid-configuration'].map((name) => `${origin}/.well-known/${name}${path}`);
  return [...new Set([...inserted, `${issuer}/.well-known/openid-configuration`])];
}

/** Raises IssuerUnavailable unless the keys of an authorization server can be read now. */
export async function requireIssuerKeys(options: IssuerKeysOptions): Promise<void> {
  try {
    // No key has this name; that it is told apart from the issuer's takes their keys.
    await createIssuerKeys(options)({ alg: 'ES256', kid: '' }, { payload: '', signature: '' });
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
  }
}

/**
 * The public keys of an authorization server, found and kept as needed, rotated ones too. Raises IssuerUnavailable, at
 * once while the last failure is recent: a flood of tokens is not passed on to a server that is down.
 */
export function createIssuerKeys({ issuer, jwks, pause = usualPause, cooldown = usualCooldown }: IssuerKeysOptions): JWTVerifyGetKey {
  let failedAt = Number.NEGATIVE_INFINITY;
  let keys: Promise<JWTVerifyGetKey> | undefined;

  async function attempted<T>(work: () => Promise<T>): Promise<T> {
    if (performance.now() - failedAt < pause) throw new IssuerUnavailable(`${issuer} failed a moment ago`);
    try {
      return await work();
    } catch (error) {
      failedAt = performance.now();
      throw new IssuerUnavailable(`${issuer}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** The JSON at an address, undefined where there is nothing. */
  async function read(address: string): Promise<unknown> {
    const response = await fetch(address, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${address} answers ${response.status}`);
    return response.json();
  }

  /** Where the metadata at an address says that the keys are; undefined where there is none. */
  async function keysUrlAt(address: string): Promise<string | undefined> {
    const found = metadata.safeParse(await read(address));
    if (!found.success) return undefined;
    if (found.data.issuer.replace(/\/+$/, '') !== issuer) throw new Error(`${address} is the metadata of another issuer`);
    if (!isSecureUrl(found.data.jwks_uri)) throw new Error(`${address} names keys without TLS`);
    return found.data.jwks_uri;
  }

  async function keysUrl(): Promise<string> {
    if (jwks !== undefined) return jwks;
    const failures: unknown[] = [];
    for (const address of metadataUrls(issuer)) {
      try {
        const url = await keysUrlAt(address);
        if (url !== undefined) return url;
      } catch (error) {
        // Where there is nothing, some servers refuse, redirect or show a page.
        failures.push(error);
      }
    }
    throw failures[0] ?? new Error('there is no metadata that names its keys');
  }

  async function open(): Promise<JWTVerifyGetKey> {
    const address = await attempted(keysUrl);
    const fetchKeys = () => attempted(async () => Response.json(keySet.parse(await read(address))));
    return createRemoteJWKSet(new URL(address), { cooldownDuration: cooldown, timeoutDuration: patience, [customFetch]: fetchKeys });
  }

  function opened(): Promise<JWTVerifyGetKey> {
    keys ??= open().catch((error: unknown) => {
      // The next token tries again.
      keys = undefined;
      throw error;
    });
    return keys;
  }

  return async (header, token) => (await opened())(header, token);
}
