import { Failure } from '../components/failure.js';
import { MemoryCard } from '../components/memory-card.js';
import { Newcomer } from '../components/newcomer.js';
import { Placeholder } from '../components/placeholder.js';
import { useLanguage } from '../context.js';
import { useWays } from '../route.js';
import { recallScope } from '../scope.js';
import { useSession } from '../session.js';
import { useAnswer } from '../use-answer.js';

/** What is seen before a question is asked: what is pinned, and the latest. */
export function Start({ asOf }: { asOf: string | undefined }) {
  const { search } = useLanguage().strings;
  const { session, scope } = useSession();
  const { to } = useWays();
  const common = { ...recallScope(scope, session), as_of: asOf };
  const pinned = useAnswer('recall', { ...common, filters: { pinned: true }, limit: 5 });
  const latest = useAnswer('recall', { ...common, limit: 8 });
  const failed = [pinned, latest].find(({ error }) => error);
  if (failed?.error) return <Failure error={failed.error} retry={failed.reload} />;
  if (!pinned.answer || !latest.answer) return <Placeholder />;
  if (latest.answer.memories.length === 0) return <Newcomer />;
  const leading = new Set(pinned.answer.memories.map(({ id }) => id));
  const parts = [
    { title: search.pinned, memories: pinned.answer.memories },
    { title: search.latest, memories: latest.answer.memories.filter(({ id }) => !leading.has(id)) },
  ];
  return (
    <>
      {parts.map(
        ({ title, memories }) =>
          memories.length > 0 && (
            <section key={title}>
              <h2>{title}</h2>
              <ol class="list">
                {memories.map((memory) => (
                  <li key={memory.id}>
                    <MemoryCard memory={memory} />
                  </li>
                ))}
              </ol>
            </section>
          ),
      )}
      <p>
        <a href={to('memories', { as_of: asOf })}>{search.all}</a>
      </p>
    </>
  );
}
