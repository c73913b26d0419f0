import type { RecalledMemory } from '../../../core/answers.js';
import type { Space } from '../../../core/ports.js';
import { useLanguage, useSurroundings } from '../context.js';
import { type Life, lifeOf, type Standing, standingNow, standingOf } from '../memory-life.js';
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
  life: Life;
  /** Undefined where only the end of its life would tell. */
  standing: Standing | undefined;
}

/** One memory: its words, what can be done with it, what is known of it, and all that happened to it. */
export function MemoryView({ id, space }: { id: string; space: Space }) {
  const { api, spaceRequest, announce, permissions } = useSurroundings();
  const { strings, format } = useLanguage();
  const request = spaceRequest(space);
  const restoring = useAction();
  const { answer, error, isLoading, reload } = useLoaded<Known>(`${space} ${id}`, async (signal) => {
    const [life, recalled] = await Promise.all([
      lifeOf(api, { id, space: request }, signal),
      api.call('recall', { ...request, filters: { id }, limit: 1 }, signal),
    ]);
    const [memory] = recalled.memories;
    return { memory, life, standing: life.isWhole ? standingOf(life.events) : standingNow(memory) };
  });
  if (error) return <Failure error={error} retry={reload} />;
  if (!answer) return <Placeholder />;
  const { memory, life, standing } = answer;
  const { status, revision, text = memory?.memory ?? '' } = standing ?? {};
  const isGone = status === 'forgotten' || status === 'erased';
  const note = isGone ? strings.memory[status] : status === 'live' && !memory ? strings.memory.expired : undefined;

  const restore = (wanted: number) =>
    restoring.run(async () => {
      const { results } = await api.call('remember', { ...request, memory_id: id, revision: wanted });
      const isBack = results.some((result) => result.event === 'RESTORE');
      announce(isBack ? strings.actions.restoredNow : strings.actions.notRestored, { shown: true });
      reload();
    });

  return (
    <div class="memory" aria-busy={isLoading}>
      {text !== '' && <p class={`memory-words ${isGone ? 'gone' : ''}`}>{text}</p>}
      {note !== undefined && <p class="note">{note}</p>}
      {memory?.flags && <p class="note warning">{strings.card.flagged}</p>}
      {standing && (
        <MemoryActions id={id} space={space} standing={standing} pinned={memory?.pinned ?? false} onChange={reload} onRestore={restore} />
      )}
      {restoring.error && <Failure error={restoring.error} />}
      {memory && <MemoryDetails memory={memory} />}
      {memory?.sources && <Sources ids={memory.sources} space={space} />}
      <section>
        <h2>{strings.memory.timeline}</h2>
        {!life.isWhole && <p class="note">{strings.memory.longLife(format.number(life.events.length))}</p>}
        <Timeline
          events={life.events}
          current={status === 'live' ? revision : undefined}
          onRestore={permissions.mayChange(space) && status !== 'erased' ? restore : undefined}
        />
      </section>
    </div>
  );
}
