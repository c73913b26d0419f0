import type { z } from 'zod';
import type { Scope } from '../core/core.js';
import { KeepsakeError } from '../core/errors.js';
import type { Keepsake } from '../core/keepsake.js';
import type { Space } from '../core/ports.js';
import { projectSpace, userSpace } from '../core/space.js';

/** What a tool works with in one call. */
export interface ToolContext {
  keepsake: Keepsake;
  /** The user that a call means when it names none. */
  user: string;
  /** Name of the current project, if there is one. */
  currentProject: () => Promise<string | undefined>;
  callId: string;
  client?: string | undefined;
  signal: AbortSignal;
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
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean };
  input: Input;
  output: z.ZodObject;
  /** Milliseconds after which the signal of a call is raised. */
  timeLimit: number;
  run(given: z.infer<Input>, context: ToolContext): Promise<ToolAnswer>;
}

/** The same tool for a table of tools with different inputs. */
export function asTool<Input extends z.ZodObject>(tool: Tool<Input>): Tool {
  return tool as unknown as Tool;
}

interface Named {
  user_id?: string | undefined;
  project?: string | undefined;
}

/** The project a call names, "." being the current one. Raises invalid_argument. */
async function namedProject(project: string, context: ToolContext): Promise<Space> {
  if (project !== '.') return projectSpace(project);
  const current = await context.currentProject();
  if (current === undefined)
    throw new KeepsakeError('invalid_argument', 'There is no current project here; give its name as project, or set KEEPSAKE_PROJECT.');
  return projectSpace(current);
}

/** The one space that a call writes to. Raises invalid_argument. */
export async function ownSpace(named: Named, context: ToolContext): Promise<Space> {
  return named.project === undefined ? userSpace(named.user_id ?? context.user) : namedProject(named.project, context);
}

/** The spaces in which a call looks for ids: the named one, else the user's and the current project's. Raises invalid_argument. */
export async function scopeOf(named: Named, context: ToolContext): Promise<Scope> {
  const own = await ownSpace(named, context);
  const current = named.project === undefined ? await context.currentProject() : undefined;
  return current === undefined ? [own] : [own, projectSpace(current)];
}

/** The spaces that a recall searches; "*" adds every project. Raises invalid_argument. */
export async function searchedSpaces(named: Named, context: ToolContext): Promise<Space[]> {
  if (named.project !== '*') return [...(await scopeOf(named, context))];
  const projects = (await context.keepsake.spaces()).filter((space) => space.startsWith('project:'));
  return [...new Set([...(await scopeOf({ user_id: named.user_id }, context)), ...projects])];
}
