import { expect, it } from 'vitest';
import { requireParams } from '../../src/mcp/params.js';

it.each([
  ['tools/call', undefined, 'params of tools/call must be an object.'],
  ['tools/call', { name: 7 }, 'params.name of tools/call must be a string.'],
  ['tools/call', { name: 'recall', arguments: null }, 'params.arguments of tools/call must be an object.'],
  ['resources/subscribe', {}, 'params.uri of resources/subscribe must be a string.'],
  ['tools/list', { cursor: 5 }, 'params.cursor of tools/list must be a string.'],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 'a' } }, 'params.argument of completion/complete must be an object.'],
])('parameters of %s that it does not take are refused in one sentence: %j', (method, given, message) => {
  expect(() => requireParams(method, given)).toThrow(expect.objectContaining({ fault: 'invalid_params', message }));
});

it.each([
  ['tools/call', { name: 'recall', arguments: { query: 'tea' }, _meta: { progressToken: 1 } }],
  ['tools/list', undefined],
  ['tools/list', {}],
  ['prompts/get', { name: 'sing' }],
  ['ping', 5],
])('parameters of %s that it takes, or that nobody knows, pass: %j', (method, given) => {
  expect(() => requireParams(method, given)).not.toThrow();
});
