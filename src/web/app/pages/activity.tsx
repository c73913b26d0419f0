import { useId, useState } from 'preact/hooks';
import type { ActivityEntry } from '../../api.js';
import { byCall, keyOfCall } from '../calls.js';
import { CallId } from '../components/call-id.js';
import { Empty } from '../components/empty.js';
import { MemoryLink } from '../components/memory-link.js';
import { Moment } from '../components/moment.js';
import { PagedList } from '../components/paged-list.js';
import { SpaceName } from '../components/space-name.js';
import { useLanguage } from '../context.js';
import { usePages } from '../use-pages.js';

/** Which client read or wrote what, newest first; what looking at these pages reads is left out unless wanted. */
export function ActivityPage() {
  const { activity } = useLanguage().strings;
  const [withOwn, setWithOwn] = useState(false);
  const field = useId();
  const pages = usePages('activity', { limit: 50, looking: withOwn });
  return (
    <>
      <h1 tabIndex={-1}>{activity.title}</h1>
      <p class="lead">{activity.lead}</p>
      <p class="help">
        {activity.undo} <code>npx -y keepsake-mcp undo ID</code>
      </p>
      <p class="field check">
        <input id={field} type="checkbox" checked={withOwn} onChange={({ currentTarget }) => setWithOwn(currentTarget.checked)} />
        <label for={field}>{activity.ownReads}</label>
      </p>
      <h2 class="hidden">{activity.title}</h2>
      <PagedList
        pages={pages}
        items={byCall(pages.pages.flatMap(({ entries }) => entries))}
        keyOf={keyOfCall}
        render={(entry) => <Entry entry={entry} />}
        empty={<Empty title={activity.nothing} help={activity.nothingHelp} />}
      />
    </>
  );
}

/** Memories of an entry that are shown at once. */
const mostShown = 4;

function Entry({ entry }: { entry: ActivityEntry }) {
  const { at, call_id, space, client, agent_id, did, imported, undoes, memories, count } = entry;
  const { strings, format } = useLanguage();
  const { activity, events, card } = strings;
  const rest = memories.slice(mostShown);
  return (
    <article class={`card entry ${did === 'read' ? 'entry-read' : 'entry-change'}`}>
      <h3>
        {did === 'read' ? activity.read : events[did]}
        <span class="revision">{activity.hasCount(count, format.number(count))}</span>
        {imported && <span class="badge">{activity.imported}</span>}
        {undoes !== undefined && <span class="badge">{activity.undone}</span>}
      </h3>
      <p class="facts">
        <Moment at={at} />
        <span>{client ?? activity.unknownClient}</span>
        {agent_id !== undefined && <span>{card.saidBy(agent_id)}</span>}
        <span>
          <SpaceName space={space} />
        </span>
        {did !== 'read' && (
          <span>
            {activity.call} <CallId id={call_id} />
          </span>
        )}
        {undoes !== undefined && (
          <span>
            {activity.undoes} <CallId id={undoes} />
          </span>
        )}
      </p>
      <EntryMemories memories={memories.slice(0, mostShown)} space={space} />
      {rest.length > 0 && (
        <details>
          <summary class="facts">{activity.more(format.number(count - mostShown))}</summary>
          <EntryMemories memories={rest} space={space} />
          {count > memories.length && <p class="facts">{activity.more(format.number(count - memories.length))}</p>}
        </details>
      )}
    </article>
  );
}

function EntryMemories({ memories, space }: Pick<ActivityEntry, 'memories' | 'space'>) {
  const { card } = useLanguage().strings;
  return (
    <ul class="entry-memories">
      {memories.map(({ id, memory }) => (
        <li key={id}>
          <MemoryLink id={id} space={space}>
            {memory ?? card.noText}
          </MemoryLink>
        </li>
      ))}
    </ul>
  );
}
