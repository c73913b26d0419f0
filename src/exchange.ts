import { join } from 'node:path';
import type { Core } from './core/core.js';
import { bringAttachments } from './core/merge/bring-attachments.js';
import { type MergedSpace, type MergeOptions, mergeInto } from './core/merge/merge-into.js';
import type { Space } from './core/ports.js';
import { derivedId } from './ids.js';
import { openAttachments } from './store/attachments.js';
import { type ExportValue, firstLine, lastLine, linesOfSpace, unpackExport } from './store/export-parts.js';
import { findForeignLogs } from './store/foreign-logs.js';
import type { ImportJournals } from './store/import-journals.js';

/** A space after a merge, and what is damaged in the other log. */
export interface MergedLog {
  merged: MergedSpace;
  problems: string[];
}

/** Whole histories that come from other homes and files, and go there. */
export interface Exchange {
  /**
   * Unites the logs of another home, which lie at a path, into this one, and tells of each space what that did and
   * what is damaged in the other log. Nothing is changed where one of them cannot be used.
   */
  mergeFrom(path: string, signal: AbortSignal): AsyncIterable<MergedLog>;
  /** The whole history of some spaces as the lines of an export, with the attachments that it still names. Raises log_unavailable. */
  exportLines(spaces: readonly Space[]): AsyncGenerator<string>;
  /**
   * Unites an export into this home as `mergeFrom` does, and keeps under the id of the import which events it brought.
   * Raises invalid_argument and update_needed before anything is changed.
   */
  mergeExport(values: AsyncIterable<ExportValue>, options: { importId: string; signal: AbortSignal }): AsyncIterable<MergedLog>;
}

/** The exchange of a home; `lockFolder` is where its locks lie. */
export function createExchange(core: Core, { imports, lockFolder }: { imports: ImportJournals; lockFolder: string }): Exchange {
  async function* mergeFrom(path: string, signal: AbortSignal, onUnion?: MergeOptions['onUnion']): AsyncGenerator<MergedLog> {
    for (const { path: file, space, read } of await findForeignLogs(path)) {
      signal.throwIfAborted();
      const { events: theirs, problems } = await read();
      const { merged, missing } = await bringAttachments(core, {
        space,
        theirs,
        from: openAttachments({ folder: join(file, '..', '..', 'attachments'), lockFolder }),
        merge: () => mergeInto(core, { space, theirs, makeId: derivedId, signal, ...(onUnion && { onUnion }) }),
      });
      const lost = missing > 0 ? [`${missing} attachments of inputs that wait there are not beside ${file}: nothing comes of them`] : [];
      yield { merged, problems: [...problems, ...lost] };
    }
  }

  return {
    mergeFrom,
    async *exportLines(spaces) {
      let events = 0;
      yield firstLine;
      for (const space of spaces) events += yield* linesOfSpace(core.spaces.open(space), core.attachments);
      yield lastLine(events);
    },
    async *mergeExport(values, { importId, signal }) {
      const folder = await imports.makeFolder(importId);
      try {
        // An export of nothing holds no history that could be merged.
        if ((await unpackExport(values, folder)) === 0) return;
        yield* mergeFrom(folder, signal, (eventIds) => imports.noteBrought(importId, eventIds));
      } finally {
        await imports.dropFolder(importId);
      }
    },
  };
}
