import type { Config } from '../config.js';
import { createLogger } from '../logger.js';
import { becomeOwnerOf } from './home-owner.js';

declare const __VERSION__: string;

/** The MCP server on stdin and stdout. Resolves with the exit code 0 when its client is gone or `signal` is raised. */
export async function serveOverStdio(config: Config, signal: AbortSignal): Promise<number> {
  becomeOwnerOf(config.home);
  const { serve } = await import('./serve.js');
  await serve(config, { version: __VERSION__, logger: createLogger(config.logLevel), signal });
  return 0;
}
