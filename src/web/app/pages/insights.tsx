import type { Space } from '../../../core/ports.js';
import { Empty } from '../components/empty.js';
import { MemoryCard } from '../components/memory-card.js';
import { PagedList } from '../components/paged-list.js';
import { Sources } from '../components/sources.js';
import { useLanguage } from '../context.js';
import { recallScope } from '../scope.js';
import { useSession } from '../session.js';
import { usePages } from '../use-pages.js';

/** What reflection has derived, each with the memories that it stands on. */
export function InsightsPage() {
  const { insights } = useLanguage().strings;
  const { session, scope } = useSession();
  const pages = usePages('recall', { ...recallScope(scope, session), filters: { kind: 'insight' }, limit: 10 });
  return (
    <>
      <h1 tabIndex={-1}>{insights.title}</h1>
      <p class="lead">{insights.lead}</p>
      <h2 class="hidden">{insights.title}</h2>
      <PagedList
        pages={pages}
        items={pages.pages.flatMap(({ memories }) => memories)}
        keyOf={({ id }) => id}
        render={(memory) => (
          <MemoryCard memory={memory}>
            {memory.sources && <Sources ids={memory.sources} space={memory.space as Space} level={4} />}
          </MemoryCard>
        )}
        empty={<Empty title={insights.nothing} help={insights.nothingHelp} />}
      />
    </>
  );
}
