import type {
  AccessLog,
  AttachmentReader,
  AttachmentStore,
  Claims,
  Clock,
  Confirmations,
  Decider,
  Extractor,
  Ids,
  Imports,
  Logger,
  Reflector,
  Reranker,
  Space,
} from './ports.js';
import type { Spaces } from './spaces.js';
import type { Vectors } from './vectors.js';

/** Everything that the four operations work with. */
export interface Core {
  spaces: Spaces;
  vectors: Vectors;
  extractor: Extractor;
  decider: Decider;
  /** Undefined where no model is configured: then nothing is derived. */
  reflector?: Reflector | undefined;
  /** Stand in for a model that refuses an input. */
  rules: { extractor: Extractor; decider: Decider };
  /** Undefined where none is configured: searches are ranked without it. */
  reranker?: Reranker | undefined;
  attachments: AttachmentStore;
  /** Ids of inputs that this process received and that wait: it processes them with whatever models it has. */
  own: Set<string>;
  attachmentReader: AttachmentReader;
  confirmations: Confirmations;
  accesses: AccessLog;
  /** Absent where nothing was ever imported. */
  imports?: Imports;
  claims: Claims;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** Milliseconds that the words of an input are kept once its outcome is complete; Infinity: for good. */
  keepInput: number;
  /** IANA name or offset: how times without one are read, and the offset that answers carry. */
  zone: string;
}

/** One call of an operation: who asks, and until when. */
export interface Call {
  id: string;
  client?: string | undefined;
  agent_id?: string | undefined;
  run_id?: string | undefined;
  /** Whether a person looks through the memories: what they are shown was not recalled by anybody. */
  looking?: boolean | undefined;
  /** The user's space that the call comes from: confirm tokens and cursors are good for it alone. */
  caller?: Space | undefined;
  signal: AbortSignal;
  /** Hears how many steps of long work are done, of how many; absent where nobody wants to know. */
  progress?: ((done: number, total: number) => void) | undefined;
}

/** Spaces a call looks for ids in, the most likely first. */
export type Scope = readonly [Space, ...Space[]];
