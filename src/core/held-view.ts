import type { Event } from './events.js';
import { type KeptView, keepView, restoreView } from './kept-view.js';
import { viewUpTo } from './past-view.js';
import { type HistoryLog, LogConflict, type Position, type Reading, type Space } from './ports.js';
import { applyAll, bytesOf, createView, type SpaceView } from './view.js';

/** Reads events of a log by their numbers. */
export type ReadEvents = (sequences: readonly number[]) => Promise<Event[]>;

/** What is held of one space's log: the present view and some of the past. Its calls must not overlap. */
export interface HeldView {
  /** Whether it continues the log; else it is loaded before its next use. */
  isLoaded(): boolean;
  /** As far as it has been read; of a space that is not loaded the view of nothing. */
  view(): SpaceView;
  /** What all of it takes in memory, in bytes, as an estimate. */
  bytes(): number;
  /** Begins with what an earlier process kept, so that only the rest of the log is read. */
  load(): Promise<void>;
  /** Takes in what was appended since. */
  catchUp(): Promise<void>;
  /** Takes in what was read of the log elsewhere. */
  follow(reading: Reading): void;
  /** Takes in events that are about to be written; where that fails the view is to be discarded. */
  stage(events: Event[]): void;
  /** The events with these numbers, in this order; those that the log does not hold are left out. */
  events: ReadEvents;
  /** The view up to the event that `find` names, which may read events; the present one where nothing came after it. */
  upTo(find: (read: ReadEvents) => number | Promise<number>): Promise<SpaceView>;
  /** Forgets all of it, for it may hold what was never written: the next use loads the log anew. */
  discard(): void;
  /** Lets go of all that the next use can load again. */
  release(): void;
  /** Whether to read the log again would cost much more than a checkpoint. */
  isCheckpointDue(): boolean;
  /** Keeps the view for the next start of a process, if that is due. */
  checkpoint(): Promise<void>;
}

/** How often work is done anew because another writer came first, before it is given up. */
export const mostConflicts = 10;
/** Views of the past that are kept for paging. */
const pastViews = 2;
/** A checkpoint is worth its write from this many new events on, and from this share of all. */
const leastNews = 2000;
const shareOfNews = 0.1;

function isSame(a: Position, b: Position): boolean {
  return a.generation === b.generation && a.sequence === b.sequence;
}

/** A view of which nothing is loaded yet; `onNews` hears when what it takes in is new to this process. */
export function createHeldView(space: Space, options: { history: HistoryLog; zone: string; onNews: () => void }): HeldView {
  const { history, zone, onNews } = options;
  /** Made when it is first looked at: a handle alone must be light. */
  let made: SpaceView | undefined;
  let loaded = false;
  /** Up to where the log had been read when the view was let go of: what is read again up to there is no news. */
  let released: Position | undefined;
  /** Events that no checkpoint holds. */
  let news = 0;
  /** Views of the past by the number of their last event. */
  const past = new Map<number, SpaceView>();

  function view(): SpaceView {
    made ??= createView(space);
    return made;
  }

  async function load(): Promise<void> {
    if (loaded) return;
    const kept = await history.resume(space);
    made = kept ? restoreView(kept.state as KeptView, zone) : createView(space);
    if (kept) made.projection.position = kept.position;
    news = 0;
    loaded = true;
    // What was kept is new to this process, though nothing in the log may be.
    if (kept && !released) onNews();
  }

  function stage(events: Event[]): void {
    applyAll(view(), events, zone);
    news += events.length;
  }

  function follow({ reset, events, position }: Reading): void {
    if (reset) {
      made = createView(space);
      news = 0;
      past.clear();
    }
    stage(events);
    view().projection.position = position;
    const isNews = released ? !isSame(position, released) : reset || events.length > 0;
    released = undefined;
    if (isNews) onNews();
  }

  function discard(): void {
    made = undefined;
    loaded = false;
    past.clear();
  }

  async function catchUp(): Promise<void> {
    await load();
    const reading = await history.read(space, view().projection.position);
    try {
      follow(reading);
    } catch (error) {
      // A view with half of a reading in it is none.
      discard();
      throw error;
    }
  }

  /** Does work that reads events, anew on a newer view where the log was replaced meanwhile. */
  async function fromLog<T>(work: (read: ReadEvents) => Promise<T>): Promise<T> {
    for (let conflicts = 0; ; conflicts += 1) {
      try {
        const { generation } = view().projection.position;
        return await work((sequences) => history.events(space, generation, sequences));
      } catch (error) {
        if (!(error instanceof LogConflict) || conflicts >= mostConflicts) throw error;
        await catchUp();
      }
    }
  }

  function isCheckpointDue(): boolean {
    return loaded && news >= Math.max(leastNews, shareOfNews * view().projection.position.sequence);
  }

  return {
    isLoaded: () => loaded,
    view,
    bytes: () => bytesOf(view()) * (1 + past.size),
    load,
    catchUp,
    follow,
    stage,

    async events(sequences) {
      await load();
      return fromLog((read) => read(sequences));
    },

    upTo: (find) =>
      fromLog(async (read) => {
        const sequence = await find(read);
        if (view().projection.position.sequence <= sequence) return view();
        const then = past.get(sequence) ?? (await viewUpTo(view(), sequence, { read, zone }));
        past.delete(sequence);
        past.set(sequence, then);
        for (const oldest of past.keys()) if (past.size > pastViews) past.delete(oldest);
        return then;
      }),

    discard,

    release() {
      released = view().projection.position;
      discard();
      history.release(space);
    },

    isCheckpointDue,

    async checkpoint() {
      if (!isCheckpointDue()) return;
      await history.checkpoint(space, keepView(view()), view().projection.position);
      news = 0;
    },
  };
}
