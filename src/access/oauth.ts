import { errors, jwtVerify } from 'jose';
import { type Right, rights } from '../core/principal.js';
import { userSpace } from '../core/space.js';
import { createIssuerKeys, type IssuerKeysOptions } from './issuer-keys.js';

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

/**
 * Checks access tokens that are JWTs signed by one issuer. The function raises TokenRefused, and IssuerUnavailable
 * where it cannot be told.
 */
export function createOAuth(options: IssuerKeysOptions & { audience: () => string }): (token: string) => Promise<Claims> {
  const { issuer, audience } = options;
  const keys = createIssuerKeys(options);

  return async (token) => {
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
      return { subject: subjectOf(payload.sub), scopes: scopesOf(payload.scope ?? payload.scp) };
    } catch (error) {
      throw refusalOf(error);
    }
  };
}

/** What is raised for what went wrong: jose's own faults are the token's, but for a set of keys that is no good. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof errors.JOSEError)) return error;
  return new TokenRefused(reasonOf(error), { cause: error });
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} is not as it must be`;
  if (error instanceof errors.JWKSNoMatchingKey) return 'it is signed with a key that its issuer does not have';
  return 'it is no JWT that its issuer signed with a public key';
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
