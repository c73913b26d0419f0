import type { Space } from './ports.js';
import { userSpace } from './space.js';

/** What a caller may be allowed to do with the memories that are open to it. */
export const rights = ['memory:read', 'memory:write', 'memory:delete'] as const;
/** One of the rights; they are the scopes of a token. */
export type Right = (typeof rights)[number];

/** A space that is open to a caller besides its own; `project:*` stands for every project. */
export interface Grant {
  space: Space;
  write: boolean;
}

/** Who makes a call, and what is open to it. */
export interface Principal {
  /** Names it in limits, sessions and logs. No secret. */
  id: string;
  /** Whose memory a call means that names no user. */
  user: string;
  /** Whether it speaks for any user: each call then names its own. */
  anyUser: boolean;
  rights: ReadonlySet<Right>;
  /** Besides its own; `all`: every space of the home, as on one's own machine. */
  spaces: 'all' | readonly Grant[];
}

/** Whoever runs Keepsake on their own machine: everything of the home is open to them. */
export function ownerOf(user: string): Principal {
  return { id: 'owner', user, anyUser: true, rights: new Set(rights), spaces: 'all' };
}

/** Whether a space is open to a caller. Raises nothing. */
export function isOpenTo(principal: Principal, space: Space, access: 'read' | 'write'): boolean {
  const { user, anyUser, spaces } = principal;
  if (spaces === 'all' || space === userSpace(user) || (anyUser && space.startsWith('user:'))) return true;
  return spaces.some((grant) => (grant.space === space || isEveryProject(grant, space)) && (access === 'read' || grant.write));
}

const isEveryProject = (grant: Grant, space: Space) => grant.space === 'project:*' && space.startsWith('project:');
