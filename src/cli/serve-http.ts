import type { Config } from '../config.js';
import type { Logger } from '../core/ports.js';

/** The server over HTTP. Resolves with the exit code when `signal` is raised and everything has ended. */
export async function serveHttp(_config: Config, _options: { version: string; logger: Logger; signal: AbortSignal }): Promise<number> {
  throw new Error('serve --http does not exist yet');
}
