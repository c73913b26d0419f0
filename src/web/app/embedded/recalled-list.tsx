import { useEffect, useRef } from 'preact/hooks';
import type { RecallRequest } from '../api.js';
import { Empty } from '../components/empty.js';
import { Degraded } from '../components/failure.js';
import { MemoryCard } from '../components/memory-card.js';
import { PagedList } from '../components/paged-list.js';
import { useLanguage } from '../context.js';
import { usePages } from '../use-pages.js';

/** The memories that recall found, page by page; asked for again once they are seen after `changes` of them. */
export function RecalledList({ request, changes }: { request: RecallRequest; changes: number }) {
  const { strings, format } = useLanguage();
  const pages = usePages('recall', request);
  const seen = useRef(0);
  const { reload } = pages;
  useEffect(() => {
    if (changes <= seen.current) return;
    seen.current = changes;
    reload();
  }, [changes, reload]);

  const items = pages.pages.flatMap(({ memories }) => memories);
  const [first] = pages.pages;
  const total = first?.total ?? items.length;
  const { query } = request;
  return (
    <>
      <h2 class="found">
        {query === undefined ? strings.counted.memories(total, format.number(total)) : strings.counted.found(total, format.number(total))}
        {query !== undefined && <q>{query}</q>}
      </h2>
      <Degraded notes={first?.degraded} />
      <PagedList
        pages={pages}
        items={items}
        keyOf={({ id }) => id}
        render={(memory) => <MemoryCard memory={memory} />}
        empty={
          query === undefined ? (
            <Empty title={strings.newcomer.title} help={strings.newcomer.lead} />
          ) : (
            <Empty title={strings.search.nothing(query)} help={strings.search.nothingHelp} />
          )
        }
      />
    </>
  );
}
