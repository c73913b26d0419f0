import { createHmac, randomBytes } from 'node:crypto';
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { previousHandler } from './previous-handler.js';

type Outcome = CallToolResult | InputRequiredResult;

const secret = randomBytes(32);
const signature = (text: string) => createHmac('sha256', secret).update(text).digest('hex');
const sealed = (text: string) => `${text}.${signature(text)}`;

/** What was sealed. Raises a ProtocolError for anything else. */
function unsealed(state: string): string {
  const [text = '', signed] = state.split('.');
  if (signed === signature(text)) return text;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The requestState was not made by this server.');
}

const answer = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });

function question(message: string, field: string, type: 'string' | 'boolean' = 'string') {
  const schema = type === 'string' ? { type } : { type };
  return inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: { [field]: schema }, required: [field] } });
}

const sample = (text: string, maxTokens: number) => ({
  method: 'sampling/createMessage' as const,
  params: { messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }], maxTokens },
});

const listRoots = { method: 'roots/list' as const, params: {} };

/** What a user filled in under a name; undefined until they did. */
function filledIn({ mcpReq }: ServerContext, name: string, field: string): unknown {
  const response = inputResponse(mcpReq.inputResponses, name);
  return response.kind === 'elicit' && response.action === 'accept' ? response.content?.[field] : undefined;
}

const stateOf = ({ mcpReq }: ServerContext) => mcpReq.requestState<string | undefined>();

function confirmed(context: ServerContext): Outcome {
  const state = stateOf(context);
  if (state !== undefined && unsealed(state) === 'asked' && filledIn(context, 'confirm', 'ok') !== undefined) return answer('state-ok');
  return inputRequired({ inputRequests: { confirm: question('Please confirm', 'ok', 'boolean') }, requestState: sealed('asked') });
}

/** The tools that need something of the client before they can answer. */
const tools: Record<string, (context: ServerContext) => Outcome | Promise<Outcome>> = {
  test_input_required_result_elicitation(context) {
    const name = filledIn(context, 'user_name', 'name');
    return typeof name === 'string'
      ? answer(`Hello, ${name}!`)
      : inputRequired({ inputRequests: { user_name: question('What is your name?', 'name') } });
  },
  test_input_required_result_sampling({ mcpReq }) {
    const response = inputResponse(mcpReq.inputResponses, 'capital_question');
    return response.kind === 'sampling'
      ? answer(JSON.stringify(response.result.content))
      : inputRequired({ inputRequests: { capital_question: sample('What is the capital of France?', 100) } });
  },
  test_input_required_result_list_roots({ mcpReq }) {
    const response = inputResponse(mcpReq.inputResponses, 'client_roots');
    return response.kind === 'roots'
      ? answer(JSON.stringify(response.roots))
      : inputRequired({ inputRequests: { client_roots: listRoots } });
  },
  test_input_required_result_request_state: confirmed,
  test_input_required_result_tampered_state: confirmed,
  test_input_required_result_multiple_inputs(context) {
    const state = stateOf(context);
    const { inputResponses = {} } = context.mcpReq;
    const names = ['user_name', 'greeting', 'client_roots'];
    if (state !== undefined && unsealed(state) === 'asked' && names.every((name) => name in inputResponses)) return answer('All is known.');
    const inputRequests = {
      user_name: question('What is your name?', 'name'),
      greeting: sample('Generate a greeting', 50),
      client_roots: listRoots,
    };
    return inputRequired({ inputRequests, requestState: sealed('asked') });
  },
  test_input_required_result_multi_round(context) {
    const state = stateOf(context);
    const step = state === undefined ? 'begin' : unsealed(state);
    if (step === 'named' && filledIn(context, 'step2', 'color') !== undefined) return answer('Both steps are done.');
    if (step === 'asked' && filledIn(context, 'step1', 'name') !== undefined) {
      return inputRequired({
        inputRequests: { step2: question('Step 2: What is your favorite color?', 'color') },
        requestState: sealed('named'),
      });
    }
    return inputRequired({ inputRequests: { step1: question('Step 1: What is your name?', 'name') }, requestState: sealed('asked') });
  },
  test_input_required_result_capabilities({ mcpReq }) {
    const { sampling, elicitation } = ((mcpReq.envelope ?? {}) as { [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities })[
      CLIENT_CAPABILITIES_META_KEY
    ] ?? { sampling: undefined, elicitation: undefined };
    const inputRequests = {
      ...(sampling && { greeting: sample('Generate a greeting', 50) }),
      ...(elicitation && { user_name: question('What is your name?', 'name') }),
    };
    return Object.keys(inputRequests).length > 0 ? inputRequired({ inputRequests }) : answer('Nothing can be asked.');
  },
  // The SDK refuses what the client cannot do.
  test_missing_capability: () => inputRequired({ inputRequests: { greeting: sample('Generate a greeting', 50) } }),
  test_streaming_elicitation: () => inputRequired({ inputRequests: { user_name: question('What is your name?', 'name') } }),
  async test_logging_tool({ mcpReq }) {
    await mcpReq.log('info', 'The tool runs.');
    return answer('Logged.');
  },
};

/** Adds to a server of revision 2026-07-28 what the conformance suite wants to try. */
export function addFixtures(server: Server): Server {
  const call = previousHandler<ServerContext>(server, 'tools/call');
  server.setRequestHandler('tools/call', async (request, context) => {
    const tool = tools[request.params.name];
    return tool ? tool(context) : ((await call(request, context)) as CallToolResult);
  });
  const prompt = previousHandler<ServerContext>(server, 'prompts/get');
  server.setRequestHandler('prompts/get', async (request, context) => {
    if (request.params.name !== 'test_input_required_result_prompt') return (await prompt(request, context)) as { messages: [] };
    const about = filledIn(context, 'user_context', 'context');
    return about === undefined
      ? inputRequired({ inputRequests: { user_context: question('What context should the prompt use?', 'context') } })
      : { messages: [{ role: 'user', content: { type: 'text', text: `About ${about}` } }] };
  });
  return server;
}
