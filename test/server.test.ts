import { expect, it } from 'vitest';
import { startServer } from './support/server.js';

it('starts', async () => {
  const server = await startServer();
  const a = await server.call('remember', { content: 'I live in Lisbon.' });
  console.log(a, server.log(), server.faults);
  console.log((await server.call('remember', { content: 'I live in Lisbon!' })));
  console.log((await server.call('recall', { query: 'where do I live' })));
  console.log((await server.call('memory_history', { })));
  const f = await server.call('forget', { all: true });
  console.log(f);
  console.log((await server.call('forget', { confirm: f.structured.confirm_token })));
  expect(a.isError).toBe(false);
});
