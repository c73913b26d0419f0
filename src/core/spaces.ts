import { messageOf } from './errors.js';
import type { Event, EventDraft, Origin } from './events.js';
import { createHeldView, mostConflicts } from './held-view.js';
import { placeEvents } from './place-events.js';
import { type Clock, type HistoryLog, type Ids, LogConflict, type Logger, type Position, type Rewriting, type Space } from './ports.js';
import type { Projection } from './projection.js';
import { createRecentlyUsed } from './recently-used.js';
import { retirements } from './reflection/retirement.js';
import { sequenceAt } from './sequence-at.js';
import type { SpaceView } from './view.js';

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
  /** The one handle of a space, whether or not anything of the space is held. */
  open(space: Space): OpenSpace;
  /** Whether anything of a space is held in memory. */
  isOpen(space: Space): boolean;
  /** How many spaces are held, and what they take in memory, in bytes, as far as that is known. */
  held(): { spaces: number; bytes: number };
  /** Spaces with a history, opened or not. */
  known(): Promise<Space[]>;
  /** Bytes of a space's log on the disk; 0 where there is none. */
  bytes(space: Space): Promise<number>;
  /** When a space's log was written to last, in milliseconds since 1970; 0 where there is none. */
  changedAt(space: Space): Promise<number>;
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
  // There is one handle of a space at a time, for as long as anybody has it or anything of the space is held.
  const open = new Map<Space, WeakRef<ManagedSpace>>();
  const unused = new FinalizationRegistry<Space>((space) => {
    if (!open.get(space)?.deref()) open.delete(space);
  });
  const held = createRecentlyUsed<ManagedSpace>({
    most: holding?.bytes ?? Number.POSITIVE_INFINITY,
    fewest: holding?.fewest ?? 0,
    isInUse: (space) => space.isInUse(),
    letGo: (space) => space.letGo(),
  });

  function openSpace(space: Space): ManagedSpace {
    const tellOfChange = () => options.onChange(self, view().projection);
    const log = createHeldView(space, { history, zone, onNews: tellOfChange });
    const { view } = log;
    /** Pieces of work that are under way or in line. */
    let inLine = 0;
    let tail: Promise<unknown> = Promise.resolve();
    let waiting: Job[] = [];

    /** Runs one piece of work on the view at a time. */
    function inTurn<T>(work: () => Promise<T>): Promise<T> {
      inLine += 1;
      const result = tail.then(work).finally(settled);
      tail = result.catch(() => undefined);
      return result;
    }

    function settled(): void {
      inLine -= 1;
      if (log.isLoaded()) held.used(self, log.bytes() + (holding?.besides(view().projection.memories.size) ?? 0));
      else held.gone(self);
    }

    function release(): void {
      if (!log.isLoaded()) return;
      log.release();
      holding?.onRelease(self);
    }

    async function keepAndRelease(): Promise<void> {
      try {
        await log.checkpoint();
      } catch (error) {
        holding?.logger.warn('a checkpoint could not be kept', { space, reason: messageOf(error) });
      }
      release();
    }

    async function retried<T>(write: () => Promise<T>): Promise<T> {
      for (let conflicts = 0; ; conflicts += 1) {
        try {
          await log.load();
          return await write();
        } catch (error) {
          // What was staged for a failed write must not be seen.
          log.discard();
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
            log.follow(missed);
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
        log.stage(events);
        done.push(() => job.resolve(answer));
        return events;
      } catch (error) {
        done.push(() => job.reject(error));
        return [];
      }
    }

    async function readPast<T>(find: Parameters<typeof log.upTo>[0], use: (then: SpaceView, now: SpaceView) => T): Promise<T> {
      await log.catchUp();
      const then = await log.upTo(find);
      return use(then, view());
    }

    const self: ManagedSpace = {
      space,
      isHeld: log.isLoaded,
      isInUse: () => inLine > 0,
      letGo() {
        // What is costly to load again is kept first; whoever comes meanwhile waits for it and loads it.
        if (log.isCheckpointDue()) void inTurn(keepAndRelease);
        else release();
      },

      read: (use) =>
        inTurn(async () => {
          await log.catchUp();
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

      events: (sequences) => inTurn(() => log.events(sequences)),

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
              log.follow(missed);
              outcome = decide(view());
              const { rewriting } = outcome;
              return rewriting && { ...rewriting, events: (events) => rewriting.events(events, place) };
            });
            await log.catchUp();
            if (!outcome) throw new LogConflict();
            return outcome.answer;
          }),
        ),

      checkpoint: () => inTurn(log.checkpoint),
    };
    return self;
  }

  return {
    open(space) {
      const known = open.get(space)?.deref();
      if (known) return known;
      const opened = openSpace(space);
      open.set(space, new WeakRef(opened));
      unused.register(opened, space);
      return opened;
    },
    isOpen: (space) => open.get(space)?.deref()?.isHeld() ?? false,
    held: () => ({ spaces: held.size, bytes: held.weight }),
    known: () => history.spaces(),
    bytes: (space) => history.bytes(space),
    changedAt: (space) => history.changedAt(space),
  };
}
