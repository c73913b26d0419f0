import type { HistoryEvent } from '../core/answers.js';

/** What every call may say of who makes it and whose memory it means. */
export interface CallOptions {
  /** Whose memory; default the user that the memory was opened for. */
  user_id?: string | undefined;
  /** A project's memory instead: its name, or `.` for the current one. */
  project?: string | undefined;
  /** Which agent states or asks something. */
  agent_id?: string | undefined;
  /** In which session. */
  run_id?: string | undefined;
  /** Ends the call when it is raised; the call then rejects with its reason. */
  signal?: AbortSignal | undefined;
}

/** One turn of a conversation that is to be remembered. */
export interface Message {
  role: 'user' | 'assistant' | 'system';
  content: string;
  /** The speaker, who becomes the subject of what is said about oneself. */
  name?: string | undefined;
  /** When it was said, ISO 8601. */
  at?: string | undefined;
  /** Images and audio, in base64. */
  attachments?: { mime_type: string; data: string }[] | undefined;
}

/** Free labels of a memory; null removes a key. */
export type Metadata = Record<string, string | number | boolean | null>;

/** What is said of a memory beside its words. Times are ISO 8601. */
export interface Labels {
  /** `procedure`: a how-to; default `observation`. */
  kind?: 'observation' | 'procedure' | undefined;
  /** When it was said; default now. */
  at?: string | undefined;
  /** When it happened or will happen; may be as short as 2024 or 2024-03. */
  occurred_at?: string | undefined;
  /** From when on it is not recalled; null clears. */
  expires_at?: string | null | undefined;
  /** Leads every profile. */
  pinned?: boolean | undefined;
  metadata?: Metadata | undefined;
}

/** How something is remembered. */
export interface RememberOptions extends CallOptions, Labels {
  /** Default true; false: each text is stored as it stands, and no model is asked. */
  infer?: boolean | undefined;
  /** Default true; false: what needs a model is saved, answered `pending`, and processed in the background. */
  wait?: boolean | undefined;
}

/** What is to change of a memory. */
export interface Correction extends Labels {
  /** The text that replaces the present one. */
  content?: string | undefined;
}

/** By what memories are chosen. Times are ISO 8601. */
export interface Selection {
  /**
   * Key to value, or to {eq, ne, gt, gte, lt, lte, in, nin, contains}; `and` and `or` take lists, `not` an object. Keys:
   * id, kind, subject, pinned, agent_id, run_id, created_at, updated_at, said_at, occurred_at, last_recalled_at, and
   * those of metadata.
   */
  filters?: Record<string, unknown> | undefined;
  /** Only what happened, or was said, from this time on. */
  since?: string | undefined;
  /** Only what happened, or was said, up to this time. */
  until?: string | undefined;
}

/** What is listed, newest first. `project: '*'`: everything that there is, all projects included. */
export interface ListOptions extends CallOptions, Selection {
  /** 1 to 100; default 10. */
  limit?: number | undefined;
  /** `next_cursor` of the page before. */
  cursor?: string | undefined;
  /** Answers with what was believed at that instant, ISO 8601. */
  as_of?: string | undefined;
}

/** How memories are searched for. */
export interface RecallOptions extends ListOptions {
  /** 0 to 1: the least score of a hit; 0 ranks everything. Default: what has a match of its own. */
  min_score?: number | undefined;
  /** What phrases of time in the query are relative to, ISO 8601; default `as_of`, else now. */
  now?: string | undefined;
  /** Whether a reranker orders the best; default: if there is one. */
  rerank?: boolean | undefined;
  /** Adds `why` to each hit. */
  explain?: boolean | undefined;
}

/** What the standing picture is asked for. */
export interface ProfileOptions extends CallOptions {
  /** What the conversation is about: the hits for it in the place of the newest. */
  query?: string | undefined;
  /** 1 to 100; default 100. */
  limit?: number | undefined;
}

/** What is forgotten by a preview first: exactly one of query, all and confirm. */
export interface ForgetPreview {
  /** Previews what matches it. */
  query?: string | undefined;
  /** Previews everything, narrowed by filters and by the call's agent_id and run_id. */
  all?: true | undefined;
  /** The `confirm_token` of a preview: carries it out. */
  confirm?: string | undefined;
  filters?: Record<string, unknown> | undefined;
  /** Of a query, 1 to 100; default 10. */
  limit?: number | undefined;
  /** Also removes the text for good. */
  erase?: boolean | undefined;
}

/** How something is forgotten. */
export interface ForgetOptions extends CallOptions {
  /** Why, for the history. */
  reason?: string | undefined;
}

/** What is shown of a history. Without a memory's id: all changes, newest first. */
export interface HistoryOptions extends CallOptions {
  /** Words that an event must hold; finds forgotten memories, too. */
  query?: string | undefined;
  /** Default: those that change a memory. */
  events?: HistoryEvent['event'][] | undefined;
  since?: string | undefined;
  until?: string | undefined;
  /** 1 to 200; default 50. */
  limit?: number | undefined;
  /** `next_cursor` of the page before. */
  cursor?: string | undefined;
}

/** How one turn of a conversation is answered. Turns of the same user, project, agent and run follow one another. */
export interface ChatOptions extends CallOptions {
  /** Hears the answer in the pieces in which it comes. */
  onPiece?: ((piece: string) => void) | undefined;
  /** True: resolves once it is known what is remembered of the turn, within a minute. Default false: that is told later. */
  wait?: boolean | undefined;
}

/** How long `flush` waits. */
export interface FlushOptions {
  /** Ends the waiting: what is left by then is counted. */
  signal?: AbortSignal | undefined;
  /** Milliseconds; default a minute. */
  timeout?: number | undefined;
}
