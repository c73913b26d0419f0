import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Logger } from '../../core/ports.js';
import type { Principal, Right } from '../../core/principal.js';
import type { HttpLimits } from './limits.js';

/** Who is at the other end of a connection. */
export interface Peer {
  /** The same object as long as the connection lasts; what each request proves of the caller's rights is put into it. */
  principal: Principal;
  /** Name of the project that the client's side found to be the current one: its header Keepsake-Project, decoded. */
  project?: string | undefined;
}

/** Serves one request of protocol revision 2026-07-28, whose body has been read and parsed. */
export interface ModernLane {
  handle(request: IncomingMessage, response: ServerResponse, exchange: { body: unknown; peer: Peer }): Promise<void>;
  /** Ends the streams that are open. */
  close(): Promise<void>;
}

/** What is told of each request over HTTP once it has been answered; for logs and metrics, without any memory text. */
export interface RequestReport {
  requestId: string;
  /** The path, of those that are served; others are `other`. */
  route: string;
  method: string;
  status: number;
  milliseconds: number;
  /** Id of the caller; undefined where it was not known. */
  principal?: string | undefined;
  /** Method of the protocol in the body, such as tools/call, with the tool's name behind a blank. */
  called?: string | undefined;
}

/** Answers GET requests on a path that is no part of the protocol. */
export interface Page {
  /** Whether it is answered to anybody; else callers are authenticated and admitted, and `answer` looks at what they may. */
  open: boolean;
  /** The right that it asks of callers, for what refusals say. */
  needs?: Right;
  /** Raises Refusal. */
  answer(principal: Principal | undefined): Promise<PageAnswer>;
}

/** A whole answer. Where it has an ETag, whoever has that version already is told so instead. */
export interface PageAnswer {
  status: number;
  type: string;
  body: string;
  headers?: Readonly<Record<string, string>>;
}

/** One call of an endpoint. */
export interface EndpointCall {
  /** JSON of any kind. */
  body: unknown;
  peer: Peer;
  /** Raised when the client is gone. */
  signal: AbortSignal;
}

/**
 * Answers POST requests of JSON on a path that is no part of the protocol, to callers that are authenticated and
 * admitted. Resolves with what is sent as JSON; raises Refusals and KeepsakeErrors, which are sent as faults.
 */
export type Endpoint = (call: EndpointCall) => Promise<object>;

/** What a server over HTTP is made with; it knows neither tools nor store. */
export interface HttpOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  /** URLs under which clients reach it besides the address it listens on; a path in front of /mcp is not supported. */
  publicUrls: readonly string[];
  /** Origins of web pages that may call it, besides its own. */
  origins: readonly string[];
  /**
   * Who sends a request with this Authorization header from this IP address, which is a proxy's where there is one. Also
   * asked again and again while a stream is open. Raises Refusal with status 401 and its challenge, which names the right
   * that is needed where it is another than those of the protocol.
   */
  authenticate(authorization: string | undefined, address: string, needs?: Right): Promise<Principal>;
  /** Counts a request against the caller's rate. Raises Refusal 429 with Retry-After, or 403 where it came a way that it may not. */
  admit(principal: Principal, headers: IncomingHttpHeaders): void;
  /** Raises Refusal 403 with its challenge where a message of the protocol needs a right that the caller lacks. */
  authorize(principal: Principal, message: unknown): void;
  /** A server of the revisions up to 2025-11-25 for one connection. */
  connect(peer: Peer): Server;
  /** Loaded with the first request of revision 2026-07-28. */
  modern(): Promise<ModernLane>;
  /** By path: /healthz, /readyz, /metrics, /.well-known/oauth-protected-resource and others. Answered while closing, too. */
  pages: Readonly<Record<string, Page>>;
  /** By path: what web pages of the server ask, below /api/. */
  endpoints?: Readonly<Record<string, Endpoint>>;
  onRequest(report: RequestReport): void;
  /** Resolves once no call is under way: `close` waits for it. */
  idle?: (() => Promise<void>) | undefined;
  logger: Logger;
  /** Others than the usual ones, for tests. */
  limits?: Partial<HttpLimits>;
}

/** A server over HTTP that listens. */
export interface HttpServer {
  /** Where it can be reached on this machine, such as http://127.0.0.1:7700. */
  readonly url: string;
  /** Connections of the protocol that are open, by transport. */
  sessions(): { streamable: number; sse: number };
  /** Takes no more requests, lets those under way finish for so many milliseconds, then ends everything. */
  close(drain: number): Promise<void>;
}
