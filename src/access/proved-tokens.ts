import { createHash } from 'node:crypto';

/** What access tokens that were proved say, for as long as that need not be proved anew. */
export interface ProvedTokens<Said> {
  /** Undefined where the token has to be proved. */
  get(token: string): Said | undefined;
  /** Keeps what a token says until an instant in milliseconds since 1970. */
  keep(token: string, said: Said, until: number): void;
}

/** Tokens that are kept; of more, those that were proved first are proved anew. */
const mostTokens = 10_000;

/** Keeps what tokens say by their hashes: a token itself stays nowhere longer than its request. O(1), and bounded in memory. */
export function createProvedTokens<Said>(): ProvedTokens<Said> {
  const proved = new Map<string, { said: Said; until: number }>();
  const nameOf = (token: string) => createHash('sha256').update(token).digest('base64');

  return {
    get(token) {
      const found = proved.get(nameOf(token));
      return found && Date.now() < found.until ? found.said : undefined;
    },
    keep(token, said, until) {
      const name = nameOf(token);
      // The map keeps its order: the first is the one that was proved first.
      proved.delete(name);
      proved.set(name, { said, until });
      const [oldest] = proved.keys();
      if (proved.size > mostTokens && oldest !== undefined) proved.delete(oldest);
    },
  };
}
