import { writeFile } from 'node:fs/promises';
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { newToken } from '../../src/access/token-secret.js';
import { revisions } from '../support/clients.js';
import { temporaryHome } from '../support/home.js';
import { type StartedHttpServer, startHttpServer } from '../support/http.js';
import type { AnswerData } from '../support/server.js';

/** A request as it is sent; without a token nobody sends it. */
export interface Sent {
  token?: string | undefined;
  method?: string;
  path?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
}

/** What came back, whole. */
export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A message of the protocol that answers another one. */
export interface Message {
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
}

/** The revisions with sessions, and the one without. */
export const eras = ['with sessions', 'stateless'] as const;
/** One of them. */
export type Era = (typeof eras)[number];

/** Every way into the server that takes callers alone. */
export const doors = [
  ['POST', '/mcp'],
  ['GET', '/mcp'],
  ['DELETE', '/mcp'],
  ['GET', '/sse'],
  ['POST', '/messages?sessionId=x'],
  ['GET', '/metrics'],
] as const;

/** Every path of the server, with a method that it takes. */
export const paths = [...doors, ['GET', '/healthz'], ['GET', '/readyz'], ['GET', '/nowhere']] as const;

const agent = new Agent({ keepAlive: true, maxSockets: 24 });
afterAll(() => agent.destroy());

/** Sends one request as it stands, and gives the whole answer. */
function send(url: string, { token, method = 'POST', path = '/mcp', headers = {}, body }: Sent): Promise<Reply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        agent,
        method,
        path,
        headers: {
          Accept: 'application/json, text/event-stream',
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        response.once('error', reject);
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

/** What each request of the stateless revision says of its client. */
export const envelope = {
  'io.modelcontextprotocol/protocolVersion': revisions.stateless,
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** The headers of a stateless request for a method, and what it is about. */
export function statelessHeaders(method: string, about?: unknown): Record<string, string> {
  const name = typeof about === 'string' ? { 'Mcp-Name': about } : {};
  return { 'Mcp-Protocol-Version': revisions.stateless, 'Mcp-Method': method, ...name };
}

/** The message of a reply, be it JSON or the last event of a stream. */
export function messageOf({ text }: Reply): Message {
  const data = text.startsWith('{') ? text : [...text.matchAll(/^data: (.+)$/gm)].at(-1)?.[1];
  return JSON.parse(data ?? '{}') as Message;
}

/** Begins a session and gives its id. */
export async function beginSession(url: string, token: string): Promise<string> {
  const hello = { protocolVersion: revisions.withHandshake, capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const { headers } = await send(url, { token, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: hello }) });
  const session = String(headers['mcp-session-id']);
  const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
  await send(url, { token, headers: { 'Mcp-Session-Id': session }, body });
  return session;
}

/** A server whose callers are known, and ways to speak with it. */
export interface Place<Name extends string> {
  server: StartedHttpServer;
  tokens: Record<Name, string>;
  send(sent: Sent): Promise<Reply>;
  /** The reply to one request of the protocol in a session of this caller, or without; parameters may be JSON, name or uri first. */
  ask(era: Era, who: Name, method: string, params?: Record<string, unknown> | string): Promise<Reply>;
  /** What a tool answers: its text, and its data. */
  call(era: Era, who: Name, tool: string, given: Record<string, unknown>): Promise<{ text: string; data: AnswerData }>;
  /** The id of a new memory that is kept word for word. */
  remember(who: Name, content: string, given?: Record<string, unknown>): Promise<string>;
}

/** Starts the built program for callers with these entries in its file of tokens, its log at its most talkative. */
export async function openPlace<Name extends string>(
  entries: Record<Name, Record<string, unknown>>,
  env: Record<string, string> = {},
): Promise<Place<Name>> {
  const home = await temporaryHome();
  const made = Object.entries<Record<string, unknown>>(entries).map(([name, entry]) => {
    const { id, text, hash } = newToken();
    const usual = { scopes: ['memory:read', 'memory:write', 'memory:delete'], grants: [], created_at: '2024-05-01T10:00:00.000Z' };
    return { name, text, entry: { id, hash, ...usual, ...entry } };
  });
  await writeFile(join(home, 'tokens.json'), JSON.stringify({ format: 1, tokens: made.map(({ entry }) => entry) }));
  const server = await startHttpServer({ home, env: { KEEPSAKE_LOG_LEVEL: 'debug', KEEPSAKE_RATE: '0', ...env } });
  const { url } = server;
  const tokens = Object.fromEntries(made.map(({ name, text }) => [name, text])) as Record<Name, string>;
  const sessions = new Map<Name, Promise<string>>();

  function sessionOf(who: Name): Promise<string> {
    const session = sessions.get(who) ?? beginSession(url, tokens[who]);
    sessions.set(who, session);
    return session;
  }

  const ask: Place<Name>['ask'] = async (era, who, method, params = '{}') => {
    const token = tokens[who];
    const given = typeof params === 'string' ? params : JSON.stringify(params);
    const message = (text: string) => `{"jsonrpc":"2.0","id":1,"method":${JSON.stringify(method)},"params":${text}}`;
    if (era === 'with sessions') return send(url, { token, headers: { 'Mcp-Session-Id': await sessionOf(who) }, body: message(given) });
    const meta = `"_meta":${JSON.stringify(envelope)}`;
    const about = /^\{"(?:name|uri)":("[^"]*")/.exec(given)?.[1];
    const headers = statelessHeaders(method, about === undefined ? undefined : JSON.parse(about));
    return send(url, { token, headers, body: message(given === '{}' ? `{${meta}}` : `${given.slice(0, -1)},${meta}}`) });
  };

  const call: Place<Name>['call'] = async (era, who, name, given) => {
    const reply = await ask(era, who, 'tools/call', { name, arguments: given });
    const { result } = messageOf(reply) as { result?: { content: { text: string }[]; structuredContent: AnswerData } };
    if (!result) throw new Error(reply.text);
    return { text: result.content[0]?.text ?? '', data: result.structuredContent };
  };

  return {
    server,
    tokens,
    send: (sent) => send(url, sent),
    ask,
    call,
    async remember(who, content, given = {}) {
      return (await call('stateless', who, 'remember', { content, infer: false, ...given })).data.results[0]?.id ?? '';
    },
  };
}

/** What a reply must never hold: where the server lies, and how it came to fail. */
export const inside = /\bat \S+ \(|node:internal|file:\/\/|node_modules|dist\/|keepsake-test-|chunk-[A-Z0-9]{8}/;
