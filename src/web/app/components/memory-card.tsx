import type { ComponentChildren } from 'preact';
import type { RecalledMemory } from '../../../core/answers.js';
import { useLanguage } from '../context.js';
import { Icon } from './icon.js';
import { MemoryLink } from './memory-link.js';
import { Moment } from './moment.js';
import { SpaceName } from './space-name.js';
import { Why } from './why.js';

/** One memory in a list: its words, what kind it is, about whom, when, and by whom; `children` follow below. */
export function MemoryCard({ memory, children }: { memory: RecalledMemory; children?: ComponentChildren }) {
  const { strings, format } = useLanguage();
  const { card } = strings;
  const { id, space, kind, subject, pinned, standing, occurred_at, recurs, expires_at, agent_ids, flags, truncated, why } = memory;
  return (
    <article class="card">
      <h3 class="card-text">
        <MemoryLink id={id} space={space}>
          {memory.memory}
        </MemoryLink>
      </h3>
      <p class="facts">
        {pinned && (
          <span class="badge">
            <Icon name="pin" />
            {card.pinned}
          </span>
        )}
        {kind !== 'observation' && <span class="badge">{strings.kinds[kind]}</span>}
        {standing && <span class="badge">{card.standing}</span>}
        {subject !== undefined && <span>{card.about(subject)}</span>}
        {occurred_at !== undefined && <span>{card.happened(format.occurrence(occurred_at))}</span>}
        {recurs !== undefined && <span>{strings.memory.recurs[recurs]}</span>}
        <Moment at={memory.said_at ?? memory.created_at} as="day" />
        {expires_at !== undefined && <span>{card.expires(format.day(expires_at))}</span>}
        {agent_ids && <span>{card.saidBy(agent_ids.join(', '))}</span>}
        {space.startsWith('project:') && (
          <span>
            <SpaceName space={space} />
          </span>
        )}
      </p>
      {flags && <p class="facts warning">{card.flagged}</p>}
      {truncated && <p class="facts">{card.truncated}</p>}
      {why && <Why why={why} />}
      {children}
    </article>
  );
}
