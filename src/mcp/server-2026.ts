import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type Implementation,
  inputRequired,
  inputResponse,
  ProtocolErrorCode,
  ProtocolError as RevisionError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/ports.js';
import type { Principal } from '../core/principal.js';
import type { Confirmation } from '../tools/tool.js';
import { confirmationForm, replyOf } from './confirmation-form.js';
import { type Exchange, InputNeeded, ProtocolError, type ProtocolFault } from './exchange.js';
import { requireParams } from './params.js';
import type { Service } from './service.js';

/** What one client is served with. */
export interface ClientOptions {
  service: Service;
  principal: Principal;
  logger: Logger;
  /** Name of the current project; this revision has no roots to find it by. */
  currentProject: () => Promise<string | undefined>;
}

/** What each request says of its client. */
interface Envelope {
  [CLIENT_INFO_META_KEY]?: Implementation;
  [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities;
}

const codes: Record<ProtocolFault, number> = {
  invalid_params: ProtocolErrorCode.InvalidParams,
  resource_not_found: ProtocolErrorCode.InvalidParams,
  internal: ProtocolErrorCode.InternalError,
};

/** Milliseconds that a client may keep what is the same for every caller until another version is installed. */
const staticLifetime = 5 * 60 * 1000;
const unchanging = { ttlMs: staticLifetime, cacheScope: 'public' as const };
/** What is remembered changes with the next call. */
const memories = { ttlMs: 0, cacheScope: 'private' as const };

/** Name under which the one question of a call is put. */
const questionName = 'confirm';

const envelopeOf = ({ mcpReq }: ServerContext): Envelope => mcpReq.envelope ?? {};

/** Tells a client that asked for it how far the work on its request is. */
function progressOf({ mcpReq }: ServerContext, logger: Logger): Exchange['progress'] {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  return (progress, total) => {
    mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, total } })
      .catch((error: unknown) => logger.debug('a client is gone', { reason: messageOf(error) }));
  };
}

/** A question ends the call; the client repeats it with the reply, and the token that it was given along. */
function confirmationOf(context: ServerContext): Confirmation | undefined {
  const canAsk = envelopeOf(context)[CLIENT_CAPABILITIES_META_KEY]?.elicitation;
  const { mcpReq } = context;
  // A client that only opens pages cannot show a question.
  if (!canAsk || (canAsk.url && !canAsk.form)) return undefined;
  const token = mcpReq.requestState<unknown>();
  const filled = inputResponse(mcpReq.inputResponses, questionName);
  return {
    ask: (question, proof) => Promise.reject(new InputNeeded(question, proof)),
    replied: typeof token === 'string' ? { token, reply: filled.kind === 'elicit' ? replyOf(filled) : 'unanswered' } : undefined,
  };
}

/** The work on a request, its faults with the numbers of this revision. */
async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof ProtocolError ? new RevisionError(codes[error.fault], error.message, error.data) : error;
  }
}

type Handler = Parameters<Server['_wrapHandler']>[1];

/** The SDK's server with our own look at the parameters of a request first: what it says of them is many lines of JSON. */
class CheckedServer extends Server {
  protected override _wrapHandler(method: string, handler: Handler): Handler {
    const wrapped = super._wrapHandler(method, handler);
    return async (request, context) => {
      await answered((async () => requireParams(method, request.params))());
      return wrapped(request, context);
    };
  }
}

/** A client that speaks revision 2026-07-28: servers of the SDK's second line over the service. */
export function createClientSide({ service, principal, logger, currentProject }: ClientOptions) {
  function exchangeOf(context: ServerContext): Exchange {
    const client = envelopeOf(context)[CLIENT_INFO_META_KEY];
    return {
      principal,
      client: client && `${client.name}/${client.version}`,
      signal: context.mcpReq.signal,
      currentProject,
      progress: progressOf(context, logger),
      confirmation: confirmationOf(context),
    };
  }

  function createServer(): Server {
    const { serverInfo, extensions, instructions } = service;
    const server = new CheckedServer(serverInfo, {
      capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {}, extensions },
      instructions,
      cacheHints: {
        'server/discover': unchanging,
        'tools/list': unchanging,
        'prompts/list': unchanging,
        'resources/templates/list': unchanging,
        'resources/list': memories,
        'resources/read': memories,
      },
    });
    server.setRequestHandler('tools/list', () => ({ tools: service.listTools() }));
    server.setRequestHandler('tools/call', async ({ params }, context) => {
      try {
        return { ...(await answered(service.callTool(params.name, params.arguments, exchangeOf(context)))) };
      } catch (error) {
        if (!(error instanceof InputNeeded)) throw error;
        const form = inputRequired.elicit({ message: error.question, requestedSchema: confirmationForm });
        return inputRequired({ inputRequests: { [questionName]: form }, requestState: error.token });
      }
    });
    server.setRequestHandler('resources/list', async (_, context) => ({
      resources: await answered(service.listResources(exchangeOf(context))),
    }));
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: service.listTemplates() }));
    server.setRequestHandler('resources/read', async ({ params }, context) => ({
      contents: [await answered(service.readResource(params.uri, exchangeOf(context)))],
    }));
    server.setRequestHandler('prompts/list', () => ({ prompts: service.listPrompts() }));
    server.setRequestHandler('prompts/get', async ({ params }, context) => ({
      ...(await answered(service.getPrompt(params.name, params.arguments ?? {}, exchangeOf(context)))),
    }));
    server.setRequestHandler('completion/complete', async ({ params: { ref, argument } }, context) => ({
      completion: await answered(service.complete({ ref, argument }, exchangeOf(context))),
    }));
    return server;
  }

  return {
    createServer,
    /** Tells of each change of what a resource says, until the returned function is called. Raises ProtocolErrors. */
    watch(uri: string, onChange: () => void): Promise<() => void> {
      // What is watched lives longer than any request.
      return service.watchResource(uri, { principal, signal: new AbortController().signal, currentProject }, onChange);
    },
  };
}
