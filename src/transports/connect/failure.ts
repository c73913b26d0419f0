import type { ErrorCode } from '../../core/errors.js';
import { isObject } from '../message.js';
import { type Answer, type Fault, type Request, revisionOf } from './message.js';

/** Where the remote is and whether a token goes along, for sentences about it. */
export interface Place {
  /** Its address without query. */
  shown: string;
  hasToken: boolean;
}

interface FailureDetails {
  /** Whether the remote may have done something of what was asked. */
  mayHaveActed?: boolean;
  /** Whether the same may well succeed a moment later. */
  passing?: boolean;
  status?: number | undefined;
  /** Milliseconds that the remote asks to wait. */
  retryAfter?: number | undefined;
  /** What the remote itself answered, in the form of the protocol. */
  fault?: Fault | undefined;
}

/** A message that the remote has not answered; the message is a sentence for people that names the remote and the reason. */
export class RemoteFailure extends Error {
  readonly mayHaveActed: boolean;
  readonly passing: boolean;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly fault: Fault | undefined;

  constructor(message: string, { mayHaveActed = false, passing = false, status, retryAfter, fault }: FailureDetails) {
    super(message);
    this.name = 'RemoteFailure';
    this.mayHaveActed = mayHaveActed;
    this.passing = passing;
    this.status = status;
    this.retryAfter = retryAfter;
    this.fault = fault;
  }
}

/** Whether the remote has told that it does not know a session. */
export function isLost(error: unknown, { id }: { id: string | undefined }): boolean {
  return error instanceof RemoteFailure && error.status === 404 && id !== undefined;
}

const noTls = 'it does not speak TLS; should its URL begin with http://?';
const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up now',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'no way leads to its host',
  ENETUNREACH: 'no way leads to its network',
  ECONNRESET: 'the connection was closed',
  EPIPE: 'the connection was closed',
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
};

/** What went wrong with a connection, for a message that was or was not on its way. */
export function connectionFailure(error: NodeJS.ErrnoException, { shown }: Place, wasSent: boolean): RemoteFailure {
  const code = error.code ?? '';
  const known = reasons[code];
  if (wasSent) {
    const reason = known ?? error.message;
    return new RemoteFailure(`The connection to the Keepsake at ${shown} broke while it was at work: ${reason}.`, {
      mayHaveActed: true,
      passing: true,
    });
  }
  if (known) return new RemoteFailure(`The Keepsake at ${shown} cannot be reached: ${known}.`, { passing: true });
  // What else keeps a connection from coming about lies in TLS: names of the codes are many, and the messages say it.
  const isCertificate = /CERT|SIGNATURE|ISSUER|ALTNAME/.test(code);
  const hint = isCertificate ? '; for an authority of your own set NODE_EXTRA_CA_CERTS' : '';
  return new RemoteFailure(
    `The Keepsake at ${shown} cannot be reached: ${isCertificate ? 'certificate: ' : ''}${error.message.replace(/\.$/, '')}${hint}.`,
    {},
  );
}

/** The remote ended its response before the answer, and it cannot be asked for it any more. */
export function unanswered({ shown }: Place): RemoteFailure {
  return new RemoteFailure(`The Keepsake at ${shown} ended the connection before its answer.`, { mayHaveActed: true, passing: true });
}

/** What a response with a status other than success says. */
export function statusFailure(
  status: number,
  response: { body: string; location?: string; retryAfter?: string },
  place: Place,
): RemoteFailure {
  const fault = faultIn(response.body);
  const seconds = Number(response.retryAfter);
  return new RemoteFailure(sentenceFor(status, fault?.message, response.location, place), {
    status,
    fault,
    mayHaveActed: status >= 500 && status !== 503,
    passing: [409, 429, 502, 503, 504].includes(status),
    retryAfter: response.retryAfter !== undefined && seconds >= 0 ? seconds * 1000 : undefined,
  });
}

function sentenceFor(status: number, said: string | undefined, location: string | undefined, { shown, hasToken }: Place): string {
  const remote = `The Keepsake at ${shown}`;
  const because = said === undefined ? '.' : `: ${said}`;
  if (status === 401 && !hasToken) return `${remote} asks for a token (401); set KEEPSAKE_TOKEN.`;
  if (status === 401) return `${remote} refused the token (401): it is wrong, expired or revoked; set KEEPSAKE_TOKEN to a valid one.`;
  if (status >= 300 && status < 400)
    return `${shown} points elsewhere (${status})${location === undefined ? '' : `, to ${location}`}; give connect that URL.`;
  if (status === 404 || status === 405) return `There is no Keepsake at ${shown} (${status}); its URL usually ends in /mcp.`;
  if (status === 413) return `The message is larger than what the Keepsake at ${shown} or a proxy before it takes (413)${because}`;
  if (status === 429) return `${remote} takes no more requests for now (429)${because}`;
  if (status >= 500) return `${remote} is failing or restarting (${status})${because}`;
  return `${remote} refused the request (${status})${because}`;
}

function faultIn(body: string): Fault | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // A page of some proxy; the status says enough.
    return undefined;
  }
  const error = isObject(value) ? value.error : undefined;
  return isObject(error) && typeof error.code === 'number' && typeof error.message === 'string' ? (error as unknown as Fault) : undefined;
}

/** Statuses that say more to a person than to a program. */
function isForPeople(status: number | undefined): boolean {
  return status === undefined || [401, 403, 413, 429].includes(status) || (status >= 300 && status < 400) || status >= 502;
}

function codeFor({ status, mayHaveActed }: RemoteFailure): ErrorCode {
  if (status === 401 || status === 403) return 'space_refused';
  if (status === 413) return 'too_large';
  return mayHaveActed ? 'internal' : 'log_unavailable';
}

/** The answer to a request that failed, in the form of its revision: a call of a tool fails as calls do, so that the model reads why. */
export function failedAnswer(request: Request, failure: RemoteFailure): Answer {
  const { id, method } = request;
  if (failure.fault && !isForPeople(failure.status)) return { jsonrpc: '2.0', id, error: failure.fault };
  if (method !== 'tools/call') return { jsonrpc: '2.0', id, error: { code: -32603, message: failure.message } };
  const advice = failure.mayHaveActed
    ? 'The call may have been carried out: look with recall or memory_history before you repeat it.'
    : 'The call was not carried out.';
  const result = { isError: true, content: [{ type: 'text', text: `${failure.message} ${advice} [${codeFor(failure)}]` }] };
  return { jsonrpc: '2.0', id, result: revisionOf(request) === undefined ? result : { ...result, resultType: 'complete' } };
}
