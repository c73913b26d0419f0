import type { Principal } from '../core/principal.js';
import type { Confirmation, Tool, ToolContext } from '../tools/tool.js';

/** What one request brings besides its parameters, whatever revision of the protocol and transport carried it. */
export interface Exchange {
  principal: Principal;
  /** Name and version of the program that asks. */
  client?: string | undefined;
  /** Whether a person looks through the memories, rather than an assistant recalling them. */
  looking?: boolean | undefined;
  /** Raised when the client cancels the request or is gone. */
  signal: AbortSignal;
  /** Name of the current project, if there is one. */
  currentProject: () => Promise<string | undefined>;
  /** Tells how much of the work is done; absent where the client did not ask for it. */
  progress?: ((done: number, total: number) => void) | undefined;
  /** Absent where the client cannot ask its user. */
  confirmation?: Confirmation | undefined;
}

/** Runs one tool as a part of another answer, and gives its text. Raises KeepsakeErrors. */
export type RunTool = (tool: Tool, given: Record<string, unknown>, exchange: Exchange) => Promise<string>;

/** Looks at memories without a tool, on behalf of a caller who may call recall. Raises KeepsakeErrors. */
export type Look = <T>(exchange: Exchange, work: (context: ToolContext) => Promise<T>) => Promise<T>;

/** Ends a try of a call whose question the client's user answers before the next one. */
export class InputNeeded extends Error {
  readonly question: string;
  readonly token: string;

  constructor(question: string, token: string) {
    super('the call is to be repeated with a reply');
    this.name = 'InputNeeded';
    this.question = question;
    this.token = token;
  }
}

/** Why a request cannot be answered, apart from failed calls of tools, which are answers. */
export type ProtocolFault = 'invalid_params' | 'resource_not_found' | 'internal';

/** A request that is answered with an error of the protocol; each revision has its own number for a fault. */
export class ProtocolError extends Error {
  readonly fault: ProtocolFault;
  readonly data: Record<string, unknown> | undefined;

  constructor(fault: ProtocolFault, message: string, data?: Record<string, unknown>) {
    super(message);
    this.name = 'ProtocolError';
    this.fault = fault;
    this.data = data;
  }
}
