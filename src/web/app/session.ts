import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Space } from '../../core/ports.js';
import type { SessionAnswer } from '../api.js';
import type { Permissions } from './context.js';
import { isOwn, type Scope } from './scope.js';

/** Who is looking, and which memory they have chosen. */
export interface Session {
  session: SessionAnswer;
  scope: Scope;
}

/** Who is looking, and which memory they have chosen. */
export const SessionContext = createContext<Session | undefined>(undefined);

/** Who is looking, and which memory they have chosen. Raises an Error where nobody is known. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('SessionContext is not given');
  return session;
}

/** What a session's caller may do. */
export function permissionsOf(session: SessionAnswer): Permissions {
  const mayWrite = (space: Space) => session.spaces.find((each) => each.space === space)?.mayWrite ?? isOwn(space, session);
  return {
    mayChange: (space) => session.rights.includes('memory:write') && mayWrite(space),
    mayForget: (space) => session.rights.includes('memory:delete') && mayWrite(space),
  };
}
