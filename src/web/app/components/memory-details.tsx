import type { ComponentChild } from 'preact';
import type { RecalledMemory } from '../../../core/answers.js';
import { useLanguage } from '../context.js';
import { Moment } from './moment.js';
import { SpaceName } from './space-name.js';

/** What is known of a memory beside its words. */
export function MemoryDetails({ memory }: { memory: RecalledMemory }) {
  const { strings } = useLanguage();
  const { fields, recurs } = strings.memory;
  const { metadata } = memory;
  const facts: [name: string, value: ComponentChild][] = [
    [fields.kind, strings.kinds[memory.kind]],
    [fields.subject, memory.subject],
    [fields.space, <SpaceName key="space" space={memory.space} />],
    [fields.occurred, memory.occurred_at && <Moment at={memory.occurred_at} as="occurrence" />],
    [fields.recurs, memory.recurs && recurs[memory.recurs]],
    [fields.said, memory.said_at && <Moment at={memory.said_at} />],
    [fields.created, <Moment key="created" at={memory.created_at} />],
    [fields.expires, memory.expires_at && <Moment at={memory.expires_at} />],
    [fields.agents, memory.agent_ids?.join(', ')],
    [fields.runs, memory.run_ids?.join(', ')],
    [fields.entities, memory.entities?.join(', ')],
    [
      fields.metadata,
      metadata &&
        Object.entries(metadata)
          .map(([key, value]) => `${key}: ${value}`)
          .join(', '),
    ],
    [fields.id, <code key="id">{memory.id}</code>],
  ];
  return (
    <section>
      <h2>{strings.memory.details}</h2>
      <dl class="details">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
