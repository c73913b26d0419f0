import { type Right, rights } from '../core/principal.js';
import { Refusal } from '../transports/http/refusal.js';
import { usualScopes } from './token-entry.js';

/** Makes the refusals of a protected resource, with what RFC 6750 and RFC 9728 want in their headers. */
export interface Challenges {
  /** 401; `wrong` where there was a token, but no good one. Without `needs` clients are told to ask for the usual scopes. */
  unauthorized(message: string, about?: { needs?: Right | undefined; wrong?: boolean }): Refusal;
  /** 403: a right is needed that the caller lacks. */
  insufficient(needed: Right, has: ReadonlySet<Right>): Refusal;
}

/** Challenges that name the page with the metadata of the resource, where there is one. */
export function createChallenges(metadataUrl: (() => string) | undefined): Challenges {
  const header = (parameters: Record<string, string>) => {
    const all = { realm: 'Keepsake', ...(metadataUrl ? { resource_metadata: metadataUrl() } : {}), ...parameters };
    const written = Object.entries(all).map(([name, value]) => `${name}="${value.replace(/["\\]/g, '')}"`);
    return { 'WWW-Authenticate': `Bearer ${written.join(', ')}` };
  };

  return {
    unauthorized(message, { needs, wrong = false } = {}) {
      const error = wrong ? { error: 'invalid_token', error_description: message } : {};
      return new Refusal(401, message, header({ scope: needs ?? usualScopes.join(' '), ...error }));
    },
    insufficient(needed, has) {
      // With what it has: a client that asks for just what is named here would lose the rest.
      const scope = rights.filter((right) => right === needed || has.has(right)).join(' ');
      const message = `This needs the scope ${needed}, which the token lacks; use one that has it.`;
      return new Refusal(403, message, header({ error: 'insufficient_scope', scope, error_description: message }));
    },
  };
}
