import type { HistoryAnswer, RecallAnswer, RememberAnswer } from './answers.js';
import { type ChangeRequest, change } from './change.js';
import type { Call, Core } from './core.js';
import { type ForgetRequest, type Forgotten, forget } from './forget.js';
import { type HistoryRequest, memoryHistory } from './history.js';
import type { Space } from './ports.js';
import { recall } from './recall.js';
import type { RecallRequest } from './recall-request.js';
import { type ReflectionAnswer, reflect } from './reflection/reflect.js';
import { remember } from './remember.js';
import type { RememberRequest } from './remember-request.js';
import { type Stats, stats } from './stats.js';
import { type UndoAnswer, undo } from './undo.js';

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
}

/** The operations over one set of ports. */
export function createKeepsake(core: Core): Keepsake {
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
  };
}
