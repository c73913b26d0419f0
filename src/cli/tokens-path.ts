import { join } from 'node:path';
import type { Config } from '../config.js';

/** The file of tokens of a configuration: the one it names, else that of its home. */
export function tokensPath({ home, http }: Config): string {
  return http.tokens ?? join(home, 'tokens.json');
}
