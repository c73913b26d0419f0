import { attachmentsIn, dropAttachments } from '../attachments.js';
import type { Core } from '../core.js';
import type { Event } from '../events.js';
import type { AttachmentStore, Space } from '../ports.js';

/**
 * Runs a merge once the attachments that the other log names have been brought along from where they lie, and removes
 * those that nothing names afterwards. Resolves also with how many could not be had that an input waits with.
 */
export async function bringAttachments<T>(
  core: Core,
  { space, theirs, from, merge }: { space: Space; theirs: Event[]; from: Pick<AttachmentStore, 'get'>; merge: () => Promise<T> },
): Promise<{ merged: T; missing: number }> {
  const processed = new Set(theirs.flatMap((event) => (event.event === 'PROCESSED' ? [event.input_id] : [])));
  const awaited = attachmentsIn(theirs.filter(({ event_id }) => !processed.has(event_id)));
  let missing = 0;

  async function* brought(): AsyncGenerator<Uint8Array> {
    for (const hash of attachmentsIn(theirs)) {
      const data = (await core.attachments.get(space, hash)) ?? (await from.get(space, hash));
      if (data) yield data;
      else if (awaited.has(hash)) missing += 1;
    }
  }

  const merged = await core.attachments.save(space, brought(), merge);
  await dropAttachments(core, core.spaces.open(space));
  return { merged, missing };
}
