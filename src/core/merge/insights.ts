import type { ChangeEvent, Event } from '../events.js';
import { isLive, type Projection } from '../projection.js';

/** The live insights of a united log whose sources are not live, or say something else than they were derived from. */
export function unfoundedInsights(
  projection: Projection,
  events: ReadonlyMap<string, Event>,
  { madeBy, now }: { madeBy: (id: string) => ChangeEvent | undefined; now: number },
): string[] {
  return [...projection.insights].filter((id) => {
    const change = madeBy(id);
    const { sources = [], derived_from = [] } = (change && 'state' in change && change.state) || {};
    return sources.some((source, index) => {
      const memory = projection.memories.get(source);
      const from = events.get(derived_from[index] ?? '');
      const isAsThen = !from || ('state' in from && from.state.text === memory?.state.text);
      return !memory || !isLive(memory, now) || !isAsThen;
    });
  });
}
