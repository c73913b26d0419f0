import type { Scope } from '../core/core.js';
import { KeepsakeError } from '../core/errors.js';
import type { Space } from '../core/ports.js';
import { isOpenTo } from '../core/principal.js';
import { projectSpace, userSpace } from '../core/space.js';
import type { ToolContext } from './tool.js';

/** How a call names the space it means. */
interface Named {
  user_id?: string | undefined;
  project?: string | undefined;
}

type Access = 'read' | 'write';

/** The project a call names, "." being the current one. Raises invalid_argument. */
async function namedProject(project: string, context: ToolContext): Promise<Space> {
  if (project !== '.') return projectSpace(project);
  const current = await context.currentProject();
  if (current === undefined)
    throw new KeepsakeError('invalid_argument', 'There is no current project here; give its name as project, or set KEEPSAKE_PROJECT.');
  return projectSpace(current);
}

/** The one space that a call acts on. Raises invalid_argument, and space_refused where it is not open to the caller. */
export async function ownSpace(named: Named, context: ToolContext, access: Access): Promise<Space> {
  const { principal } = context;
  const space = named.project === undefined ? userSpace(named.user_id ?? principal.user) : await namedProject(named.project, context);
  if (isOpenTo(principal, space, access)) return space;
  const isReadOnly = access === 'write' && isOpenTo(principal, space, 'read');
  throw new KeepsakeError(
    'space_refused',
    isReadOnly
      ? `${JSON.stringify(space)} is open to this caller for reading alone; leave out user_id and project to write to its own memory.`
      : `${JSON.stringify(space)} is not open to this caller; leave out user_id and project for its own memory, or have its token granted that space.`,
  );
}

/**
 * The spaces in which a call looks for ids: the named one, else the user's and, as far as it is open, the current
 * project's. Raises invalid_argument and space_refused.
 */
export async function scopeOf(named: Named, context: ToolContext, access: Access): Promise<Scope> {
  const own = await ownSpace(named, context, access);
  const current = named.project === undefined ? await context.currentProject() : undefined;
  if (current === undefined) return [own];
  const space = projectSpace(current);
  return space !== own && isOpenTo(context.principal, space, access) ? [own, space] : [own];
}

/**
 * The spaces that a recall searches: the named one, else the user's, the current project's and those that were granted;
 * "*" adds every other project that is open to the caller. Raises invalid_argument and space_refused.
 */
export async function searchedSpaces(named: Named, context: ToolContext): Promise<Space[]> {
  const { principal, keepsake } = context;
  if (named.project !== undefined && named.project !== '*') return [await ownSpace(named, context, 'read')];
  const scope = await scopeOf({ user_id: named.user_id }, context, 'read');
  const granted = principal.spaces === 'all' ? [] : principal.spaces.map(({ space }) => space).filter((space) => space !== 'project:*');
  const projects =
    named.project === '*'
      ? (await keepsake.spaces()).filter((space) => space.startsWith('project:') && isOpenTo(principal, space, 'read'))
      : [];
  return [...new Set([...scope, ...granted, ...projects])];
}
