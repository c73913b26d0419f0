import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  CreateMessageResultSchema,
  ElicitResultSchema,
  type ServerNotification,
  type ServerRequest,
  SetLevelRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { previousHandler } from './previous-handler.js';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;
type Arguments = Record<string, unknown>;

const answer = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });

const nameAndMail = {
  type: 'object' as const,
  properties: {
    username: { type: 'string' as const, description: "User's response" },
    email: { type: 'string' as const, description: "User's email address" },
  },
  required: ['username', 'email'],
};

const everyDefault = {
  type: 'object' as const,
  properties: {
    name: { type: 'string' as const, default: 'John Doe' },
    age: { type: 'integer' as const, default: 30 },
    score: { type: 'number' as const, default: 95.5 },
    status: { type: 'string' as const, enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean' as const, default: true },
  },
};

const titled = (...titles: string[]) => titles.map((title, index) => ({ const: `value${index + 1}`, title }));

const everyEnum = {
  type: 'object' as const,
  properties: {
    untitledSingle: { type: 'string' as const, enum: ['option1', 'option2', 'option3'] },
    titledSingle: { type: 'string' as const, oneOf: titled('First Option', 'Second Option', 'Third Option') },
    legacyEnum: { type: 'string' as const, enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
    untitledMulti: { type: 'array' as const, items: { type: 'string' as const, enum: ['option1', 'option2', 'option3'] } },
    titledMulti: { type: 'array' as const, items: { anyOf: titled('First Choice', 'Second Choice', 'Third Choice') } },
  },
};

async function elicited(extra: Extra, message: string, requestedSchema: typeof nameAndMail | typeof everyDefault | typeof everyEnum) {
  const { action, content } = await extra.sendRequest(
    { method: 'elicitation/create', params: { message, requestedSchema } },
    ElicitResultSchema,
  );
  return `action=${action}, content=${JSON.stringify(content)}`;
}

/** The tools that speak with the client while they run. */
const tools: Record<string, (given: Arguments, extra: Extra) => Promise<CallToolResult>> = {
  async test_tool_with_logging(_, extra) {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
      await delay(50);
    }
    return answer('Logged.');
  },
  async test_reconnection(_, extra) {
    extra.closeSSEStream?.();
    await delay(100);
    return answer('Reconnected.');
  },
  async test_sampling({ prompt }, extra) {
    const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: String(prompt) } }];
    const request = { method: 'sampling/createMessage' as const, params: { messages, maxTokens: 100 } };
    const { content } = await extra.sendRequest(request, CreateMessageResultSchema);
    return answer(`LLM response: ${content.type === 'text' ? content.text : content.type}`);
  },
  test_elicitation: async ({ message }, extra) => answer(`User response: ${await elicited(extra, String(message), nameAndMail)}`),
  test_elicitation_sep1034_defaults: async (_, extra) =>
    answer(`Elicitation completed: ${await elicited(extra, 'Please keep the defaults.', everyDefault)}`),
  test_elicitation_sep1330_enums: async (_, extra) =>
    answer(`Elicitation completed: ${await elicited(extra, 'Please choose.', everyEnum)}`),
};

/** Adds to a server of the revisions up to 2025-11-25 what the conformance suite wants to try. */
export function addFixtures(server: Server): Server {
  const previous = previousHandler<Extra>(server, 'tools/call');
  server.registerCapabilities({ logging: {} });
  server.setRequestHandler(SetLevelRequestSchema, () => ({}));
  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const tool = tools[request.params.name];
    return tool ? tool(request.params.arguments ?? {}, extra) : ((await previous(request, extra)) as CallToolResult);
  });
  return server;
}
