import type { HistoryEvent, RecalledMemory } from '../../../core/answers.js';
import type { Space } from '../../../core/ports.js';
import { useLanguage, useSurroundings } from '../context.js';
import { lifeOf, type Standing, standingOf } from '../memory-life.js';
import { useLoaded } from '../use-answer.js';
import { Failure } from './failure.js';
import { MemoryActions } from './memory-actions.js';
import { MemoryDetails } from './memory-details.js';
import { Placeholder } from './placeholder.js';
import { Sources } from './sources.js';
import { Timeline } from './timeline.js';
import { useAction } from './use-action.js';

interface Known {
  /** As recall gives it; undefined for what is forgotten, erased or expired. */
  memory: RecalledMemory | undefined;
  events: HistoryEvent[];
  standing: Standing;
}

/** One memory: its words, what can be done with it, what is known of it, and all that happened to it. */
export function MemoryView({ id, space }: { id: string; space: Space }) {
  const { api, spaceRequest, announce, permissions } = useSurroundings();
  const { strings } = useLanguage();
  const request = spaceRequest(space);
  const restoring = useAction();
  const { answer, error, isLoading, reload } = useLoaded<Known>(`${space} ${id}`, async (signal) => {
    const [events, recalled] = await Promise.all([
      lifeOf(api, { id, space: request }, signal),
      api.call('recall', { ...request, filters: { id }, limit: 1 }, signal),
    ]);
    return { events, memory: recalled.memories[0], standing: standingOf(events) };
  });
  if (error) return <Failure error={error} retry={reload} />;
  if (!answer) return <Placeholder />;
  const { memory, events, standing } = answer;
  const { status, revision } = standing;
  const note = status === 'live' ? (memory ? undefined : strings.memory.expired) : strings.memory[status];

  const restore = (wanted: number) =>
    restoring.run(async () => {
      const { results } = await api.call('remember', { ...request, memory_id: id, revision: wanted });
      const isBack = results.some((result) => result.event === 'RESTORE');
      announce(isBack ? strings.actions.restoredNow : strings.actions.notRestored, { shown: true });
      reload();
    });

  return (
    <div class="memory" aria-busy={isLoading}>
      {standing.text !== '' && <p class={`memory-words ${status === 'live' ? '' : 'gone'}`}>{standing.text}</p>}
      {note !== undefined && <p class="note">{note}</p>}
      {memory?.flags && <p class="note warning">{strings.card.flagged}</p>}
      <MemoryActions id={id} space={space} standing={standing} pinned={memory?.pinned ?? false} onChange={reload} onRestore={restore} />
      {restoring.error && <Failure error={restoring.error} />}
      {memory && <MemoryDetails memory={memory} />}
      {memory?.sources && <Sources ids={memory.sources} space={space} />}
      <section>
        <h2>{strings.memory.timeline}</h2>
        <Timeline
          events={events}
          current={status === 'live' ? revision : undefined}
          onRestore={permissions.mayChange(space) && status !== 'erased' ? restore : undefined}
        />
      </section>
    </div>
  );
}
