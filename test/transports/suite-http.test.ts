import { describe } from 'vitest';
import { sdks } from '../support/clients.js';
import { startHttpServer } from '../support/http.js';
import { describeLane, type Serve } from './suite.js';

/** A server of its own behind a path. */
const behind =
  (over: 'http' | 'sse', path: string): Serve =>
  async ({ KEEPSAKE_HOME = '', ...env }) => ({ over, url: `${(await startHttpServer({ home: KEEPSAKE_HOME, env })).url}${path}` });

describe.concurrent('over Streamable HTTP', () => {
  for (const sdk of sdks) describeLane({ sdk, refusesBy: 'status', serve: behind('http', '/mcp') });
  describeLane({ sdk: 'SDK 2.x', revision: '2025-03-26', refusesBy: 'status', serve: behind('http', '/mcp') });
});

describe.concurrent('over HTTP with server-sent events', () => {
  for (const sdk of ['SDK 1.x', 'SDK 2.x'] as const) describeLane({ sdk, refusesBy: 'status', serve: behind('sse', '/sse') });
  describeLane({ sdk: 'SDK 2.x', revision: '2024-11-05', refusesBy: 'status', serve: behind('sse', '/sse') });
});
