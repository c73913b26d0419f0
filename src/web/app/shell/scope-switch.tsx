import { useId } from 'preact/hooks';
import { useLanguage } from '../context.js';
import { addressOf, type Page, useWays } from '../route.js';
import { isOwn, nameOf } from '../scope.js';
import { useSession } from '../session.js';

/** Pages that are about everything that is open to the caller, whatever is chosen. */
const wholePages: readonly Page[] = ['activity', 'health'];

/** Chooses whose memory is shown: one's own, a project's, another person's, or all. */
export function ScopeSwitch() {
  const { strings } = useLanguage();
  const words = strings.scope;
  const { session, scope } = useSession();
  const { route } = useWays();
  const field = useId();
  const others = session.spaces.filter(({ space }) => !isOwn(space, session));
  const known = [...(session.user === undefined ? [] : ['own', 'all']), ...others.map(({ space }) => space)];

  if (wholePages.includes(route.page)) return <p class="scope help">{words.everything}</p>;

  function choose(chosen: string): void {
    // One memory belongs to one space: from its page a choice leads to the list.
    const page = route.page === 'memory' ? 'memories' : route.page;
    const kept = route.page === 'memory' ? {} : Object.fromEntries(route.params);
    location.hash = addressOf(page, { ...kept, in: chosen === 'own' ? undefined : chosen });
  }

  return (
    <div class="scope">
      <label for={field}>{words.label}</label>
      <select id={field} value={scope} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {session.user !== undefined && (
          <>
            <option value="own">{session.project === undefined ? words.own : words.ownWith(session.project)}</option>
            <option value="all">{words.all}</option>
          </>
        )}
        {others.map(({ space, mayWrite }) => (
          <option key={space} value={space}>
            {space.startsWith('user:') ? words.user(nameOf(space)) : words.project(nameOf(space))}
            {mayWrite ? '' : ` (${words.readOnly})`}
          </option>
        ))}
        {!known.includes(scope) && <option value={scope}>{scope}</option>}
      </select>
    </div>
  );
}
