import type { ForgetAnswer, HistoryAnswer, RecallAnswer, RememberAnswer } from '../../core/answers.js';
import type { EventName } from '../../core/events.js';
import type { Fault, PageApi, SpaceRequest } from '../api.js';

/** What the views ask of `recall`. */
export interface RecallRequest extends SpaceRequest {
  query?: string | undefined;
  limit?: number;
  cursor?: string | undefined;
  filters?: Record<string, unknown> | undefined;
  since?: string | undefined;
  until?: string | undefined;
  as_of?: string | undefined;
  agent_id?: string | undefined;
  explain?: boolean;
}

/** What the views ask of `remember`: changes of one memory. */
export interface ChangeRequest extends SpaceRequest {
  memory_id: string;
  content?: string;
  revision?: number;
  pinned?: boolean;
}

/** What the views ask of `forget`: chosen memories, or what a preview showed. */
export interface ForgetRequest extends SpaceRequest {
  memory_ids?: string[];
  confirm?: string;
  erase?: boolean;
  reason?: string | undefined;
}

/** What the views ask of `memory_history`. */
export interface HistoryRequest extends SpaceRequest {
  memory_id?: string;
  query?: string | undefined;
  events?: EventName[];
  since?: string | undefined;
  until?: string | undefined;
  agent_id?: string | undefined;
  limit?: number;
  cursor?: string | undefined;
}

/** Every call of the views, by its name: the four tools, and what only the dashboard's server answers. */
export interface Calls extends PageApi {
  recall: { request: RecallRequest; answer: RecallAnswer };
  remember: { request: ChangeRequest; answer: RememberAnswer };
  forget: { request: ForgetRequest; answer: ForgetAnswer };
  memory_history: { request: HistoryRequest; answer: HistoryAnswer };
}

/** Carries the calls of the views to a server; raises ApiError. */
export interface Api {
  call<Name extends keyof Calls>(name: Name, request: Calls[Name]['request'], signal?: AbortSignal): Promise<Calls[Name]['answer']>;
}

/** Why a call failed: a code of the server, or `unreachable` where nobody answered. The message is the server's, in English. */
export class ApiError extends Error {
  readonly code: string;

  constructor({ error: { code, message } }: Fault, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.code = code;
  }
}
