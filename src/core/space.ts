import type { Scope } from './core.js';
import { KeepsakeError } from './errors.js';
import type { Space } from './ports.js';

/** Longest name of a user or a project, in code points. */
const longestName = 128;

function checkedName(what: 'user_id' | 'project', value: string): string {
  const name = value.normalize('NFC');
  const length = [...name].length;
  if (length < 1 || length > longestName) {
    throw new KeepsakeError('invalid_argument', `${what} must have 1 to ${longestName} characters, not ${length}.`);
  }
  if (!name.isWellFormed() || /\p{Cc}/u.test(name)) {
    throw new KeepsakeError('invalid_argument', `${what} must not contain control characters or broken Unicode: ${JSON.stringify(value)}.`);
  }
  return name;
}

/**
 * The space of a user: NFC, otherwise exactly as given. Raises invalid_argument unless the name has 1 to 128 code
 * points without control characters and lone surrogates.
 */
export function userSpace(name: string): Space {
  return `user:${checkedName('user_id', name)}`;
}

/**
 * The space of a project, under the same rules as a user's. Raises invalid_argument also for "." and "*", which stand
 * for the current project and for all spaces.
 */
export function projectSpace(name: string): Space {
  if (name === '.' || name === '*') throw new KeepsakeError('invalid_argument', `project needs a name here, not "${name}".`);
  return `project:${checkedName('project', name)}`;
}

/** The space of its full name, such as user:ann; undefined where it is none. */
export function spaceNamed(name: string): Space | undefined {
  const [, kind, rest = ''] = /^(user|project):(.*)$/s.exec(name) ?? [];
  try {
    const space = kind === 'user' ? userSpace(rest) : kind === 'project' ? projectSpace(rest) : undefined;
    return space === name ? space : undefined;
  } catch (error) {
    if (error instanceof KeepsakeError) return undefined;
    throw error;
  }
}

/** The spaces of a user and, if there is one, of a project, by their names. Raises invalid_argument. */
export function ownSpaces(user: string, project: string | undefined): Scope {
  return project === undefined ? [userSpace(user)] : [userSpace(user), projectSpace(project)];
}
