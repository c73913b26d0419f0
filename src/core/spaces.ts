import type { Event, EventDraft, Origin } from './events.js';
import { type Clock, type HistoryLog, type Ids, LogConflict, type Position, type Reading, type Rewriting, type Space } from './ports.js';
import { applyEvent, createProjection, type Memory, type Projection } from './projection.js';
import { createLexicalIndex, type LexicalDocument, type LexicalIndex } from './ranking/lexical-index.js';
import { spanOf } from './time/instants.js';

/** What is believed in a space at one position of its log, and the words of its live memories. */
export interface SpaceView {
  projection: Projection;
  lexical: LexicalIndex;
}

/** What a call decided under the lock: the events to append and the answer that holds once they are. */
export interface Outcome<T> {
  drafts: EventDraft[];
  answer: T;
}

/** One space, loaded on first use and kept current by what any process appends. */
export interface OpenSpace {
  readonly space: Space;
  /**
   * Catches up with the log, then runs `use` on a view that nothing changes meanwhile; `viewAt` gives the view as it
   * was at an earlier position of the log.
   */
  read<T>(use: (view: SpaceView, viewAt: (sequence: number) => SpaceView) => T): Promise<T>;
  /**
   * Runs `decide` on the newest view while nobody else can write, and resolves with its answer once its events are on
   * the disk. Calls that wait at the same time share one write. `decide` is pure and may run again.
   */
  commit<T>(origin: Origin, decide: (view: SpaceView) => Outcome<T>): Promise<T>;
  /** Like `commit`, but also replaces lines of the log in the same stroke. */
  rewrite<T>(origin: Origin, decide: (view: SpaceView) => Outcome<T> & { replace: Rewriting['replace'] }): Promise<T>;
}

/** All spaces that this process has touched. */
export interface Spaces {
  open(space: Space): OpenSpace;
  /** Spaces with a history, opened or not. */
  known(): Promise<Space[]>;
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
const pastViews = 4;

/** What the ranking needs to know of a memory. */
function documentOf(memory: Memory, zone: string): LexicalDocument {
  const { state } = memory;
  return {
    text: state.text,
    subject: state.subject,
    entities: state.entities,
    run: memory.labels[0]?.run_id,
    order: memory.added,
    span: spanOf(state.occurred_at ?? state.said_at, zone),
    dated: state.occurred_at !== undefined,
    recurs: state.recurs,
  };
}

function createView(space: Space): SpaceView {
  return { projection: createProjection(space), lexical: createLexicalIndex() };
}

function applyAll(view: SpaceView, events: Event[], zone: string): void {
  for (const event of events) {
    const id = applyEvent(view.projection, event);
    const memory = id === undefined ? undefined : view.projection.memories.get(id);
    if (!memory) continue;
    if (memory.status === 'live') view.lexical.add(memory.id, documentOf(memory, zone));
    else view.lexical.remove(memory.id);
  }
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

/** Opens spaces over a history log. `onChange` hears of every space in which events were read or written. */
export function createSpaces(options: {
  history: HistoryLog;
  clock: Clock;
  ids: Ids;
  device: string;
  zone: string;
  onChange: (space: OpenSpace) => void;
}): Spaces {
  const { history, clock, ids, device, zone } = options;
  const open = new Map<Space, OpenSpace>();

  function openSpace(space: Space): OpenSpace {
    let view = createView(space);
    let tail: Promise<unknown> = Promise.resolve();
    let waiting: Job[] = [];
    const past = new Map<number, SpaceView>();

    /** Runs one piece of work on the view at a time. */
    function inTurn<T>(work: () => Promise<T>): Promise<T> {
      const result = tail.then(work);
      tail = result.catch(() => undefined);
      return result;
    }

    function follow({ reset, events, position }: Reading): void {
      if (reset) {
        view = createView(space);
        past.clear();
      }
      applyAll(view, events, zone);
      view.projection.position = position;
      if (reset || events.length > 0) options.onChange(self);
    }

    /** What was staged for a failed write must not be seen: the next use loads the log anew. */
    function discard(): void {
      view = createView(space);
    }

    async function retried<T>(write: () => Promise<T>): Promise<T> {
      for (let conflicts = 0; ; conflicts += 1) {
        try {
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
          const position: Position = await history.append(space, view.projection.position, (missed) => {
            follow(missed);
            jobs = [...jobs, ...waiting];
            waiting = [];
            return jobs.flatMap((job) => stage(job, done));
          });
          view.projection.position = position;
        });
      } catch (error) {
        // Before the lock was held nobody had joined; the callers that wait then share its failure.
        if (jobs.length === 0) [jobs, waiting] = [waiting, []];
        for (const job of jobs) job.reject(error);
        return;
      }
      for (const settle of done) settle();
      if (jobs.length > 0) options.onChange(self);
    }

    function stage(job: Job, done: (() => void)[]): Event[] {
      try {
        const { drafts, answer } = job.decide(view);
        const events = placeEvents(view.projection, { origin: job.origin, drafts }, { now: clock.now(), ids, device });
        applyAll(view, events, zone);
        done.push(() => job.resolve(answer));
        return events;
      } catch (error) {
        done.push(() => job.reject(error));
        return [];
      }
    }

    function viewAt(sequence: number): SpaceView {
      if (view.projection.position.sequence === sequence) return view;
      const known = past.get(sequence) ?? createView(space);
      if (!past.has(sequence)) applyAll(known, view.projection.events.slice(0, countUpTo(view.projection.events, sequence)), zone);
      past.delete(sequence);
      past.set(sequence, known);
      for (const oldest of past.keys()) if (past.size > pastViews) past.delete(oldest);
      return known;
    }

    const self: OpenSpace = {
      space,
      read: (use) =>
        inTurn(async () => {
          follow(await history.read(space, view.projection.position));
          return use(view, viewAt);
        }),

      commit<T>(origin: Origin, decide: (view: SpaceView) => Outcome<T>) {
        return new Promise<T>((resolve, reject) => {
          waiting.push({ origin, decide, resolve: resolve as (answer: unknown) => void, reject });
          // Later callers join the first one's write until it holds the lock.
          if (waiting.length === 1) void inTurn(writeWaiting);
        });
      },

      rewrite: (origin, decide) =>
        inTurn(() =>
          retried(async () => {
            let answer: { value: ReturnType<typeof decide>['answer'] } | undefined;
            await history.rewrite(space, view.projection.position, (missed) => {
              follow(missed);
              const outcome = decide(view);
              answer = { value: outcome.answer };
              if (outcome.drafts.length === 0) return undefined;
              const append = placeEvents(view.projection, { origin, drafts: outcome.drafts }, { now: clock.now(), ids, device });
              return { replace: outcome.replace, append };
            });
            follow(await history.read(space, view.projection.position));
            if (!answer) throw new LogConflict();
            return answer.value;
          }),
        ),
    };
    return self;
  }

  return {
    open(space) {
      const opened = open.get(space) ?? openSpace(space);
      open.set(space, opened);
      return opened;
    },
    known: () => history.spaces(),
  };
}

function countUpTo(events: Event[], sequence: number): number {
  const next = events.findIndex((event) => event.seq > sequence);
  return next < 0 ? events.length : next;
}
