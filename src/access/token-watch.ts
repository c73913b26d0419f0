import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/ports.js';
import type { TokenEntry } from './token-entry.js';
import { readTokens, stateOfTokens, TokenFileError } from './token-file.js';

/** Who is let in, ready to be looked up. */
export interface Tokens {
  byId: ReadonlyMap<string, TokenEntry>;
  /** By the subject in NFC, as tokens are read. */
  bySubject: ReadonlyMap<string, TokenEntry>;
}

/** A file of tokens that is followed while it changes. */
export interface TokenWatch {
  /** What is in force: at most a second old; undefined as long as there has never been a file. Raises nothing. */
  current(): Promise<Tokens | undefined>;
}

/** Milliseconds for which a look at the file is good. */
const freshFor = 1000;

const lookup = (tokens: TokenEntry[]): Tokens => ({
  byId: new Map(tokens.map((entry) => [entry.id, entry])),
  bySubject: new Map(tokens.flatMap((entry) => (entry.subject === undefined ? [] : [[entry.subject.normalize('NFC'), entry]]))),
});

/**
 * Reads a file of tokens and looks at it again on use, a second after the last look at the earliest: notices of changes
 * do not reach every file system. A file that is damaged or gone opens no door: what was read last stays in force, and
 * the log says so. Raises TokenFileError where it cannot be used at the start, or is missing although `required`.
 */
export async function watchTokens(options: { path: string; required: boolean; logger: Logger; now?: () => number }): Promise<TokenWatch> {
  const { path, logger, now = () => performance.now() } = options;
  let state = await stateOfTokens(path);
  let tokens = await entriesOf();
  let looked = now();
  let looking: Promise<void> | undefined;
  if (!tokens && options.required)
    throw new TokenFileError(`There is no file of tokens ${path}; make it with: keepsake-mcp token add --user NAME --tokens ${path}`);

  async function entriesOf(): Promise<Tokens | undefined> {
    const entries = await readTokens(path);
    return entries && lookup(entries);
  }

  async function look(): Promise<void> {
    try {
      const found = await stateOfTokens(path);
      if (found === state) return;
      state = found;
      const read = await entriesOf();
      if (read) logger.info('the file of tokens was read again', { path, tokens: read.byId.size });
      else if (tokens) logger.error('the file of tokens is gone; what was read of it last stays in force', { path });
      tokens = read ?? tokens;
    } catch (error) {
      // Where a file has come that says nothing yet, nobody is let in.
      tokens ??= lookup([]);
      // What the system refuses now it may give a second later; damage stays until the file changes.
      if (!(error instanceof TokenFileError) || error.isPassing) state = 'unread';
      logger.error('the file of tokens cannot be read; what was read of it last stays in force', { path, reason: messageOf(error) });
    } finally {
      looked = now();
      looking = undefined;
    }
  }

  return {
    async current() {
      if (looking || now() - looked >= freshFor) {
        looking ??= look();
        await looking;
      }
      return tokens;
    },
  };
}
