import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { createParser } from 'eventsource-parser';
import { connectionFailure, type Place, RemoteFailure, statusFailure } from './failure.js';
import { type Message, messageIn } from './message.js';

/** One request over HTTP. */
export interface Sending {
  method: 'POST' | 'GET' | 'DELETE';
  message?: Message;
  headers?: Readonly<Record<string, string | undefined>>;
  /** On a connection of its own: one that is used again may just have been closed, and then nobody knows what arrived. */
  fresh?: boolean;
  signal: AbortSignal;
  /** Hears that the remote has begun to answer. */
  onAccepted?: (headers: IncomingHttpHeaders) => void;
  onMessage?: (message: Message) => void;
  /** Hears the id behind which the stream can be resumed if it breaks, each time there is a new one. */
  onPosition?: (eventId: string) => void;
}

/** The remote server over HTTP. */
export interface Remote {
  readonly place: Place;
  /** Sends one request and reads its response to the end. Raises RemoteFailure, or the signal's reason. */
  exchange(sending: Sending): Promise<void>;
  /** Lets go of the connections that are kept for later. */
  close(): void;
}

/** Milliseconds for a connection to come about. */
const connectLimit = 3000;
/**
 * Milliseconds without a byte, after which the remote is taken for dead: less than the 60 s that clients wait for an
 * answer, so that they hear the reason. Servers show every 15 s that a stream is alive, and a remember takes 45 s.
 */
const silenceLimit = 50_000;
/** The same for what no server thinks about for long. */
const briefSilenceLimit = 10_000;
const brief = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
]);
/** Characters of one answer. */
const longestAnswer = 32 * 1024 * 1024;

interface Http {
  request(url: URL, options: RequestOptions): ClientRequest;
  Agent: new (options: { keepAlive: boolean }) => Agent;
}

/** Prepares for requests to a URL; nothing is sent yet. */
export async function openRemote(url: URL, token: string | undefined): Promise<Remote> {
  const isSecure = url.protocol === 'https:';
  const http: Http = isSecure ? await import('node:https') : await import('node:http');
  const agent = new http.Agent({ keepAlive: true });
  const place = { shown: `${url.origin}${url.pathname}`, hasToken: token !== undefined };

  function respond({ method, message, headers, fresh, signal }: Sending): Promise<IncomingMessage> {
    const given = {
      accept: method === 'POST' ? 'application/json, text/event-stream' : 'text/event-stream',
      ...(message && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    };
    const body = message && Buffer.from(JSON.stringify(message));
    const sent = Object.fromEntries(
      Object.entries({ ...given, 'content-length': body?.length }).filter(([, value]) => value !== undefined),
    );
    const timeout = message && 'method' in message && brief.has(message.method) ? briefSilenceLimit : silenceLimit;
    return new Promise((resolve, reject) => {
      let isConnected = false;
      const request = http.request(url, { method, headers: sent, agent: fresh ? false : agent, signal, timeout });
      const silent = () => request.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' }));
      const connecting = setTimeout(silent, connectLimit);
      const connected = () => {
        isConnected = true;
        clearTimeout(connecting);
      };
      request.once('socket', (socket: Socket) =>
        request.reusedSocket ? connected() : socket.once(isSecure ? 'secureConnect' : 'connect', connected),
      );
      request.on('timeout', silent);
      request.once('response', resolve);
      request.once('error', (error) => {
        clearTimeout(connecting);
        reject(signal.aborted ? signal.reason : connectionFailure(error, place, isConnected));
      });
      request.end(body);
    });
  }

  async function read(response: IncomingMessage, take: (text: string) => void): Promise<void> {
    for await (const text of response.setEncoding('utf8')) take(text as string);
  }

  async function textOf(response: IncomingMessage): Promise<string> {
    let text = '';
    await read(response, (part) => {
      text += part;
      if (text.length > longestAnswer) throw new Error('its answer is too long');
    });
    return text;
  }

  function foreign(type: string): RemoteFailure {
    return new RemoteFailure(
      `What answers at ${place.shown} is no MCP server: it sends ${type || 'no type of content'}; the URL usually ends in /mcp.`,
      {},
    );
  }

  async function readEvents(response: IncomingMessage, { onMessage, onPosition }: Sending): Promise<void> {
    const parser = createParser({
      maxBufferSize: longestAnswer,
      onEvent({ data, id, event }) {
        const message = event === undefined || event === 'message' ? messageIn(data) : undefined;
        // Its answer may end the work, so that the position comes first.
        if (id !== undefined) onPosition?.(id);
        if (message) onMessage?.(message);
      },
      onError(error) {
        if (error.type === 'max-buffer-size-exceeded') throw error;
      },
    });
    await read(response, parser.feed);
  }

  async function take(response: IncomingMessage, sending: Sending): Promise<void> {
    const { message, onAccepted, onMessage } = sending;
    const { statusCode: status = 0, headers } = response;
    const { location, 'retry-after': retryAfter, 'content-type': type = '' } = headers;
    if (status < 200 || status >= 300) {
      const details = { ...(location !== undefined && { location }), ...(retryAfter !== undefined && { retryAfter }) };
      throw statusFailure(status, { body: await textOf(response), ...details }, place);
    }
    onAccepted?.(headers);
    if (onMessage && type.startsWith('text/event-stream')) return readEvents(response, sending);
    const text = await textOf(response);
    if (!onMessage || status === 202) return;
    const answer = type.startsWith('application/json') ? messageIn(text) : undefined;
    if (answer) onMessage(answer);
    else if (message) throw foreign(type);
  }

  return {
    place,
    async exchange(sending) {
      const { signal } = sending;
      signal.throwIfAborted();
      const response = await respond(sending);
      try {
        await take(response, sending);
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof RemoteFailure ? error : connectionFailure(error as Error, place, true);
      } finally {
        // A body that was not read to its end must not hold the connection.
        if (!response.complete) response.destroy();
      }
    },
    close: () => agent.destroy(),
  };
}
