import {
  Client as NewClient,
  SSEClientTransport as NewSseTransport,
  StreamableHTTPClientTransport as NewStreamableTransport,
  type Transport as NewTransport,
} from '@modelcontextprotocol/client';
import { StdioClientTransport as NewStdioTransport } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema, ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll } from 'vitest';
import { type Answer, answerOf } from './server.js';

/** Where a server is: a program to start, or an address. */
export type Reach =
  | { over: 'stdio'; args: string[]; env: Record<string, string> }
  | { over: 'http' | 'sse'; url: string; headers?: Record<string, string> };

/** Which SDK a client is made of; of the second line also how it finds the revision to speak. */
export const sdks = ['SDK 1.x', 'SDK 2.x', 'SDK 2.x auto', 'SDK 2.x pinned'] as const;
/** One of them. */
export type Sdk = (typeof sdks)[number];

/** The newest revision of the protocol with a handshake, and the one without. */
export const revisions = { withHandshake: '2025-11-25', stateless: '2026-07-28' } as const;

/** What goes with one call of a tool. */
export interface CallOptions {
  signal?: AbortSignal;
  onProgress?: (done: number, total: number | undefined) => void;
}

/** The methods that clients of both lines share, as far as tests look at what they give. */
interface Common {
  listTools(): Promise<{ tools: { name: string }[] }>;
  listResources(): Promise<{ resources: { uri: string; name: string }[] }>;
  listResourceTemplates(): Promise<{ resourceTemplates: { uriTemplate: string; name: string }[] }>;
  readResource(params: { uri: string }): Promise<{ contents: { uri: string }[] }>;
  listPrompts(): Promise<{ prompts: { name: string }[] }>;
  getPrompt(params: { name: string; arguments?: Record<string, string> }): Promise<{ messages: { role: string; content: object }[] }>;
  complete(params: Parameters<Client['complete']>[0]): Promise<{ completion: { values: string[] } }>;
  getInstructions(): string | undefined;
  getServerVersion(): { name: string; version: string } | undefined;
  getServerCapabilities(): object | undefined;
  close(): Promise<void>;
}

/** An unmodified client of some SDK that is connected. */
export interface TestClient extends Omit<Common, 'close'> {
  /** Revision of the protocol that both sides found. */
  readonly revision: string | undefined;
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<Answer>;
  /** Hears of changes of a resource until the returned function is called. */
  watch(uri: string, onChange: (uri: string) => void): Promise<() => Promise<void>>;
  /** What went wrong outside of any call, such as bytes that were no message. */
  readonly faults: Error[];
  stop(): Promise<void>;
}

/** How a client is made; all of it may be left out. */
export interface ClientOptions {
  name?: string;
  /** What its user replies to a question; without it the client cannot ask. */
  reply?: (question: string) => boolean;
  /** The only revision with a handshake that it speaks, for clients of the second line; else all of them. */
  revision?: string | undefined;
}

const open = new Set<TestClient>();

afterAll(async () => {
  await Promise.all([...open].map((client) => client.stop()));
});

/** Connects a client of an SDK. What is still open after the file's tests is closed. */
export async function connect(reach: Reach, sdk: Sdk, options: ClientOptions = {}): Promise<TestClient> {
  const client = sdk === 'SDK 1.x' ? await connectFirstLine(reach, options) : await connectSecondLine(reach, sdk, options);
  open.add(client);
  const { stop } = client;
  return Object.assign(client, {
    async stop() {
      if (open.delete(client)) await stop();
    },
  });
}

/** What both lines take along with a request. */
function requestOptions({ signal, onProgress }: CallOptions) {
  const onprogress = ({ progress, total }: { progress: number; total?: number | undefined }) => onProgress?.(progress, total);
  return { ...(signal && { signal }), ...(onProgress && { onprogress }) };
}

/** A form as a person would fill it. */
function filled(isYes: boolean) {
  return isYes ? { action: 'accept' as const, content: { confirm: true } } : { action: 'decline' as const };
}

/** The methods that are the same in both lines, bound to their client. */
function commonOf(client: Common): Omit<Common, 'close'> {
  return {
    listTools: () => client.listTools(),
    listResources: () => client.listResources(),
    listResourceTemplates: () => client.listResourceTemplates(),
    readResource: (params) => client.readResource(params),
    listPrompts: () => client.listPrompts(),
    getPrompt: (params) => client.getPrompt(params),
    complete: (params) => client.complete(params),
    getInstructions: () => client.getInstructions(),
    getServerVersion: () => client.getServerVersion(),
    getServerCapabilities: () => client.getServerCapabilities(),
  };
}

