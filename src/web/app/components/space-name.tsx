import { useLanguage } from '../context.js';
import { isSpace, nameOf } from '../scope.js';

/** A space in words: whose it is, or of which project. */
export function SpaceName({ space }: { space: string }) {
  const { scope } = useLanguage().strings;
  if (!isSpace(space)) return <>{space}</>;
  return <>{space.startsWith('user:') ? scope.user(nameOf(space)) : scope.project(nameOf(space))}</>;
}
