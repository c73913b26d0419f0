import { type Principal, rights } from '../../src/core/principal.js';

/** A caller with a token of its own: nothing is open to it but its own memory and what is granted. */
export function callerOf(user: string, given: Partial<Principal> = {}): Principal {
  return { id: user, user, anyUser: false, rights: new Set(rights), spaces: [], ...given };
}
