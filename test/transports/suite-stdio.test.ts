import { describe } from 'vitest';
import { sdks } from '../support/clients.js';
import { program } from '../support/server.js';
import { describeLane, type Serve } from './suite.js';

const serve: Serve = async (env) => ({ over: 'stdio', args: [program], env });

describe.concurrent('over stdio', () => {
  for (const sdk of sdks) describeLane({ sdk, refusesBy: 'answer', serve });
  describeLane({ sdk: 'SDK 2.x', revision: '2025-06-18', refusesBy: 'answer', serve });
});
