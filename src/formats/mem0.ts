import type { ImportedMemory, Item } from './item.js';
import type { JsonElement } from './json-elements.js';
import { spanTextOf, timeOf } from './times.js';
import { type Fields, isFields, labelOf, listOf, metadataOf, textOf } from './values.js';

/** Lists of a file in which its memories stand: those of the library and the platform, and of an OpenMemory database. */
const lists = new Set(['results', 'memories', 'items', 'data']);

/**
 * Reads what the library, the platform and OpenMemory write of their memories, element by element: what a dump says of
 * users, apps and categories stands before the memories that name them.
 */
export function createMem0Reader(): (element: JsonElement, where: string) => Item[] {
  const names = { apps: new Map<string, string>(), categories: new Map<string, string>() };
  return ({ key, value }, where) => {
    if (key === 'apps' || key === 'categories') {
      const [id, name] = isFields(value) ? [textOf(value.id), labelOf(value.name)] : [];
      if (id !== undefined && name !== undefined) names[key].set(id, name);
      return [];
    }
    if (key === 'relations') return relationIn(value, where);
    if (key !== undefined && !lists.has(key)) return [];
    if (!isFields(value)) return [{ form: 'left out', where, reason: 'no object' }];
    return memoryIn(value, { where, names });
  };
}

type Names = Record<'apps' | 'categories', Map<string, string>>;

function memoryIn(value: Fields, { where, names }: { where: string; names: Names }): Item[] {
  const text = textOf(value.memory) ?? textOf(value.content) ?? textOf(value.text) ?? textOf(value.data);
  if (text === undefined) return [{ form: 'left out', where, reason: 'it has no text under memory, content or text' }];
  const state = labelOf(value.state);
  if (state === 'deleted' || state === 'archived') return [{ form: 'left out', where, reason: `it was ${state} there` }];
  const categories = [
    ...listOf(value.categories).flatMap((each) => labelOf(isFields(each) ? each.name : each) ?? []),
    ...listOf(value.category_ids).flatMap((id) => names.categories.get(String(id)) ?? []),
  ];
  const app = labelOf(value.app) ?? labelOf(value.app_name) ?? names.apps.get(String(value.app_id));
  const metadata = metadataOf({ categories, app, actor: value.actor_id }, value.metadata);
  // Of an OpenMemory dump the user is a database's key, and always the same.
  const isDump = 'app_id' in value || 'category_ids' in value;
  const memory: ImportedMemory = {
    form: 'memory',
    text,
    at: timeOf(value.updated_at) ?? timeOf(value.created_at),
    expires_at: spanTextOf(value.expiration_date),
    agent_id: labelOf(value.agent_id),
    run_id: labelOf(value.run_id),
    user: isDump ? undefined : labelOf(value.user_id),
    metadata,
  };
  return [memory];
}

function relationIn(value: unknown, where: string): Item[] {
  const [from, relation, to] = isFields(value)
    ? [labelOf(value.source), labelOf(value.relationship) ?? labelOf(value.relation), labelOf(value.target) ?? labelOf(value.destination)]
    : [];
  if (from === undefined || relation === undefined || to === undefined)
    return [{ form: 'left out', where, reason: 'a relation without source, relationship or target' }];
  const text = [from, relation, to].map((each) => each.replaceAll('_', ' ')).join(' ');
  return [{ form: 'memory', text, subject: from.replaceAll('_', ' '), metadata: { relation } }];
}
