import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { temporaryHome } from './support/home.js';
import { program, quietEnvironment, startServer } from './support/server.js';

it('a message that is too large is answered with too_large, and the server goes on', async () => {
  const server = await startServer();
  const letters = await server.call('remember', { content: 'a'.repeat(12_000_000), infer: false });
  expect(letters).toMatchObject({ isError: true, text: expect.stringMatching(/200,000 characters and 3 MiB.+\[too_large\]$/) });
  const data = Buffer.alloc(8 * 1024 * 1024, 7).toString('base64');
  const messages = [{ role: 'user', content: 'My cat', attachments: [{ mime_type: 'image/png', data }] }];
  const attached = await server.call('remember', { messages });
  expect(attached).toMatchObject({ isError: true, text: expect.stringMatching(/\[too_large\]$/) });
  // Short enough to be read, and refused by the tool.
  const read = await server.call('remember', { content: '\u4f60'.repeat(2_500_000), infer: false });
  expect(read).toMatchObject({ isError: true, text: expect.stringMatching(/^2500000 .+\[too_large\]$/) });
  const { structured } = await server.call('remember', { content: 'My cat is called Miso.', infer: false });
  expect(structured.results).toMatchObject([{ event: 'ADD', memory: 'My cat is called Miso.' }]);
  expect(server.faults).toEqual([]);
});

it('calls that came together with one that is too large are answered, also those that stdin ends after', async () => {
  const env = { PATH: process.env.PATH ?? '', ...quietEnvironment, KEEPSAKE_HOME: await temporaryHome() };
  const child = spawn(process.execPath, [program], { env, cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] });
  const answers = new Map<unknown, { result?: object; error?: object }>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, ...answer } = JSON.parse(line);
    answers.set(id, answer);
  });
  const ended = once(child, 'close');
  const call = (content: string) => ({ name: 'remember', arguments: { content, infer: false } });
  const long = 'b'.repeat(9_000_000);
  const messages = [
    { id: 0, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } } },
    { method: 'notifications/initialized' },
    { id: 1, method: 'tools/call', params: call('I like tea.') },
    { id: 'two', method: 'tools/call', params: call(long) },
    { id: 3, method: 'prompts/get', params: { name: long } },
    { method: 'notifications/message', params: { data: long } },
    { id: 4, method: 'tools/call', params: call('I like plums.') },
  ];
  child.stdin.end(messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''));
  expect(await ended).toEqual([0, null]);
  expect([...answers.keys()].sort()).toEqual([0, 1, 3, 4, 'two']);
  expect(answers.get('two')).toMatchObject({ result: { isError: true, content: [{ type: 'text' }] } });
  expect(answers.get(3)).toMatchObject({ error: { code: -32600 } });
  for (const id of [1, 4]) expect(answers.get(id)).toMatchObject({ result: { structuredContent: { results: [{ event: 'ADD' }] } } });
});
