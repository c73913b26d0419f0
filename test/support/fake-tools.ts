import { randomUUID } from 'node:crypto';

/** A parsed JSON object. */
type Json = Record<string, unknown>;

/** One call of a tool that a scripted answer makes. */
export interface ScriptedCall {
  name: string;
  arguments: Json;
}

/** What a chat answers instead of words. */
export class ToolCalls {
  constructor(readonly calls: ScriptedCall[]) {}
}

/** A scripted answer that calls tools, all in one turn. */
export function callTools(...calls: ScriptedCall[]): ToolCalls {
  return new ToolCalls(calls);
}

/** The fields of an assistant message that calls these tools. A tool that the request does not offer throws. */
export function calling({ calls }: ToolCalls, body: Json): Json {
  const offered = toolNames(body);
  const unknown = calls.find(({ name }) => !offered.includes(name));
  if (unknown !== undefined) throw new Error(`the script calls ${unknown.name}, and only ${offered.join(', ') || 'nothing'} is offered`);
  const tool_calls = calls.map(({ name, arguments: given }) => ({
    id: `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(given) },
  }));
  return { content: null, tool_calls };
}

/** The tools that a request offers. */
export function toolNames(body: Json): string[] {
  return ((body.tools ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);
}

/** The first breach of the rules for tools and their results in a request, in OpenAI's words. */
export function toolFault(body: Json): string | undefined {
  const { tools, messages } = body;
  if (tools === undefined && (body.tool_choice ?? body.parallel_tool_calls) !== undefined)
    return "'tool_choice' and 'parallel_tool_calls' are only allowed when 'tools' are specified.";
  if (tools !== undefined && (!Array.isArray(tools) || tools.length === 0)) return "Invalid 'tools': empty array.";
  for (const [index, { type, function: offered }] of ((tools ?? []) as { type: string; function: Json }[]).entries()) {
    const { name, description, parameters } = offered ?? {};
    if (type !== 'function') return `Invalid value: '${type}'. Supported values are: 'function'.`;
    if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name))
      return `Invalid 'tools[${index}].function.name': string does not match pattern '^[a-zA-Z0-9_-]+$'.`;
    if (typeof description === 'string' && description.length > 1024) return `Invalid 'tools[${index}].function.description': too long.`;
    const fault = parameterFault((parameters ?? { type: 'object' }) as Json, '()');
    if (fault !== undefined) return `Invalid schema for function '${name}': ${fault}`;
  }
  return resultFault(messages as Json[]);
}

/** The API takes any schema of an object whose arrays say what they hold, and no union at the top. */
function parameterFault(schema: Json, at: string): string | undefined {
  const unions = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'].filter((keyword) => schema[keyword] !== undefined);
  if (at === '()' && (schema.type !== 'object' || unions.length > 0))
    return "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.";
  if ([schema.type].flat().includes('array') && schema.items === undefined) return `In context=${at}, array schema missing items.`;
  const nested = { ...(schema.properties as Json), ...(schema.items !== undefined && { items: schema.items }) };
  for (const [name, child] of Object.entries(nested)) {
    const fault = parameterFault(child as Json, `${at}.${name}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Each call must be answered before anything else is said, and nothing may answer what was not called. */
function resultFault(messages: Json[]): string | undefined {
  const open = new Set<unknown>();
  for (const { role, tool_calls, tool_call_id } of messages) {
    if (role === 'tool') {
      if (!open.delete(tool_call_id)) return "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";
    } else if (open.size > 0) break;
    for (const { id } of (tool_calls ?? []) as Json[]) open.add(id);
  }
  if (open.size === 0) return undefined;
  return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. Missing: ${[...open].join(', ')}`;
}
