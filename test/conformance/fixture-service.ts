import { setTimeout as delay } from 'node:timers/promises';
import type { CallResult, ListedTool, Service } from '../../src/mcp/service.js';

/** A picture of one red pixel, and a silent recording, in base64. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';

const text = (words: string) => ({ type: 'text', text: words });
const image = { type: 'image', data: png, mimeType: 'image/png' };
const resource = (fields: object) => ({ type: 'resource', resource: fields });

/** What the tools that only hand something over answer. */
const answers: Record<string, object[]> = {
  test_simple_text: [text('This is a simple text response for testing.')],
  test_image_content: [image],
  test_audio_content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }],
  test_embedded_resource: [
    resource({ uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource content.' }),
  ],
  test_multiple_content_types: [
    text('Multiple content types test:'),
    image,
    resource({ uri: 'test://mixed-content-resource', mimeType: 'application/json', text: '{"test":"data","value":123}' }),
  ],
  json_schema_2020_12_tool: [text('This tool is only listed.')],
};

/** Tools that need more of the protocol than an answer; the adapters of the two lines of the SDK carry them out. */
const contextTools = [
  ...['test_tool_with_logging', 'test_reconnection', 'test_sampling', 'test_elicitation'],
  ...['test_elicitation_sep1034_defaults', 'test_elicitation_sep1330_enums'],
  ...['test_logging_tool', 'test_missing_capability', 'test_streaming_elicitation'],
  ...['elicitation', 'sampling', 'list_roots', 'request_state', 'multiple_inputs', 'multi_round', 'tampered_state', 'capabilities'].map(
    (name) => `test_input_required_result_${name}`,
  ),
];

const anySchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

function listed(name: string): ListedTool {
  const inputSchema = name === 'json_schema_2020_12_tool' ? anySchema : { type: 'object', properties: {} };
  return { name, description: 'Exists for the conformance suite alone.', inputSchema } as unknown as ListedTool;
}

const fixtureTools = [...Object.keys(answers), 'test_error_handling', 'test_tool_with_progress', ...contextTools].map(listed);

const resources = ['static-text', 'static-binary', 'watched-resource'].map((name) => ({
  uri: `test://${name}`,
  name,
  title: name,
  description: 'Exists for the conformance suite alone.',
  mimeType: name === 'static-binary' ? 'image/png' : 'text/plain',
}));

const template = {
  uriTemplate: 'test://template/{id}/data',
  name: 'template',
  title: 'template',
  description: 'Exists for the conformance suite alone.',
  mimeType: 'application/json',
};

function read(uri: string): object | undefined {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id !== undefined) {
    return { uri, mimeType: template.mimeType, text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) };
  }
  if (uri === 'test://static-text') return { uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' };
  if (uri === 'test://static-binary') return { uri, mimeType: 'image/png', blob: png };
  return uri === 'test://watched-resource' ? { uri, mimeType: 'text/plain', text: 'Watched.' } : undefined;
}

const said = (content: object) => ({ role: 'user', content });

/** Messages of each prompt, made of its arguments. */
const prompts: Record<string, { arguments: string[]; messages(given: Record<string, string>): object[] }> = {
  test_simple_prompt: { arguments: [], messages: () => [said(text('This is a simple prompt for testing.'))] },
  test_prompt_with_arguments: {
    arguments: ['arg1', 'arg2'],
    messages: ({ arg1, arg2 }) => [said(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  },
  test_prompt_with_embedded_resource: {
    arguments: ['resourceUri'],
    messages: ({ resourceUri }) => [
      said(resource({ uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' })),
      said(text('Please process the embedded resource above.')),
    ],
  },
  test_prompt_with_image: { arguments: [], messages: () => [said(image), said(text('Please analyze the image above.'))] },
  test_input_required_result_prompt: { arguments: [], messages: () => [] },
};

type PromptName = ReturnType<Service['listPrompts']>[number]['name'];

const listedPrompts = Object.entries(prompts).map(([name, { arguments: names }]) => ({
  name: name as PromptName,
  title: name,
  description: 'Exists for the conformance suite alone.',
  arguments: names.map((argument) => ({ name: argument, description: 'Any text.', required: true })),
}));

/** The service with what the official conformance suite wants every server to offer beside its own. */
export function withFixtures(service: Service): Service {
  return {
    ...service,
    listTools: () => [...service.listTools(), ...fixtureTools],
    async callTool(name, given, exchange) {
      if (answers[name]) return { content: answers[name] } as CallResult;
      if (name === 'test_error_handling') {
        return { isError: true, content: [{ type: 'text', text: 'This tool intentionally returns an error for testing' }] };
      }
      if (name !== 'test_tool_with_progress') return service.callTool(name, given, exchange);
      for (const done of [0, 50, 100]) {
        exchange.progress?.(done, 100);
        await delay(50);
      }
      return { content: [{ type: 'text', text: 'Done.' }] };
    },
    listResources: async (exchange) => [...(await service.listResources(exchange)), ...resources],
    listTemplates: () => [...service.listTemplates(), template],
    readResource: async (uri, exchange) =>
      (read(uri) as Awaited<ReturnType<Service['readResource']>> | undefined) ?? service.readResource(uri, exchange),
    watchResource: async (uri, exchange, onChange) => (read(uri) ? () => undefined : service.watchResource(uri, exchange, onChange)),
    listPrompts: () => [...service.listPrompts(), ...listedPrompts],
    async getPrompt(name, given, exchange) {
      const messages = prompts[name]?.messages(given);
      if (!messages) return service.getPrompt(name, given, exchange);
      return { description: name, messages } as Awaited<ReturnType<Service['getPrompt']>>;
    },
    async complete(completion, exchange) {
      const { ref, argument } = completion;
      if (ref.type !== 'ref/prompt' || !prompts[ref.name]) return service.complete(completion, exchange);
      const values = ['paris', 'park', 'party'].filter((value) => value.startsWith(argument.value));
      return { values, total: values.length, hasMore: false };
    },
  };
}
