import type { Space } from '../../../core/ports.js';
import { Empty } from '../components/empty.js';
import { MemoryLink } from '../components/memory-link.js';
import { PagedList } from '../components/paged-list.js';
import { Said } from '../components/said.js';
import { useLanguage } from '../context.js';
import type { Chosen } from '../list-filters.js';
import { forgottenIn } from '../memory-life.js';
import { isWider, singleScope, spaceOf } from '../scope.js';
import { useSession } from '../session.js';
import { usePages } from '../use-pages.js';

/** What was forgotten and has not come back, latest first. */
export function Forgotten({ chosen }: { chosen: Chosen }) {
  const { strings, format } = useLanguage();
  const { list } = strings;
  const { session, scope } = useSession();
  const { words, since, until, agent } = chosen;
  const narrowed = { query: words, since, until, agent_id: agent };
  const pages = usePages('memory_history', {
    ...singleScope(scope, session),
    ...narrowed,
    events: ['DELETE', 'RESTORE', 'ERASE'],
    limit: 50,
  });
  const space: Space = spaceOf(scope, session);
  return (
    <>
      {isWider(scope, session) && <p class="note">{strings.scope.oneOnly}</p>}
      <PagedList
        pages={pages}
        items={forgottenIn(pages.pages.flatMap(({ events }) => events))}
        keyOf={({ event_id }) => event_id}
        render={({ memory_id = '', memory, at, reason, source }) => (
          <article class="card gone">
            <h3 class="card-text">
              <MemoryLink id={memory_id} space={space}>
                {memory || strings.card.noText}
              </MemoryLink>
            </h3>
            <p class="facts">
              <span>{list.forgottenOn(format.instant(at))}</span>
              {source?.client && <span>{source.client}</span>}
              {reason !== undefined && <Said words={reason} />}
            </p>
          </article>
        )}
        empty={<Empty title={list.nothingForgotten} help={list.nothingForgottenHelp} />}
      />
    </>
  );
}
