import type { z } from 'zod';
import type { Keepsake } from '../core/keepsake.js';
import type { Principal, Right } from '../core/principal.js';

/** What came of a question: `unanswered` where the client could not put it, or its user said neither. */
export type Reply = 'accepted' | 'declined' | 'unanswered';

/** Questions to the client's user. A revision of the protocol may repeat the call with the reply instead of waiting for it. */
export interface Confirmation {
  /** Puts a question whose consequence `token` names. Does not return where the call will be repeated. */
  ask(question: string, token: string): Promise<Reply>;
  /** What was replied to the question of an earlier try of this call. Comes from the client: the token proves itself. */
  replied?: { token: string; reply: Reply } | undefined;
}

/** What a tool works with in one call. */
export interface ToolContext {
  keepsake: Keepsake;
  principal: Principal;
  /** Name of the current project, if there is one. */
  currentProject: () => Promise<string | undefined>;
  callId: string;
  client?: string | undefined;
  /** Whether a person looks through the memories, rather than an assistant recalling them. */
  looking?: boolean | undefined;
  /** Raised when the call is cancelled, or after the tool's time limit; a reply of the user begins it anew. */
  signal: AbortSignal;
  /** Tells how much of the work is done; absent where nobody wants to know. */
  progress?: ((done: number, total: number) => void) | undefined;
  /** Absent where the client's user cannot be asked. */
  confirmation?: Confirmation | undefined;
}

/** The answer of a tool: the same facts as data and as compact text. */
export interface ToolAnswer {
  structured: Record<string, unknown>;
  text: string;
}

/** One tool of the server; `input` and `output` are published, arguments are checked before `run` sees them. */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  description: string;
  /** What the caller must be allowed to do. */
  right: Right;
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean };
  input: Input;
  output: z.ZodObject;
  /** Milliseconds after which the signal of a call is raised. */
  timeLimit: number;
  /** URI of the page that shows its answers where a client has a place for pages. */
  view?: string;
  run(given: z.infer<Input>, context: ToolContext): Promise<ToolAnswer>;
}

/** The same tool for a table of tools with different inputs. */
export function asTool<Input extends z.ZodObject>(tool: Tool<Input>): Tool {
  return tool as unknown as Tool;
}
