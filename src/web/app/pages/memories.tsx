import { useEffect } from 'preact/hooks';
import { Empty } from '../components/empty.js';
import { Degraded } from '../components/failure.js';
import { MemoryCard } from '../components/memory-card.js';
import { Newcomer } from '../components/newcomer.js';
import { PagedList } from '../components/paged-list.js';
import { useLanguage, useSurroundings } from '../context.js';
import { type Chosen, filtersOf, isNarrowed, readChosen } from '../list-filters.js';
import { useWays } from '../route.js';
import { recallScope } from '../scope.js';
import { useSession } from '../session.js';
import { usePages } from '../use-pages.js';
import { Filters } from './filters.js';
import { Forgotten } from './forgotten.js';

/** All memories, newest first, narrowed by what is chosen; or those that were forgotten. */
export function MemoriesPage() {
  const { strings, format } = useLanguage();
  const chosen = readChosen(useWays().route.params);
  return (
    <>
      <h1 tabIndex={-1}>{strings.list.title}</h1>
      <Filters chosen={chosen} />
      {chosen.as_of !== undefined && <p class="note">{strings.search.asOfNow(format.occurrence(chosen.as_of))}</p>}
      {chosen.show === 'forgotten' ? <Forgotten chosen={chosen} /> : <Held chosen={chosen} />}
    </>
  );
}

function Held({ chosen }: { chosen: Chosen }) {
  const { strings, format } = useLanguage();
  const { announce } = useSurroundings();
  const { session, scope } = useSession();
  const { since, until, as_of, agent } = chosen;
  const narrowed = { filters: filtersOf(chosen), since, until, as_of, agent_id: agent };
  const pages = usePages('recall', { ...recallScope(scope, session), ...narrowed, limit: 25 });
  const [first] = pages.pages;
  const total = first?.total;
  const count = total === undefined ? undefined : strings.counted.memories(total, format.number(total));
  useEffect(() => {
    if (count !== undefined) announce(count);
  }, [count, announce]);
  const nothing = isNarrowed(chosen) ? <Empty title={strings.list.nothing} help={strings.list.nothingHelp} /> : <Newcomer />;
  return (
    <>
      <p class="count">{total ? count : ' '}</p>
      <Degraded notes={first?.degraded} />
      <PagedList
        pages={pages}
        items={pages.pages.flatMap(({ memories }) => memories)}
        keyOf={({ id }) => id}
        render={(memory) => <MemoryCard memory={memory} />}
        empty={nothing}
      />
    </>
  );
}
