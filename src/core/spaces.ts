import { messageOf } from './errors.js';
import type { Event, EventDraft, Origin } from './events.js';
import { type KeptView, keepView, restoreView } from './kept-view.js';
import { viewUpTo } from './past-view.js';
import {
  type Clock,
  type HistoryLog,
  type Ids,
  LogConflict,
  type Logger,
  type Position,
  type Reading,
  type Rewriting,
  type Space,
} from './ports.js';
import type { Projection } from './projection.js';
import { createRecentlyUsed } from './recently-used.js';
import { retirements } from './reflection/retirement.js';
import { sequenceAt } from './sequence-at.js';
import { applyAll, bytesOf, createView, type SpaceView } from './view.js';

/** What a call decided under the lock: the events to append and the answer that holds once they are. */
export interface Outcome<T> {
  drafts: EventDraft[];
  answer: T;
}

/**
 * One space, loaded on first use and kept current by what any process appends. What is held of it may be let go of
 * between two calls, and is loaded again by the next.
 */
export interface OpenSpace {
  readonly space: Space;
  /** Whether its view is in memory. */
  isHeld(): boolean;
  /** Catches up with the log, then runs `use` on a view that nothing changes meanwhile. */
  read<T>(use: (view: SpaceView) => T): Promise<T>;
  /** Like `read`, with the memories and words as they were up to an event's number besides the present view. */
  readUpTo<T>(sequence: number, use: (then: SpaceView, now: SpaceView) => T): Promise<T>;
  /** Like `readUpTo`, up to the last event at an instant, in milliseconds since 1970. */
  readAsOf<T>(instant: number, use: (then: SpaceView, now: SpaceView) => T): Promise<T>;
  /** The events with these sequence numbers, in this order; those that the log does not hold are left out. */
  events(sequences: readonly number[]): Promise<Event[]>;
  /**
   * Runs `decide` on the newest view while nobody else can write, and resolves with its answer once its events are on
   * the disk. Calls that wait at the same time share one write. `decide` is pure and may run again.
   */
  commit<T>(origin: Origin, decide: (view: SpaceView) => Outcome<T>): Promise<T>;
  /**
   * Replaces the log in one stroke by what `decide` makes of all its events on the newest view, if anything. `decide`
   * is pure and may run again.
   */
  rewrite<T>(decide: (view: SpaceView) => { answer: T; rewriting?: SpaceRewriting | undefined }): Promise<T>;
  /** Keeps the view for the next start of a process, if reading the log again would cost much more. */
  checkpoint(): Promise<void>;
}

/** How the log of a space is rewritten; `place` gives new events their numbers, time and origin. */
export type SpaceRewriting = Omit<Rewriting, 'events'> & { events: (events: Event[], place: Place) => Event[] };
/** Gives the drafts of a call the places that follow everything in the log. */
export type Place = (origin: Origin, drafts: EventDraft[]) => Event[];

/** All spaces that this process has touched. */
export interface Spaces {
  /** The one handle of a space; it costs little and stays, whether or not anything of the space is held. */
  open(space: Space): OpenSpace;
  /** Whether anything of a space is held in memory. */
  isOpen(space: Space): boolean;
  /** How many spaces are held, and what they take in memory, in bytes, as far as that is known. */
  held(): { spaces: number; bytes: number };
  /** Spaces with a history, opened or not. */
  known(): Promise<Space[]>;
  /** Bytes of a space's log on the disk; 0 where there is none. */
  bytes(space: Space): Promise<number>;
}

/** How much of the spaces stays in memory. */
export interface Holding {
  /** What all that is held may take, in bytes. */
  bytes: number;
  /** Spaces that are held whatever they take. */
  fewest: number;
  /** What others hold of a space with so many memories for as long as it is held, in bytes. */
  besides: (memories: number) => number;
  /** Hears that a space is no longer held. */
  onRelease: (space: OpenSpace) => void;
  logger: Logger;
}

/** A space that can be let go of. */
interface ManagedSpace extends OpenSpace {
  isInUse(): boolean;
  letGo(): void;
}

interface Job {
  origin: Origin;
  decide: (view: SpaceView) => Outcome<unknown>;
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
}

/** How often a write is decided anew because another writer came first, before it is given up. */
const mostConflicts = 10;
/** Views of the past that are kept for paging. */
const pastViews = 2;
/** A checkpoint is worth its write from this many new events on, and from this share of all. */
const leastNews = 2000;
const shareOfNews = 0.1;

function isSame(a: Position, b: Position): boolean {
  return a.generation === b.generation && a.sequence === b.sequence;
}

