import { type Activity, type ActivityRequest, activity } from './activity.js';
import type { HistoryAnswer, RecallAnswer, RecalledMemory, RememberAnswer } from './answers.js';
import { type ChangeRequest, change } from './change.js';
import type { Call, Core } from './core.js';
import { type ForgetRequest, type Forgotten, forget } from './forget.js';
import { type FindRequest, type FoundMemory, findMemory } from './found-memory.js';
import { type HistoryRequest, memoryHistory } from './history.js';
import { newest } from './listing.js';
import { type Overview, overview } from './overview.js';
import type { Space } from './ports.js';
import { recall } from './recall.js';
import type { RecallRequest } from './recall-request.js';
import { type ReflectionAnswer, reflect } from './reflection/reflect.js';
import { remember } from './remember.js';
import type { RememberRequest } from './remember-request.js';
import { type ReviewPart, review } from './review.js';
import { type Stats, stats } from './stats.js';
import { type Suggested, type Suggestions, suggest } from './suggestions.js';
import { type UndoAnswer, undo } from './undo.js';

/** What is watched: some spaces, or one memory that is in one of them. */
export interface Watched {
  spaces: readonly Space[];
  memory_id?: string | undefined;
}

/**
 * Tells of each change of what is watched, and in which space it was, by whatever process of the home, until the returned function is called; of
 * changes that come together once. Raises memory_not_found.
 */
export type Watch = (watched: Watched, onChange: (space: Space) => void) => Promise<() => void>;

/** The memory as tools and commands see it. Every operation raises KeepsakeErrors. */
export interface Keepsake {
  remember(request: RememberRequest, call: Call): Promise<RememberAnswer>;
  change(request: ChangeRequest, call: Call): Promise<RememberAnswer>;
  recall(request: RecallRequest, call: Call): Promise<RecallAnswer>;
  forget(request: ForgetRequest, call: Call): Promise<Forgotten>;
  history(request: HistoryRequest, call: Call): Promise<HistoryAnswer>;
  /** Takes back what the call with this id changed, in every space. */
  undo(callId: string, call: Call): Promise<UndoAnswer>;
  /** What these spaces hold, and what waits in them. */
  stats(spaces: readonly Space[], signal: AbortSignal): Promise<Stats>;
  /** Reflects on a space now; undefined while another process does. Raises ModelError, and invalid_argument without a model. */
  reflect(space: Space, call: Call): Promise<ReflectionAnswer | undefined>;
  /** All spaces with a history. */
  spaces(): Promise<Space[]>;
  /** One memory, its text whole, whether recall would return it or not. */
  find(request: FindRequest, call: Call): Promise<FoundMemory>;
  /** The newest memories of some spaces, for a list to choose from: none counts as recalled. */
  newest(spaces: readonly Space[], limit: number): Promise<RecalledMemory[]>;
  /** What may complete a value that somebody types. */
  suggest(asked: { what: Suggested; value: string; spaces: readonly Space[] }): Promise<Suggestions>;
  /** Memories that may be stale, doubled or of no use. */
  review(spaces: readonly Space[]): Promise<ReviewPart[]>;
  /** How a space grew, and what it is about. */
  overview(space: Space): Promise<Overview>;
  /** What was done with the memories of some spaces, newest first. */
  activity(request: ActivityRequest): Promise<Activity>;
  watch: Watch;
}

/** The operations over one set of ports, and what tells of changes. */
export function createKeepsake(core: Core, watch: Watch): Keepsake {
  return {
    remember: (request, call) => remember(core, request, call),
    change: (request, call) => change(core, request, call),
    recall: (request, call) => recall(core, request, call),
    forget: (request, call) => forget(core, request, call),
    history: (request, call) => memoryHistory(core, request, call),
    undo: (callId, call) => undo(core, callId, call),
    stats: (spaces, signal) => stats(core, spaces, signal),
    reflect: (space, call) => reflect(core, core.spaces.open(space), call, { force: true }),
    spaces: () => core.spaces.known(),
    find: (request, call) => findMemory(core, request, call),
    newest: (spaces, limit) => newest(core, spaces, limit),
    suggest: (asked) => suggest(core, asked),
    review: (spaces) => review(core, spaces),
    overview: (space) => overview(core, space),
    activity: (request) => activity(core, request),
    watch,
  };
}
