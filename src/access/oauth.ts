import { errors, jwtVerify } from 'jose';
import { type Right, rights } from '../core/principal.js';
import { userSpace } from '../core/space.js';
import { createIssuerKeys, type IssuerKeysOptions } from './issuer-keys.js';
import { createProvedTokens } from './proved-tokens.js';

/** What a good access token says. */
export interface Claims {
  /** Its `sub`, which can be the name of a user. */
  subject: string;
  scopes: ReadonlySet<Right>;
}

/** An access token that is not accepted; the message says why, without any of its text. */
export class TokenRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TokenRefused';
  }
}

/** Signatures with public keys alone: with a shared secret, whoever can check a token could make one. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
/** What the header of an access token may call itself; tokens of other uses, such as logout tokens, say so there. */
const types = ['at+jwt', 'jwt'];
/** Seconds by which clocks may differ. */
const tolerance = 10;
/** Milliseconds for which a token that was good is not proved anew: open streams are looked at many times in that time. */
const usualMemory = 15_000;

/** Whose access tokens are good, and for whom. */
export interface OAuthOptions extends IssuerKeysOptions {
  /** What they must name. */
  audience: () => string;
  /** Milliseconds for which one that was good is not proved anew; default 15 s, and never beyond its end. */
  memory?: number | undefined;
}

/**
 * Checks access tokens that are JWTs signed by one issuer. The function raises TokenRefused, and IssuerUnavailable
 * where it cannot be told.
 */
export function createOAuth(options: OAuthOptions): (token: string) => Promise<Claims> {
  const { issuer, audience, memory = usualMemory } = options;
  const keys = createIssuerKeys(options);
  const proved = createProvedTokens<Claims>();

  return async (token) => {
    const known = proved.get(token);
    if (known) return known;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        algorithms,
        // Settings know no slash at the end of a URL, some issuers put one in their name: it is the same server.
        issuer: [issuer, `${issuer}/`],
        audience: audience(),
        requiredClaims: ['exp', 'sub'],
        clockTolerance: tolerance,
      });
      const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '');
      if (type !== undefined && !types.includes(type)) throw new TokenRefused('it is no access token');
      const claims = { subject: subjectOf(payload.sub), scopes: scopesOf(payload.scope ?? payload.scp) };
      proved.keep(token, claims, Math.min(Date.now() + memory, ((payload.exp ?? 0) + tolerance) * 1000));
      return claims;
    } catch (error) {
      throw refusalOf(error, { aud: audience(), iss: issuer });
    }
  };
}

/** What is raised for what went wrong: jose's own faults are the token's, but for a set of keys that is no good. */
function refusalOf(error: unknown, expected: Readonly<Record<string, string>>): unknown {
  if (!(error instanceof errors.JOSEError)) return error;
  return new TokenRefused(reasonOf(error, expected), { cause: error });
}

/** Why a token is not good; `expected` by claim, of those that have to have one value. */
function reasonOf(error: errors.JOSEError, expected: Readonly<Record<string, string>>): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} ${faultOf(error, expected[error.claim])}`;
  if (error instanceof errors.JWKSNoMatchingKey) return 'it is signed with a key that its issuer does not have';
  return 'it is no JWT that its issuer signed with a public key';
}

function faultOf({ claim, reason }: errors.JWTClaimValidationFailed, expected: string | undefined): string {
  if (expected !== undefined) return `${reason === 'missing' ? 'is missing; it' : ''} must be ${expected}`.trim();
  if (reason === 'missing') return 'is missing';
  return claim === 'nbf' ? 'is a time to come' : 'is not as it must be';
}

function subjectOf(subject: string | undefined): string {
  try {
    return userSpace(subject ?? '').slice('user:'.length);
  } catch (error) {
    throw new TokenRefused('its claim sub cannot be the name of a user', { cause: error });
  }
}

/** The scopes that are known here, of a list or of a text with blanks between them. */
function scopesOf(claim: unknown): ReadonlySet<Right> {
  const given: unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return new Set(rights.filter((right) => given.includes(right)));
}
