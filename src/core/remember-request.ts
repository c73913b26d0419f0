import { instantArgument, spanArgument, writtenInstant } from './arguments.js';
import type { Core } from './core.js';
import type { Kind, ReceivedInput } from './events.js';
import { defined } from './facts.js';
import type { Gated } from './gate.js';
import type { AttachedBytes, Space } from './ports.js';
import { formatInstant } from './time/instants.js';

/** What is to be remembered. Times as the contract says; text as the caller gave it. */
export interface RememberRequest {
  space: Space;
  form: 'content' | 'messages';
  turns: {
    role: 'user' | 'assistant' | 'system';
    content: string;
    name?: string | undefined;
    at?: string | undefined;
    attachments?: AttachedBytes[] | undefined;
  }[];
  infer: boolean;
  kind: Exclude<Kind, 'insight'>;
  at?: string | undefined;
  occurred_at?: string | undefined;
  expires_at?: string | undefined;
  pinned?: boolean | undefined;
  metadata?: Record<string, string | number | boolean> | undefined;
  /** Id of the event that receives it, of a caller who may have to look later whether it is in the log; absent: a new one. */
  input_id?: string | undefined;
  /** false: what needs a model is answered as soon as it is saved. */
  wait?: boolean | undefined;
  /** Live memories of the space from which on no more are added; absent: any number. */
  quota?: number | undefined;
}

/** The input as the log holds it: what passed the gate, with its times written out. Raises invalid_argument. */
export function receivedInput(core: Core, request: RememberRequest, { gated, now }: { gated: Gated[]; now: number }): ReceivedInput {
  const { zone } = core;
  return defined({
    form: request.form,
    turns: request.turns.map((turn, index) => ({
      ...defined({
        role: turn.role,
        name:
          turn.name
            ?.toWellFormed()
            .replace(/\p{Cc}+/gu, ' ')
            .trim() || undefined,
        at: turn.at === undefined ? undefined : writtenInstant('at', turn.at, zone),
        attachments: turn.attachments?.length ? turn.attachments.map(core.attachments.reference) : undefined,
      }),
      content: gated[index]?.refused ? '' : (gated[index]?.text.trim() ?? ''),
    })),
    // A how-to that is given is a whole: taken apart, its steps would lose their order. One is made of a run's messages.
    infer:
      request.infer && (request.kind === 'observation' || (request.form === 'messages' && core.extractor.extractProcedure !== undefined)),
    kind: request.kind,
    // Now is now where the user is: there "tomorrow" begins.
    at: request.at === undefined ? formatInstant(now, zone) : writtenInstant('at', request.at, zone),
    occurred_at: request.occurred_at === undefined ? undefined : spanArgument('occurred_at', request.occurred_at, zone),
    expires_at: request.expires_at === undefined ? undefined : instantArgument('expires_at', request.expires_at, { zone, edge: 'end' }),
    pinned: request.pinned || undefined,
    metadata: request.metadata,
  });
}
