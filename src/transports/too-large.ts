import type { JSONRPCErrorResponse, JSONRPCResultResponse } from '@modelcontextprotocol/sdk/types.js';
import type { LineEnds } from './message-lines.js';

const string = '"(?:[^"\\\\\\u0000-\\u001f]|\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4}))*"';
const member = `\\s*(${string})\\s*:\\s*(${string}|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null)\\s*`;
/** The simple members of an object that stand before and behind the first and last of its others. */
const firstMembers = new RegExp(`^\\s*\\{((?:${member},)*)`);
const lastMembers = new RegExp(`,((?:${member},)*${member})\\}\\s*$`);

const sentence =
  'The message is longer than the 8 MiB that the server reads; one call takes 200,000 characters and 3 MiB of attachments, so split it over several calls. [too_large]';

/**
 * The answer to a JSON-RPC message of which only the ends are known, in the form of its revision: `modern` from
 * 2026-07-28 on. Undefined if it is no request. Raises nothing.
 */
export function tooLargeAnswer(
  { head, tail }: LineEnds,
  era: 'legacy' | 'modern' = 'legacy',
): JSONRPCResultResponse | JSONRPCErrorResponse | undefined {
  const members = new Map<string, unknown>();
  for (const text of [firstMembers.exec(head)?.[1], lastMembers.exec(tail)?.[1]])
    for (const [, name = '', value = ''] of (text ?? '').matchAll(new RegExp(member, 'g')))
      members.set(JSON.parse(name), JSON.parse(value));
  const id = members.get('id');
  const method = members.get('method');
  // What names no method is an answer to the server, which is not answered.
  if ((typeof id !== 'string' && typeof id !== 'number') || typeof method !== 'string') return undefined;
  if (method !== 'tools/call') return { jsonrpc: '2.0', id, error: { code: -32600, message: sentence } };
  const result = { isError: true, content: [{ type: 'text', text: sentence }] };
  return { jsonrpc: '2.0', id, result: era === 'modern' ? { ...result, resultType: 'complete' } : result };
}
