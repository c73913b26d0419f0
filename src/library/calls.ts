import type { App } from '../app.js';
import { KeepsakeError, messageOf } from '../core/errors.js';
import { defined } from '../core/facts.js';
import { ownerOf } from '../core/principal.js';
import { createInContext } from '../mcp/in-context.js';
import { readArguments } from '../tools/arguments.js';
import type { Tool, ToolContext } from '../tools/tool.js';
import type { Usage } from './usage.js';
import type { UsageMeter } from './usage-meter.js';

/** What calls are made with. */
export interface CallsOptions {
  app: App;
  meter: UsageMeter;
  /** Name of the program, for the history. */
  client: string;
  /** Name of the current project, if there is one. */
  project: string | undefined;
}

/** The arguments of a tool, and the signal of the call. */
export type Given = { signal?: AbortSignal | undefined } & Record<string, unknown>;

/** Carries out calls until they are closed. Raises KeepsakeErrors, and the reason of a call's own signal. */
export interface Calls {
  /** The work of one call of a method, with its usage. Refused once closed. */
  made<A extends object>(signal: AbortSignal | undefined, work: () => Promise<A>): Promise<A & { usage: Usage }>;
  /** What a tool answers, as data; the arguments are checked as those of a client. */
  answerOf<A>(tool: Tool, given: Given): Promise<A>;
  /** Work with what a tool is given, under the tool's time limit; what names the space is checked as for the tool. */
  within<A>(tool: Tool, signal: AbortSignal | undefined, work: (context: ToolContext) => Promise<A>): Promise<A>;
  /** Refuses further calls and waits for those under way. */
  close(): Promise<void>;
}

/** Makes calls of the tools without a protocol, as the owner of the home. */
export function createCalls({ app, meter, client, project }: CallsOptions): Calls {
  const inContext = createInContext({ keepsake: () => Promise.resolve(app.keepsake) });
  const principal = ownerOf(app.config.user);
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;

  const within: Calls['within'] = (tool, signal = new AbortController().signal, work) => {
    const exchange = { principal, client, signal, currentProject: () => Promise.resolve(project) };
    return inContext(tool, { exchange, callId: app.core.ids.event() }, work);
  };

  return {
    within,
    async made(signal, work) {
      if (isClosed) throw new KeepsakeError('invalid_argument', 'This memory is closed; open it again with openKeepsake.');
      signal?.throwIfAborted();
      const call = meter.during(work).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error instanceof KeepsakeError ? error : new KeepsakeError('internal', messageOf(error), { cause: error });
      });
      underWay.add(call);
      try {
        return await call;
      } finally {
        underWay.delete(call);
      }
    },
    async answerOf<A>(tool: Tool, { signal, ...given }: Given) {
      const read = readArguments(tool.input, defined(given));
      const { structured } = await within(tool, signal, (context) => tool.run(read, context));
      return tool.output.parse(structured) as A;
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(underWay);
    },
  };
}
