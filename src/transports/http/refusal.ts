import type { ErrorCode } from '../../core/errors.js';

/** What a Refusal may say besides its status and sentence. */
interface RefusalDetails {
  /** Number of the error in JSON-RPC, where another one than the status's is told. */
  code?: number;
  /** The code in words, where another one than the status's is told. */
  fault?: ErrorCode;
}

/** A request over HTTP that is not answered: its status, one sentence that says why, and headers such as WWW-Authenticate. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Number of the error in JSON-RPC. */
  readonly code: number;
  /** The code in words; undefined: that of the status. */
  readonly fault: ErrorCode | undefined;

  constructor(status: number, message: string, headers: Record<string, string> = {}, { code, fault }: RefusalDetails = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.headers = headers;
    this.code = code ?? (status === 400 ? errorNumbers.invalidRequest : errorNumbers.refused);
    this.fault = fault;
  }
}

/** Numbers of errors in JSON-RPC: its own, and those that servers of this protocol are used to give. */
export const errorNumbers = { parse: -32700, invalidRequest: -32600, internal: -32603, refused: -32000, noSession: -32001 } as const;

/** The body of an answer that refuses: a JSON-RPC error; `id` is null where the request's is not known. */
export function errorBody(id: string | number | null, code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } });
}