/** Gives a call's events their numbers, time and origin. Times never run backwards within a log. */
function placeEvents(
  projection: Projection,
  job: { origin: Origin; drafts: EventDraft[] },
  options: { now: number; ids: Ids; device: string },
): Event[] {
  const now = new Date(options.now).toISOString();
  const at = [now, projection.lastAt].sort().at(-1);
  const ids = job.drafts.map((draft) => draft.event_id ?? options.ids.event());
  return job.drafts.map(({ event_id: _, ...draft }, index) => ({
    seq: projection.position.sequence + 1 + index,
    event_id: ids[index],
    batch: ids[0],
    ...(index === job.drafts.length - 1 ? { end: true as const } : {}),
    at,
    device: options.device,
    ...job.origin,
    ...draft,
  })) as Event[];
}

/**
 * Opens spaces over a history log. `onChange` hears of every space in which events were read or written, and of what
 * they add up to. Without `holding` whatever was used is held for good.
 */
export function createSpaces(options: {
  history: HistoryLog;
  clock: Clock;
  ids: Ids;
  device: string;
  zone: string;
  onChange: (space: OpenSpace, projection: Projection) => void;
  holding?: Holding;
}): Spaces {
  const { history, clock, ids, device, zone, holding } = options;
  const open = new Map<Space, ManagedSpace>();
  const held = createRecentlyUsed<ManagedSpace>({
    most: holding?.bytes ?? Number.POSITIVE_INFINITY,
    fewest: holding?.fewest ?? 0,
    isInUse: (space) => space.isInUse(),
    letGo: (space) => space.letGo(),
  });

  function openSpace(space: Space): ManagedSpace {
    /** Made when it is first looked at: a handle alone must be light. */
    let made: SpaceView | undefined;
    /** Pieces of work that are under way or in line. */
    let inLine = 0;
    let tail: Promise<unknown> = Promise.resolve();
    let waiting: Job[] = [];
    /** Whether the view continues the log; else it is loaded before its next use. */
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

    /** Runs one piece of work on the view at a time. */
    function inTurn<T>(work: () => Promise<T>): Promise<T> {
      inLine += 1;
      const result = tail.then(work).finally(settled);
      tail = result.catch(() => undefined);
      return result;
    }

    function settled(): void {
      inLine -= 1;
      if (!loaded) {
        held.gone(self);
        return;
      }
      const { size } = view().projection.memories;
      held.used(self, bytesOf(view()) * (1 + past.size) + (holding?.besides(size) ?? 0));
    }

    function tellOfChange(): void {
      options.onChange(self, view().projection);
    }

    /** Before anything is read of a space: what an earlier process kept, so that only the rest of the log is read. */
    async function load(): Promise<void> {
      if (loaded) return;
      const kept = await history.resume(space);
      made = kept ? restoreView(kept.state as KeptView, zone) : createView(space);
      if (kept) made.projection.position = kept.position;
      news = 0;
      loaded = true;
      // What was kept is new to this process, though nothing in the log may be.
      if (kept && !released) tellOfChange();
    }

    function follow({ reset, events, position }: Reading): void {
      if (reset) {
        made = createView(space);
        news = 0;
        past.clear();
      }
      news += events.length;
      applyAll(view(), events, zone);
      view().projection.position = position;
      const isNews = released ? !isSame(position, released) : reset || events.length > 0;
      released = undefined;
      if (isNews) tellOfChange();
    }

    /** What was staged for a failed write must not be seen: the next use loads the log anew. */
    function discard(): void {
      made = undefined;
      loaded = false;
      past.clear();
    }

    /** Lets go of all that the next use can load again. */
    function release(): void {
      if (!loaded) return;
      released = view().projection.position;
      discard();
      history.release(space);
      holding?.onRelease(self);
    }

    function isCheckpointDue(): boolean {
      return loaded && news >= Math.max(leastNews, shareOfNews * view().projection.position.sequence);
    }

    async function keepCheckpoint(): Promise<void> {
      if (!isCheckpointDue()) return;
      await history.checkpoint(space, keepView(view()), view().projection.position);
      news = 0;
    }

    async function keepAndRelease(): Promise<void> {
      try {
        await keepCheckpoint();
      } catch (error) {
        holding?.logger.warn('a checkpoint could not be kept', { space, reason: messageOf(error) });
      }
      release();
    }

    async function retried<T>(write: () => Promise<T>): Promise<T> {
      for (let conflicts = 0; ; conflicts += 1) {
        try {
          await load();
          return await write();
        } catch (error) {
          discard();
          if (!(error instanceof LogConflict) || conflicts >= mostConflicts) throw error;
        }
      }
    }

    async function writeWaiting(): Promise<void> {
      let jobs: Job[] = [];
      let done: (() => void)[] = [];
      try {
        await retried(async () => {
          done = [];
          const position: Position = await history.append(space, view().projection.position, (missed) => {
            follow(missed);
            jobs = [...jobs, ...waiting];
            waiting = [];
            return jobs.flatMap((job) => stage(job, done));
          });
          view().projection.position = position;
        });
      } catch (error) {
        // Before the lock was held nobody had joined; the callers that wait then share its failure.
        if (jobs.length === 0) [jobs, waiting] = [waiting, []];
        for (const job of jobs) job.reject(error);
        return;
      }
      for (const settle of done) settle();
      if (jobs.length > 0) tellOfChange();
    }

    /** The one way to new events, so that whoever writes, no insight outlives what it was derived from. */
    function place(origin: Origin, decided: EventDraft[]): Event[] {
      const drafts = [...decided, ...retirements(view().projection, decided)];
      return placeEvents(view().projection, { origin, drafts }, { now: clock.now(), ids, device });
    }

    function stage(job: Job, done: (() => void)[]): Event[] {
      try {
        const { drafts, answer } = job.decide(view());
        const events = place(job.origin, drafts);
        applyAll(view(), events, zone);
        news += events.length;
        done.push(() => job.resolve(answer));
        return events;
      } catch (error) {
        done.push(() => job.reject(error));
        return [];
      }
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

    /** Reads events by their numbers, anew on a newer view where the log was replaced meanwhile. */
    async function fromLog<T>(work: (read: (sequences: readonly number[]) => Promise<Event[]>) => Promise<T>): Promise<T> {
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

    /** The view of the past up to the event that `find` names, which may read events; the present one where nothing came after it. */
    function pastView(find: (read: (sequences: number[]) => Promise<Event[]>) => number | Promise<number>): Promise<SpaceView> {
      return fromLog(async (read) => {
        const sequence = await find(read);
        if (view().projection.position.sequence <= sequence) return view();
        const then = past.get(sequence) ?? (await viewUpTo(view(), sequence, { read, zone }));
        past.delete(sequence);
        past.set(sequence, then);
        for (const oldest of past.keys()) if (past.size > pastViews) past.delete(oldest);
        return then;
      });
    }

    async function readPast<T>(find: Parameters<typeof pastView>[0], use: (then: SpaceView, now: SpaceView) => T): Promise<T> {
      await catchUp();
      const then = await pastView(find);
      return use(then, view());
    }

    const self: ManagedSpace = {
      space,
      isHeld: () => loaded,
      isInUse: () => inLine > 0,
      letGo() {
        // What is costly to load again is kept first; whoever comes meanwhile waits for it and loads it.
        if (isCheckpointDue()) void inTurn(keepAndRelease);
        else release();
      },

      read: (use) =>
        inTurn(async () => {
          await catchUp();
          return use(view());
        }),

      readUpTo: (sequence, use) => inTurn(() => readPast(() => sequence, use)),

      readAsOf: (instant, use) =>
        inTurn(() =>
          readPast((read) => {
            const { lastAt, position } = view().projection;
            return lastAt === '' || Date.parse(lastAt) <= instant ? position.sequence : sequenceAt(instant, position.sequence, read);
          }, use),
        ),

      events: (sequences) =>
        inTurn(async () => {
          await load();
          return fromLog((read) => read(sequences));
        }),

      commit<T>(origin: Origin, decide: (view: SpaceView) => Outcome<T>) {
        return new Promise<T>((resolve, reject) => {
          waiting.push({ origin, decide, resolve: resolve as (answer: unknown) => void, reject });
          // Later callers join the first one's write until it holds the lock.
          if (waiting.length === 1) void inTurn(writeWaiting);
        });
      },

      rewrite: (decide) =>
        inTurn(() =>
          retried(async () => {
            let outcome: ReturnType<typeof decide> | undefined;
            await history.rewrite(space, view().projection.position, (missed) => {
              follow(missed);
              outcome = decide(view());
              const { rewriting } = outcome;
              return rewriting && { ...rewriting, events: (events) => rewriting.events(events, place) };
            });
            await catchUp();
            if (!outcome) throw new LogConflict();
            return outcome.answer;
          }),
        ),

      checkpoint: () => inTurn(keepCheckpoint),
    };
    return self;
  }

  return {
    open(space) {
      const opened = open.get(space) ?? openSpace(space);
      open.set(space, opened);
      return opened;
    },
    isOpen: (space) => open.get(space)?.isHeld() ?? false,
    held: () => ({ spaces: held.size, bytes: held.weight }),
    known: () => history.spaces(),
    bytes: (space) => history.bytes(space),
  };
}
