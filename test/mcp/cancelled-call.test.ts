import { expect, it } from 'vitest';
import { createService, type ToolReport } from '../../src/mcp/service.js';
import { silentLogger } from '../store/chroma/fixtures.js';
import { callerOf } from '../support/caller.js';
import { exchangeOf, openServiceHome } from './service-home.js';

it('is told apart from one that failed, and is not logged as a fault', async () => {
  const { app, remember } = await openServiceHome();
  const ann = callerOf('ann');
  await remember(ann, 'Ann rows.');
  const outcomes: ToolReport['outcome'][] = [];
  const errors: string[] = [];
  const service = createService({
    version: '1',
    logger: { ...silentLogger, error: (message) => errors.push(message) },
    newCallId: () => 'call',
    keepsake: async () => app.keepsake,
    onTool: ({ outcome }) => outcomes.push(outcome),
  });
  const client = new AbortController();
  const ask = () => {
    // Its user takes so long that the client gives up.
    client.abort(new Error('Request timed out'));
    return Promise.reject(client.signal.reason);
  };
  const exchange = { ...exchangeOf(ann), signal: client.signal, confirmation: { ask } };
  await service.callTool('forget', { all: true }, exchange);
  await service.callTool('forget', { all: 'no such thing' }, exchangeOf(ann));
  expect(outcomes).toEqual(['cancelled', 'invalid_argument']);
  expect(errors).toEqual([]);
});
