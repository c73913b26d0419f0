import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../../core/principal.js';

/** One request over HTTP on its way through the server. */
export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Host of the request's target, where that is a whole URL. */
  readonly authority: string | undefined;
  readonly path: string;
  readonly query: string;
  /** Known once the caller is authenticated. */
  principal?: Principal;
  /** Known once it has been read: JSON of any kind. */
  body?: unknown;
  /** Whether the response goes on until one side ends it, rather than until there is an answer. */
  isStream: boolean;
}