async function connectFirstLine(reach: Reach, { name = 'test', reply }: ClientOptions): Promise<TestClient> {
  const transport = firstLineTransport(reach);
  const client = new Client({ name, version: '1' }, { capabilities: reply ? { elicitation: { form: {} } } : {} });
  if (reply) client.setRequestHandler(ElicitRequestSchema, ({ params }) => filled(reply(params.message)));
  const faults: Error[] = [];
  client.onerror = (error) => faults.push(error);
  const watchers = new Map<string, (uri: string) => void>();
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params: { uri } }) => watchers.get(uri)?.(uri));
  let revision: string | undefined;
  const { setProtocolVersion } = transport;
  transport.setProtocolVersion = (version) => {
    revision = version;
    setProtocolVersion?.call(transport, version);
  };
  await client.connect(transport);
  return {
    ...commonOf(client),
    revision,
    faults,
    call: async (tool, args = {}, options = {}) =>
      answerOf(await client.callTool({ name: tool, arguments: args }, CallToolResultSchema, requestOptions(options))),
    async watch(uri, onChange) {
      watchers.set(uri, onChange);
      await client.subscribeResource({ uri });
      return async () => {
        await client.unsubscribeResource({ uri });
      };
    },
    async stop() {
      if (transport instanceof StreamableHTTPClientTransport) await transport.terminateSession();
      await client.close();
    },
  };
}

/** A transport of the SDK's first line. */
export function firstLineTransport(reach: Reach): Transport {
  if (reach.over === 'stdio') return new StdioClientTransport({ ...programOf(reach), stderr: 'ignore' });
  const requestInit = { headers: reach.headers ?? {} };
  if (reach.over === 'sse') return new SSEClientTransport(new URL(reach.url), { requestInit });
  return new StreamableHTTPClientTransport(new URL(reach.url), { requestInit }) as Transport;
}

const modes = {
  'SDK 2.x': 'legacy',
  'SDK 2.x auto': 'auto',
  'SDK 2.x pinned': { pin: revisions.stateless },
} as const;

async function connectSecondLine(
  reach: Reach,
  sdk: keyof typeof modes,
  { name = 'test', reply, revision }: ClientOptions,
): Promise<TestClient> {
  const transport = secondLineTransport(reach);
  const client = new NewClient(
    { name, version: '2' },
    {
      capabilities: reply ? { elicitation: { form: {} } } : {},
      versionNegotiation: { mode: modes[sdk] },
      ...(revision !== undefined && { supportedProtocolVersions: [revision] }),
    },
  );
  if (reply) client.setRequestHandler('elicitation/create', ({ params }) => filled(reply(params.message)));
  const faults: Error[] = [];
  client.onerror = (error) => faults.push(error);
  const watchers = new Map<string, (uri: string) => void>();
  client.setNotificationHandler('notifications/resources/updated', ({ params: { uri } }) => watchers.get(uri)?.(uri));
  await client.connect(transport);
  // What the server says now is tested, not what the client still knows.
  const fresh = { cacheMode: 'refresh' } as const;
  return {
    ...commonOf(client as Common),
    readResource: (params) => client.readResource(params, fresh),
    listResources: () => client.listResources(undefined, fresh),
    revision: client.getNegotiatedProtocolVersion(),
    faults,
    call: async (tool, args = {}, options = {}) =>
      answerOf(await client.callTool({ name: tool, arguments: args }, requestOptions(options))),
    async watch(uri, onChange) {
      watchers.set(uri, onChange);
      if (client.getProtocolEra() === 'modern') {
        const subscription = await client.listen({ resourceSubscriptions: [uri] });
        return () => subscription.close();
      }
      await client.subscribeResource({ uri });
      return async () => {
        await client.unsubscribeResource({ uri });
      };
    },
    async stop() {
      if (transport instanceof NewStreamableTransport) await transport.terminateSession();
      await client.close();
    },
  };
}

function secondLineTransport(reach: Reach): NewTransport {
  if (reach.over === 'stdio') return new NewStdioTransport({ ...programOf(reach), stderr: 'ignore' });
  const requestInit = { headers: reach.headers ?? {} };
  if (reach.over === 'sse') return new NewSseTransport(new URL(reach.url), { requestInit });
  return new NewStreamableTransport(new URL(reach.url), { requestInit });
}

function programOf({ args, env }: Extract<Reach, { over: 'stdio' }>) {
  return { command: process.execPath, args, env, cwd: '/' };
}
