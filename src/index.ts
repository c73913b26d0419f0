import type { OpenKeepsake } from './library/open-keepsake.js';
import type { OpenOptions } from './library/open-options.js';

/**
 * Opens a memory for a program: the same home, history and pipeline as the server's, without a protocol. Any number may
 * be open at the same time, of one home too, in this process and others. Nothing is written to stdout, and nothing read
 * from the environment unless `env` says so. Raises KeepsakeError invalid_argument for options that cannot be used,
 * log_unavailable and update_needed for a home that cannot.
 */
export async function openKeepsake(options: OpenOptions = {}): Promise<OpenKeepsake> {
  // Loaded by the first memory that is opened: whoever only imports the package does not wait for it.
  const { open } = await import('./library/open.js');
  return open(options);
}

export type {
  ForgetAnswer,
  HistoryAnswer,
  HistoryEvent,
  Reasons,
  RecallAnswer,
  RecalledMemory,
  RememberAnswer,
  RememberResult,
} from './core/answers.js';
export { type ErrorCode, errorCodes, KeepsakeError } from './core/errors.js';
export type { Kind, Recurrence, SkippedPart, Turn } from './core/events.js';
export {
  type ChatMessage,
  type ChatModel,
  type Clock,
  type Decider,
  type DecisionCase,
  type Embedder,
  type Extraction,
  type ExtractionInput,
  type Extractor,
  type Fact,
  type InsightProposal,
  type Logger,
  ModelError,
  type Neighbour,
  type Proposal,
  type ReflectedInsight,
  type ReflectedMemory,
  type Reflector,
  RefusedInputError,
  type Reranker,
} from './core/ports.js';
export type {
  CallOptions,
  ChatOptions,
  Correction,
  FlushOptions,
  ForgetOptions,
  ForgetPreview,
  HistoryOptions,
  Labels,
  ListOptions,
  Message,
  Metadata,
  ProfileOptions,
  RecallOptions,
  RememberOptions,
  Selection,
} from './library/arguments.js';
export type {
  ChatAnswer,
  EraseAnswer,
  FlushAnswer,
  FoundMemory,
  OpenKeepsake,
  Recalled,
  ReflectAnswer,
  ResetAnswer,
  SpaceReflection,
  WithUsage,
} from './library/open-keepsake.js';
export type { InjectedModels, OpenOptions, Settings } from './library/open-options.js';
export type { Usage } from './library/usage.js';
