import type { Space } from '../../core/ports.js';
import type { SessionAnswer, SpaceRequest } from '../api.js';

/** Which memory a page shows: one space, `own` with the current project, or `all` that is open. */
export type Scope = Space | 'own' | 'all';

/** Whose calls they are, as far as the names of spaces depend on it. */
type Caller = Pick<SessionAnswer, 'spaces'> & { user?: string | undefined };

/** Whether a text names a space. */
export const isSpace = (text: string): text is Space => /^(?:user|project):./s.test(text);

/** Reads a scope from an address; a caller who speaks for any user has no memory of its own. */
export function readScope(text: string | null, session: SessionAnswer): Scope {
  if (text !== null && isSpace(text)) return text;
  if (session.user === undefined) return session.spaces[0]?.space ?? 'own';
  return text === 'all' ? 'all' : 'own';
}

/** The name in a space, without whether it is a user's or a project's. */
export const nameOf = (space: Space): string => space.slice(space.indexOf(':') + 1);

/** How a call names one space. */
export function spaceRequest(space: Space, session: Caller): SpaceRequest {
  if (space.startsWith('user:')) return { user_id: nameOf(space) };
  const anyone = session.spaces.find((each) => each.space.startsWith('user:'))?.space;
  // Who speaks for any user has to say for whom, also in a project.
  return { project: nameOf(space), ...(session.user === undefined && anyone ? { user_id: nameOf(anyone) } : {}) };
}

/** How `recall` names a scope. */
export function recallScope(scope: Scope, session: SessionAnswer): SpaceRequest {
  if (scope === 'own') return {};
  return scope === 'all' ? { project: '*' } : spaceRequest(scope, session);
}

/** How the calls that know one space alone name a scope: of several, the caller's own. */
export function singleScope(scope: Scope, session: SessionAnswer): SpaceRequest {
  return scope === 'own' || scope === 'all' ? {} : spaceRequest(scope, session);
}

/** Whether a scope holds more than the one space that pages of one space show of it. */
export const isWider = (scope: Scope, { project }: SessionAnswer): boolean => scope === 'all' || (scope === 'own' && project !== undefined);

/** Whether a space is the caller's own. */
export const isOwn = (space: Space, { user }: Pick<SessionAnswer, 'user'>): boolean => user !== undefined && space === `user:${user}`;

/** The one space that a scope stands for where one alone can be shown: of several, the caller's own. */
export function spaceOf(scope: Scope, { user, spaces }: SessionAnswer): Space {
  if (scope !== 'own' && scope !== 'all') return scope;
  return user === undefined ? (spaces[0]?.space ?? 'user:default') : `user:${user}`;
}
