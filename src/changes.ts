import type { Core } from './core/core.js';
import { KeepsakeError, messageOf } from './core/errors.js';
import type { Watch } from './core/keepsake.js';
import type { Space } from './core/ports.js';
import type { OpenSpace } from './core/spaces.js';
import type { SpaceView } from './core/view.js';

/** Who waits for changes of spaces, and what tells of them. */
export interface Changes {
  /** Tells that a space was read or written. */
  changed(space: OpenSpace): void;
  /** See `Keepsake.watch`. */
  watch: Watch;
  /** Nobody is told of anything any more. */
  close(): void;
}

/** One who waits, and what stood in each of the spaces when they were last told. */
interface Watcher {
  memoryId: string | undefined;
  marks: Map<Space, string>;
  onChange: (space: Space) => void;
}

/** Milliseconds in which all changes of a space are one. */
const burst = 100;
/** Milliseconds between two looks at what other processes have written. */
const usualInterval = 1000;

/**
 * Tells of changes in spaces: those of this process as they come, those of others by looking at the logs, which is done
 * only while somebody watches. Nothing of it keeps a process alive.
 */
export function createChanges(core: () => Core, { every = usualInterval }: { every?: number | undefined } = {}): Changes {
  const watchers = new Map<Space, Set<Watcher>>();
  const bursts = new Map<Space, NodeJS.Timeout>();
  /** Bytes of each watched log at the last look. */
  const sizes = new Map<Space, number>();
  /** Spaces that could not be read at the last look: that is logged once. */
  const unreadable = new Set<Space>();
  let looks: NodeJS.Timeout | undefined;
  let isLooking = false;

  function add(space: Space, watcher: Watcher): void {
    const known = watchers.get(space);
    if (known) known.add(watcher);
    else watchers.set(space, new Set([watcher]));
    looks ??= setInterval(() => void lookAtAll(), every).unref();
  }

  function remove(watcher: Watcher): void {
    for (const space of watcher.marks.keys()) {
      const known = watchers.get(space);
      known?.delete(watcher);
      if (known?.size !== 0) continue;
      watchers.delete(space);
      sizes.delete(space);
      unreadable.delete(space);
      clearTimeout(bursts.get(space));
      bursts.delete(space);
    }
    if (watchers.size > 0) return;
    clearInterval(looks);
    looks = undefined;
  }

  async function tell(space: OpenSpace): Promise<void> {
    const told = await space.read((view) =>
      [...(watchers.get(space.space) ?? [])].filter((watcher) => {
        const mark = markOf(view, watcher.memoryId);
        const isNews = watcher.marks.get(space.space) !== mark;
        watcher.marks.set(space.space, mark);
        return isNews;
      }),
    );
    for (const watcher of told) if (watchers.get(space.space)?.has(watcher)) watcher.onChange(space.space);
  }

  async function lookAt(space: Space): Promise<void> {
    const { spaces } = core();
    const bytes = await spaces.bytes(space);
    // A log that is not held in memory is read only where it grew: one that was read would stay there instead of another.
    if (!spaces.isOpen(space) && bytes === sizes.get(space)) return;
    sizes.set(space, bytes);
    await spaces.open(space).read(() => undefined);
  }

  /** Runs one look, or one telling; what cannot be read now may be the next time. */
  async function tried(space: Space, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      unreadable.delete(space);
    } catch (error) {
      if (!unreadable.has(space)) core().logger.warn('a watched space cannot be read', { space, reason: messageOf(error) });
      if (watchers.has(space)) unreadable.add(space);
    }
  }

  async function lookAtAll(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    for (const space of [...watchers.keys()]) if (watchers.has(space)) await tried(space, () => lookAt(space));
    isLooking = false;
  }

  return {
    changed(space) {
      const { space: name } = space;
      if (!watchers.has(name) || bursts.has(name)) return;
      const timer = setTimeout(() => {
        bursts.delete(name);
        void tried(name, () => tell(space));
      }, burst);
      bursts.set(name, timer.unref());
    },

    async watch({ spaces, memory_id: memoryId }, onChange) {
      const watcher: Watcher = { memoryId, marks: new Map(), onChange };
      try {
        for (const space of spaces) {
          // In one turn with the reading: whatever is written afterwards finds the watcher.
          const isFound = await core()
            .spaces.open(space)
            .read((view) => {
              if (memoryId !== undefined && !view.projection.memories.has(memoryId)) return false;
              watcher.marks.set(space, markOf(view, memoryId));
              add(space, watcher);
              return true;
            });
          if (isFound && memoryId !== undefined) break;
        }
      } catch (error) {
        remove(watcher);
        throw error;
      }
      if (memoryId !== undefined && watcher.marks.size === 0)
        throw new KeepsakeError('memory_not_found', `There is no memory ${JSON.stringify(memoryId)} to watch; use recall to find ids.`);
      return () => remove(watcher);
    },

    close() {
      for (const watcher of [...watchers.values()].flatMap((each) => [...each])) remove(watcher);
    },
  };
}

/** What differs once a space, or one memory in it, says something else. */
function markOf({ projection }: SpaceView, memoryId: string | undefined): string {
  if (memoryId === undefined) return `${projection.position.generation} ${projection.position.sequence}`;
  const memory = projection.memories.get(memoryId);
  return memory ? `${memory.revision} ${memory.status} ${memory.updated_at} ${memory.notes.length}` : '';
}
