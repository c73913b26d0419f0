import { useEffect, useId } from 'preact/hooks';
import { Empty } from '../components/empty.js';
import { Degraded } from '../components/failure.js';
import { MemoryCard } from '../components/memory-card.js';
import { PagedList } from '../components/paged-list.js';
import { useLanguage, useSurroundings } from '../context.js';
import { useWays } from '../route.js';
import { recallScope } from '../scope.js';
import { useSession } from '../session.js';
import { useDraft } from '../use-draft.js';
import { usePages } from '../use-pages.js';
import { Start } from './start.js';

/** Looks for memories, and says how each came to its place. Without a question: what leads and what is new. */
export function SearchPage() {
  const { strings, format } = useLanguage();
  const { search } = strings;
  const { route } = useWays();
  const query = route.params.get('q') ?? '';
  const asOf = route.params.get('as_of') ?? undefined;
  return (
    <>
      <h1 tabIndex={-1}>{search.title}</h1>
      <SearchForm query={query} asOf={asOf} />
      {asOf !== undefined && <p class="note">{search.asOfNow(format.occurrence(asOf))}</p>}
      {query === '' ? <Start asOf={asOf} /> : <Results query={query} asOf={asOf} />}
    </>
  );
}

interface Asked {
  query: string;
  /** A day such as 2026-03-09. */
  asOf: string | undefined;
}

function SearchForm({ query, asOf }: Asked) {
  const { search } = useLanguage().strings;
  const { change } = useWays();
  const [draft, setDraft] = useDraft(query);
  const [chosenDay, setChosenDay] = useDraft(asOf ?? '');
  const [field, day, help] = [useId(), useId(), useId()];
  return (
    <search>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          change({ q: draft.trim() });
        }}
      >
        <div class="search-row">
          <label class="hidden" for={field}>
            {search.label}
          </label>
          <input
            id={field}
            type="search"
            enterKeyHint="search"
            maxLength={4000}
            placeholder={search.placeholder}
            value={draft}
            onInput={({ currentTarget }) => setDraft(currentTarget.value)}
          />
          <button type="submit" class="button strong">
            {search.go}
          </button>
        </div>
        <div class="as-of">
          <label for={day}>{search.asOf}</label>
          <input
            id={day}
            type="date"
            value={chosenDay}
            aria-describedby={help}
            onInput={({ currentTarget }) => setChosenDay(currentTarget.value)}
            onChange={({ currentTarget }) => change({ q: draft.trim(), as_of: currentTarget.value })}
          />
          <span class="help" id={help}>
            {search.asOfHint}
          </span>
        </div>
      </form>
    </search>
  );
}

function Results({ query, asOf }: Asked) {
  const { strings, format } = useLanguage();
  const { search } = strings;
  const { announce } = useSurroundings();
  const { session, scope } = useSession();
  const { to } = useWays();
  const pages = usePages('recall', { ...recallScope(scope, session), query, as_of: asOf, explain: true, limit: 10 });
  const [first] = pages.pages;
  const total = first?.total ?? first?.memories.length ?? 0;
  const count = first && strings.counted.found(total, format.number(total));
  useEffect(() => {
    if (count !== undefined) announce(count);
  }, [count, announce]);
  return (
    <section>
      <h2 class="hidden">{search.results}</h2>
      <p class="count">{total > 0 ? count : ' '}</p>
      <Degraded notes={first?.degraded} />
      <PagedList
        pages={pages}
        items={pages.pages.flatMap(({ memories }) => memories)}
        keyOf={({ id }) => id}
        render={(memory) => <MemoryCard memory={memory} />}
        empty={
          <Empty title={search.nothing(query)} help={search.nothingHelp}>
            <p>
              <a href={to('memories')}>{search.toList}</a> · <a href={to('memories', { show: 'forgotten' })}>{search.toForgotten}</a>
            </p>
          </Empty>
        }
      />
    </section>
  );
}
