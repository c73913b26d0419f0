import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { type EventStore, StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll } from 'vitest';

/** A response in place of the server's own. */
export interface Refusal {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A server of the SDK over HTTP that a test can cut off, and make forget. */
export interface FakeRemote {
  readonly url: string;
  /** What arrived, oldest first. */
  readonly requests: { method: string; headers: IncomingHttpHeaders; called: string | undefined }[];
  /** Names of the tools that were run, and `cancelled` for each run that was. */
  readonly ran: string[];
  /** Calls that wait go on. */
  release(): void;
  /** Breaks every connection, in the middle of whatever comes over it. */
  cut(): void;
  /** Knows no session any more, as after a start anew. */
  forget(): void;
  /** Answers requests instead of the server, as long as it gives something. */
  refuse: (called: string | undefined, method: string) => Refusal | undefined;
  /** Tells the sessions that have subscribed to it of a change. */
  change(uri: string): Promise<void>;
  /** Sessions that are open. */
  sessions(): number;
  close(): Promise<void>;
}

const open = new Set<FakeRemote>();

afterAll(async () => {
  await Promise.all([...open].map((remote) => remote.close()));
});

/** The events of one session's streams. */
function createEvents(): EventStore {
  const events: { id: string; stream: string; message: Parameters<EventStore['storeEvent']>[1] }[] = [];
  return {
    async storeEvent(stream, message) {
      const id = `${stream}/${events.length}`;
      events.push({ id, stream, message });
      return id;
    },
    async getStreamIdForEventId(id) {
      return events.find((event) => event.id === id)?.stream;
    },
    async replayEventsAfter(last, { send }) {
      const at = events.findIndex(({ id }) => id === last);
      const stream = events[at]?.stream ?? '';
      for (const event of events.slice(at + 1))
        if (event.stream === stream && 'jsonrpc' in event.message) await send(event.id, event.message);
      return stream;
    },
  };
}

/** Starts a remote with the tools look, which says that it only reads, write, and ask, which asks the user; with `wait` they wait. */
export async function startRemote({ port = 0 } = {}): Promise<FakeRemote> {
  const sessions = new Map<string, { server: Server; transport: StreamableHTTPServerTransport; subscribed: Set<string> }>();
  const requests: FakeRemote['requests'] = [];
  const ran: string[] = [];
  let waiting: (() => void)[] = [];

  function createMcp(subscribed: Set<string>): Server {
    const server = new Server({ name: 'remote', version: '1' }, { capabilities: { tools: {}, resources: { subscribe: true } } });
    const inputSchema = { type: 'object' as const };
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: [
        { name: 'look', inputSchema, annotations: { readOnlyHint: true } },
        { name: 'write', inputSchema, annotations: { readOnlyHint: false, idempotentHint: true } },
        { name: 'ask', inputSchema },
      ],
    }));
    server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
      subscribed.add(uri);
      return {};
    });
    server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
      subscribed.delete(uri);
      return {};
    });
    server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: given, _meta } }, extra) => {
      const progressToken = _meta?.progressToken;
      if (progressToken !== undefined)
        await extra.sendNotification({ method: 'notifications/progress', params: { progressToken, progress: 1, total: 2 } });
      ran.push(name);
      extra.signal.addEventListener('abort', () => ran.push('cancelled'));
      if (given?.wait) await new Promise<void>((resolve) => waiting.push(resolve));
      if (name !== 'ask') return { content: [{ type: 'text', text: `${name} is done` }] };
      const question = {
        message: 'Sure?',
        requestedSchema: { type: 'object' as const, properties: { confirm: { type: 'boolean' as const } } },
      };
      const { action } = await server.elicitInput(question, { relatedRequestId: extra.requestId });
      return { content: [{ type: 'text', text: action }] };
    });
    return server;
  }

  async function sessionFor(id: string | undefined, isGreeting: boolean) {
    if (id !== undefined || !isGreeting) return sessions.get(id ?? '');
    const made = randomUUID();
    const subscribed = new Set<string>();
    const server = createMcp(subscribed);
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => made, eventStore: createEvents(), retryInterval: 50 });
    transport.onclose = () => sessions.delete(made);
    await server.connect(transport as Parameters<Server['connect']>[0]);
    sessions.set(made, { server, transport, subscribed });
    return sessions.get(made);
  }

  function answer(response: ServerResponse, { status, headers, body }: Refusal): void {
    response.writeHead(status, headers).end(body);
  }

  const http = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
      const called = body?.params?.name ?? body?.method;
      const { method = '' } = request;
      requests.push({ method, headers: request.headers, called });
      const refusal = remote.refuse(called, method);
      if (refusal) return answer(response, refusal);
      const id = request.headers['mcp-session-id'];
      const session = await sessionFor(typeof id === 'string' ? id : undefined, called === 'initialize');
      if (!session)
        return answer(response, {
          status: id === undefined ? 400 : 404,
          body: '{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}',
        });
      await session.transport.handleRequest(request, response, body);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));

  const remote: FakeRemote = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    requests,
    ran,
    refuse: () => undefined,
    release() {
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    cut: () => http.closeAllConnections(),
    forget: () => sessions.clear(),
    async change(uri) {
      for (const { server, subscribed } of sessions.values()) if (subscribed.has(uri)) await server.sendResourceUpdated({ uri });
    },
    sessions: () => sessions.size,
    async close() {
      open.delete(remote);
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
  open.add(remote);
  return remote;
}
