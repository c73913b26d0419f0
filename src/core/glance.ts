import { type KeptView, restoreProjection } from './kept-view.js';
import type { HistoryLog, Space } from './ports.js';
import { applyEvent, createProjection, type Projection } from './projection.js';

const nowhere = { generation: 0, sequence: 0 };

/**
 * What a space's log adds up to, without its words, which cost most of the time: for one look. Nothing of it is held
 * afterwards; `history` must be no one else's.
 */
export async function glance(history: HistoryLog, space: Space): Promise<Projection> {
  try {
    const kept = await history.resume(space);
    const { reset, events, position } = await history.read(space, kept?.position ?? nowhere);
    const projection = kept && !reset ? restoreProjection(kept.state as KeptView) : createProjection(space);
    for (const event of events) applyEvent(projection, event);
    return { ...projection, position };
  } finally {
    history.release(space);
  }
}
