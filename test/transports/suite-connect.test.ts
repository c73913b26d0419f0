import { describe } from 'vitest';
import { sdks } from '../support/clients.js';
import { startHttpServer } from '../support/http.js';
import { program } from '../support/server.js';
import { describeLane, type Serve } from './suite.js';

/** A server over HTTP, and what forwards to it over stdio. */
const forwarded: Serve = async ({ KEEPSAKE_HOME = '', ...env }) => {
  const { url } = await startHttpServer({ home: KEEPSAKE_HOME, env });
  return { over: 'stdio', args: [program, 'connect', url], env: { KEEPSAKE_HOME } };
};

describe.concurrent('forwarded from stdio by connect', () => {
  for (const sdk of sdks) describeLane({ sdk, refusesBy: 'answer', serve: forwarded });
});
