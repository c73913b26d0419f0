import type { Scope } from '../core/core.js';
import { KeepsakeError } from '../core/errors.js';
import type { Space } from '../core/ports.js';
import { isOpenTo, type Principal } from '../core/principal.js';
import { projectSpace, userSpace } from '../core/space.js';
import type { ToolContext } from './tool.js';

/** How a call names the space it means. */
interface Named {
  user_id?: string | undefined;
  project?: string | undefined;
}

type Access = 'read' | 'write';

/** A caller, and where it is at work. */
type Caller = Pick<ToolContext, 'principal' | 'currentProject'>;

/** The space of the user that a call names, else of the caller. Raises invalid_argument where neither is known. */
function namedUser({ user_id }: Named, { user }: Principal): Space {
  const name = user_id ?? user;
  if (name !== undefined) return userSpace(name);
  throw new KeepsakeError('invalid_argument', 'The token of this caller speaks for any user; say as user_id whose memory is meant.');
}

/**
 * The user's space that a call comes from: what its confirm tokens and cursors are bound to, whatever space they are
 * about. A caller without a user of its own is the one that it names. Raises invalid_argument.
 */
export function callerSpace(named: Named, { principal }: Caller): Space {
  return principal.user === undefined ? namedUser(named, principal) : userSpace(principal.user);
}

/** The project a call names, "." being the current one. Raises invalid_argument. */
async function namedProject(project: string, { currentProject }: Caller): Promise<Space> {
  if (project !== '.') return projectSpace(project);
  const current = await currentProject();
  if (current === undefined)
    throw new KeepsakeError('invalid_argument', 'There is no current project here; give its name as project, or set KEEPSAKE_PROJECT.');
  return projectSpace(current);
}

/** Raises space_refused where a space is not open to a caller; the words are the same whether it exists or not. */
function requireOpen(principal: Principal, space: Space, access: Access): void {
  if (isOpenTo(principal, space, access)) return;
  const isReadOnly = access === 'write' && isOpenTo(principal, space, 'read');
  throw new KeepsakeError(
    'space_refused',
    isReadOnly
      ? `${JSON.stringify(space)} is open to this caller for reading alone; leave out user_id and project to write to its own memory.`
      : `${JSON.stringify(space)} is not open to this caller; leave out user_id and project for its own memory, or have its token granted that space.`,
  );
}

/** The one space that a call acts on. Raises invalid_argument, and space_refused where it is not open to the caller. */
export async function ownSpace(named: Named, context: Caller, access: Access): Promise<Space> {
  const { principal } = context;
  const user = namedUser(named, principal);
  if (named.project === undefined) {
    requireOpen(principal, user, access);
    return user;
  }
  // In whose name a project's memory is asked for is no more free to say than whose own it is.
  requireOpen(principal, user, 'read');
  const project = await namedProject(named.project, context);
  requireOpen(principal, project, access);
  return project;
}

/**
 * The spaces in which a call looks for ids: the named one, else the user's and, as far as it is open, the current
 * project's. Raises invalid_argument and space_refused.
 */
export async function scopeOf(named: Named, context: Caller, access: Access): Promise<Scope> {
  const own = await ownSpace(named, context, access);
  const current = named.project === undefined ? await context.currentProject() : undefined;
  if (current === undefined) return [own];
  const space = projectSpace(current);
  return space !== own && isOpenTo(context.principal, space, access) ? [own, space] : [own];
}

/**
 * The spaces that a recall searches: the named project's, else the user's, the current project's and, for the caller
 * itself, those that were granted to it; "*" adds every other project that is open to the caller. Raises
 * invalid_argument and space_refused.
 */
export async function searchedSpaces(named: Named, context: Caller & Pick<ToolContext, 'keepsake'>): Promise<Scope> {
  const { principal, keepsake } = context;
  if (named.project !== undefined && named.project !== '*') return [await ownSpace(named, context, 'read')];
  const [own, ...current] = await scopeOf({ user_id: named.user_id }, context, 'read');
  const granted = own === callerSpace(named, context) ? grantedSpaces(principal) : [];
  const projects = named.project === '*' ? await openProjects(principal, keepsake) : [];
  const others = new Set([...current, ...granted, ...projects]);
  others.delete(own);
  return [own, ...others];
}

/**
 * Every space that a caller may read, its own and the current project's first: those with a history, and those that
 * were granted to it by name.
 */
export async function readableSpaces({ principal, currentProject, keepsake }: Caller & Pick<ToolContext, 'keepsake'>): Promise<Space[]> {
  const own = principal.user === undefined ? [] : [userSpace(principal.user)];
  const project = await currentProject();
  const first = [...own, ...(project === undefined ? [] : [projectSpace(project)])];
  // A home may have very many spaces: they are looked through only where more than the named ones may be open.
  const mayBeOpen = principal.anyUser || isOpenTo(principal, 'project:*', 'read');
  const others = [...grantedSpaces(principal), ...(mayBeOpen ? await keepsake.spaces() : [])].sort();
  return [...new Set([...first, ...others])].filter((space) => isOpenTo(principal, space, 'read'));
}

/** The spaces that were granted by name. */
function grantedSpaces({ spaces }: Principal): Space[] {
  return spaces === 'all' ? [] : spaces.map(({ space }) => space).filter((space) => space !== 'project:*');
}

/** The projects with a history that are open to a caller, and those that were granted to it by name. */
async function openProjects(principal: Principal, keepsake: ToolContext['keepsake']): Promise<Space[]> {
  const isProject = (space: Space) => space.startsWith('project:');
  const granted = grantedSpaces(principal).filter(isProject);
  // A home may have very many spaces: they are looked through only where more than the granted ones may be open.
  if (!isOpenTo(principal, 'project:*', 'read')) return granted;
  return [...granted, ...(await keepsake.spaces()).filter(isProject)];
}
