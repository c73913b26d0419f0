import type { Kind, MemoryState } from '../core/events.js';
import type { Space } from '../core/ports.js';

/** A memory of another program, to be kept as it stands. Times are readable, texts are not checked yet. */
export interface ImportedMemory {
  form: 'memory';
  text: string;
  /** Who or what it is about; absent: the user. */
  subject?: string | undefined;
  kind?: Exclude<Kind, 'insight'> | undefined;
  /** When it was said; absent: not known. */
  at?: string | undefined;
  occurred_at?: string | undefined;
  expires_at?: string | undefined;
  pinned?: boolean | undefined;
  metadata?: MemoryState['metadata'];
  agent_id?: string | undefined;
  run_id?: string | undefined;
  /** Whose it was there, where a file holds memories of several users. */
  user?: string | undefined;
  /** Where it was, of a file of our own. */
  space?: Space | undefined;
}

/** One message of a conversation. */
export interface ImportedMessage {
  role: 'user' | 'assistant';
  content: string;
  /** Who speaks, where that is not the user. */
  name?: string | undefined;
  at?: string | undefined;
}

/** A conversation of another program. */
export interface ImportedConversation {
  form: 'conversation';
  /** What that program calls it; its messages get it as their run. */
  id: string;
  title?: string | undefined;
  at?: string | undefined;
  /** At least one, in order. */
  messages: ImportedMessage[];
}

/** A part that nothing is made of, and why. */
export interface LeftOut {
  form: 'left out';
  /** Where it stands, such as "element 3". */
  where: string;
  reason: string;
}

/** Files and pictures of one conversation, of which only the words are imported; `names` says what each is. */
export function leftOutFiles(names: readonly string[], where: string): LeftOut[] {
  return names.map((name) => ({ form: 'left out', where, reason: `${name}: of a conversation only what is said is imported` }));
}

/** What a file holds, in its order. */
export type Item = ImportedMemory | ImportedConversation | LeftOut;
