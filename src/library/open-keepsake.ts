import type { ForgetAnswer, HistoryAnswer, RecallAnswer, RecalledMemory, RememberAnswer, RememberResult } from '../core/answers.js';
import type { SkippedPart } from '../core/events.js';
import type {
  CallOptions,
  ChatOptions,
  Correction,
  FlushOptions,
  ForgetOptions,
  ForgetPreview,
  HistoryOptions,
  ListOptions,
  Message,
  ProfileOptions,
  RecallOptions,
  RememberOptions,
} from './arguments.js';
import type { Usage } from './usage.js';

/** An answer with what models were asked for it, exact also where calls run at the same time. */
export type WithUsage<A> = A & { usage: Usage };

/** One memory with all that is known of it, its text whole. */
export type FoundMemory = RecalledMemory & {
  /** Only `live` ones are recalled; the text of an `erased` one is empty. */
  status: 'live' | 'expired' | 'forgotten' | 'erased';
  last_recalled_at?: string;
};

/** What was found or listed, a page of it. */
export type Recalled = Omit<RecallAnswer, 'omitted'>;

/** What was erased for good. */
export interface EraseAnswer {
  /** Ids of what is gone. */
  erased: string[];
  /** Ids that were not known, or erased before. */
  not_found: string[];
  /** Other memories that say the same, and stay. */
  same_text?: string[];
}

/** What a reflection did in one space. */
export interface SpaceReflection {
  space: string;
  /** The call of all its events in the history. */
  call_id: string;
  /** Insights that were added, updated or no longer hold. */
  insights: RememberResult[];
  /** Memories that were repeats, or were contradicted by what was said later. */
  merged: RememberResult[];
  /** Proposals of the model that were refused, and why. */
  rejected: SkippedPart[];
  /** Why an answer of the model could not be used; absent where all could. */
  unusable?: string;
  /** New memories that were looked at. */
  looked: number;
  /** New memories that are left for the next reflection. */
  left: number;
}

/** What `reflect` did. */
export interface ReflectAnswer {
  spaces: SpaceReflection[];
  /** Spaces on which another process is just reflecting. */
  busy: string[];
}

/** What was left when `flush` came back; all 0: nothing. */
export interface FlushAnswer {
  /** Inputs that wait for their model. Those that came to another process and wait for a model that this one lacks do not count. */
  pending: number;
  /** New memories that a reflection which is due has not looked at. */
  unreflected: number;
  /** Changed memories that the vector index does not hold; words find them all the same. */
  unindexed: number;
}

/** What `reset` removed for good. */
export interface ResetAnswer {
  /** Memories of all kinds, forgotten and expired ones included. */
  memories: number;
  /** Inputs that waited for their model, of which nothing comes now. */
  pending: number;
  /** Processed inputs whose words were still kept. */
  inputs: number;
}

/** One turn of a conversation. */
export interface ChatAnswer {
  /** Empty or incomplete where `error` or `stopped` says so. */
  answer: string;
  /** The memories that the model was shown. */
  memories: RecalledMemory[];
  /** What was remembered since it was last told, of earlier turns too. */
  remembered: RememberResult[];
  /** What the turn had to do without. */
  degraded: string[];
  /** Why there is no whole answer, in one line; what the user said is remembered all the same. */
  error?: string;
  /** The signal of the call was raised before the answer was complete. */
  stopped: boolean;
  /** Turns of this conversation of which it is not known yet what is remembered. */
  waiting: number;
}

/** An open memory. Every method raises KeepsakeError, with one of `errorCodes`; a raised signal rejects with its reason. */
export interface OpenKeepsake {
  /** Absolute path of the folder of all files. */
  readonly home: string;
  /** Remembers a statement, a passage or turns of a conversation. Known and contradicted statements are settled. */
  remember(what: string | readonly Message[], options?: RememberOptions): Promise<WithUsage<RememberAnswer>>;
  /** Changes the text or the labels of one memory, which keeps its id and gets a new revision. */
  correct(memoryId: string, change: Correction, options?: CallOptions): Promise<WithUsage<RememberAnswer>>;
  /** Finds what bears on a query, in any language; a phrase of time in it ("last week") counts. */
  recall(query: string, options?: RecallOptions): Promise<WithUsage<Recalled>>;
  /** Lists memories, newest first. */
  list(options?: ListOptions): Promise<WithUsage<Recalled>>;
  /** The standing picture for the start of a conversation: pinned, lasting preferences, insights, newest. */
  profile(options?: ProfileOptions): Promise<WithUsage<Recalled>>;
  /** One memory, whether it would be recalled or not. Raises memory_not_found. */
  get(memoryId: string, options?: CallOptions): Promise<WithUsage<FoundMemory>>;
  /** Forgets memories by their ids at once, anything else once its preview is confirmed. Reversible with `restore`. */
  forget(what: string | readonly string[] | ForgetPreview, options?: ForgetOptions): Promise<WithUsage<ForgetAnswer>>;
  /** Brings a memory back to a revision, also out of forgetting; default the last one. Raises memory_erased. */
  restore(memoryId: string, options?: CallOptions & { revision?: number | undefined }): Promise<WithUsage<RememberAnswer>>;
  /**
   * Removes memories for good, without asking: every revision's text, the words they came from, their vectors. Cannot be
   * undone.
   */
  erase(memoryIds: string | readonly string[], options?: ForgetOptions): Promise<WithUsage<EraseAnswer>>;
  /** What happened to one memory, oldest first, or to all, newest first. */
  history(memoryId?: string, options?: HistoryOptions): Promise<WithUsage<HistoryAnswer>>;
  /** Derives insights from what is new of the user's space and the current project's, or the named one's, now. Needs a model. */
  reflect(options?: CallOptions): Promise<WithUsage<ReflectAnswer>>;
  /** Answers what the user says with the memories that bear on it, and remembers the turn. Needs a model. */
  chat(text: string, options?: ChatOptions): Promise<WithUsage<ChatAnswer>>;
  /**
   * Waits until nothing waits for a model, a due reflection or the vector index in the spaces in use, or until it is told
   * to stop. Its usage is that of the work behind the calls since the last flush.
   */
  flush(options?: FlushOptions): Promise<WithUsage<FlushAnswer>>;
  /**
   * Erases everything of the user's space, or of the named project's, without asking. Cannot be undone: neither `restore`
   * nor `as_of` brings words back. The history keeps that there was something, and when, without its words; exports,
   * backups and other homes are not reached.
   */
  reset(options?: Pick<CallOptions, 'user_id' | 'project' | 'signal'>): Promise<WithUsage<ResetAnswer>>;
  /** What models were asked since the memory was opened, in calls and behind them. */
  usage(): Usage;
  /** Waits for calls under way, ends what goes on behind them, and lets the home go. Further calls are refused. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
