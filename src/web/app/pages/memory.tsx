import { Icon } from '../components/icon.js';
import { MemoryView } from '../components/memory-view.js';
import { useLanguage } from '../context.js';
import { useWays } from '../route.js';
import { isSpace, spaceOf } from '../scope.js';
import { useSession } from '../session.js';

/** One memory of the space that the address names. */
export function MemoryPage({ id }: { id: string }) {
  const { strings } = useLanguage();
  const { route, to } = useWays();
  const { session, scope } = useSession();
  const named = route.params.get('of') ?? '';
  return (
    <>
      <p class="back">
        <a href={to('memories')}>
          <Icon name="back" />
          {strings.pages.memories}
        </a>
      </p>
      <h1 class="small" tabIndex={-1}>
        {strings.pages.memory}
      </h1>
      <MemoryView id={id} space={isSpace(named) ? named : spaceOf(scope, session)} />
    </>
  );
}
