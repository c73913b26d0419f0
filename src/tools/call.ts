import type { Call } from '../core/core.js';
import { callerSpace } from './spaces.js';
import type { ToolContext } from './tool.js';

/** What a call says of who makes it. */
interface Labelled {
  user_id?: string | undefined;
  agent_id?: string | undefined;
  run_id?: string | undefined;
}

/** The call that the core carries out. Raises invalid_argument where a caller that speaks for any user names none. */
export function callOf(given: Labelled, context: ToolContext): Call {
  const { callId, client, looking, signal, progress } = context;
  return {
    id: callId,
    client,
    looking,
    agent_id: given.agent_id,
    run_id: given.run_id,
    caller: callerSpace(given, context),
    signal,
    progress,
  };
}
