import type { Space } from '../../../core/ports.js';
import { useLanguage, useSurroundings } from '../context.js';
import { useAnswer } from '../use-answer.js';
import { Failure } from './failure.js';
import { MemoryLink } from './memory-link.js';

/** Memories of one recall at most. */
const mostShown = 100;

/** The memories that an insight was derived from. */
export function Sources({ ids, space, level = 2 }: { ids: readonly string[]; space: Space; level?: 2 | 4 }) {
  const { strings, format } = useLanguage();
  const { spaceRequest } = useSurroundings();
  const shown = ids.slice(0, mostShown);
  const { answer, error, reload } = useAnswer('recall', { ...spaceRequest(space), filters: { id: { in: shown } }, limit: mostShown });
  const texts = new Map(answer?.memories.map(({ id, memory }) => [id, memory]));
  const Heading = `h${level}` as const;
  return (
    <section class="sources">
      <Heading>{level === 2 ? strings.memory.sources : strings.insights.from}</Heading>
      {error && <Failure error={error} retry={reload} />}
      <ul>
        {shown.map((id) => (
          <li key={id}>
            <MemoryLink id={id} space={space}>
              {texts.get(id) ?? (answer ? strings.memory.sourceGone : error ? id : strings.loading)}
            </MemoryLink>
          </li>
        ))}
      </ul>
      {ids.length > mostShown && <p class="help">{strings.activity.more(format.number(ids.length - mostShown))}</p>}
    </section>
  );
}
