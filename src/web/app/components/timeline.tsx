import type { ComponentChild } from 'preact';
import type { HistoryEvent } from '../../../core/answers.js';
import { useLanguage } from '../context.js';
import { CallId } from './call-id.js';
import { Diff } from './diff.js';
import { Moment } from './moment.js';
import { Said } from './said.js';

interface TimelineProps {
  /** A memory's events, oldest first. */
  events: readonly HistoryEvent[];
  /** The revision that is live, if any is. */
  current: number | undefined;
  /** Offered for every other revision that still has its words, where they are others than the current ones. */
  onRestore?: ((revision: number) => void) | undefined;
}

/** What happened to a memory, newest first: each revision with what changed, and the words, reason and decision behind it. */
export function Timeline({ events, current, onRestore }: TimelineProps) {
  const now = events.find((event) => isRevision(event) && event.revision === current)?.memory;
  return (
    <ol class="timeline">
      {[...events].reverse().map((event) => (
        <li key={event.event_id} class={`timeline-${event.event.toLowerCase()}`}>
          <Entry
            event={event}
            isCurrent={isRevision(event) && event.revision === current}
            onRestore={event.memory === now ? undefined : onRestore}
          />
        </li>
      ))}
    </ol>
  );
}

const isRevision = ({ event }: HistoryEvent) => event === 'ADD' || event === 'UPDATE' || event === 'RESTORE';

function Entry({ event, isCurrent, onRestore }: { event: HistoryEvent; isCurrent: boolean; onRestore: TimelineProps['onRestore'] }) {
  const { strings } = useLanguage();
  const { revision, memory, previous } = event;
  const canReturn = isRevision(event) && !isCurrent && memory ? revision : undefined;
  return (
    <>
      <h3>
        {strings.events[event.event]}
        {isRevision(event) && revision !== undefined && <span class="revision">{strings.memory.revision(revision)}</span>}
        {isCurrent && <span class="badge">{strings.memory.current}</span>}
      </h3>
      <p class="facts">
        <Moment at={event.at} />
      </p>
      {isRevision(event) &&
        memory !== undefined &&
        (previous !== undefined && previous !== memory ? <Diff before={previous} after={memory} /> : <p class="diff">{memory}</p>)}
      {event.event === 'UPDATE' && memory !== undefined && previous === memory && <p class="facts">{strings.memory.wordsStayed}</p>}
      <Origin event={event} />
      {canReturn !== undefined && onRestore && (
        <button type="button" class="button quiet" onClick={() => onRestore(canReturn)}>
          {strings.actions.restoreThis}
          <span class="hidden"> {strings.memory.revision(canReturn)}</span>
        </button>
      )}
    </>
  );
}

/** Where a change came from: the words, who said them, through which client, and why it was decided so. */
function Origin({ event }: { event: HistoryEvent }) {
  const { memory: words } = useLanguage().strings;
  const { source, reason, by, memory, call_id } = event;
  const decider = by && (by.model === 'rules' ? words.rules : by.model);
  const facts: [name: string, value: ComponentChild][] = [
    [words.by, source?.role && (words.role[source.role] ?? source.role)],
    [words.client, source?.client],
    [words.agent, source?.agent_id],
    [words.run, source?.run_id],
    [words.reason, reason && <Said key="reason" words={reason} />],
    [words.decision, by?.decision === undefined ? decider : [decider, ': ', <Said key="decision" words={by.decision} />]],
    [words.call, <CallId key="call" id={call_id} />],
  ];
  const known = facts.filter(([, value]) => value);
  return (
    <>
      {source?.text && source.text !== memory && (
        <figure class="quote">
          <figcaption>{words.words}</figcaption>
          <blockquote>{source.text}</blockquote>
        </figure>
      )}
      {source?.text !== undefined && source.text === memory && <p class="facts">{words.sameWords}</p>}
      {known.length > 0 && (
        <dl class="origin">
          {known.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
