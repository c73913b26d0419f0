import type { Item } from './item.js';
import { isFields, labelOf, listOf, metadataOf, textOf } from './values.js';

/** The entity under which that server's own prompt has the user remembered. */
const user = 'default_user';

/**
 * What one record of the official memory server's file becomes: each observation of an entity a memory about it, each
 * relation a sentence. Undefined for anything else.
 */
export function fromServerMemory(record: unknown, where: string): Item[] | undefined {
  if (!isFields(record)) return undefined;
  if (record.type === 'relation' || 'relationType' in record) {
    const [from, to, relation] = [labelOf(record.from), labelOf(record.to), labelOf(record.relationType)];
    if (from === undefined || to === undefined || relation === undefined)
      return [{ form: 'left out', where, reason: 'a relation without from, to or relationType' }];
    const text = `${spoken(from)} ${spoken(relation)} ${spoken(to)}`;
    return [{ form: 'memory', text, ...subjectOf(from), metadata: { relation } }];
  }
  if (record.type !== 'entity' && !('entityType' in record)) return undefined;
  const name = labelOf(record.name);
  if (name === undefined) return [{ form: 'left out', where, reason: 'an entity without a name' }];
  const metadata = metadataOf({ entity_type: record.entityType });
  const observations = listOf(record.observations).flatMap((each) => textOf(each) ?? []);
  // Of an entity of which nothing is said its type is all that is known.
  const texts = observations.length > 0 || name === user ? observations : [`${spoken(name)}: ${labelOf(record.entityType) ?? 'an entity'}`];
  return texts.map((text): Item => ({ form: 'memory', text, ...subjectOf(name), ...(metadata && { metadata }) }));
}

/** Names there are often written with underscores. */
function spoken(name: string): string {
  return name === user ? 'the user' : name.replaceAll('_', ' ');
}

function subjectOf(name: string): { subject?: string } {
  return name === user ? {} : { subject: spoken(name) };
}
