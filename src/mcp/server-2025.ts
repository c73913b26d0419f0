import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  RootsListChangedNotificationSchema,
  type ServerNotification,
  type ServerRequest,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { messageOf } from '../core/errors.js';
import { lateAnswer } from '../core/late-answer.js';
import type { Logger } from '../core/ports.js';
import type { Principal } from '../core/principal.js';
import type { Reply } from '../tools/tool.js';
import { confirmationForm, replyOf } from './confirmation-form.js';
import { type Exchange, ProtocolError, type ProtocolFault } from './exchange.js';
import { requireParams } from './params.js';
import type { Service } from './service.js';

/** What one connection is served with. */
export interface ConnectionOptions {
  service: Service;
  principal: Principal;
  logger: Logger;
  /** Name of the current project for a client with these roots (URIs). */
  currentProject: (roots: string[]) => Promise<string | undefined>;
  /** Whether the client's roots are folders of another machine: it is not asked for them then. */
  isRemote?: boolean;
  /** Heard once the handshake is over. */
  onReady?: (currentProject: () => Promise<string | undefined>) => void;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Milliseconds that calls wait for a client to name its roots, and that it may take for it at all. */
const rootsWait = 2000;
const rootsLimit = 60_000;
/** Milliseconds that a user gets to reply: a confirmation does not hold longer. */
const replyLimit = 10 * 60 * 1000;

const codes: Record<ProtocolFault, number> = {
  invalid_params: ErrorCode.InvalidParams,
  resource_not_found: -32002,
  internal: ErrorCode.InternalError,
};

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());

function numbered(error: unknown): unknown {
  return error instanceof ProtocolError ? Object.assign(new Error(error.message), { code: codes[error.fault], data: error.data }) : error;
}

/** The SDK's schema of a request with our own look at its parameters first: what it says of them is many lines of JSON. */
function checked<Schema extends z.ZodObject<{ method: z.ZodLiteral<string>; params: z.ZodType }>>(schema: Schema): Schema {
  const params = z.preprocess((given) => {
    try {
      requireParams(schema.shape.method.value, given);
    } catch (error) {
      throw numbered(error);
    }
    return given;
  }, schema.shape.params);
  // What comes of it is what the SDK's own gives.
  return schema.extend({ params }) as unknown as Schema;
}

/** Tells a client that asked for it how far the work on its request is. */
function progressOf({ _meta, sendNotification }: Extra, logger: Logger): Exchange['progress'] {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return undefined;
  return (progress, total) => {
    sendNotification({ method: 'notifications/progress', params: { progressToken, progress, total } }).catch((error: unknown) =>
      logger.debug('a client is gone', { reason: messageOf(error) }),
    );
  };
}

/** One connection in the revisions 2024-10-07 to 2025-11-25 of the protocol: a server of the SDK's first line over the service. */
export function createServer({ service, principal, logger, currentProject: projectOf, isRemote, onReady }: ConnectionOptions): Server {
  const { serverInfo, extensions, instructions } = service;
  const server = new Server(serverInfo, {
    capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {}, extensions },
    instructions,
  });
  const watched = new Map<string, () => void>();
  let project: (() => Promise<string | undefined>) | undefined;

  async function roots(): Promise<string[]> {
    if (!server.getClientCapabilities()?.roots) return [];
    try {
      return (await server.listRoots(undefined, { timeout: rootsLimit })).roots.map((root) => root.uri);
    } catch (error) {
      logger.warn('the client did not name its roots', { reason: messageOf(error) });
      return [];
    }
  }

  function currentProject(): Promise<string | undefined> {
    if (isRemote) return projectOf([]);
    // Of a client that is slow to name its roots the later calls shall know them all the same.
    project ??= lateAnswer(
      roots().then(projectOf),
      pause(rootsWait).then(() => projectOf([])),
    );
    return project();
  }

  function exchangeOf(extra: Extra): Exchange {
    const client = server.getClientVersion();
    const canAsk = server.getClientCapabilities()?.elicitation;
    return {
      principal,
      client: client && `${client.name}/${client.version}`,
      signal: extra.signal,
      currentProject,
      progress: progressOf(extra, logger),
      // A client that only opens pages cannot show a question.
      confirmation: canAsk && (canAsk.form || !canAsk.url) ? { ask: (question) => ask(question, extra) } : undefined,
    };
  }

  async function ask(message: string, { requestId, signal }: Extra): Promise<Reply> {
    try {
      const options = { relatedRequestId: requestId, signal, timeout: replyLimit };
      return replyOf(await server.elicitInput({ message, requestedSchema: confirmationForm }, options));
    } catch (error) {
      signal.throwIfAborted();
      logger.warn('the user could not be asked', { reason: messageOf(error) });
      return 'unanswered';
    }
  }

  /** The work on a request, its faults with the numbers of these revisions. */
  async function answered<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw numbered(error);
    }
  }

  server.setRequestHandler(checked(ListToolsRequestSchema), () => ({ tools: service.listTools() }));
  server.setRequestHandler(checked(CallToolRequestSchema), async ({ params }, extra) => ({
    ...(await answered(service.callTool(params.name, params.arguments, exchangeOf(extra)))),
  }));
  server.setRequestHandler(checked(ListResourcesRequestSchema), async (_, extra) => ({
    resources: await answered(service.listResources(exchangeOf(extra))),
  }));
  server.setRequestHandler(checked(ListResourceTemplatesRequestSchema), () => ({ resourceTemplates: service.listTemplates() }));
  server.setRequestHandler(checked(ReadResourceRequestSchema), async ({ params }, extra) => ({
    contents: [await answered(service.readResource(params.uri, exchangeOf(extra)))],
  }));
  server.setRequestHandler(checked(SubscribeRequestSchema), async ({ params: { uri } }, extra) => {
    const tell = () => {
      server.sendResourceUpdated({ uri }).catch((error: unknown) => logger.debug('a client is gone', { reason: messageOf(error) }));
    };
    // What is watched lives longer than the request that asked for it.
    const exchange = { ...exchangeOf(extra), signal: new AbortController().signal };
    const stop = await answered(service.watchResource(uri, exchange, tell));
    if (extra.signal.aborted) {
      // The connection was closed meanwhile, or the request cancelled: nobody would stop it any more.
      stop();
      return {};
    }
    watched.get(uri)?.();
    watched.set(uri, stop);
    return {};
  });
  server.setRequestHandler(checked(UnsubscribeRequestSchema), ({ params: { uri } }) => {
    watched.get(uri)?.();
    watched.delete(uri);
    return {};
  });
  server.setRequestHandler(checked(ListPromptsRequestSchema), () => ({ prompts: service.listPrompts() }));
  server.setRequestHandler(checked(GetPromptRequestSchema), async ({ params }, extra) => ({
    ...(await answered(service.getPrompt(params.name, params.arguments ?? {}, exchangeOf(extra)))),
  }));
  server.setRequestHandler(checked(CompleteRequestSchema), async ({ params: { ref, argument } }, extra) => ({
    completion: await answered(service.complete({ ref, argument }, exchangeOf(extra))),
  }));
  server.setNotificationHandler(RootsListChangedNotificationSchema, () => {
    project = undefined;
  });
  server.oninitialized = () => onReady?.(currentProject);
  server.onclose = () => {
    for (const stop of watched.values()) stop();
    watched.clear();
  };
  return server;
}
