import type { Space } from './ports.js';
import { userSpace } from './space.js';

/** What a caller may be allowed to do: with the memories that are open to it, and to see how the server fares. */
export const rights = ['memory:read', 'memory:write', 'memory:delete', 'metrics:read'] as const;
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
  /** Whose memory a call means that names no user. Absent: each call has to name one. */
  user?: string | undefined;
  /** Whether it speaks for any user. */
  anyUser: boolean;
  rights: ReadonlySet<Right>;
  /** Besides its own; `all`: every space of the home, as on one's own machine. */
  spaces: 'all' | readonly Grant[];
  /** Live memories that a space may hold for this caller to add more; absent: any number. */
  quota?: number | undefined;
}

/** Whoever runs Keepsake on their own machine: everything of the home is open to them. */
export function ownerOf(user: string): Principal {
  return { id: 'owner', user, anyUser: true, rights: new Set(rights), spaces: 'all' };
}

/** Whether a space is open to a caller. Raises nothing. */
export function isOpenTo(principal: Principal, space: Space, access: 'read' | 'write'): boolean {
  const { user, anyUser, spaces } = principal;
  const isOwn = user !== undefined && space === userSpace(user);
  if (spaces === 'all' || isOwn || (anyUser && space.startsWith('user:'))) return true;
  return spaces.some((grant) => (grant.space === space || isEveryProject(grant, space)) && (access === 'read' || grant.write));
}

const isEveryProject = (grant: Grant, space: Space) => grant.space === 'project:*' && space.startsWith('project:');
